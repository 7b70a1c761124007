"""The schema of `llama-catalog.yaml`.

Every field's description is what a report tells people to write where it is missing.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel


def _date(value: Any) -> Any:
    """A date in quotes is as good as one without."""
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return value


Text = Annotated[str, Field(min_length=1)]
Day = Annotated[date, BeforeValidator(_date)]
Usd = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Count = Annotated[int, Field(gt=0)]
Amount = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class Part(BaseModel):
    """A map of the overlay: camelCase keys, no other keys, nothing taken for what it only resembles."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, alias_generator=to_camel)


class Entry(Part):
    """Something with a source.

    Attributes:
        source: Required. Where the fact is from.
        as_of: Required. Its date.
    """

    source: Text = Field(description="where the fact is from, such as 'Azure support, ticket of 2026-11-02'")
    as_of: Day = Field(description="the day of the fact, such as 2026-11-25")


class ServerlessPart(Part):
    """The model on serverless endpoints."""

    offered: bool | None = None
    regions: list[str] | None = None
    billing_countries: Text | None = None


class ManagedPart(Part):
    """The model on managed compute."""

    available: bool | None = None
    sizes: list[str] | None = None
    engines: list[Text] | None = None
    shared_quota: bool | None = None


class LifecyclePart(Part):
    """The published dates of the model on serverless endpoints."""

    legacy: Day | None = None
    deprecated: Day | None = None
    retired: Day | None = None
    replacements: list[str] | None = None


class ModelEntry(Entry):
    """A model: one of the catalogue to correct, or a new one."""

    registry: Text | None = None
    family: Text | None = None
    parameters: Text | None = None
    task: Literal["chat", "completion", "classification"] | None = None
    safety: bool | None = None
    modality: Text | None = None
    versions: list[Text] | None = None
    context_length: Count | None = None
    note: Text | None = None
    serverless: ServerlessPart | None = None
    managed: ManagedPart | None = None
    lifecycle: LifecyclePart | None = None


class SizeEntry(Entry):
    """A GPU size: one of the catalogue to correct, or a new one."""

    vcpus: Count | None = None
    memory_gb: Amount | None = None
    gpu: Text | None = None
    gpus: Amount | None = None
    gpu_memory_gb: Amount | None = None
    compute_capability: Amount | None = None
    infiniband: bool | None = None
    temp_disk_gib: Count | None = None
    managed_online: bool | None = None
    quota_family: Text | None = None
    compute_quota_family: Text | None = None
    reserve_exempt: bool | None = None
    lifecycle: Literal["current", "retired", "withdrawn"] | None = None
    retired: Day | None = None
    note: Text | None = None


class RegionEntry(Entry):
    """A region: one of the catalogue to correct, or a new one."""

    display_name: Text | None = None
    geography: Text | None = None
    geography_group: Text | None = None
    location: Text | None = None
    pair: Text | None = None
    zones: bool | None = None
    managed_sizes: list[str] | None = None


class FoundrySkuPart(Part):
    """A version of a model on one SKU of Foundry accounts."""

    regions: list[str] | None = None
    usage_name: Text | None = None
    minimum: Count | None = None
    step: Count | None = None
    maximum: Count | None = None
    default: Count | None = None
    requests_per_minute: Count | None = None
    tokens_per_minute: Count | None = None


class FoundryEntry(Entry):
    """A version of a model on Foundry accounts: one of the catalogue to correct, or a new one."""

    seller: Literal["Azure", "Marketplace"] | None = None
    modality: Text | None = None
    input_tokens: Count | None = None
    output_tokens: Count | None = None
    lifecycle: Text | None = None
    retired: Day | None = None
    note: Text | None = None
    skus: dict[str, FoundrySkuPart] = Field(default_factory=dict)


class VmPrice(Entry):
    """An hour of a VM in a region."""

    usd_per_hour: Usd = Field(description="US dollars an hour, such as 3.673")


class TokensPrice(Entry):
    """A million tokens of a model in a region."""

    input_usd_per_million: Usd = Field(description="US dollars a million tokens of prompts, such as 0.71")
    output_usd_per_million: Usd = Field(description="US dollars a million tokens of answers, such as 0.71")


class MonthlyPrice(Entry):
    """A month of one supporting resource."""

    usd_per_month: Usd = Field(description="US dollars a month, such as 7.3")


class PricesPart(Part):
    """The billed unit."""

    virtual_machines: dict[str, dict[str, VmPrice]] = Field(default_factory=dict)
    tokens: dict[str, dict[str, TokensPrice]] = Field(default_factory=dict)
    monthly: dict[str, MonthlyPrice] = Field(default_factory=dict)


class Overlay(Part):
    """The whole file."""

    models: dict[str, ModelEntry] = Field(default_factory=dict)
    sizes: dict[str, SizeEntry] = Field(default_factory=dict)
    regions: dict[str, RegionEntry] = Field(default_factory=dict)
    foundry: dict[str, FoundryEntry] = Field(default_factory=dict)
    prices: PricesPart = Field(default_factory=PricesPart)
