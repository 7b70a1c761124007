"""The stack: its settings, its components, its outputs. Another model is a change of its YAML, not of this file."""

from __future__ import annotations

import sys

import pulumi

try:
    from azure_llama_components import (
        all_endpoints,
        content_safety,
        endpoint_outputs,
        key_secrets,
        make_access,
        make_budget,
        make_locks,
        make_workspace,
        model_subscriptions,
        read_settings,
    )
except ModuleNotFoundError as error:
    raise pulumi.RunError(
        f"{sys.executable} has no module {error.name!r}; run `pip install --no-deps -e .` in the checkout with it"
    ) from error

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
asked_for = {
    "contentSafety": safety.outputs if safety else None,
    # Not "secrets": these are the names of the vault's secrets, in plain text.
    "keyVault": {name: each.outputs for name, each in secrets.items()},
    "access": {name: each.outputs for name, each in access.items()},
    "budget": budget,
}
for name, outputs in asked_for.items():
    if outputs:
        pulumi.export(name, outputs)
