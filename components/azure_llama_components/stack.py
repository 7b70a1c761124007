"""Creates the supporting components of a stack from its settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pulumi import Resource, ResourceOptions

from azure_llama.settings import (
    NetworkSettings,
    OutboundRuleSettings,
    PrincipalSettings,
    Settings,
    WorkspaceSettings,
)
from azure_llama_components.access import Callers, CallersArgs, DeployerRole, DeployerRoleArgs, Principal
from azure_llama_components.budget import Budget, BudgetArgs
from azure_llama_components.compute_instance import AssignedUser
from azure_llama_components.encryption import EncryptionArgs
from azure_llama_components.endpoint import EndpointComponent
from azure_llama_components.identity import IdentityArgs
from azure_llama_components.locks import Locks, LocksArgs
from azure_llama_components.names import budget_name
from azure_llama_components.network import (
    HostRule,
    NetworkArgs,
    OutboundRule,
    PrivateEndpointRule,
    ServiceTagRule,
    SubnetArgs,
)
from azure_llama_components.stack_group import Home, StackGroup
from azure_llama_components.workspace import Workspace
from azure_llama_components.workspace_args import ExistingWorkspaceArgs, InstanceArgs, WorkspaceArgs


def make_workspace(settings: Settings) -> Home:
    """The stack's workspace: its own, or one that exists; without one, the stack's resource group."""
    asked = settings.workspace
    if asked is None:
        return StackGroup(
            "stack", location=settings.location, resource_group=settings.resource_group, tags=settings.tags
        )
    return Workspace(asked.called, workspace_args(asked, location=settings.location, tags=settings.tags))


def workspace_args(
    asked: WorkspaceSettings, *, location: str, tags: Mapping[str, str]
) -> WorkspaceArgs | ExistingWorkspaceArgs:
    """Arguments of the workspace of a stack."""
    if asked.id is not None:
        return ExistingWorkspaceArgs(id=asked.id, location=location)
    assert asked.name is not None, "the settings let through a workspace without a name"
    key = asked.encryption
    return WorkspaceArgs(
        name=asked.name,
        location=location,
        kind=asked.kind,
        hub_id=asked.hub,
        resource_group=asked.resource_group,
        names=asked.names.model_dump(exclude_none=True),
        description=asked.description,
        friendly_name=asked.friendly_name,
        tags=tags,
        network=_network(asked.network),
        encryption=EncryptionArgs(**key.model_dump()) if key else None,
        identity=IdentityArgs(type=asked.identity.type, id=asked.identity.id),
        data_access=asked.system_datastores_auth_mode,
        container_registry=asked.container_registry,
        image_build_compute=asked.image_build_compute,
        diagnostics=asked.diagnostics,
        soft_delete_days=asked.soft_delete_days,
        purge_protection=asked.purge_protection,
        log_days=asked.log_days,
        compute_instances={
            name: InstanceArgs(
                vm_size=instance.vm_size,
                idle_minutes=instance.idle_minutes,
                assigned_user=AssignedUser(**instance.assigned_user.model_dump()) if instance.assigned_user else None,
                public_ip=instance.public_ip,
            )
            for name, instance in asked.compute_instances.items()
        },
    )


def make_access(
    settings: Settings,
    workspace: Home,
    *,
    endpoints: Mapping[str, EndpointComponent],
    after: Sequence[Resource],
    content_safety_id: str | None = None,
) -> dict[str, DeployerRole | Callers]:
    """The roles that the stack gives, by the name of their output: deployerRole and callers, where there are any.

    Args:
        settings: Required.
        workspace: Required.
        endpoints: Required. The endpoints, by name.
        after: Required. The endpoints, and whatever else `content_safety_id` is about.
        content_safety_id: Optional. ARM id of the stack's Azure AI Content Safety account.
    """
    made: dict[str, DeployerRole | Callers] = {}
    role, callers = settings.access.custom_role, settings.access.callers
    if role is not None:
        args = DeployerRoleArgs(
            name=role.name,
            subscription_id=workspace.subscription_id,
            resource_group_name=workspace.resource_group_name,
            workspace_name=workspace.name,
            assign_to=_principals(role.assign_to),
        )
        made["deployerRole"] = DeployerRole("deployer", args, ResourceOptions(depends_on=workspace.depends_on))
    if callers:
        given = CallersArgs(
            subscription_id=workspace.subscription_id,
            callers=_principals(callers),
            endpoints={name: endpoint.arm_id for name, endpoint in endpoints.items()},
            roles={name: endpoint.caller_role for name, endpoint in endpoints.items()},
            content_safety_id=content_safety_id,
        )
        made["callers"] = Callers("callers", given, ResourceOptions(depends_on=list(after)))
    return made


def make_budget(settings: Settings, workspace: Home) -> dict[str, Any] | None:
    """The stack's budgets, on the resource group; their outputs, or None."""
    asked = settings.budget
    if asked is None:
        return None
    args = BudgetArgs(
        name=budget_name(workspace.name),
        scope=f"/subscriptions/{workspace.subscription_id}/resourceGroups/{workspace.resource_group_name}",
        **asked.model_dump(),
    )
    return Budget("budget", args, ResourceOptions(depends_on=workspace.depends_on)).outputs


def make_locks(
    settings: Settings,
    workspace: Home,
    *,
    endpoints: Mapping[str, EndpointComponent],
    after: Sequence[Resource],
    roles: Sequence[Resource] = (),
) -> None:
    """The locks that the stack asks for, on what holds its data and on its accounts.

    Args:
        settings: Required.
        workspace: Required.
        endpoints: Required. The endpoints, by name.
        after: Required. Everything in the stack that writes there: endpoints, secrets.
        roles: Optional. The roles on endpoints: Azure deletes no assignment on an account that is locked.
    """
    if settings.workspace and settings.workspace.lock != "None" and workspace.holds_data:
        args = LocksArgs(level=settings.workspace.lock, targets=workspace.holds_data)
        Locks("locks", args, ResourceOptions(depends_on=[workspace, *after]))
    for endpoint in settings.endpoints():
        if endpoint.settings.lock_level != "None":
            locked = LocksArgs(
                level=endpoint.settings.lock_level,
                targets={endpoint.name: endpoints[endpoint.name].arm_id},
                key=f"{endpoint.kind.setting}.{endpoint.name}.lock",
            )
            Locks(f"{endpoint.name}-lock", locked, ResourceOptions(depends_on=[*after, *roles]))


def _principals(asked: Mapping[str, PrincipalSettings]) -> dict[str, Principal]:
    return {name: Principal(id=each.principal_id, type=each.principal_type) for name, each in asked.items()}


def _network(asked: NetworkSettings) -> NetworkArgs:
    endpoint = asked.private_endpoint
    return NetworkArgs(
        public_network_access=asked.public_network_access,
        isolation_mode=asked.isolation_mode,
        firewall_sku=asked.firewall_sku,
        outbound_rules={name: _rule(rule) for name, rule in asked.outbound_rules.items()},
        private_endpoint=SubnetArgs(
            subnet_id=endpoint.subnet_id,
            address_space=endpoint.address_space,
            dns_zone_ids=tuple(endpoint.dns_zone_ids),
        )
        if endpoint
        else None,
    )


def _rule(asked: OutboundRuleSettings) -> OutboundRule:
    if asked.type == "FQDN":
        return HostRule(destination=asked.destination or "")
    if asked.type == "PrivateEndpoint":
        return PrivateEndpointRule(resource_id=asked.resource_id or "", subresource=asked.subresource or "")
    return ServiceTagRule(service_tag=asked.service_tag or "", protocol=asked.protocol or "", ports=asked.ports or "")
