"""Converts an overlay's entries to rows of the catalogue, which replace the package's rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from azure_llama.catalog.gpu import family_spelling
from azure_llama.catalog.overlay import FILE, foundry
from azure_llama.catalog.overlay.schema import Entry, Overlay
from azure_llama.catalog.rows import Row, package_rows

_SERVERLESS: Row = {"offered": None, "fine_tuning": [], "billing_countries": None, "offer": None}
_MANAGED: Row = {
    "available": None,
    "sizes": [],
    "min_spec": None,
    "engines": None,
    "shared_quota": None,
    "replicas": None,
    "fine_tuning": None,
    "fine_tuning_tasks": [],
    "fine_tuning_sizes": [],
    "fine_tuning_min_spec": None,
}
_LIFECYCLE: Row = {
    "legacy": None,
    "deprecated": None,
    "retired": None,
    "replacements": [],
    "source": None,
    "retired_source": None,
}


def rows_with(overlay: Overlay, name: str, package: tuple[Row, ...]) -> tuple[Row, ...]:
    """The rows of one data file, the package's and the overlay's."""
    change = _CHANGES.get(name)
    return tuple(change(overlay, package)) if change else package


def source_key(entry: Entry) -> str:
    """The key of an entry's source."""
    return f"{FILE}: {entry.source} ({entry.as_of.isoformat()})"


def _cited(entry: Entry) -> Row:
    return {"source": source_key(entry), "as_of": entry.as_of.isoformat()}


def _stated(part: Any, *without: str) -> Row:
    """What an entry says, as a data file writes it."""
    return dict(part.model_dump(mode="json", exclude_none=True, exclude={"source", "as_of", *without}))


def _by_name(package: Iterable[Row]) -> dict[str, Row]:
    return {row["name"].casefold(): row for row in package}


def _models(overlay: Overlay, package: tuple[Row, ...]) -> list[Row]:
    found = _by_name(package)
    for name, entry in overlay.models.items():
        cited = _cited(entry)
        row = found.get(name.casefold())
        if row is None:
            row = {
                "name": name,
                "safety": False,
                "modality": "text",
                "confirmed": True,
                "versions": None,
                "context_length": None,
                "context_source": cited["source"],
                "serverless": {**_SERVERLESS, **cited},
                "managed": {**_MANAGED, **cited},
                "lifecycle": dict(_LIFECYCLE),
                "foundry": None,
                "note": None,
            }
        row = {**row, **cited, **_stated(entry, "serverless", "managed", "lifecycle")}
        if entry.context_length is not None:
            row["context_source"] = cited["source"]
        if entry.serverless:
            offered = {"offered": True} if entry.serverless.regions else {}
            row["serverless"] = {**row["serverless"], **cited, **offered, **_stated(entry.serverless, "regions")}
        if entry.managed:
            row["managed"] = {**row["managed"], **cited, **_stated(entry.managed)}
        if entry.lifecycle:
            by = {"source": cited["source"]}
            if entry.lifecycle.retired:
                by["retired_source"] = cited["source"]
            row["lifecycle"] = {**row["lifecycle"], **by, **_stated(entry.lifecycle)}
        found[name.casefold()] = row
    return list(found.values())


def _serverless_tables(overlay: Overlay, package: tuple[Row, ...]) -> list[Row]:
    own = []
    for name, entry in overlay.models.items():
        if entry.serverless and entry.serverless.regions is not None:
            listed = _by_name(package_rows("models")).get(name.casefold(), {"name": name})["name"]
            day = entry.as_of.isoformat()
            # Says nothing of other models, and replaces what later tables say of this one.
            own.append(
                {"day": day, "models": [listed], "regions": entry.serverless.regions, "only": True} | _cited(entry)
            )
    return [*package, *own]


def _gpu_sizes(overlay: Overlay, package: tuple[Row, ...]) -> list[Row]:
    found = _by_name(package)
    for name, entry in overlay.sizes.items():
        cited = _cited(entry)
        row = found.get(name.casefold()) or {
            "name": name,
            "memory_gb": None,
            "temp_disk_gib": None,
            "managed_online": None,
            "quota_family": None,
            "compute_quota_family": None,
            "reserve_exempt": None,
            "lifecycle": "current",
            "retired": None,
            "lifecycle_source": cited["source"],
            "note": None,
        }
        by = {"lifecycle_source": cited["source"]} if entry.lifecycle or entry.retired else {}
        if entry.retired and not entry.lifecycle:
            by["lifecycle"] = "retired"
        found[name.casefold()] = {**row, **cited, **by, **_stated(entry)}
    return list(found.values())


def _gpu_meters(overlay: Overlay, package: tuple[Row, ...]) -> list[Row]:
    """Where sizes are offered: by Azure's own answer for a region, and where a price is stated."""
    regions: dict[str, set[str]] = {}
    for row in package:
        for size in row["sizes"]:
            regions.setdefault(size, set()).update(row["regions"])
    proper = {name.casefold(): name for name in [*regions, *_all_sizes(overlay)]}
    for size, by_region in overlay.prices.virtual_machines.items():
        if size.casefold() in proper:
            regions.setdefault(proper[size.casefold()], set()).update(by_region)
    for region, entry in overlay.regions.items():
        if entry.managed_sizes is None:
            continue
        offered = {size.casefold() for size in entry.managed_sizes}
        for folded, size in proper.items():
            (set.add if folded in offered else set.discard)(regions.setdefault(size, set()), region)
    # One source for a row that several may have made: the package's, as the file has it.
    cited = {"source": package[0]["source"], "as_of": package[0]["as_of"]}
    return [{"sizes": [size], "regions": sorted(names), **cited} for size, names in regions.items()]


def _all_sizes(overlay: Overlay) -> list[str]:
    package = _by_name(package_rows("gpu_sizes"))
    return [row["name"] for row in package.values()] + [n for n in overlay.sizes if n.casefold() not in package]


def _gpu_prices(overlay: Overlay, package: tuple[Row, ...]) -> list[Row]:
    proper = {name.casefold(): name for name in _all_sizes(overlay)}
    own, replaced = [], set()
    for size, by_region in overlay.prices.virtual_machines.items():
        for region, entry in by_region.items():
            name = proper.get(size.casefold(), size)
            replaced.add((name.casefold(), region))
            own.append({"size": name, "usd_per_hour": {region: entry.usd_per_hour}, **_cited(entry)})
    kept = [
        {
            **row,
            "usd_per_hour": {
                region: usd
                for region, usd in row["usd_per_hour"].items()
                if (row["size"].casefold(), region) not in replaced
            },
        }
        for row in package
    ]
    return [*kept, *own]


def _token_prices(overlay: Overlay, package: tuple[Row, ...]) -> list[Row]:
    own = [
        {"model": model, "meter": None, "scope": "stated", "regions": [region], **_stated(entry), **_cited(entry)}
        for model, by_region in overlay.prices.tokens.items()
        for region, entry in by_region.items()
    ]
    stated = {(row["model"].casefold(), row["regions"][0]) for row in own}
    kept: list[Row] = []
    for row in package:
        # A table without regions holds everywhere, so it is kept and leaves these regions out.
        out = [region for model, region in stated if model == row["model"].casefold()]
        kept.append({**row, "not_in": sorted(out)} if out else row)
    return [*kept, *own]


def _supporting_prices(overlay: Overlay, package: tuple[Row, ...]) -> list[Row]:
    own = [
        {"kind": kind, "usd": entry.usd_per_month, "unit": "month", "regions": None, **_cited(entry)}
        for kind, entry in overlay.prices.monthly.items()
    ]
    return [*(row for row in package if row["kind"] not in overlay.prices.monthly), *own]


def _regions(overlay: Overlay, package: tuple[Row, ...]) -> list[Row]:
    found = _by_name(package)
    for name, entry in overlay.regions.items():
        row = found.get(name) or {"name": name, "pair": None}
        stated = _stated(entry, "managed_sizes")
        # What an answer says of sizes is no newer word on the region itself.
        found[name] = {**row, **stated, **_cited(entry)} if stated or name not in found else row
    return sorted(found.values(), key=lambda row: str(row["name"]))


def _quota_families(overlay: Overlay, package: tuple[Row, ...]) -> list[Row]:
    """The package's families, and those that only the overlay's sizes name."""
    known = {family_spelling(name) for row in package for name in (row["name"], row["quota_name"], *row["other_names"])}
    found = list(package)
    for entry in overlay.sizes.values():
        name = entry.quota_family
        if name and family_spelling(name) not in known:
            known.add(family_spelling(name))
            other = [entry.compute_quota_family] if entry.compute_quota_family else []
            found.append({"name": name, "quota_name": name, "other_names": other, **_cited(entry)})
    return found


def _sources(overlay: Overlay, package: tuple[Row, ...]) -> list[Row]:
    prices = overlay.prices
    entries: list[Entry] = [*overlay.models.values(), *overlay.sizes.values(), *overlay.regions.values()]
    entries += overlay.foundry.values()
    entries += [each for by_region in prices.virtual_machines.values() for each in by_region.values()]
    entries += [each for by_region in prices.tokens.values() for each in by_region.values()]
    entries += prices.monthly.values()
    own = {
        source_key(entry): {
            "key": source_key(entry),
            "title": f"{entry.source} ({FILE})",
            "as_of": entry.as_of.isoformat(),
            "kind": "overlay",
        }
        for entry in entries
    }
    return [*package, *own.values()]


_CHANGES: dict[str, Callable[[Overlay, tuple[Row, ...]], list[Row]]] = {
    "models": _models,
    "serverless_tables": _serverless_tables,
    "gpu_sizes": _gpu_sizes,
    "gpu_meters": _gpu_meters,
    "gpu_prices": _gpu_prices,
    "token_prices": _token_prices,
    "supporting_prices": _supporting_prices,
    "regions": _regions,
    "quota_families": _quota_families,
    "foundry_models": lambda overlay, package: foundry.models(overlay, package, _cited),
    "foundry_regions": lambda overlay, package: foundry.regions(overlay, package, _cited),
    "foundry_capacities": lambda overlay, package: foundry.capacities(overlay, package, _cited),
    "sources": _sources,
}
