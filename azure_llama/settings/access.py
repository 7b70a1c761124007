"""Who may deploy into the stack's workspace, and who may call what is in it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from azure_llama.settings import azure_checks, checks
from azure_llama.settings.base import StrictModel

Guid = Annotated[str, AfterValidator(azure_checks.guid)]
RoleName = Annotated[str, AfterValidator(azure_checks.role_name)]
Label = Annotated[str, AfterValidator(checks.label)]


class PrincipalSettings(StrictModel):
    """Someone in Entra ID.

    Attributes:
        principal_id: Required. The object's id; of an application that of its service principal.
        principal_type: Required. Azure looks a new one up in vain for minutes unless it is told.
    """

    principal_id: Guid = Field(description="the object's id in Entra ID")
    principal_type: Literal["Group", "User", "ServicePrincipal"] = Field(description="Group, User or ServicePrincipal")


class CustomRoleSettings(StrictModel):
    """The custom role of the article: what deploying serverless endpoints takes, split over three scopes.

    Attributes:
        name: Optional. What the roles are called, the scope and the workspace behind it: names are unique in a
            directory.
        assign_to: Optional. Who has all three, by a name of your own.
    """

    name: RoleName = "Azure Llama deployer"
    assign_to: dict[Label, PrincipalSettings] = Field(default_factory=dict)


class AccessSettings(StrictModel):
    """Roles that the stack gives.

    Attributes:
        custom_role: Optional. For people who deploy endpoints.
        callers: Optional. Who only calls the stack's endpoints, by a name of your own: built-in roles on each endpoint.
    """

    custom_role: CustomRoleSettings | None = None
    callers: dict[Label, PrincipalSettings] = Field(default_factory=dict)
