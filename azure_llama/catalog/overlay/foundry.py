"""An overlay's models of Foundry accounts, as rows of the data files about them and as problems of the file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from azure_llama.catalog.overlay.schema import FoundryEntry, FoundrySkuPart, Overlay
from azure_llama.catalog.rows import Row, package_rows
from azure_llama.documents.problems import ValueProblem
from azure_llama.documents.validation import Where

_KEY = re.compile(r"[^/]+/[^/]+/[^/]+")
_UNKNOWN = {"seller", "modality", "input_tokens", "output_tokens", "lifecycle", "retired", "retired_source", "note"}
_CAPACITY = ("usage_name", "minimum", "step", "maximum", "default", "requests_per_minute", "tokens_per_minute")
_Cited = Callable[[Any], Row]


def key_of(row: Row) -> str:
    """`FORMAT/NAME/VERSION` of a row, in lower case; a row of every version has none of the three's last."""
    return f"{row['format']}/{row['name']}/{row['version']}".casefold()


def models(overlay: Overlay, package: tuple[Row, ...], cited: _Cited) -> list[Row]:
    """The rows of `foundry_models`."""
    found = {key_of(row): row for row in package}
    for key, entry in overlay.foundry.items():
        publisher, name, version = key.split("/")
        new = {"format": publisher, "name": name, "version": version, **dict.fromkeys(_UNKNOWN)}
        stated = entry.model_dump(mode="json", exclude_none=True, exclude={"source", "as_of", "skus"})
        by = {"retired_source": cited(entry)["source"]} if entry.retired else {}
        found[key.casefold()] = {**found.get(key.casefold(), new), **stated, **by, **cited(entry)}
    return list(found.values())


def regions(overlay: Overlay, package: tuple[Row, ...], cited: _Cited) -> list[Row]:
    """The rows of `foundry_regions`: what an entry states of a SKU replaces the package's row of it."""
    own = [
        {"sku": sku, "models": [key], "regions": part.regions, "disputed": [], "note": None, **cited(entry)}
        for key, sku, part, entry in _parts(overlay)
        if part.regions is not None
    ]
    return [*package, *own]


def capacities(overlay: Overlay, package: tuple[Row, ...], cited: _Cited) -> list[Row]:
    """The rows of `foundry_capacities`: what an entry states of a SKU replaces the package's row of it."""
    own = []
    for key, sku, part, entry in _parts(overlay):
        stated = {name: value for name in _CAPACITY if (value := getattr(part, name)) is not None}
        if stated:
            row = {**dict.fromkeys(_CAPACITY), **stated, "note": None}
            own.append({"sku": sku, "models": [key], **row, **cited(entry)})
    return [*package, *own]


def _parts(overlay: Overlay) -> Iterator[tuple[str, str, FoundrySkuPart, FoundryEntry]]:
    for key, entry in overlay.foundry.items():
        for sku, part in entry.skus.items():
            yield key, sku, part, entry


def problems(
    overlay: Overlay, unknown_regions: Callable[[Where, list[str] | None], Iterator[tuple[Where, ValueProblem]]]
) -> Iterator[tuple[Where, ValueProblem]]:
    """The problems of the section, with the keys to each.

    Args:
        overlay: Required. The overlay.
        unknown_regions: Required. The problems of a list of regions at a place.
    """
    skus = [row["name"] for row in package_rows("foundry_skus")]
    for key, entry in overlay.foundry.items():
        if not _KEY.fullmatch(key):
            yield ("foundry", key), ValueProblem("is not FORMAT/NAME/VERSION", "write 'Meta/Llama-3.3-70B-Instruct/9'")
        for sku, part in entry.skus.items():
            at = ("foundry", key, "skus", sku)
            if sku not in skus:
                yield at, ValueProblem("is not a SKU of deployments", f"the SKUs are {', '.join(skus)}")
            yield from unknown_regions((*at, "regions"), part.regions)
