"""The configuration of a stack, typed.

The description of a field is what a report tells people to set where it is missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from azure_llama.catalog import Catalog, EndpointKind
from azure_llama.catalog.limits import TAGS_PER_RESOURCE
from azure_llama.settings import checks
from azure_llama.settings.access import AccessSettings, SecretsSettings
from azure_llama.settings.base import CatalogModel, InvalidValueError, in_each, relation
from azure_llama.settings.budget import BudgetSettings
from azure_llama.settings.compute import ComputeInstanceSettings
from azure_llama.settings.foundry import AccountName, FoundrySettings
from azure_llama.settings.gateway import GatewaySettings
from azure_llama.settings.gateway_members import member_violations
from azure_llama.settings.kinds import EndpointSettings, StackEndpoint
from azure_llama.settings.managed import ManagedName, ManagedSettings
from azure_llama.settings.problems import Violation, below, show
from azure_llama.settings.serverless import ServerlessName, ServerlessSettings
from azure_llama.settings.values import TagName, TagValue
from azure_llama.settings.workspace import WORKSPACE_NAME, ResourceGroupName, WorkspaceSettings

RegionName = Annotated[str, AfterValidator(checks.region)]


class Settings(CatalogModel):
    """The settings of a stack.

    Attributes:
        location: Required. ARM name of the region (`azure-native:location`).
        resource_group: Optional. Name of the resource group of a stack without a workspace;
            `rg-<project>-<stack>-<region>` when not set.
        workspace: Conditional. The workspace. Required unless the stack has only Foundry accounts and a
            gateway.
        serverless: Optional. Serverless endpoints by name.
        managed: Optional. Managed endpoints by name.
        foundry: Optional. Microsoft Foundry accounts by name, each with its deployments.
        gateway: Optional. One address for models of this stack and of others, with limits for each team.
        access: Optional. Roles that the stack assigns.
        secrets: Optional. Keys of endpoints as secrets of a key vault; none when None.
        budget: Optional. What the stack may cost, and who is notified.
        tags: Optional. Tags of every resource.
        required_tags: Optional. Names that `tags` must have, with a value each.
    """

    location: RegionName = Field(description="the region of the workspace, such as 'eastus2'")
    resource_group: ResourceGroupName | None = None
    workspace: Annotated[WorkspaceSettings | None, BeforeValidator(checks.none_if_empty)] = None
    serverless: dict[ServerlessName, ServerlessSettings] = Field(default_factory=dict)
    managed: dict[ManagedName, ManagedSettings] = Field(default_factory=dict)
    foundry: dict[AccountName, FoundrySettings] = Field(default_factory=dict)
    gateway: Annotated[GatewaySettings | None, BeforeValidator(checks.none_if_empty)] = None
    access: AccessSettings = AccessSettings()
    secrets: Annotated[SecretsSettings | None, BeforeValidator(checks.none_if_empty)] = None
    budget: Annotated[BudgetSettings | None, BeforeValidator(checks.none_if_empty)] = None
    tags: dict[TagName, TagValue] = Field(default_factory=dict)
    required_tags: list[TagName] = Field(default_factory=list)

    @relation
    def _names_within_a_kind(self) -> Iterator[Violation]:
        for kind in self.catalog.kinds:
            with suppress(InvalidValueError):
                yield from below((kind.name,), checks.same_but_for_case(self._of(kind), "endpoint"))

    @relation
    def _names_of_endpoints(self) -> Iterator[Violation]:
        taken: dict[str, EndpointKind] = {}
        for endpoint in self.endpoints():
            other = taken.setdefault(endpoint.name.casefold(), endpoint.kind)
            if other is not endpoint.kind:
                rule = f"is also the name of a {other.title}, and the stack's outputs list both in one map"
                at = (endpoint.kind.name, endpoint.name)
                yield Violation(rule, "rename one of them", at=at, shown=show(endpoint.name))

    @relation
    def _accounts_are_different(self) -> Iterator[Violation]:
        taken: dict[str, str] = {}
        for endpoint in self.endpoints():
            account = endpoint.settings.existing_account
            first = taken.setdefault(account.casefold(), endpoint.name) if account else endpoint.name
            if first != endpoint.name:
                rule, at = f"is the account of {show(first)}, too", (endpoint.kind.name, endpoint.name, "id")
                yield Violation(rule, "put the deployments of both into one entry", at=at)

    @relation
    def _content_safety_is_another_account(self) -> Iterator[Violation]:
        stated = self.workspace.names.content_safety if self.workspace and self.has_content_safety else None
        accounts = (each for each in self.endpoints() if not each.kind.in_workspace and not each.settings.exists)
        created = {each.name.casefold() for each in accounts}
        if stated is not None and stated.casefold() in created:
            at = ("workspace", "names", "contentSafety")
            yield Violation("is also the name of a Foundry account", "rename one of them", at=at)

    @relation
    def _names_of_connections(self) -> Iterator[Violation]:
        taken: dict[tuple[str, str], str] = {}
        for endpoint in self.endpoints():
            for name, workspace in endpoint.settings.connected_to.items():
                first = taken.setdefault((workspace.casefold(), name.casefold()), endpoint.name)
                if first != endpoint.name:
                    rule = f"is the name of the connection to {show(first)} in the same workspace, too"
                    at = (endpoint.kind.name, endpoint.name, "connections", name)
                    yield Violation(rule, "rename one of them", at=at, shown=show(name))

    @relation
    def _workspace_is_set(self) -> Iterator[Violation]:
        if self.workspace is not None:
            if self.resource_group is not None:
                rule = "is for a stack without a workspace, whose resource group is workspace.resourceGroup"
                yield Violation(rule, "remove it", at=("resourceGroup",))
            return
        alone = [kind.name for kind in self.catalog.kinds if not kind.in_workspace]
        others = {kind.name for kind in self.catalog.kinds if kind.in_workspace and getattr(self, kind.name)}
        if others or not (self.gateway or any(getattr(self, name) for name in alone)):
            remedy = f"set {WORKSPACE_NAME}, or id: the ARM id of one that exists"
            yield Violation("is missing", remedy, at=("workspace", "name"), shown="")

    @relation
    def _custom_role_needs_a_workspace(self) -> Iterator[Violation]:
        if self.workspace is None and self.access.custom_role is not None:
            rule = "requires a workspace, since it is for people who deploy serverless endpoints"
            yield Violation(rule, "remove it", at=("access", "customRole"), shown="")

    @relation
    def _hub_has_no_endpoints(self) -> Iterator[Violation]:
        is_hub = self.workspace is not None and self.workspace.kind == "Hub"
        for key in sorted(self.set_keys() & {kind.name for kind in self.catalog.kinds if kind.in_workspace}):
            if is_hub and getattr(self, key):
                remedy = "set kind: Project for a hub and a project in it"
                yield Violation("cannot be in a workspace of kind: Hub", remedy, at=(key,), shown="")

    @relation
    def _vault_is_known(self) -> Iterator[Violation]:
        own = self.workspace is not None and not self.workspace.set_keys() & {"id", "hub"}
        if not own and self.secrets is not None and self.secrets.key_vault == "workspace":
            rule = "is known only for a workspace of the stack's own, with a hub of its own"
            yield Violation(rule, "set the vault's ARM id", at=("secrets", "keyVault"), shown="'workspace'")

    @relation
    def _endpoints_fit_the_workspace(self) -> Iterator[Violation]:
        for kind in self.catalog.kinds:
            with suppress(InvalidValueError):
                yield from in_each(kind.name, self._of(kind), lambda asked: asked.violations_in(self.workspace))

    @relation
    def _gateway_fits_the_stack(self) -> Iterator[Violation]:
        if self.gateway is None:
            return
        own = self.workspace is not None and not self.workspace.set_keys() & {"id", "hub"}
        if self.gateway.application_insights == "workspace" and not own:
            rule = "is known only for a workspace of the stack's own, with a hub of its own"
            at = ("gateway", "applicationInsights")
            yield Violation(rule, "set the component's ARM id", at=at, shown="'workspace'")
        for name, model in self.gateway.models.items():
            with suppress(InvalidValueError):
                found = member_violations(name, model, {each: self._of(each) for each in self.catalog.kinds})
                yield from below(("gateway", "models", name), found)

    @relation
    def _number_of_tags(self) -> Iterator[Violation]:
        most = TAGS_PER_RESOURCE.low
        if len(self.tags) > most:
            rule = f"has {len(self.tags)} tags, and a resource has {most} at most"
            yield Violation(rule, f"remove {len(self.tags) - most}", at=("tags",), shown="")

    @relation
    def _names_of_tags(self) -> Iterator[Violation]:
        yield from below(("tags",), checks.same_but_for_case(self.tags, "tag"))

    @relation
    def _required_tags_are_set(self) -> Iterator[Violation]:
        names = {name.casefold() for name in self.tags}
        for name in dict.fromkeys(self.required_tags):
            if name.casefold() not in names:
                remedy = "set its value, or remove it from requiredTags"
                yield Violation("is missing, and requiredTags requires it", remedy, at=("tags", name), shown="")

    @relation
    def _required_tags_have_values(self) -> Iterator[Violation]:
        required = {name.casefold() for name in self.required_tags}
        for name, value in self.tags.items():
            if name.casefold() in required and not value.strip():
                yield Violation("is empty, and requiredTags requires a value", "set one", at=("tags", name))

    @property
    def catalog(self) -> Catalog:
        """The catalogue that these settings were checked against."""
        return self._catalog

    @property
    def has_content_safety(self) -> bool:
        """Whether the stack has an Azure AI Content Safety account: it does unless every managed endpoint opts out."""
        return any(endpoint.settings.needs_content_safety for endpoint in self.endpoints())

    @property
    def compute_instances(self) -> Mapping[str, ComputeInstanceSettings]:
        """The compute instances of the workspace, by name; none without a workspace."""
        return self.workspace.compute_instances if self.workspace else {}

    def endpoints(self) -> Iterator[StackEndpoint[Any]]:
        """All endpoints, kind by kind."""
        for kind in self.catalog.kinds:
            for name, asked in self._of(kind).items():
                yield StackEndpoint(kind, name, asked)

    def _of(self, kind: EndpointKind) -> Mapping[str, EndpointSettings]:
        found: Mapping[str, EndpointSettings] = getattr(self, kind.name)
        return found
