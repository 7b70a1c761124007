"""All checks, in the order in which reports have them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from azure_llama.preflight.checks import (
    endpoints,
    gateway,
    machines,
    marketplace,
    model_quota,
    models,
    names,
    permissions,
    providers,
    references,
    removals,
    subscription,
)
from azure_llama.preflight.plan import Plan
from azure_llama.preflight.reader import Reader
from azure_llama.preflight.results import Result


@dataclass(frozen=True)
class Check:
    """A question to Azure.

    Attributes:
        name: Required. Its name, the same for ever.
        title: Required. What it asks.
        ask: Required. Asks it. An `ArmError` that it lets through means unknown.
    """

    name: str
    title: str
    ask: Callable[[Plan, Reader], Awaitable[list[Result]]]


SIGN_IN = "sign-in"
"""The check that reports a failed sign-in for all."""
CHECKS = (
    Check(SIGN_IN, "Is the caller signed in, and shown the subscription?", subscription.sign_in),
    Check("subscription", "Is the subscription enabled, and paid for?", subscription.state),
    Check("providers", "Are the resource providers registered?", providers.registered),
    Check("permissions", "May the caller do all that the plan takes?", permissions.allowed),
    Check("removals", "May the caller delete what leaves the stack?", removals.possible),
    Check("references", "Does all exist that the settings name by an id, in the right region?", references.exist),
    Check("lifecycle", "Do the models still take new deployments?", models.lifecycle),
    Check("model-region", "Are the models offered in the region?", models.regions),
    Check("vm-size", "Does the region have the VM sizes?", machines.sizes),
    Check("quota", "Are there cores enough?", machines.cores),
    Check("model-quota", "Does the quota of Foundry models suffice?", model_quota.sufficient),
    Check("limits", "Is there room for the endpoints and deployments?", endpoints.counts),
    Check("endpoint-names", "Are the endpoints' names free, and each model deployed once?", endpoints.names),
    Check("workspace-names", "Can group and workspace be made?", names.workspaces),
    Check("global-names", "Are the names that are unique in all of Azure free?", names.globally_unique),
    Check("soft-deleted", "Does something deleted keep a name?", names.soft_deleted),
    Check("gateway", "Are the gateway's service and members in other stacks usable?", gateway.ready),
    Check("marketplace", "Are the models' offers subscribed, or may they be?", marketplace.offers),
)
