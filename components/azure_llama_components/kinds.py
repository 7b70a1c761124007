"""How the endpoints of each kind are made from the settings of a stack."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from azure_llama.catalog.kinds import FOUNDRY, MANAGED, SERVERLESS
from azure_llama.settings import Settings
from azure_llama_components.endpoint import EndpointComponent
from azure_llama_components.from_settings import managed_endpoints, serverless_endpoints
from azure_llama_components.model_subscription import ModelSubscription
from azure_llama_components.stack_group import Home

EndpointMaker = Callable[[Settings, Home, Mapping[str, ModelSubscription]], Mapping[str, EndpointComponent]]
"""All endpoints of a kind by name, in the stack's workspace or resource group, with its subscriptions by the model."""

KINDS: Mapping[str, EndpointMaker] = {
    SERVERLESS.name: serverless_endpoints,
    MANAGED.name: managed_endpoints,
    FOUNDRY.name: lambda *_: {},
}
"""By the name of the kind."""


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
