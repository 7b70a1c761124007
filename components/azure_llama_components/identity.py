"""The identity with which a workspace accesses its dependencies."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, cast

import pulumi
from pulumi import Input, InvokeOutputOptions, Output, Resource, ResourceOptions
from pulumi_azure_native import machinelearningservices as ml
from pulumi_azure_native import managedidentity

from azure_llama.catalog import roles
from azure_llama.catalog.arm_ids import parse_arm_id
from azure_llama.documents.unknown import same_subscription
from azure_llama_components.assignments import Grantee, assign, built_in_role
from azure_llama_components.azure_calls import answered
from azure_llama_components.outputs import returned
from azure_llama_components.placement import Placement

IDENTITY = "Microsoft.ManagedIdentity/userAssignedIdentities"
DATA_ROLES = ("Storage Blob Data Contributor", "Storage File Data Privileged Contributor")
"""What reading and writing a storage account without its keys takes: blobs, and the notebooks' file shares."""


@dataclass(frozen=True, kw_only=True)
class IdentityArgs:
    """The identity of a workspace.

    Attributes:
        type: Optional. `SystemAssigned` (comes and goes with the workspace) or `UserAssigned` (a resource of its own,
            whose roles are given before the workspace needs them).
        id: Optional. ARM id of a user-assigned identity that exists, in the stack's subscription; one of the stack's
            own when None.
    """

    type: Literal["SystemAssigned", "UserAssigned"] = "SystemAssigned"
    id: str | None = None


@dataclass(frozen=True, kw_only=True)
class UserAssignedIdentity:
    """A user-assigned identity and its roles.

    Attributes:
        id: ARM id, as a plain value.
        principal_id: Object id in Entra ID.
        resource: The identity itself; None when it is not the stack's.
        roles: Its role assignments so far.
    """

    id: str
    principal_id: Input[str]
    resource: Resource | None
    roles: list[Resource] = field(default_factory=list)

    @property
    def depends_on(self) -> list[Resource]:
        """The role assignments that must exist before this identity is used."""
        return [*([self.resource] if self.resource else []), *self.roles]

    def give(self, name: str, place: Placement, *, scope: str, role: str, after: Resource) -> None:
        """Give it a built-in role on a resource."""
        self.roles.append(
            assign(
                name,
                subscription_id=place.subscription_id,
                scope=scope,
                role=built_in_role(role),
                to=Grantee(id=self.principal_id, name=self.id),
                opts=place.options(after, *([self.resource] if self.resource else [])),
            )
        )


def user_assigned(name: str, identity_name: str, place: Placement, args: IdentityArgs) -> UserAssignedIdentity | None:
    """The configured user-assigned identity; None for a system-assigned one.

    Raises:
        pulumi.RunError: the identity that exists is in another subscription.
    """
    if args.type == "SystemAssigned":
        return None
    if args.id is None:
        own = managedidentity.UserAssignedIdentity(
            f"{name}-identity",
            resource_name_=identity_name,
            **place.tracked,
            opts=place.options(),
        )
        return UserAssignedIdentity(id=place.id(IDENTITY, identity_name), principal_id=own.principal_id, resource=own)
    existing = parse_arm_id(args.id)
    if existing is None or not same_subscription(existing.subscription, place.subscription_id):
        raise pulumi.RunError(
            f"The identity {args.id} is not in the stack's subscription {place.subscription_id}: its roles could not be"
            " given. Name one of that subscription, or leave out `id` for an identity of the stack's own."
        )
    known: Output[managedidentity.GetUserAssignedIdentityResult] = answered(
        f"identity {args.id}: read its principal",
        managedidentity.get_user_assigned_identity_output(
            resource_group_name=existing.resource_group,
            resource_name=existing.name,
            opts=InvokeOutputOptions(parent=place.parent),
        ),
    )
    return UserAssignedIdentity(id=args.id, principal_id=known.principal_id, resource=None)


def give_roles(
    name: str, place: Placement, identity: UserAssignedIdentity, on: dict[str, tuple[str, Resource]]
) -> None:
    """Give a user-assigned identity what the workspace needs on each of the resources.

    Args:
        name: Required. Logical name of the workspace.
        place: Required.
        identity: Required.
        on: Required. ARM id and resource by what `roles.WORKSPACE_IDENTITY` calls it.
    """
    for need in roles.WORKSPACE_IDENTITY:
        if need.on in on:
            scope, resource = on[need.on]
            identity.give(
                f"{name}-{_slug(need.role)}-on-{_slug(need.on)}", place, scope=scope, role=need.role, after=resource
            )


def workspace_identity(identity: UserAssignedIdentity | None) -> ml.ManagedServiceIdentityArgs:
    """The `identity` of a workspace."""
    if identity is None:
        return ml.ManagedServiceIdentityArgs(type=ml.ManagedServiceIdentityType.SYSTEM_ASSIGNED)
    return ml.ManagedServiceIdentityArgs(
        type=ml.ManagedServiceIdentityType.USER_ASSIGNED, user_assigned_identities=[identity.id]
    )


def give_data(
    name: str, place: Placement, workspace: ml.Workspace, *, workspace_id: str, account: str, opts: ResourceOptions
) -> list[Resource]:
    """Let a workspace's system-assigned identity read and write the data of a storage account without keys.

    Args:
        name: Required. Logical name of the workspace.
        place: Required.
        workspace: Required. The workspace itself, whose identity is known once it exists.
        workspace_id: Required. Its ARM id, as a plain value.
        account: Required. ARM id of the storage account.
        opts: Required.
    """
    # Azure gives the identity its id: only a preview does without.
    principal = workspace.identity.apply(lambda own: cast(str, returned(own.principal_id if own else None)))
    return [
        assign(
            f"{name}-{_slug(role)}",
            subscription_id=place.subscription_id,
            scope=account,
            role=built_in_role(role),
            to=Grantee(id=principal, name=workspace_id),
            opts=opts,
        )
        for role in DATA_ROLES
    ]


def _slug(text: str) -> str:
    return text.lower().replace(" ", "-")
