"""How the endpoints of each kind are made from the settings of a stack."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pulumi import Output

from azure_llama.catalog.kinds import FOUNDRY, MANAGED, SERVERLESS
from azure_llama.settings import Settings
from azure_llama_components.endpoint import EndpointComponent
from azure_llama_components.from_settings import foundry_accounts, managed_endpoints, serverless_endpoints
from azure_llama_components.model_subscription import ModelSubscription
from azure_llama_components.stack_group import Home

EndpointMaker = Callable[[Settings, Home, Mapping[str, ModelSubscription]], Mapping[str, EndpointComponent]]
"""All endpoints of a kind by name, in the stack's workspace or resource group, with its subscriptions by the model."""

KINDS: Mapping[str, EndpointMaker] = {
    SERVERLESS.name: serverless_endpoints,
    MANAGED.name: managed_endpoints,
    FOUNDRY.name: foundry_accounts,
}
"""By the name of the kind."""


def endpoint_outputs(endpoints: Mapping[str, EndpointComponent]) -> dict[str, Any]:
    """The stack's outputs about its endpoints: `endpoints` and `keys`, each by the name of an entry."""
    entries = {name: endpoint.entries(name) for name, endpoint in endpoints.items()}
    with_keys = {name: keys for name, endpoint in endpoints.items() if (keys := endpoint.keys) is not None}
    by_entry = {entry: known for name, known in with_keys.items() for entry in entries[name]}
    return {
        "endpoints": {
            entry: {**described, "id": endpoints[name].arm_id}
            for name, own in entries.items()
            for entry, described in own.items()
        },
        "keys": Output.secret(by_entry),
    }


def all_endpoints(
    settings: Settings,
    workspace: Home,
    subscribed: Mapping[str, ModelSubscription],
    kinds: Mapping[str, EndpointMaker] = KINDS,
) -> dict[str, EndpointComponent]:
    """All endpoints by name, kind by kind: the serverless ones first.

    Args:
        settings: Required. The stack's settings.
        workspace: Required. Where they are.
        subscribed: Required. The workspace's subscriptions, by the model.
        kinds: Optional. How the endpoints of each kind are made, by its name.
    """
    return {
        name: endpoint
        for kind in settings.catalog.kinds
        for name, endpoint in kinds[kind.name](settings, workspace, subscribed).items()
    }
