"""Roles for people who deploy and call endpoints, and the endpoints' keys as secrets of a key vault."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from azure_llama.settings import checks, ids
from azure_llama.settings.base import StrictModel, relation
from azure_llama.settings.problems import Violation, show
from azure_llama.settings.times import Day
from azure_llama.settings.values import Guid

LONGEST_ROLE_NAME = 128
_vault_id = ids.arm_id("Microsoft.KeyVault/vaults", "a key vault")


def _role_name(text: str) -> str:
    """A role name; the scope and the workspace's name are appended to it."""
    if text.strip() and len(text) <= LONGEST_ROLE_NAME:
        return text
    rule = f"has {len(text)} characters, and a role name has 1 to {LONGEST_ROLE_NAME} here"
    raise Violation(rule, "set one such as 'Azure Llama deployer'").error


def _vault(text: str) -> str:
    """The workspace's own key vault, or another by its ARM id."""
    return text if text == "workspace" else _vault_id(text)


_label = checks.matching(
    "[A-Za-z0-9_-]{1,63}",
    "is not 1 to 63 letters, digits, dashes and underscores",
    "rename it, for example to 'team'",
)
RoleName = Annotated[str, AfterValidator(_role_name)]
Label = Annotated[str, AfterValidator(_label)]
"""A name that Azure never sees: part of the logical names of Pulumi's resources."""


class PrincipalSettings(StrictModel):
    """A principal in Entra ID.

    Attributes:
        principal_id: Required. The object id in Entra ID; for an application, that of its service principal.
        principal_type: Required. Without it, Azure may fail for minutes to find a new principal.
    """

    principal_id: Guid = Field(description="the object's id in Entra ID")
    principal_type: Literal["Group", "User", "ServicePrincipal"] = Field(description="Group, User or ServicePrincipal")


def _each_once(principals: Mapping[str, PrincipalSettings], key: str) -> Iterator[Violation]:
    """A violation for each principal that has another name already: Azure has one assignment of a role to it."""
    seen: dict[str, str] = {}
    for name, principal in principals.items():
        first = seen.setdefault(principal.principal_id.casefold(), name)
        if first != name:
            rule = f"is the principal of {show(first)} too, and a principal has a role once"
            yield Violation(rule, "remove one of them", at=(key, name, "principalId"))


class CustomRoleSettings(StrictModel):
    """The custom role of the article: the permissions for serverless endpoints, split over three scopes.

    Attributes:
        name: Optional. The name of the role definitions. Scope, resource group and workspace are appended, since names
            are unique in a directory.
        assign_to: Optional. The principals with all three roles, by names of your own.
    """

    name: RoleName = "Azure Llama deployer"
    assign_to: dict[Label, PrincipalSettings] = Field(default_factory=dict)

    @relation
    def _principals_are_different(self) -> Iterator[Violation]:
        yield from _each_once(self.assign_to, "assignTo")


class AccessSettings(StrictModel):
    """Roles that the stack assigns.

    Attributes:
        custom_role: Optional. The custom role from Microsoft's article on Llama, for people who deploy serverless
            endpoints.
        callers: Optional. Principals that only call the stack's endpoints, by names of your own: they get built-in
            roles on each endpoint.
    """

    custom_role: CustomRoleSettings | None = None
    callers: dict[Label, PrincipalSettings] = Field(default_factory=dict)

    @relation
    def _callers_are_different(self) -> Iterator[Violation]:
        yield from _each_once(self.callers, "callers")


class SecretsSettings(StrictModel):
    """Keys of endpoints as secrets of a key vault.

    Attributes:
        key_vault: Optional. `workspace` for the workspace's own vault, or the ARM id of another one in the same
            subscription. A workspace that exists already (`workspace.id`) needs the ARM id.
        expires_on: Required. The day on which the secrets expire, at 00:00 UTC. The keys themselves do not expire.
    """

    key_vault: Annotated[
        str, AfterValidator(_vault), ids.Refers("a key vault", "or workspace", in_subscription=True)
    ] = "workspace"
    expires_on: Day = Field(description="the day on which the secrets expire, such as '2027-01-01'")
