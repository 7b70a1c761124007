"""The whole program of a stack: its settings, its components, its outputs."""

from __future__ import annotations

import pulumi

from azure_llama_components.configuration import read_settings
from azure_llama_components.from_settings import content_safety, key_secrets, model_subscriptions
from azure_llama_components.kinds import all_endpoints, endpoint_outputs
from azure_llama_components.stack import make_access, make_budget, make_locks, make_workspace


def make_stack() -> None:
    """Make what the stack's configuration asks for, and export its outputs.

    Raises:
        RunError: the configuration has errors; the text reports all of them.
    """
    settings = read_settings()
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
    budget = make_budget(settings, workspace)
    make_locks(settings, workspace, endpoints=endpoints, after=made, roles=list(access.values()))

    pulumi.export("workspace", workspace.outputs)
    for name, outputs in endpoint_outputs(endpoints).items():
        pulumi.export(name, outputs)
    pulumi.export("marketplace", {model: subscription.outputs for model, subscription in subscriptions.items()})
    optional = {
        "contentSafety": safety.outputs if safety else None,
        # Not "secrets": these are the names of the vault's secrets, in plain text.
        "keyVault": {name: each.outputs for name, each in secrets.items()},
        "access": {name: each.outputs for name, each in access.items()},
        "budget": budget,
    }
    for name, output in optional.items():
        if output:
            pulumi.export(name, output)
