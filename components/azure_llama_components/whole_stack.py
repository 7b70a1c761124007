"""A whole stack from its settings: every component, and what a program exports of them."""

from __future__ import annotations

from typing import Any

from azure_llama.settings import Settings
from azure_llama_components.from_settings import content_safety, key_secrets, model_subscriptions
from azure_llama_components.gateway_members import make_gateway
from azure_llama_components.kinds import all_endpoints, endpoint_outputs
from azure_llama_components.stack import make_access, make_budget, make_locks, make_workspace

OUTPUTS = (
    *("workspace", "endpoints", "keys", "marketplace", "contentSafety", "keyVault", "access", "budget"),
    *("gateway", "gatewayKeys"),
)
"""Names of all outputs; the last six are there only for a stack that asks for what they are about."""


def create_resources(settings: Settings) -> dict[str, Any]:
    """Make every component of a stack.

    Args:
        settings: Required. The stack's settings.

    Returns:
        The stack's outputs by name, in the order of `OUTPUTS`; the keys are secret.
    """
    workspace = make_workspace(settings)
    subscriptions = model_subscriptions(settings, workspace)
    endpoints = all_endpoints(settings, workspace, subscriptions)
    safety = content_safety(settings, workspace)
    secrets = key_secrets(settings, workspace, endpoints)
    made = [*endpoints.values(), *secrets.values(), *([safety] if safety else [])]
    access = make_access(
        settings,
        workspace,
        endpoints=endpoints,
        after=made,
        content_safety_id=safety.arm_id if safety else None,
    )
    gateway = make_gateway(settings, workspace, endpoints)
    budget = make_budget(settings, workspace)
    make_locks(settings, workspace, endpoints=endpoints, after=made, roles=list(access.values()))
    outputs = {
        "workspace": workspace.outputs,
        **endpoint_outputs(endpoints),
        "marketplace": {model: subscription.outputs for model, subscription in subscriptions.items()},
    }
    asked_for = {
        "contentSafety": safety.outputs if safety else None,
        # Not "secrets": these are the names of the vault's secrets, in plain text.
        "keyVault": {name: each.outputs for name, each in secrets.items()},
        "access": {name: each.outputs for name, each in access.items()},
        "budget": budget,
        "gateway": gateway.outputs if gateway else None,
        "gatewayKeys": gateway.keys if gateway else None,
    }
    return {**outputs, **{name: value for name, value in asked_for.items() if value is not None and value != {}}}
