"""Models of Foundry accounts as a subscription sees them in some regions, as entries of `llama-catalog.yaml`."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from azure_llama.arm import versions
from azure_llama.arm.offered_models import OfferedModel, OfferedSku, integer, offered_models
from azure_llama.catalog import Catalog
from azure_llama.catalog.overlay.writing import Entry, Where

MODELS = "Azure AI services, models of the subscription"


class Lists(Protocol):
    """The interface of Resource Manager that this module needs."""

    async def list(self, path: str, api_version: str, **query: str) -> list[dict[str, Any]]: ...


@dataclass(frozen=True)
class Region:
    """The models of a region that a subscription can deploy.

    Attributes:
        name: Required. Its ARM name.
        models: Required. The versions that it offers.
        usages: Required. Use and limit of each quota.
    """

    name: str
    models: tuple[OfferedModel, ...]
    usages: dict[str, tuple[int, int]]

    def notes(self, catalog: Catalog) -> Iterator[str]:
        """The quotas of the models, and which models are left out."""
        if not self.models:
            yield f"{self.name}: Azure lists no models of Foundry accounts"
        known, others = _by_publisher(self.models, catalog)
        names = {sku.usage_name for model in known for sku in model.skus.values() if sku.usage_name}
        for name in sorted(names & self.usages.keys()):
            used, limit = self.usages[name]
            yield f"{self.name}: quota {name}: {used} of {limit} used"
        if others:
            publishers = ", ".join(sorted({model.format for model in others}))
            yield f"{self.name}: models of publishers that the catalogue does not have are left out: {publishers}"


async def read_region(arm: Lists, scope: str, location: str) -> Region:
    """Azure's lists for a region.

    Args:
        arm: Required. Resource Manager.
        scope: Required. The path of the subscription's locations.
        location: Required. ARM name of the region.

    Raises:
        ArmError: it does not answer.
    """
    lists = (arm.list(f"{scope}/{location}/{what}", versions.COGNITIVE_SERVICES) for what in ("models", "usages"))
    models, usages = await asyncio.gather(*lists)
    rows = {str((row.get("name") or {}).get("value")): row for row in usages}
    figures = {name: (integer(row.get("currentValue")), integer(row.get("limit"))) for name, row in rows.items()}
    stated = {name: (used, limit) for name, (used, limit) in figures.items() if used is not None and limit is not None}
    return Region(location, offered_models(models), stated)


def changes_of(regions: Sequence[Region], catalog: Catalog, today: date) -> Iterator[tuple[Where, Entry]]:
    """An entry for each version of the catalogue's publishers that any of the regions offers.

    Regions that were not asked stay as the catalogue has them. A region without any models says nothing.

    Args:
        regions: Required. The answers.
        catalog: Required. The catalogue with its overlay.
        today: Required. The day of the entries.
    """
    answered = [region for region in regions if region.models]
    found: dict[tuple[str, str, str], OfferedModel] = {}
    offered: dict[tuple[str, str, str, str], set[str]] = {}
    for region in answered:
        for model in _by_publisher(region.models, catalog)[0]:
            key = (model.format, model.name, model.version)
            found.setdefault(key, model)
            for sku in model.skus.values():
                offered.setdefault((*key, sku.name), set()).add(region.name)
    asked = {region.name for region in answered}
    for key, model in found.items():
        skus = {sku.name: _sku(sku, catalog, key, asked, offered[*key, sku.name]) for sku in model.skus.values()}
        stated = {"lifecycle": model.lifecycle, "retired": model.retires}
        entry = {name: value for name, value in stated.items() if value is not None}
        yield ("foundry", "/".join(key)), {**entry, "skus": skus, "source": MODELS, "asOf": today}


def _by_publisher(models: Sequence[OfferedModel], catalog: Catalog) -> tuple[list[OfferedModel], list[OfferedModel]]:
    """Models of publishers that the catalogue has, and the others; a name with a slash cannot be a key."""
    publishers = {row.format.casefold() for row in catalog.foundry.models}
    known = [each for each in models if each.format.casefold() in publishers and "/" not in each.name]
    return known, [each for each in models if each.format.casefold() not in publishers]


def _sku(sku: OfferedSku, catalog: Catalog, key: tuple[str, str, str], asked: set[str], offered: set[str]) -> Entry:
    known = catalog.foundry.offer(*key, sku.name)
    regions = ((known.regions if known else frozenset()) - asked) | offered
    figures = {
        "usageName": sku.usage_name,
        "minimum": sku.minimum,
        "step": sku.step,
        "maximum": sku.maximum,
        "default": sku.default,
        "requestsPerMinute": sku.requests_per_minute,
        "tokensPerMinute": sku.tokens_per_minute,
    }
    return {"regions": sorted(regions)} | {name: value for name, value in figures.items() if value}
