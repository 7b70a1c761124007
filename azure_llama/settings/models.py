"""The configuration of a stack, typed.

Every field's description is what a report tells people to write where it is missing.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from azure_llama.catalog import Catalog
from azure_llama.settings import checks, relations
from azure_llama.settings.access import AccessSettings
from azure_llama.settings.base import CatalogModel, TagName, TagValue, first, plain
from azure_llama.settings.budget import BudgetSettings
from azure_llama.settings.endpoints import (
    ManagedName,
    ManagedSettings,
    SecretsSettings,
    ServerlessName,
    ServerlessSettings,
)
from azure_llama.settings.workspace import WorkspaceSettings

RegionName = Annotated[str, AfterValidator(checks.region)]


class Settings(CatalogModel):
    """Everything that a stack asks for.

    Attributes:
        location: Required. ARM name of the region (`azure-native:location`).
        workspace: Required. The workspace.
        serverless: Optional. Serverless endpoints by name.
        managed: Optional. Managed endpoints by name.
        access: Optional. Roles that the stack gives.
        secrets: Optional. Keys of endpoints as secrets of a key vault; none when None.
        budget: Optional. What it may cost, and who hears of it.
        tags: Optional. Tags of every resource.
        required_tags: Optional. Names that `tags` must have, with a value each.
    """

    location: RegionName = Field(description="the region of the workspace, such as 'eastus2'")
    workspace: WorkspaceSettings = Field(description="a map with the workspace's name")
    serverless: dict[ServerlessName, ServerlessSettings] = Field(default_factory=dict)
    managed: dict[ManagedName, ManagedSettings] = Field(default_factory=dict)
    access: AccessSettings = AccessSettings()
    secrets: Annotated[SecretsSettings | None, BeforeValidator(checks.nothing_if_empty)] = None
    budget: Annotated[BudgetSettings | None, BeforeValidator(checks.nothing_if_empty)] = None
    tags: dict[TagName, TagValue] = Field(default_factory=dict)
    required_tags: list[TagName] = Field(default_factory=list)

    @model_validator(mode="after")
    def _related(self) -> Self:
        first(relations.whole_stack(plain(self)))
        return self

    @property
    def catalog(self) -> Catalog:
        """The catalogue that the settings were checked against."""
        return self._catalog

    @property
    def has_content_safety(self) -> bool:
        """Whether the stack has an Azure AI Content Safety account: it does unless every managed endpoint opts out."""
        return any(asked.content_safety for asked in self.managed.values())
