"""The Azure actions that a plan requires, and their scopes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from azure_llama.catalog import EndpointKind, roles
from azure_llama.preflight.plan import GROUP, ML, WORKSPACE, Plan
from azure_llama.settings.network import PrivateEndpointSettings
from azure_llama.stack.arm_ids import Planned

_IDENTITY = "Microsoft.ManagedIdentity/userAssignedIdentities"


@dataclass(frozen=True)
class Need:
    """An action that the caller must have.

    Attributes:
        action: Required. `Microsoft.MachineLearningServices/workspaces/serverlessEndpoints/write`.
        scope: Required. ARM id at which it is checked.
        purpose: Required. What for.
        instead: Optional. Actions of which one is enough in its place.
        entry: Optional. The line of the custom role that grants it.
    """

    action: str
    scope: str
    purpose: str
    instead: tuple[str, ...] = ()
    entry: str | None = None


def needs(plan: Plan, *, subscribed: frozenset[str] = frozenset()) -> list[Need]:
    """All actions of the plan, each once for a scope.

    Args:
        plan: Required.
        subscribed: Optional. Ids, in lower case, of marketplace subscriptions that exist: Azure asks for the rights
            of a purchase once, when they are made.
    """
    found: dict[tuple[str, str], Need] = {}
    for need in _all(plan, subscribed):
        found.setdefault((need.action.casefold(), need.scope.casefold()), need)
    return list(found.values())


def _all(plan: Plan, subscribed: frozenset[str]) -> Iterator[Need]:
    for resource in plan.resources:
        yield from _of(plan, resource)
    if any(each.id.casefold() not in subscribed for each in plan.buys):
        yield from _purchase(plan)
    yield from _keys(plan)
    yield from _teams(plan)
    yield from _linked(plan)


def _linked(plan: Plan) -> Iterator[Need]:
    """What has to be allowed on other resources that a body names (general knowledge of 2026-11-25)."""
    workspace = plan.settings.workspace
    endpoint = workspace.network.private_endpoint if workspace else None
    if plan.of("Microsoft.Network/privateEndpoints") and endpoint is not None:
        purpose = "connect the workspace's private endpoint"
        yield from connection(plan, endpoint, plan.workspace, WORKSPACE, purpose)
    for each in plan.endpoints:
        yield from plan.kinds[each.kind.name].links(plan, each)
    own = workspace.identity if workspace else None
    assigned = [own.id or plan.group] if own and own.type == "UserAssigned" else []
    for id_ in (*assigned, *filter(None, (endpoint.settings.assigned_identity for endpoint in plan.endpoints))):
        yield Need(f"{_IDENTITY}/assign/action", id_, "give a user-assigned identity to a resource")


def connection(plan: Plan, endpoint: PrivateEndpointSettings, target: str, type_: str, purpose: str) -> Iterator[Need]:
    """The actions that a private endpoint requires on its subnet and its target.

    Args:
        plan: Required.
        endpoint: Required. Its settings.
        target, type_: Required. ARM id and type of what it leads to.
        purpose: Required. What for.
    """
    yield Need("Microsoft.Network/virtualNetworks/subnets/join/action", endpoint.subnet_id or plan.group, purpose)
    yield Need(f"{type_}/privateEndpointConnectionsApproval/action", target, purpose)


def _of(plan: Plan, resource: Planned) -> Iterator[Need]:
    scope = asked_at(plan, resource)
    purpose = f"deploy {resource.name}"
    type_ = "Microsoft.Resources/subscriptions/resourceGroups" if resource.is_a(GROUP) else resource.type
    entry = _entry(resource.type)
    endpoint, _, below = resource.type.rpartition("/")
    for verb in ("read", "write"):
        # The documents give deployments the actions of their endpoint, ARM's scheme their own.
        instead = (f"{endpoint}/{verb}",) if below == "deployments" and endpoint in _endpoint_types(plan) else ()
        yield Need(f"{type_}/{verb}", scope, purpose, instead, entry)


def asked_at(plan: Plan, resource: Planned) -> str:
    """The scope at which the caller's permissions for it are read: resource group, workspace, or another parent. A
    role on an existing resource group is enough to write that group.
    """
    workspace = plan.workspace.casefold()
    if workspace and resource.id.casefold().startswith(f"{workspace}/"):
        return plan.workspace
    parts = resource.id.split("/")
    in_group = len(parts) > 4 and parts[3].casefold() == "resourcegroups"
    return "/".join(parts[:5]) if in_group else plan.scope


def _purchase(plan: Plan) -> Iterator[Need]:
    subscription, group, _ = roles.CUSTOM_ROLE
    for grant, scope in ((subscription, plan.scope), (group, plan.group)):
        for action in (*grant.actions, *grant.also):
            yield Need(action, scope, grant.purpose, entry=action)
    # The type as the documents call it: that the service checks ARM's own name alone is not known.
    documented = "marketplaceModelSubscriptions"
    entry = _entry(f"{ML}/workspaces/{documented}")
    for verb in ("read", "write"):
        purpose = "subscribe the workspace to a model, under the type's documented name"
        yield Need(f"{WORKSPACE}/{documented}/{verb}", plan.workspace, purpose, entry=entry)


def _keys(plan: Plan) -> Iterator[Need]:
    for type_, kind in _endpoint_types(plan).items():
        names = [each.name for each in plan.endpoints if each.kind is kind and each.settings.has_keys]
        if names:
            purpose = f"read the keys of {', '.join(names)}"
            scope = plan.workspace if kind.in_workspace else plan.group
            yield Need(f"{type_}/listKeys/action", scope, purpose, entry=_entry(type_))


def _teams(plan: Plan) -> Iterator[Need]:
    gateway = plan.settings.gateway
    if gateway is not None:
        scope = gateway.id.partition("/providers/")[0] if gateway.id else plan.group
        purpose = "read the keys of the gateway's teams"
        yield Need("Microsoft.ApiManagement/service/subscriptions/listSecrets/action", scope, purpose)


def _endpoint_types(plan: Plan) -> dict[str, EndpointKind]:
    """The kinds of endpoint by ARM type."""
    return {kind.arm_type: kind for kind in plan.catalog.kinds}


def _entry(type_: str) -> str | None:
    """The line of the custom role that covers all of a type."""
    entries = (action for grant in roles.CUSTOM_ROLE for action in (*grant.actions, *grant.also))
    return next((each for each in entries if each.casefold() == f"{type_}/*".casefold()), None)
