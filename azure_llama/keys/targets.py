"""The target of a rotation: an endpoint and the places where the stack stores its keys, from the stack's state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from azure_llama.catalog.kinds import KINDS as ENDPOINT_KINDS
from azure_llama.catalog.kinds import EndpointKind
from azure_llama.documents.errors import InputError
from azure_llama.documents.spelling import nearest
from azure_llama.keys.kinds import KINDS, KeyActions

Resources = Sequence[Mapping[str, Any]]
_IN_VAULT = "azure-llama:index:EndpointSecrets$azure-native:keyvault:Secret"
_CONNECTION = "azure-native:machinelearningservices:WorkspaceConnection"
_TEMPLATE = "azure-native:resources:Deployment"
_NAMED_VALUE = "azure-native:apimanagement:NamedValue"


@dataclass(frozen=True)
class KeyTarget:
    """An endpoint whose keys are rotated.

    Attributes:
        name: Required. Its name.
        kind: Required. Its kind.
        id: Required. ARM id.
        secrets: Optional. The vault's secrets with its keys: ARM id by `primary` and `secondary`.
        connections: Optional. ARM ids of the connections that hold its primary key.
        named_values: Optional. ARM ids of the named values of the stack's gateway that read those secrets: API
            Management reads a vault every 4 hours by itself.
        urns: Optional. The Pulumi resources that follow the keys: the stack itself, for its outputs, the secrets and
            the connections.
    """

    name: str
    kind: EndpointKind
    id: str
    secrets: Mapping[str, str]
    connections: tuple[str, ...] = ()
    named_values: tuple[str, ...] = ()
    urns: tuple[str, ...] = ()

    @property
    def holders(self) -> str:
        """The places where the stack stores its keys, as text; empty when only outputs have them."""
        counts = (
            (len(self.secrets), "vault secret"),
            (len(self.connections), "connection"),
            (len(self.named_values), "named value"),
        )
        return " and ".join(f"{count} {what}{'s' if count > 1 else ''}" for count, what in counts if count)

    @property
    def actions(self) -> KeyActions:
        """How its keys are listed and regenerated."""
        return KINDS[self.kind.name]


def key_target(name: str, resources: Resources, kinds: Iterable[EndpointKind] = ENDPOINT_KINDS) -> KeyTarget:
    """The endpoint of a name, in a stack's state.

    Args:
        name: Required. The endpoint. `ACCOUNT/DEPLOYMENT` is the Foundry account, whose keys all deployments share.
        resources: Required. The resources of the state.
        kinds: Optional. The kinds of endpoint.

    Raises:
        InputError: the stack has no such endpoint, does not own it, or its callers send Entra tokens.
    """
    endpoints = list(_endpoints(resources, kinds))
    wanted = name.partition("/")[0]
    for kind, resource in endpoints:
        if _last(resource) == wanted:
            _check(wanted, kind, resource, _properties(resource, resources))
            return _target(kind, resource, resources)
    names = [_last(resource) for _, resource in endpoints]
    close = nearest(wanted, names)
    known = f"did you mean {close!r}?" if close else f"it has {', '.join(map(repr, names)) or 'none'}."
    raise InputError(
        f"{name}: is not an endpoint in the stack's state; {known} A stack rotates the keys of endpoints that it"
        " created: rotate those of an existing one where it is created"
    )


def _endpoints(resources: Resources, kinds: Iterable[EndpointKind]) -> Iterator[tuple[EndpointKind, Mapping[str, Any]]]:
    by_type = {f"azure-native:{kind.endpoint_type}": kind for kind in kinds if kind.name in KINDS}
    for resource in resources:
        kind = by_type.get(str(resource.get("type")))
        if kind is not None and resource.get("id"):
            yield kind, resource


def _properties(resource: Mapping[str, Any], resources: Resources) -> Mapping[str, Any]:
    """What the stack states of an endpoint: the template of a managed one is current, and its inputs are old."""
    name = f"/{_last(resource)}"
    templates = (
        ((each.get("inputs") or {}).get("properties") or {}).get("template") or {}
        for each in resources
        if each.get("type") == _TEMPLATE and each.get("parent") == resource.get("parent")
    )
    stated = (each for template in templates for each in template.get("resources") or ())
    own: Mapping[str, Any] = (resource.get("inputs") or {}).get("properties") or {}
    return next((each["properties"] for each in stated if str(each.get("name")).endswith(name)), own)


def _check(name: str, kind: EndpointKind, resource: Mapping[str, Any], properties: Mapping[str, Any]) -> None:
    if resource.get("external"):
        raise InputError(
            f"{name}: exists outside this stack, which reads it alone; rotate its keys where it is created"
        )
    if KINDS[kind.name].takes_tokens(properties):
        raise InputError(
            f"{name}: is a {kind.title} without keys: its callers send Entra tokens (the setting auth), which Entra"
            " renews; there is nothing to rotate"
        )


def _target(kind: EndpointKind, resource: Mapping[str, Any], resources: Resources) -> KeyTarget:
    name = _last(resource)
    found = [each for each in resources if _IN_VAULT in str(each.get("urn")) and each.get("id")]
    secrets = {key: each for key in ("primary", "secondary") for each in found if _last(each) == f"{name}-{key}-key"}
    connections = [
        each
        for each in resources
        if each.get("type") == _CONNECTION and resource.get("urn") in (each.get("dependencies") or ())
    ]
    stack = [each for each in resources if each.get("type") == "pulumi:pulumi:Stack"]
    return KeyTarget(
        name,
        kind,
        str(resource["id"]),
        {key: str(each["id"]) for key, each in secrets.items()},
        tuple(str(each["id"]) for each in connections),
        tuple(str(each["id"]) for each in resources if _reads(each, secrets.values())),
        tuple(str(each["urn"]) for each in (*stack, *secrets.values(), *connections)),
    )


def _reads(resource: Mapping[str, Any], secrets: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a resource is a named value that reads one of the secrets."""
    if resource.get("type") != _NAMED_VALUE:
        return False
    reference = (resource.get("inputs") or {}).get("keyVault") or {}
    place = str(reference.get("secretIdentifier")).casefold()
    paths = (str(each["id"]).casefold().split("/") for each in secrets)
    return any(f"https://{path[-3]}.vault.azure.net/secrets/{path[-1]}" == place for path in paths)


def _last(resource: Mapping[str, Any]) -> str:
    return str(resource["id"]).rsplit("/", 1)[-1]
