"""Deployments and content filters of a Microsoft Foundry account."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, ValidationInfo

from azure_llama.catalog.foundry import BUILT_IN_FILTERS, FoundryModel
from azure_llama.catalog.kinds import Meter
from azure_llama.catalog.llama_models import ModelReference
from azure_llama.settings import checks
from azure_llama.settings.base import CatalogModel, StrictModel, catalog_of, relation
from azure_llama.settings.problems import Violation, misspelt
from azure_llama.settings.values import TagName, TagValue
from azure_llama.settings.wire import Wire, decides

DEPLOYMENT = "cognitiveservices:Deployment"
FILTER = "cognitiveservices:RaiPolicy"


def _model(text: str, info: ValidationInfo) -> str:
    """The name of a model, with the catalogue's spelling for one of the catalogue."""
    names = catalog_of(info.context).foundry.names
    return next((name for name in names if name.casefold() == text.casefold()), text)


ModelName = Annotated[str, AfterValidator(_model)]
Capacity = Annotated[int, AfterValidator(checks.at_least(1, "capacity of a deployment"))]
Sku = Literal[
    "GlobalStandard",
    "DataZoneStandard",
    "Standard",
    "GlobalProvisionedManaged",
    "DataZoneProvisionedManaged",
    "ProvisionedManaged",
    "GlobalBatch",
    "DataZoneBatch",
    "DeveloperTier",
]


class FilterRuleSettings(StrictModel):
    """One category of a content filter.

    Attributes:
        name: Required. The category: `Hate`, `Sexual`, `Violence`, `Selfharm`, `Jailbreak` and others of Azure.
        source: Required. What is checked.
        severity: Optional. From which severity on it is filtered; without it for categories that have none.
        blocking: Optional. Whether what is found is blocked; otherwise it is only annotated.
        enabled: Optional. Whether the category is checked.
    """

    name: str = Field(description="the category, such as 'Hate'")
    source: Literal["Prompt", "Completion"] = Field(description="Prompt or Completion")
    severity: Literal["Low", "Medium", "High"] | None = None
    blocking: bool = True
    enabled: bool = True


class FilterSettings(StrictModel):
    """A content filter of the account's own.

    Attributes:
        base: Optional. The built-in filter that it starts from.
        mode: Optional. When answers are checked; `Asynchronous_filter` checks them while they are streamed.
        rules: Optional. The categories that differ from those of `base`.
    """

    wire_resource: ClassVar[str] = FILTER

    base: Annotated[str, Wire("properties.basePolicyName")] = BUILT_IN_FILTERS[0]
    mode: Annotated[Literal["Default", "Deferred", "Blocking", "Asynchronous_filter"], Wire("properties.mode")] = (
        "Default"
    )
    rules: Annotated[list[FilterRuleSettings], decides("properties.contentFilters")] = Field(default_factory=list)


class FoundryDeploymentSettings(CatalogModel):
    """A model that is deployed on a Foundry account.

    Attributes:
        model: Required. The model's name. One of the catalogue needs no `format`.
        format: Conditional. The model's publisher as Azure spells it, such as `Mistral AI`. Required for a model that
            the catalogue does not have.
        model_version: Required. The model's version, in quotes. Azure has no default for Llama.
        sku: Optional. How it is processed and paid. For Llama, `GlobalStandard` is the only SKU by the token.
        capacity: Required. Thousands of tokens a minute; provisioned throughput units (PTU) for a SKU of that name.
        content_filter: Optional. The content filter: a built-in one, or a name of the account's `filters`.
        upgrade: Optional. Whether Azure changes the version by itself, and when.
        tags: Optional. Tags of the deployment, beside those of the stack.
    """

    wire_resource: ClassVar[str] = DEPLOYMENT

    model: Annotated[ModelName, Wire("properties.model.name")] = Field(
        description="a model, such as 'Llama-3.3-70B-Instruct'"
    )
    format: Annotated[str | None, Wire("properties.model.format")] = None
    model_version: Annotated[str, Wire("properties.model.version")] = Field(
        description="the model's version in quotes, such as '9'"
    )
    sku: Annotated[Sku, Wire("sku.name")] = "GlobalStandard"
    capacity: Annotated[Capacity, Wire("sku.capacity")] = Field(description="thousands of tokens a minute, such as 100")
    content_filter: Annotated[str, Wire("properties.raiPolicyName")] = BUILT_IN_FILTERS[0]
    upgrade: Annotated[
        Literal["NoAutoUpgrade", "OnceCurrentVersionExpired", "OnceNewDefaultVersionAvailable"],
        Wire("properties.versionUpgradeOption"),
    ] = "NoAutoUpgrade"
    tags: Annotated[dict[TagName, TagValue], decides("tags")] = Field(default_factory=dict)

    @relation
    def _model_has_a_format(self) -> Iterator[Violation]:
        table = self._catalog.foundry
        if self.format is None and table.format_of(self.model) is None:
            rule = "is not a model that the catalogue knows on Foundry accounts"
            otherwise = "set format beside it, its publisher as Azure spells it, such as 'Mistral AI'"
            violation = misspelt(self.model, table.names, rule, otherwise)
            yield Violation(violation.rule, violation.remedy, violation.nearest, at=("model",))

    @property
    def reference(self) -> ModelReference:
        """The catalogue's Llama model of this name, which prices and sizes are known by."""
        return self._catalog.reference(self.model)

    @property
    def publisher(self) -> str:
        """The model's format, stated or of the catalogue."""
        return self.format or self._catalog.foundry.format_of(self.model) or ""

    @property
    def paid_by_unit(self) -> bool:
        """Whether it is paid by the hours of its throughput units, and not by tokens."""
        return self._catalog.foundry.skus[self.sku].meter is Meter.UNIT_HOURS

    @property
    def catalog_row(self) -> FoundryModel | None:
        """The catalogue's row of the model's version; None when it has none, which is unknown."""
        return self._catalog.foundry.model(self.publisher, self.model, self.model_version)
