"""A whole stack from its settings: every component, and what a program exports of them."""

from __future__ import annotations

from typing import Any

import pulumi

from azure_llama.settings import Settings
from azure_llama_components.from_settings import content_safety, key_secrets, model_subscriptions
from azure_llama_components.kinds import all_endpoints
from azure_llama_components.stack import make_access, make_budget, make_locks, make_workspace

OUTPUTS = ("workspace", "endpoints", "keys", "marketplace", "contentSafety", "keyVault", "access", "budget")
"""Names of all outputs; the last four are there only for a stack that asks for what they are about."""


def make_stack(settings: Settings) -> dict[str, Any]:
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
        endpoints={name: endpoint.arm_id for name, endpoint in endpoints.items()},
        after=made,
        content_safety_id=safety.arm_id if safety else None,
    )
    budget = make_budget(settings, workspace)
    make_locks(settings, workspace, after=made)
    keys = {name: endpoint.keys for name, endpoint in endpoints.items() if endpoint.keys is not None}
    outputs = {
        "workspace": workspace.outputs,
        "endpoints": {name: endpoint.outputs for name, endpoint in endpoints.items()},
        "keys": pulumi.Output.secret(keys),
        "marketplace": {model: subscription.outputs for model, subscription in subscriptions.items()},
    }
    asked_for = {
        "contentSafety": safety.outputs if safety else None,
        # Not "secrets": these are the names of the vault's secrets, in plain text.
        "keyVault": {name: each.outputs for name, each in secrets.items()},
        "access": access,
        "budget": budget,
    }
    return {**outputs, **{name: value for name, value in asked_for.items() if value}}
