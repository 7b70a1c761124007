"""Selects the targets from a stack's outputs: an endpoint, or each deployment of an endpoint that has several."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from azure_llama.catalog import Catalog, Model, nearest, parse_asset_id
from azure_llama.catalog.features import Feature, Support
from azure_llama.inference import gateways
from azure_llama.inference.calls import API_VERSION
from azure_llama.inference.kinds import KINDS, EndpointAccess


class NoEndpointsError(Exception):
    """The outputs have no endpoint to call. The message states what they have instead."""


class UnknownEndpointError(Exception):
    """No endpoint has the requested name. The message lists the existing ones."""


@dataclass(frozen=True)
class Target:
    """A target of calls.

    Attributes:
        endpoint: Required. Its name.
        output: Required. What the stack's outputs say of it.
        model: Required. The model's name.
        deployment: Optional. The deployment that the request names; None leaves the choice to the endpoint.
        key: Optional. Its primary key; None where it takes tokens.
        catalog: Optional. The catalogue to look the model up in; the package's own by default.
        base: Optional. What the catalogue has instead of the model: the one that it was made from.
        sent: Optional. What requests have to say as `model`; None where the endpoint does not care.
    """

    endpoint: str
    output: Mapping[str, Any]
    model: str
    deployment: str | None = None
    key: str | None = field(default=None, repr=False)
    catalog: Catalog = field(default_factory=Catalog.package, repr=False)
    base: str | None = None
    sent: str | None = None

    @property
    def name(self) -> str:
        """`endpoint`, or `endpoint/deployment`."""
        return self.endpoint if self.deployment is None else f"{self.endpoint}/{self.deployment}"

    @property
    def access(self) -> EndpointAccess:
        """How endpoints of its kind are called."""
        return KINDS.get(str(self.output.get("kind")), EndpointAccess())

    @property
    def auth(self) -> str:
        """The credential that callers send: Entra tokens for an account outside the stack, whose keys it does not
        read.
        """
        return str(self.output.get("auth") or "AADToken")

    @property
    def sent_model(self) -> str:
        """The value that clients send as `model`."""
        return self.sent or self.model

    @cached_property
    def known(self) -> Model | None:
        """The model's entry in the catalogue; None when it has none."""
        return self.catalog.find_model(self.base or self.model)

    def stated(self, feature: Feature) -> Support:
        """The catalogue's readings of a feature of the model on this kind of endpoint."""
        name = self.known.name if self.known else self.model
        return self.catalog.features.support(name, str(self.output.get("kind")), feature)

    @property
    def assumed(self) -> bool:
        """Whether its routes are undocumented: a model of another publisher, called on the common API."""
        return (
            self.access.inference and self.known is None and not (self._has("chatUrl") or self._has("completionsUrl"))
        )

    @property
    def chat(self) -> bool:
        """Whether it is called on a chat route."""
        return self.assumed or (self._has("chatUrl") and (self.known is None or self.known.chat))

    @property
    def completions(self) -> bool:
        """Whether it is called on a completions route."""
        return not self.chat and self._has("completionsUrl")

    @property
    def url(self) -> str:
        """The route that is called; `/score` for a model that has neither chat nor completions."""
        if self.assumed:
            return f"{self.base_url}/chat/completions?api-version={API_VERSION}"
        route = "chatUrl" if self.chat else "completionsUrl" if self.completions else "uri"
        return str(self.output.get(route) or "")

    @property
    def guard(self) -> bool:
        """Whether the model judges texts instead of writing them."""
        return self.known is not None and self.known.safety

    @property
    def images(self) -> bool:
        """Whether it takes images in messages."""
        return self.chat and self.known is not None and "image" in self.known.modality

    @property
    def base_url(self) -> str:
        """The base URL of its routes, without a trailing slash."""
        return str(self.output.get("uri") or "").removesuffix("/score").rstrip("/")

    def _has(self, route: str) -> bool:
        return bool(self.output.get(route))


def targets(outputs: Any, catalog: Catalog, names: Iterable[str] = ()) -> list[Target]:
    """The targets to call.

    A managed endpoint with one deployment is called as its clients do. With more of them each is called by name:
    traffic would choose at random, and never the one that is about to get its first share. Those that are stopped are
    not called.

    Args:
        outputs: Required. The stack's outputs, secrets in clear.
        catalog: Required. The catalogue to look models up in.
        names: Optional. The endpoints to call; all of them when empty.

    Raises:
        NoEndpointsError: there is none, or all are stopped, or one of the names is.
        UnknownEndpointError: one of the names is not there.
    """
    endpoints = endpoints_of(outputs)
    wanted = list(dict.fromkeys(names))
    asked = wanted or list(endpoints)
    for name in asked:
        require(endpoints, name)
    keys = outputs.get("keys") or {}
    if not isinstance(keys, Mapping) or not isinstance(outputs.get(gateways.KEYS) or {}, Mapping):
        raise NoEndpointsError(
            "the keys in the outputs are masked; read them with `pulumi stack output --show-secrets`"
        )
    keys = {**keys, **gateways.keys(outputs)}
    found = {name: _of(name, endpoints[name], (keys.get(name) or {}).get("primary"), catalog) for name in asked}
    stopped = [name for name, each in found.items() if not each]
    if stopped and (wanted or len(stopped) == len(found)):
        raise NoEndpointsError(
            f"all deployments of {', '.join(stopped)} are stopped; remove `stopped` and run `pulumi up` to start them"
        )
    return [target for each in found.values() for target in each]


def endpoints_of(outputs: Any) -> Mapping[str, Mapping[str, Any]]:
    """The `endpoints` output and the models of a gateway, by name.

    Raises:
        NoEndpointsError: there is none.
    """
    if not isinstance(outputs, Mapping):
        raise NoEndpointsError("the outputs are no JSON object; give what `pulumi stack output --json` prints")
    endpoints = outputs.get("endpoints")
    if isinstance(endpoints, Mapping):
        endpoints = {**endpoints, **gateways.entries(outputs)}
    if not isinstance(endpoints, Mapping) or not endpoints:
        found = ", ".join(sorted(map(str, outputs))) or "none at all"
        raise NoEndpointsError(f"the outputs name no endpoints (outputs: {found}); deploy the stack with `pulumi up`")
    if not all(isinstance(endpoint, Mapping) for endpoint in endpoints.values()):
        raise NoEndpointsError("the output 'endpoints' is not name to endpoint; is it another program's stack?")
    return endpoints


def require(endpoints: Mapping[str, Any], name: str) -> None:
    """Refuse a name that is not there.

    Raises:
        UnknownEndpointError: names the nearest and all of them.
    """
    if name in endpoints:
        return
    near = nearest(name, endpoints)
    hint = f"did you mean {near!r}? " if near else ""
    raise UnknownEndpointError(f"no endpoint {name!r}; {hint}the stack has: {', '.join(sorted(endpoints))}")


def busiest(output: Mapping[str, Any]) -> Mapping[str, Any]:
    """The outputs of the deployment with the most traffic; of the endpoint, where it has none."""
    deployments: Mapping[str, Mapping[str, Any]] = output.get("deployments") or {}
    return max(deployments.values(), key=lambda each: int(each.get("traffic") or 0), default=output)


def _of(name: str, output: Mapping[str, Any], key: str | None, catalog: Catalog) -> list[Target]:
    stated: Mapping[str, Mapping[str, Any]] = output.get("deployments") or {}
    deployments = {name: each for name, each in stated.items() if not each.get("stopped")}
    if stated and not deployments:
        return []
    if len(stated) > 1:
        return [
            target_of(name, output, each, deployment, key, catalog=catalog) for deployment, each in deployments.items()
        ]
    return [target_of(name, output, next(iter(deployments.values()), output), None, key, catalog=catalog)]


def target_of(
    name: str,
    output: Mapping[str, Any],
    described: Mapping[str, Any],
    deployment: str | None = None,
    key: str | None = None,
    *,
    catalog: Catalog,
) -> Target:
    """The targets of an endpoint.

    Args:
        name: Required. Its name.
        output: Required. What the stack's outputs say of it.
        described: Required. What they say of the deployment that answers; the endpoint's own where it has none.
        deployment: Optional. The deployment that requests name.
        key: Optional. The primary key.
        catalog: Required. The catalogue to look the model up in.
    """
    model = str(described.get("model") or "unknown")
    asset = parse_asset_id(model)
    own = described.get("modelName") if described is not output else None
    names_model = KINDS.get(str(output.get("kind")), EndpointAccess()).names_model
    sent = output.get("modelName") if names_model else own
    shown = own or (asset.name if asset else model)
    return Target(name, output, shown, deployment, key, catalog, described.get("base") or model, sent)
