"""The catalogue as a value: the package's rows, or those rows with a team's overlay."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING

from azure_llama.catalog import advice, architectures, features, foundry, gpu, llama_models, prices
from azure_llama.catalog.asset_ids import parse_asset_id
from azure_llama.catalog.azure_regions import Region
from azure_llama.catalog.fit import MAX_MODEL_LEN, smallest_sizes
from azure_llama.catalog.gpu import GpuSize, QuotaFamily, family_spelling
from azure_llama.catalog.kinds import KINDS, EndpointKind
from azure_llama.catalog.llama_models import Model, ModelReference, UnknownModelError
from azure_llama.catalog.prices import Price, Reading, TokenPrice
from azure_llama.catalog.provenance import Source
from azure_llama.catalog.recognition import Recognition
from azure_llama.catalog.rows import Row, package_rows

if TYPE_CHECKING:
    from pathlib import Path

    from azure_llama.catalog.overlay.schema import Overlay


@dataclass(frozen=True)
class Catalog:
    """Models, GPU sizes, regions, prices and their sources. Each table is read when it is first needed.

    Attributes:
        overlay: Optional. A team's own facts, which add to the package's or replace them; None for the package's alone.
        kinds: Optional. The kinds of endpoint that a stack can have, in the order of reports and outputs.
    """

    overlay: Overlay | None = field(default=None, hash=False)
    kinds: tuple[EndpointKind, ...] = KINDS

    @classmethod
    @cache
    def package(cls) -> Catalog:
        """The package's own catalogue; the same object on every call."""
        return cls()

    @classmethod
    def of_project(cls, folder: Path, kinds: tuple[EndpointKind, ...] = KINDS) -> Catalog:
        """The catalogue of a project, with its `llama-catalog.yaml` if it has one.

        Args:
            folder: Required. A folder of the project: the overlay is beside the nearest `Pulumi.yaml` from there
                upwards.
            kinds: Optional. The kinds of endpoint that its stacks can have.

        Raises:
            OverlayError: the overlay cannot be read, or has errors.
        """
        from azure_llama.catalog import overlay

        path = overlay.find(folder)
        if path is None:
            return cls.package() if kinds == KINDS else cls(kinds=kinds)
        from azure_llama.catalog.overlay import reading  # pydantic, which a stack without an overlay need not load

        return _overlaid(*reading.read_text(path), kinds)

    def rows(self, name: str) -> tuple[Row, ...]:
        """The rows of `data/<name>.json` with the overlay's changes. Callers do not change them."""
        if self.overlay is None:
            return package_rows(name)
        from azure_llama.catalog.overlay.rows import rows_with

        return rows_with(self.overlay, name, package_rows(name))

    @cached_property
    def sources(self) -> dict[str, Source]:
        """All sources by key."""
        return {row["key"]: Source(**row) for row in self.rows("sources")}

    @cached_property
    def regions(self) -> tuple[Region, ...]:
        """All regions, by ARM name."""
        return tuple(Region(**row) for row in self.rows("regions"))

    @cached_property
    def _regions_by_name(self) -> dict[str, Region]:
        return {region.name: region for region in self.regions}

    def find_region(self, text: str) -> Region | None:
        """The region of an ARM name or display name, in any letter case; None when it is not in the catalogue."""
        return self._regions_by_name.get(text.casefold().replace(" ", ""))

    def recognise_region(self, text: str) -> Recognition:
        """The region that a person's text names: `EastUS2`, `eastus-2`; see `recognition.regions`."""
        from azure_llama.catalog.recognition import regions

        return regions.recognise(text, {region.name: region.display_name for region in self.regions})

    @cached_property
    def models(self) -> tuple[Model, ...]:
        """All models, family by family."""
        return llama_models.build(self.rows, self.sources, architectures.build(self.rows("architectures")))

    @cached_property
    def _models_by_name(self) -> dict[str, Model]:
        return {model.name.casefold(): model for model in self.models}

    def reference(self, text: str) -> ModelReference:
        """The model that a text names: an asset id, with or without a version and in any letter case, or a name as
        `recognise_model` reads it.
        """
        asset = parse_asset_id(text)
        found = self._models_by_name.get((asset.name if asset else text).casefold())
        if asset and found and found.registry != asset.registry.casefold():
            found = None
        if asset is None and found is None and (name := self.recognise_model(text).found):
            found = self._models_by_name[name.casefold()]
        return ModelReference(text, asset, found)

    def recognise_model(self, text: str) -> Recognition:
        """The model that a person's text names: `meta-llama/Llama-3.3-70B-Instruct`, `llama3.1:8b`; see
        `recognition.models`.
        """
        from azure_llama.catalog.recognition import models

        return models.recognise(text, (model.name for model in self.models))

    def find_model(self, text: str) -> Model | None:
        """The model of a text as `reference` reads it; None when unknown."""
        return self.reference(text).model

    def model(self, text: str) -> Model:
        """The model of a text as `reference` reads it.

        Raises:
            UnknownModelError: the catalogue has none; the message names those that were probably meant.
        """
        found = self.find_model(text)
        if found is None:
            raise UnknownModelError(text, self.recognise_model(text))
        return found

    def serverless_models(self, region: str | None, on: date) -> tuple[Model, ...]:
        """The models that are known to take a new serverless endpoint in a region on a day (UTC).

        Args:
            region: Required. ARM name of the region; None for any.
            on: Required. The day.
        """
        offered = ((model, model.serverless_regions(on)) for model in self.models if model.stage(on).takes_deployments)
        return tuple(model for model, regions in offered if regions and (region is None or region in regions))

    def successor(self, model: Model, on: date) -> Model | None:
        """The first replacement that Microsoft recommends and that takes new deployments on a day (UTC)."""
        recommended = (self._models_by_name.get(name.casefold()) for name in model.lifecycle.replacements)
        takes = (other for other in recommended if other and other.stage(on).takes_deployments and other.routes(on))
        return next(takes, None)

    def instead(self, model: Model, region: str | None, on: date, until: date | None = None) -> str:
        """The remediation for a serverless endpoint whose model Azure rejects; see `advice.instead`."""
        return advice.instead(self, model, region, on, until)

    def other_sizes(self, model: Model | None, region: str | None, max_model_len: int = MAX_MODEL_LEN) -> str:
        """The remediation for a VM size that cannot run a managed deployment; see `advice.other_sizes`."""
        return advice.other_sizes(self, model, region, max_model_len)

    @cached_property
    def foundry(self) -> foundry.FoundryTable:
        """The models of Foundry accounts."""
        return foundry.build(self.rows)

    @cached_property
    def features(self) -> features.FeatureTable:
        """The features of models: tools, JSON, images, long answers."""
        return features.build(self.rows("features"))

    @cached_property
    def gpu_sizes(self) -> tuple[GpuSize, ...]:
        """All GPU sizes, the smallest series first."""
        return gpu.build_sizes(self.rows, self.quota_family_name)

    @cached_property
    def _sizes_by_name(self) -> dict[str, GpuSize]:
        return {size.name.casefold(): size for size in self.gpu_sizes}

    def find_gpu_size(self, text: str) -> GpuSize | None:
        """The size of a name, in any letter case; None when it is not in the catalogue."""
        return self._sizes_by_name.get(text.casefold())

    def recognise_size(self, text: str) -> Recognition:
        """The GPU size that a person's text names: `nc24ads a100 v4`; suggestions are sizes that Azure ML serves and
        has not retired. See `recognition.sizes`.
        """
        from azure_llama.catalog.recognition import sizes

        return sizes.recognise(
            text,
            {size.name: size.gpu for size in self.gpu_sizes},
            (size.name for size in self.gpu_sizes if size.serves),
        )

    def smallest_sizes(
        self, model: Model, region: str | None = None, max_model_len: int = MAX_MODEL_LEN
    ) -> tuple[str, ...]:
        """The smallest size of each quota family that holds a model, of those sold in a region; see
        `fit.smallest_sizes`.
        """
        sold = (size for size in self.gpu_sizes if region is None or region in size.meter_regions)
        return smallest_sizes(model, sold, max_model_len)

    @cached_property
    def quota_families(self) -> tuple[QuotaFamily, ...]:
        """All GPU families that Azure ML lists."""
        rows = self.rows("quota_families")
        return tuple(QuotaFamily(**row | {"other_names": tuple(row["other_names"])}) for row in rows)

    @cached_property
    def _families_by_spelling(self) -> dict[str, QuotaFamily]:
        return {family_spelling(name): family for family in self.quota_families for name in family.names}

    def find_quota_family(self, text: str) -> QuotaFamily | None:
        """The GPU family of any of its names, which differ in case, spaces and spelling from one API to the next.

        None is unknown quota: neither zero nor enough.
        """
        return self._families_by_spelling.get(family_spelling(text))

    def quota_family_name(self, text: str) -> str:
        """The catalogue's name of a family, given any of its names; the text itself for a family it does not have."""
        known = self.find_quota_family(text)
        return known.name if known else text

    def same_quota_family(self, one: str, other: str) -> bool:
        """Whether two names are of one family, be it in the catalogue or not."""
        spelling = family_spelling(self.quota_family_name(one))
        return spelling == family_spelling(self.quota_family_name(other)) != ""

    @cached_property
    def _vm_readings(self) -> dict[tuple[str, str], list[Reading]]:
        return prices.vm_readings(self.rows("gpu_prices"))

    def vm_price(self, size: str, region: str) -> Price | None:
        """The retail price of an hour of a VM: Linux, pay as you go.

        Args:
            size: Required. The VM size, in any letter case.
            region: Required. ARM name of the region.

        Returns:
            None when unknown, which is neither free nor not offered.
        """
        return Price.of("hour", self._vm_readings.get((size.casefold(), region), ()))

    @cached_property
    def priced_machines(self) -> tuple[tuple[str, str], ...]:
        """Every VM size and region with a price, as the catalogue writes them."""
        listed = ((row["size"], region) for row in self.rows("gpu_prices") for region in row["usd_per_hour"])
        return tuple(dict.fromkeys(listed))

    @cached_property
    def _token_rows(self) -> dict[str, list[Row]]:
        """The rows of `data/token_prices.json`, by the model's name in lower case."""
        found: dict[str, list[Row]] = {}
        for row in self.rows("token_prices"):
            found.setdefault(row["model"].casefold(), []).append(row)
        return found

    def token_price(self, model: str, region: str) -> TokenPrice | None:
        """The list price of a million tokens of a model on a serverless endpoint; None when unknown.

        Every meter that holds in the region is a reading: Microsoft does not document which one serverless endpoints of
        Azure ML are billed on (those of Foundry, global, by data zone or by region, or older ones of the marketplace).

        Args:
            model: Required. Name of the catalogue's model, in any letter case.
            region: Required. ARM name of the region.
        """
        return prices.token_price(self._token_rows.get(model.casefold(), ()), region)

    def meter(self, model: str) -> str | None:
        """The prefix of a model's token meters in the Retail Prices API; None when none is known."""
        named = (row["meter"] for row in self._token_rows.get(model.casefold(), ()))
        return next((str(name) for name in named if name), None)

    def unit_price(self, sku: str) -> Price | None:
        """The price of an hour of a provisioned throughput unit on a SKU of Foundry deployments; None when unknown."""
        return prices.unit_price(self.rows("unit_prices"), sku)

    def supporting_price(self, kind: str, region: str) -> Price | None:
        """The price of one supporting resource, a key of `prices.SUPPORTING`, in a region; None when unknown."""
        return prices.supporting_price(self.rows("supporting_prices"), kind, region)


@lru_cache(maxsize=1)
def _overlaid(text: str, shown: str, kinds: tuple[EndpointKind, ...]) -> Catalog:
    """The catalogue with the overlay of a text: `check` and the program that it runs need the same one."""
    from azure_llama.catalog.overlay.reading import parse, understood

    return Catalog(understood(parse(text, shown)), kinds)
