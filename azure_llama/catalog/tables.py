"""The catalogue as tables of texts, each row with its source and date, for people and programs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from azure_llama.catalog import limits as limits_
from azure_llama.catalog import roles as roles_
from azure_llama.catalog.advice import recommended
from azure_llama.catalog.catalog import Catalog
from azure_llama.catalog.features import Feature

Value = str | int | float | bool | list[str] | None
Row = dict[str, Value]


@dataclass(frozen=True)
class Asked:
    """The filter of a table.

    Attributes:
        name: Part of the name, in any letter case; empty for all.
        region: ARM name of a region that the row must hold in; None for all.
        on: The day that lifecycles and region tables are read on.
    """

    name: str = ""
    region: str | None = None
    on: date = date.min


def table(catalog: Catalog, kind: str, asked: Asked) -> list[Row]:
    """The rows of one kind.

    Args:
        catalog: Required. The catalogue.
        kind: Required. A key of `KINDS`.
        asked: Required. Which rows.
    """
    rows = KINDS[kind](catalog, asked)
    return [row for row in rows if asked.name.casefold() in str(row["name"]).casefold()]


def _cited(catalog: Catalog, key: str, as_of: str) -> Row:
    return {"source": catalog.sources[key].title, "asOf": as_of}


def _models(catalog: Catalog, asked: Asked) -> Iterable[Row]:
    for each in catalog.models:
        offered = each.serverless_regions(asked.on)
        if asked.region is not None and asked.region not in (offered or ()):
            continue
        yield {
            "name": each.name,
            "parameters": each.parameters,
            "task": each.task,
            "stage": each.stage(asked.on).value,
            "retired": each.lifecycle.retired.isoformat() if each.lifecycle.retired else None,
            "replacement": recommended(catalog, each, asked.on),
            "serverlessRegions": None if offered is None else sorted(offered),
            "managed": each.managed.available,
            "smallestSizes": list(catalog.smallest_sizes(each)),
            "contextLength": each.context_length,
            **_cited(catalog, each.source, each.as_of),
        }


def _regions(catalog: Catalog, asked: Asked) -> Iterable[Row]:
    for each in catalog.regions:
        if asked.region not in (None, each.name):
            continue
        serverless = sum(each.name in (model.serverless_regions(asked.on) or ()) for model in catalog.models)
        yield {
            "name": each.name,
            "displayName": each.display_name,
            "geography": each.geography,
            "pair": each.pair,
            "zones": each.zones,
            "serverlessModels": serverless,
            "gpuSizes": sum(each.name in size.meter_regions for size in catalog.gpu_sizes),
            **_cited(catalog, each.source, each.as_of),
        }


def _sizes(catalog: Catalog, asked: Asked) -> Iterable[Row]:
    for each in catalog.gpu_sizes:
        if asked.region is not None and asked.region not in each.meter_regions:
            continue
        yield {
            "name": each.name,
            "vcpus": each.vcpus,
            "gpu": each.gpu,
            "gpus": each.gpus,
            "gpuMemoryGb": each.gpu_memory_gb,
            "managedOnline": each.managed_online,
            "quotaFamily": each.quota_family,
            "reserveExempt": each.reserve_exempt,
            "lifecycle": each.lifecycle,
            "retired": each.retired.isoformat() if each.retired else None,
            "regions": sorted(each.meter_regions),
            **_cited(catalog, each.source, each.as_of),
        }


def _price(name: str, held: list[str] | None, unit: str, usd: float, scope: str | None, cited: Row) -> Row:
    return {"name": name, "regions": held, "unit": unit, "usd": usd, "scope": scope, **cited}


def _prices(catalog: Catalog, asked: Asked) -> Iterable[Row]:
    for size, region in catalog.priced_machines:
        price = catalog.vm_price(size, region)
        for each in price.readings if price and asked.region in (None, region) else ():
            yield _price(size, [region], "hour", each.usd, None, _cited(catalog, each.source, each.as_of))
    for row in catalog.rows("token_prices"):
        held, out = row["regions"], row.get("not_in", ())
        if asked.region is None or (asked.region not in out and (held is None or asked.region in held)):
            for side in ("input", "output"):
                usd, cited = row[f"{side}_usd_per_million"], _cited(catalog, row["source"], row["as_of"])
                yield _price(row["model"], held, f"million {side} tokens", usd, row["scope"], cited)
    for row in catalog.rows("supporting_prices"):
        if asked.region is None or row["regions"] is None or asked.region in row["regions"]:
            cited = _cited(catalog, row["source"], row["as_of"])
            yield _price(row["kind"], row["regions"], row["unit"], row["usd"], None, cited)


def _roles(catalog: Catalog, _: Asked) -> Iterable[Row]:
    for grant in roles_.CUSTOM_ROLE:
        yield {
            "name": f"custom role, {grant.scope}",
            "id": None,
            "purpose": grant.purpose,
            "actions": [*grant.actions, *grant.also],
            "notActions": [],
            **_cited(catalog, grant.source, grant.as_of),
        }
    for each in roles_.BUILT_IN:
        yield {
            "name": each.name,
            "id": each.id,
            "purpose": None,
            "actions": None if each.actions is None else list(each.actions),
            "notActions": None if each.not_actions is None else list(each.not_actions),
            **_cited(catalog, each.source, each.as_of),
        }


def _limits(catalog: Catalog, _: Asked) -> Iterable[Row]:
    for name, each in vars(limits_).items():
        if isinstance(each, limits_.Limit):
            yield {
                "name": name.lower().replace("_", "-"),
                "low": each.low,
                "high": each.high,
                "unit": each.unit,
                "raisable": each.raisable,
                "ceiling": each.ceiling,
                **_cited(catalog, each.sources[0], each.as_of),
            }


def _foundry_models(catalog: Catalog, asked: Asked) -> Iterable[Row]:
    table = catalog.foundry
    for each in table.models:
        for sku in table.offered_skus(each.format, each.name, str(each.version)) or (None,):
            offer = sku and table.offer(each.format, each.name, str(each.version), sku)
            capacity = sku and table.capacity(each.format, each.name, str(each.version), sku)
            if asked.region is not None and not (offer and asked.region in offer.regions):
                continue
            yield {
                "name": f"{each.format}/{each.name}/{each.version or '*'}",
                "sku": sku,
                "seller": each.seller,
                "lifecycle": each.lifecycle,
                "retired": each.retired.isoformat() if each.retired else None,
                "minimum": capacity.minimum if capacity else None,
                "step": capacity.step if capacity else None,
                "quota": capacity.usage_name if capacity else None,
                "regions": sorted(offer.regions) if offer else [],
                "disputed": sorted(offer.disputed) if offer else [],
                **_cited(catalog, offer.source if offer else each.source, offer.as_of if offer else each.as_of),
            }


def _features(catalog: Catalog, _: Asked) -> Iterable[Row]:
    for row in catalog.rows("features"):
        for model in row["models"]:
            support = catalog.features.support(model, row["route"], Feature(row["feature"]))
            yield {
                "name": model,
                "route": row["route"],
                "feature": row["feature"],
                "value": row["value"],
                "disputed": support.disputed,
                "note": row["note"],
                **_cited(catalog, row["source"], row["as_of"]),
            }


KINDS: dict[str, Callable[[Catalog, Asked], Iterable[Row]]] = {
    "models": _models,
    "foundry-models": _foundry_models,
    "regions": _regions,
    "sizes": _sizes,
    "prices": _prices,
    "features": _features,
    "roles": _roles,
    "limits": _limits,
}


BRIEF = {
    "models": ("name", "stage", "retired", "replacement"),
    "foundry-models": ("name", "sku", "lifecycle", "retired", "minimum", "step"),
    "regions": ("name", "displayName", "geography", "zones", "serverlessModels", "gpuSizes"),
    "sizes": ("name", "vcpus", "gpu", "gpus", "gpuMemoryGb", "managedOnline", "retired"),
    "prices": ("name", "regions", "unit", "usd", "scope"),
    "features": ("name", "route", "feature", "value", "disputed"),
    "roles": ("name", "actions"),
    "limits": ("name", "low", "high", "unit", "raisable"),
}
"""The columns of each kind that a terminal has room for, beside source and date."""

_NONE = {
    "id": "-",
    "pair": "-",
    "purpose": "-",
    "replacement": "-",
    "regions": "everywhere",
    "retired": "-",
    "ceiling": "-",
    "note": "-",
    "scope": "-",
}
"""Columns in which nothing is an answer, and how it is written. In all others it is unknown."""


def cell(column: str, value: Any) -> str:
    """A value as people read it: `?` is unknown, and `-` is none, or none that is known."""
    match value:
        case None:
            return _NONE.get(column, "?")
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:g}"
        case list():
            return ", ".join(value) or "none"
        case _:
            return str(value)
