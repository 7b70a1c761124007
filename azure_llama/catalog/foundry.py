"""The models of Microsoft Foundry accounts: versions, SKUs, regions, capacities and quotas, of any publisher."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from azure_llama.catalog.kinds import Meter
from azure_llama.catalog.rows import Row

BUILT_IN_FILTERS = ("Microsoft.DefaultV2", "Microsoft.Default")
"""The content filters that every account has, the newest first (source `foundry-types-2026-05`)."""

MARKETPLACE = "Marketplace"
"""The seller of models that Azure buys from their publishers."""


@dataclass(frozen=True)
class FoundryModel:
    """A version of a model, as a deployment names it.

    Attributes:
        format: Its publisher, as ARM spells it: `Meta`.
        name: Its name: `Llama-3.3-70B-Instruct`.
        version: Its version; None for a row that is about every version.
        seller: `Azure`, or `Marketplace`: Azure then buys it from its publisher at the first deployment.
        modality: What it reads: `text` or `text+image`; None when unknown.
        input_tokens, output_tokens: The most of a prompt and of an answer; None when unknown.
        lifecycle: Azure's `lifecycleStatus` where somebody read it; None when unknown. `Deprecating` takes no new
            deployments long before `retired`.
        retired: The first day without answers; None when unknown.
        retired_source: Key of the source of `retired`, which may be a lesser one.
        note: What else to know.
        source: Key of the source of the row.
        as_of: Its date.
    """

    format: str
    name: str
    version: str | None
    seller: str | None
    modality: str | None
    input_tokens: int | None
    output_tokens: int | None
    lifecycle: str | None
    retired: date | None
    retired_source: str | None
    note: str | None
    source: str
    as_of: str

    @property
    def key(self) -> str:
        """`FORMAT/NAME/VERSION`, as the tables of regions and capacities have it."""
        return f"{self.format}/{self.name}/{self.version}"


@dataclass(frozen=True)
class FoundrySku:
    """A SKU of deployments.

    Attributes:
        name: ARM's name: `GlobalStandard`.
        processing: Where requests are processed: `global`, `data zone` or `region`.
        meter: What it is paid by.
        unit: What one unit of capacity is.
        source: Key of the source.
        as_of: Its date.
    """

    name: str
    processing: str
    meter: Meter
    unit: str
    source: str
    as_of: str


@dataclass(frozen=True)
class FoundryRegions:
    """The regions that offer a version on a SKU.

    Attributes:
        regions: ARM names of the regions.
        disputed: Those of them that another source does not list.
        note: What else to know.
        source: Key of the source.
        as_of: Its date.
    """

    regions: frozenset[str]
    disputed: frozenset[str]
    note: str | None
    source: str
    as_of: str


@dataclass(frozen=True)
class FoundryCapacity:
    """The allowed capacity of a version on a SKU. None is unknown.

    Attributes:
        usage_name: The quota that it counts against, as `locations/{location}/usages` names it.
        minimum: The smallest capacity.
        step: Capacity is a multiple of it.
        maximum: The largest capacity of the model; a subscription's quota is usually far below.
        default: What Azure proposes.
        requests_per_minute, tokens_per_minute: What one unit of capacity allows.
        note: What else to know.
        source: Key of the source.
        as_of: Its date.
    """

    usage_name: str | None
    minimum: int | None
    step: int | None
    maximum: int | None
    default: int | None
    requests_per_minute: int | None
    tokens_per_minute: int | None
    note: str | None
    source: str
    as_of: str


@dataclass(frozen=True)
class FoundryTable:
    """The catalogue of models on Foundry accounts.

    Attributes:
        models: A row for each version, or for every version of a model at once.
        skus: The SKUs by name.
        regions, capacities: By the model's `key` in lower case and the name of the SKU.
    """

    models: tuple[FoundryModel, ...]
    skus: Mapping[str, FoundrySku]
    regions: Mapping[tuple[str, str], FoundryRegions]
    capacities: Mapping[tuple[str, str], FoundryCapacity]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of all models, each once."""
        return tuple(dict.fromkeys(model.name for model in self.models))

    def format_of(self, name: str) -> str | None:
        """The format of a model of the table, by its name in any letter case; None when it has none such."""
        return next((model.format for model in self.models if model.name.casefold() == name.casefold()), None)

    def versions(self, publisher: str, name: str) -> tuple[str, ...]:
        """The versions of a model that are known, in the order of the table."""
        return tuple(row.version for row in self._rows(publisher, name) if row.version is not None)

    def model(self, publisher: str, name: str, version: str) -> FoundryModel | None:
        """The row of a version, or the one of every version; None when the table has neither: that is unknown."""
        rows = {row.version: row for row in self._rows(publisher, name)}
        return rows.get(version) or rows.get(None)

    def offer(self, publisher: str, name: str, version: str, sku: str) -> FoundryRegions | None:
        """The regions that offer a version on a SKU.

        Returns:
            No regions when the table has the version, and not on this SKU; None when it does not have the version.
        """
        row = self.model(publisher, name, version)
        if row is None or row.version is None:
            return None
        found = self.regions.get((row.key.casefold(), sku))
        return found or FoundryRegions(frozenset(), frozenset(), row.note, row.source, row.as_of)

    def offered_skus(self, publisher: str, name: str, version: str) -> tuple[str, ...]:
        """The SKUs on which a version is offered anywhere."""
        key = f"{publisher}/{name}/{version}".casefold()
        return tuple(sku for model, sku in self.regions if model == key)

    def capacity(self, publisher: str, name: str, version: str, sku: str) -> FoundryCapacity | None:
        """The allowed capacity of a version on a SKU; None when unknown."""
        return self.capacities.get((f"{publisher}/{name}/{version}".casefold(), sku))

    def _rows(self, publisher: str, name: str) -> Iterable[FoundryModel]:
        wanted = (publisher.casefold(), name.casefold())
        return (row for row in self.models if (row.format.casefold(), row.name.casefold()) == wanted)


def build(rows: Callable[[str], Iterable[Row]]) -> FoundryTable:
    """The table of a catalogue's rows.

    Args:
        rows: Required. Returns the rows of a data file.
    """
    models = (
        FoundryModel(**row | {"retired": date.fromisoformat(row["retired"]) if row["retired"] else None})
        for row in rows("foundry_models")
    )
    skus = {row["name"]: FoundrySku(**row | {"meter": Meter(row["meter"])}) for row in rows("foundry_skus")}
    regions = _by_model(
        rows("foundry_regions"),
        lambda row: FoundryRegions(
            **row | {"regions": frozenset(row["regions"]), "disputed": frozenset(row["disputed"])}
        ),
    )
    return FoundryTable(
        tuple(models), skus, regions, _by_model(rows("foundry_capacities"), lambda row: FoundryCapacity(**row))
    )


def _by_model(rows: Iterable[Row], build_row: Callable[[Row], Any]) -> dict[tuple[str, str], Any]:
    """One value a model and SKU: a later row replaces an earlier one, as an overlay's do."""
    found = {}
    for row in rows:
        stated = {key: value for key, value in row.items() if key not in ("models", "sku")}
        for model in row["models"]:
            found[model.casefold(), row["sku"]] = build_row(stated)
    return found
