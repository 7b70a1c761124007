"""Converts the resources that the engine passes to policies to plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pulumi_policy import PolicyProviderResource, PolicyResource, ResourceValidationArgs

from azure_llama_policies.resources import UNKNOWN, Resource
from azure_llama_policies.sdk_private import SECRETS, UnknownValueError
from azure_llama_policies.tokens import api_version, resource_type


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
    """A resource of the stack: its inputs, if known, and the properties of the engine's resource list."""
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
    secrets = values.pop(SECRETS, None)
    return values, None if secrets is None else frozenset(secrets)
