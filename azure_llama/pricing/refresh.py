"""Reads regions, sizes, Foundry models and prices from Azure, as entries of `llama-catalog.yaml`.

Not asked: models of registries, since no call of Resource Manager lists them; prices of tokens, since the meters are
several and which of them a serverless endpoint is billed on is unknown.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from azure_llama.arm import ArmError, versions
from azure_llama.catalog import Catalog, GpuSize
from azure_llama.catalog.gpu import ONLINE_COMPUTE
from azure_llama.catalog.overlay.writing import Entry, Where
from azure_llama.pricing.foundry_models import MODELS, Lists, Region, changes_of, read_region
from azure_llama.pricing.retail import RetailPrices

SIZES = "Azure ML, vmSizes of the region"
PRICES = "Azure Retail Prices API"
OURS = frozenset({SIZES, PRICES, MODELS})
"""Sources of entries that a refresh may change. An entry with another one is a person's, and stays."""

Change = tuple[Where, Entry]


@dataclass(frozen=True)
class Found:
    """Azure's answers.

    Attributes:
        changes: Entries as Azure has them today.
        notes: What else it said.
        failures: What could not be asked, and why.
    """

    changes: tuple[Change, ...]
    notes: tuple[str, ...]
    failures: tuple[str, ...]


async def ask(
    locations: Iterable[str],
    catalog: Catalog,
    *,
    arm: Lists | None,
    subscription: str,
    retail: RetailPrices,
    today: date,
) -> Found:
    """Ask for some regions, side by side.

    Args:
        locations: Required. ARM names of the regions.
        catalog: Required. The catalogue whose sizes are asked for.
        arm: Required. Resource Manager; None to ask for prices alone.
        subscription: Required. Id of the subscription whose sizes are asked for.
        retail: Required. The Retail Prices API.
        today: Required. The day of the entries.
    """
    wanted = list(dict.fromkeys(locations))
    parts = [_prices(location, catalog, retail, today) for location in wanted]
    if arm is not None:
        parts += [_sizes(location, catalog, arm, subscription, today) for location in wanted]
        parts.append(_models(wanted, catalog, arm, subscription, today))
    found = await asyncio.gather(*parts)
    distinct: dict[Where, Entry] = {}
    for part in found:
        for where, entry in part.changes:
            distinct.setdefault(where, entry)
    return Found(
        tuple(distinct.items()),
        tuple(dict.fromkeys(note for part in found for note in part.notes)),
        tuple(dict.fromkeys(failure for part in found for failure in part.failures)),
    )


def news(data: Any, changes: Iterable[Change]) -> tuple[list[Change], list[str]]:
    """The changes that an overlay does not have yet, and what it keeps against Azure's word.

    Args:
        data: Required. What the overlay says now; None for nothing.
        changes: Required. What Azure says.

    Returns:
        The changes that say something else than the overlay, whatever its date; and a line for each entry of a person
        that Azure contradicts.
    """
    new: list[Change] = []
    kept: list[str] = []
    for where, entry in changes:
        held = data or {}
        for key in where:
            held = held.get(key) or {} if isinstance(held, Mapping) else {}
        said = {key: value for key, value in entry.items() if key not in ("source", "asOf")}
        if all(held.get(key) == value for key, value in said.items()):
            continue
        if held and held.get("source") not in OURS:
            theirs = ", ".join(f"{key} {value!r}" for key, value in said.items() if held.get(key) != value)
            kept.append(f"{'.'.join(where)} stays as it was written ({held.get('source')}); Azure says {theirs}")
            continue
        new.append((where, entry))
    return new, kept


async def _prices(location: str, catalog: Catalog, retail: RetailPrices, today: date) -> Found:
    sizes = [size for size in catalog.gpu_sizes if size.lifecycle == "current"]
    answers = await asyncio.gather(*(retail.vm(size.name, location) for size in sizes), return_exceptions=True)
    changes: list[Change] = []
    failures: list[str] = []
    for size, usd in zip(sizes, answers, strict=True):
        if isinstance(usd, ArmError):
            failures.append(f"prices of {location}: {usd}")
        elif isinstance(usd, BaseException):
            raise usd
        elif usd is not None:
            where = ("prices", "virtualMachines", size.name, location)
            changes.append((where, {"usdPerHour": usd, "source": PRICES, "asOf": today}))
    # One failure of the same kind for all of a region says it.
    return Found(tuple(changes), (), tuple(dict.fromkeys(failures)))


async def _models(locations: list[str], catalog: Catalog, arm: Lists, subscription: str, today: date) -> Found:
    scope = f"/subscriptions/{subscription}/providers/Microsoft.CognitiveServices/locations"
    asked = [read_region(arm, scope, location) for location in locations]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    regions: list[Region] = []
    failures: list[str] = []
    for location, answer in zip(locations, answers, strict=True):
        if isinstance(answer, ArmError):
            failures.append(f"models of Foundry accounts in {location}: {answer}")
        elif isinstance(answer, BaseException):
            raise answer
        else:
            regions.append(answer)
    notes = [note for region in regions for note in region.notes(catalog)]
    return Found(tuple(changes_of(regions, catalog, today)), tuple(notes), tuple(failures))


async def _sizes(location: str, catalog: Catalog, arm: Lists, subscription: str, today: date) -> Found:
    scope = f"/subscriptions/{subscription}/providers/Microsoft.MachineLearningServices/locations/{location}"
    try:
        rows = await arm.list(f"{scope}/vmSizes", versions.MACHINE_LEARNING)
    except ArmError as error:
        return Found((), (), (f"sizes of {location}: {error}",))
    cited = {"source": SIZES, "asOf": today}
    offered: dict[str, GpuSize] = {}
    changes: list[Change] = []
    notes: list[str] = []
    for row in rows:
        name, kinds = str(row.get("name", "")), row.get("supportedComputeTypes")
        size = catalog.find_gpu_size(name)
        if size is None:
            if row.get("gpus"):
                notes.append(f"{name} has GPUs and is not in the catalogue; Azure does not tell their memory: add it")
            continue
        if not isinstance(kinds, list):
            return Found((), (), (f"sizes of {location}: Azure lists {name}, and not what for",))
        if ONLINE_COMPUTE not in {str(kind).casefold() for kind in kinds}:
            continue
        offered[size.name] = size
        corrected: dict[str, Any] = {} if size.managed_online else {"managedOnline": True}
        if size.quota_family is None and row.get("family"):
            corrected["quotaFamily"] = str(row["family"])
        if corrected:
            changes.append((("sizes", size.name), corrected | cited))
    if not rows:
        return Found((), (), (f"sizes of {location}: Azure lists none at all",))
    listed = [size.name for size in catalog.gpu_sizes if size.name in offered]
    changes.append((("regions", location), {"managedSizes": listed, **cited}))
    return Found(tuple(changes), tuple(notes), ())
