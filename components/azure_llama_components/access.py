"""Roles to deploy Llama to a workspace, and to call its endpoints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pulumi import ComponentResource, ResourceOptions
from pulumi_azure_native import authorization

from azure_llama.catalog import roles
from azure_llama_components import names
from azure_llama_components.assignments import Grantee, assign, built_in_role, definition_id
from azure_llama_components.content_safety import CALLERS_ROLE
from azure_llama_components.endpoint import CALLER
from azure_llama_components.placement import waits_for


@dataclass(frozen=True, kw_only=True)
class Principal:
    """Someone in Entra ID.

    Attributes:
        id: Required. The object's id; of an application that of its service principal.
        type: Required. `User`, `Group` or `ServicePrincipal`: Azure does not find a new principal without it.
    """

    id: str
    type: Literal["Group", "User", "ServicePrincipal"]

    @property
    def grantee(self) -> Grantee:
        """The principal as role assignments take it."""
        return Grantee(id=self.id, name=self.id, type=self.type)


@dataclass(frozen=True, kw_only=True)
class DeployerRoleArgs:
    """Arguments of the custom role.

    Attributes:
        name: Optional. What the role definitions are called; scope and workspace come behind it.
        subscription_id: Required. The Azure subscription that pays.
        resource_group_name: Required. Where the marketplace's SaaS resources are.
        workspace_name: Required. The workspace or project to deploy into.
        assign_to: Optional. Who has it at all three scopes, by a name for the logical name.
    """

    subscription_id: str
    resource_group_name: str
    workspace_name: str
    name: str = "Azure Llama deployer"
    assign_to: Mapping[str, Principal] = field(default_factory=dict)


class DeployerRole(ComponentResource):
    """The custom role from Microsoft's article for deploying serverless endpoints: three role definitions, one for each
    scope that the article gives a part of it at, and the assignments.

    A role cannot be *assignable* to a single workspace, so that the third can be assigned in the resource group, and
    is assigned on the workspace.

    Attributes:
        outputs: scope (`subscription`, `resource group`, `workspace`) to the ARM id of its role definition.
    """

    def __init__(self, name: str, args: DeployerRoleArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("azure-llama:index:DeployerRole", name, {}, opts)
        subscription = f"/subscriptions/{args.subscription_id}"
        group = f"{subscription}/resourceGroups/{args.resource_group_name}"
        workspace = f"{group}/providers/Microsoft.MachineLearningServices/workspaces/{args.workspace_name}"
        scopes = {"subscription": subscription, "resource group": group, "workspace": workspace}
        after = waits_for(opts)
        self.outputs: dict[str, Any] = {}
        for grant in roles.CUSTOM_ROLE:
            slug = grant.scope.replace(" ", "-")
            home = subscription if grant.scope == "subscription" else group
            guid = names.guid("definition", home, grant.scope, args.workspace_name)
            definition = authorization.RoleDefinition(
                f"{name}-{slug}",
                role_definition_id=guid,
                role_name=f"{args.name} ({grant.scope}, {args.resource_group_name}/{args.workspace_name})",
                description=f"Enough, with the other two of this name, to {grant.purpose}.",
                role_type="CustomRole",
                scope=home,
                assignable_scopes=[home],
                permissions=[authorization.PermissionArgs(actions=[*grant.actions, *grant.also], not_actions=[])],
                opts=ResourceOptions(parent=self, depends_on=after, delete_before_replace=False),
            )
            for who, principal in args.assign_to.items():
                assign(
                    f"{name}-{slug}-{who}",
                    subscription_id=args.subscription_id,
                    scope=scopes[grant.scope],
                    role=guid,
                    to=principal.grantee,
                    opts=ResourceOptions(parent=self, depends_on=[definition], delete_before_replace=False),
                )
            self.outputs[grant.scope] = definition_id(args.subscription_id, guid)
        self.register_outputs(self.outputs)


@dataclass(frozen=True, kw_only=True)
class CallersArgs:
    """Arguments of the callers' roles.

    Attributes:
        subscription_id: Required. The Azure subscription.
        callers: Required. Who calls, by a name for the logical name.
        endpoints: Required. ARM ids of the endpoints, by name.
        roles: Optional. By name, the built-in roles of endpoints that are not of Azure ML.
        content_safety_id: Optional. ARM id of the Azure AI Content Safety account that they check texts with.
    """

    subscription_id: str
    callers: Mapping[str, Principal]
    endpoints: Mapping[str, str]
    roles: Mapping[str, str] = field(default_factory=dict)
    content_safety_id: str | None = None


class Callers(ComponentResource):
    """Built-in roles for people and programs that only call endpoints: on each endpoint, and nowhere above it.

    Attributes:
        outputs: role to the names of what it is given on.
    """

    def __init__(self, name: str, args: CallersArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("azure-llama:index:Callers", name, {}, opts)
        scopes = [(endpoint, id_, args.roles.get(endpoint, CALLER)) for endpoint, id_ in args.endpoints.items()]
        if args.content_safety_id is not None:
            scopes.append(("content-safety", args.content_safety_id, CALLERS_ROLE))
        for who, principal in args.callers.items():
            for target, scope, role in scopes:
                assign(
                    # No endpoint and no caller has a dot in its name, so no two of these are alike.
                    f"{name}.{who}.{target}" if scope != args.content_safety_id else f"{name}.{who}..{target}",
                    subscription_id=args.subscription_id,
                    scope=scope,
                    role=built_in_role(role),
                    to=principal.grantee,
                    opts=ResourceOptions(parent=self, depends_on=waits_for(opts), delete_before_replace=False),
                )
        self.outputs: dict[str, Any] = {
            role: [target for target, _, each in scopes if each == role] for _, _, role in scopes
        }
        self.register_outputs(self.outputs)
