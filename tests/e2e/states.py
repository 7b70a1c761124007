"""The state of a program whose resources have been deployed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from azure_llama.stack.program import Program
from azure_llama_policies.rule import UNKNOWN, Resource

SUBSCRIPTION = "/subscriptions/5a0d80c5-11a3-4a5d-9b0e-000000000001"
_PROVIDER = "pulumi:providers:azure-native"


def state_of(program: Program) -> dict[str, Any]:
    root = next(each for each in program.resources if each.type == "pulumi:pulumi:Stack")
    prefix = root.urn.split("pulumi:pulumi:Stack")[0]
    provider = f"{prefix}{_PROVIDER}::default"
    ids = {each.urn: _id(each) for each in program.resources}
    resources: list[dict[str, Any]] = [
        {"urn": root.urn, "custom": False, "type": root.type, "outputs": _known(root.props, ids, root, "")},
        {"urn": provider, "custom": True, "id": "default", "type": _PROVIDER, "parent": root.urn, "inputs": {}},
    ]
    for each in program.resources:
        if each is root:
            continue
        inputs = {key: _known(value, ids, each, key) for key, value in each.props.items()}
        resources.append(
            {
                "urn": each.urn,
                "custom": True,
                "id": ids[each.urn],
                "type": each.type,
                "inputs": inputs,
                "outputs": {**inputs, "id": ids[each.urn]},
                "parent": root.urn,
                "provider": f"{provider}::default",
                "dependencies": list(each.depends_on),
                "propertyDependencies": {key: list(urns) for key, urns in each.dependencies.items()},
                "protect": each.protect,
            }
        )
    return {"version": 3, "deployment": {"manifest": {"time": "2026-11-25T00:00:00Z"}, "resources": resources}}


def _id(resource: Resource) -> str:
    group = resource.props.get("resourceGroupName", "none")
    kind = resource.type.removeprefix("azure-native:").replace(":", "/")
    return f"{SUBSCRIPTION}/resourceGroups/{group}/providers/{kind}/{resource.name}"


def _known(value: Any, ids: Mapping[str, str], resource: Resource, key: str) -> Any:
    """The value once everything is there: an unknown one is the id of what it comes from."""
    if value is UNKNOWN:
        origins = resource.dependencies.get(key, ())
        return ids[origins[0]] if origins else f"{SUBSCRIPTION}/known"
    if isinstance(value, Mapping):
        return {inner: _known(each, ids, resource, key) for inner, each in value.items()}
    if isinstance(value, list):
        return [_known(each, ids, resource, key) for each in value]
    return value
