"""What the engine shows to policies, as the plain resources that rules judge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import pulumi_policy.policy
from pulumi_policy import PolicyProviderResource, PolicyResource, ResourceValidationArgs
from pulumi_policy.deserialize import SPECIAL_SECRET_SIG, SPECIAL_SIG_KEY
from pulumi_policy.proxy import UnknownValueError

from azure_llama_policies.resources import UNKNOWN, Resource
from azure_llama_policies.tokens import api_version, resource_type

_SECRETS: Final = "azure-llama:secrets"
"""Among a resource's values: the paths of its secrets, as a tuple, which the SDK's proxies leave alone."""

_HIDDEN: Final = "[secret]"
"""What the engine shows in place of a secret that it cannot decrypt."""


def plain(value: Any) -> Any:
    """A value of the engine as plain data: no proxies, `UNKNOWN` where it is unknown, whole numbers as integers."""
    if isinstance(value, Mapping):
        return {key: _item(value, key) for key in value}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_item(value, index) for index in range(len(value))]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _item(container: Any, key: Any) -> Any:
    try:
        return plain(container[key])
    except UnknownValueError:
        return UNKNOWN


def resource_of(args: ResourceValidationArgs) -> Resource:
    """A resource by the inputs that the engine shows before it is touched."""
    props, secrets = _values(args.props)
    return Resource(
        urn=args.urn,
        type=resource_type(args.resource_type),
        name=args.name,
        props=props,
        subscription=_subscription(args.provider),
        api_version=api_version(args.resource_type),
        protect=bool(args.opts.protect),
        secrets=secrets,
    )


def stack_resource_of(listed: PolicyResource, asked: Resource | None) -> Resource:
    """A resource of the stack: its inputs where the engine showed them, with what only the engine's list tells."""
    outputs, secrets = _values(listed.props)
    arm_id = outputs.get("id")
    return Resource(
        urn=listed.urn,
        type=resource_type(listed.resource_type),
        name=listed.name,
        props=asked.props if asked else outputs,
        arm_id=arm_id if isinstance(arm_id, str) else None,
        subscription=_subscription(listed.provider),
        dependencies={
            key: tuple(origin.urn for origin in origins) for key, origins in listed.property_dependencies.items()
        },
        depends_on=tuple(each.urn for each in listed.dependencies),
        api_version=api_version(listed.resource_type),
        protect=bool(listed.opts.protect),
        secrets=asked.secrets if asked else secrets,
    )


def _subscription(provider: PolicyProviderResource | None) -> str | None:
    value = _item(provider.props, "subscriptionId") if provider and "subscriptionId" in list(provider.props) else None
    return value if isinstance(value, str) else None


def _values(props: Mapping[str, Any]) -> tuple[dict[str, Any], frozenset[str] | None]:
    values: dict[str, Any] = plain(props)
    secrets = values.pop(_SECRETS, None)
    return values, None if secrets is None else frozenset(secrets)


def keep_secret_marks() -> None:
    """Let this process see which values are secret: the engine says it, and the SDK drops it.

    For the process that serves the pack, which starts once.
    """
    sdk: Any = pulumi_policy.policy
    read = sdk.deserialize_properties

    def marked(props: dict[str, Any], *rest: Any) -> dict[str, Any]:
        return {**read(props, *rest), _SECRETS: tuple(_secret_paths(props, ""))}

    sdk.deserialize_properties = marked


def _secret_paths(value: Any, path: str) -> Iterator[str]:
    if value == _HIDDEN or (isinstance(value, dict) and value.get(SPECIAL_SIG_KEY) == SPECIAL_SECRET_SIG):
        yield path
        return
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from _secret_paths(inner, f"{path}.{key}" if path else str(key))
