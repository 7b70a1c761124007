"""Changes of what a stack has deployed that somebody makes by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

from azure_llama.arm import versions
from tests.inprocess.stack import Stack
from tests.inprocess.state import State

_ENDPOINT, _DEPLOYMENT = ":OnlineEndpoint", ":OnlineDeployment"
_FOUNDRY, _SERVERLESS, _STORAGE = "cognitiveservices:Deployment", ":ServerlessEndpoint", ":StorageAccount"
_DELETABLE = (_ENDPOINT, _FOUNDRY, _SERVERLESS, ":AutoscaleSetting", ":DiagnosticSetting")
_STATED = ("authMode", "description", "mirrorTraffic", "traffic")
"""Properties of an endpoint that a PUT may have."""


def _other_access(body: dict[str, Any]) -> None:
    other = "Enabled" if body["properties"]["publicNetworkAccess"] == "Disabled" else "Disabled"
    stated = {key: body["properties"][key] for key in _STATED if body["properties"].get(key)}
    body["properties"] = {"traffic": {}, **stated, "publicNetworkAccess": other}


_SET: Mapping[str, Callable[[dict[str, Any]], None]] = {
    _ENDPOINT: _other_access,
    _FOUNDRY: lambda body: body["sku"].update(capacity=1),
    _STORAGE: lambda body: body["properties"].update(minimumTlsVersion="TLS1_0"),
}
_WRITABLE = ("location", "tags", "identity", "kind", "sku", "properties")


def change(stack: Stack, draw: Callable[[st.SearchStrategy[Any]], Any]) -> str | None:
    """Delete a resource, or change a property of it.

    Returns:
        The resource's ARM id in lower case; None when there is nothing to change.
    """
    resources = [state for state in stack.states.values() if state.id]
    deletable = [state for state in resources if state.type.endswith(_DELETABLE)]
    changeable = [state for state in resources if state.type.endswith(tuple(_SET))]
    delete = draw(st.booleans())
    candidates = sorted(state.urn for state in (deletable if delete else changeable))
    if not candidates:
        return None
    state = stack.states[draw(st.sampled_from(candidates))]
    (_delete if delete else _set)(stack, state)
    return state.id.lower()


def _version(state: State) -> str:
    return versions.of_type(_arm_type(state.id)) or ""


def _arm_type(id_: str) -> str:
    namespace, *rest = id_.rpartition("/providers/")[2].split("/")
    return "/".join((namespace, *rest[::2]))


def _delete(stack: Stack, state: State) -> None:
    stack.azure.delete(state.id, _version(state))


def _set(stack: Stack, state: State) -> None:
    body = deepcopy(stack.azure.get(state.id, _version(state)))
    assert body is not None
    for suffix, apply in _SET.items():
        if state.type.endswith(suffix):
            apply(body)
    stack.azure.put(state.id, _version(state), {key: each for key, each in body.items() if key in _WRITABLE})
