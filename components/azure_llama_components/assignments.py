"""Role assignments."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi import Input, ResourceOptions
from pulumi_azure_native import authorization

from azure_llama.catalog import roles
from azure_llama_components import names


@dataclass(frozen=True, kw_only=True)
class Grantee:
    """Who gets a role.

    Attributes:
        id: Required. Object id in Entra ID.
        type: Optional. `User`, `Group` or `ServicePrincipal`: Azure does not look up a new principal then.
        name: Required. The principal as a text that is known in a preview; the assignment's name is made from it.
    """

    id: Input[str]
    name: str
    type: str = "ServicePrincipal"


def definition_id(subscription_id: str, guid: str) -> str:
    """ARM id of a role definition."""
    return f"/subscriptions/{subscription_id}/providers/Microsoft.Authorization/roleDefinitions/{guid}"


def built_in_role(name: str) -> str:
    """GUID of a built-in role.

    Raises:
        ValueError: the catalogue has no such role.
    """
    role = roles.find_role(name)
    if role is None:
        raise ValueError(f"{name!r} is not a built-in role of the catalogue; see azure_llama.catalog.roles.BUILT_IN")
    return role.id


def assign(
    name: str,
    *,
    subscription_id: str,
    scope: str,
    role: str,
    to: Grantee,
    opts: ResourceOptions,
) -> authorization.RoleAssignment:
    """Give a role.

    Args:
        name: Required. Logical name.
        subscription_id: Required. The Azure subscription.
        scope: Required. ARM id of what it is given on.
        role: Required. GUID of the role definition.
        to: Required. Who gets it.
        opts: Required. With all that has to exist first, the scope among it.
    """
    return authorization.RoleAssignment(
        name,
        # Azure takes one assignment for the three of them, whatever its name, and changes none: another principal,
        # role or scope is another assignment, and has another name.
        role_assignment_name=names.guid("assignment", scope, role, to.name),
        scope=scope,
        role_definition_id=definition_id(subscription_id, role),
        principal_id=to.id,
        principal_type=to.type,
        opts=opts,
    )
