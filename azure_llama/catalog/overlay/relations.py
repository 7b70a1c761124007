"""Rules of an overlay that types cannot express: known names, and the required fields of a new entry."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from azure_llama.catalog.overlay import foundry
from azure_llama.catalog.overlay.schema import Overlay
from azure_llama.catalog.prices import SUPPORTING
from azure_llama.catalog.recognition import Recognition, models, regions, sizes
from azure_llama.catalog.rows import package_rows
from azure_llama.documents.problems import ValueProblem
from azure_llama.documents.spelling import nearest
from azure_llama.documents.validation import Where

_MODEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,254}")
_SIZE = re.compile(r"Standard_[A-Za-z0-9_-]+")
_REGION = re.compile(r"[a-z][a-z0-9]+")
_NEW_MODEL = ("registry", "family", "parameters", "task")
_NEW_SIZE = ("vcpus", "gpu", "gpus", "gpuMemoryGb", "computeCapability", "infiniband")
_NEW_REGION = ("displayName", "geography", "geographyGroup", "location", "zones")


class Known:
    """The names of the package and of the overlay together."""

    def __init__(self, overlay: Overlay) -> None:
        self._labels = {
            "model": _labels("models", "name", overlay.models),
            "GPU size": _labels("gpu_sizes", "gpu", overlay.sizes),
            "region": _labels("regions", "display_name", overlay.regions),
        }
        self.package_models = _names("models")
        self.package_sizes = _names("gpu_sizes")
        self.package_regions = _names("regions")

    def has(self, what: str, name: str) -> bool:
        """Whether there is such a one. Regions have one spelling; models and sizes are found in any letter case."""
        names = self._labels[what]
        return name in names or (what != "region" and name.casefold() in map(str.casefold, names))

    def recognise(self, what: str, name: str) -> Recognition:
        """The models, GPU sizes or regions, other than the name itself, that it may have been meant as."""
        others = {other: label for other, label in self._labels[what].items() if other != name}
        match what:
            case "model":
                return models.recognise(name, others)
            case "GPU size":
                return sizes.recognise(name, others)
            case _:
                return regions.recognise(name, others)


def _labels(file: str, column: str, entries: Mapping[str, Any]) -> dict[str, str]:
    """What recognising a name needs of the package's rows and of the overlay's entries."""
    own = {name: getattr(entry, column, None) or "" for name, entry in entries.items()}
    return own | {row["name"]: row[column] for row in package_rows(file)}


def _names(file: str) -> dict[str, str]:
    return {row["name"].casefold(): row["name"] for row in package_rows(file)}


def everywhere(overlay: Overlay) -> Iterator[tuple[Where, ValueProblem]]:
    """Every problem, with the keys to its place."""
    known = Known(overlay)
    yield from _entries("models", overlay.models, known, known.package_models, _MODEL, _NEW_MODEL)
    yield from _entries("sizes", overlay.sizes, known, known.package_sizes, _SIZE, _NEW_SIZE)
    yield from _entries("regions", overlay.regions, known, known.package_regions, _REGION, _NEW_REGION)
    for name, model in overlay.models.items():
        at = ("models", name)
        if model.serverless:
            yield from _all((*at, "serverless", "regions"), model.serverless.regions, known, "region")
            if model.serverless.offered is False and model.serverless.regions:
                yield (*at, "serverless", "offered"), ValueProblem("is false beside regions", "leave one of them out")
        if model.managed:
            yield from _all((*at, "managed", "sizes"), model.managed.sizes, known, "GPU size")
        if model.lifecycle:
            yield from _all((*at, "lifecycle", "replacements"), model.lifecycle.replacements, known, "model")
            days = (model.lifecycle.legacy, model.lifecycle.deprecated, model.lifecycle.retired)
            stated = [day for day in days if day is not None]
            if stated != sorted(stated):
                rule = "has its dates in another order than legacy, deprecated, retired"
                yield (*at, "lifecycle"), ValueProblem(rule, "compare them with the source")
    for name, region in overlay.regions.items():
        yield from _all(("regions", name, "managedSizes"), region.managed_sizes, known, "GPU size")
    yield from foundry.problems(overlay, lambda at, names: _all(at, names, known, "region"))
    yield from _prices(overlay, known)


def _prices(overlay: Overlay, known: Known) -> Iterator[tuple[Where, ValueProblem]]:
    machines = ("prices", "virtualMachines")
    yield from _twins(machines, overlay.prices.virtual_machines)
    for size, by_region in overlay.prices.virtual_machines.items():
        if not _SIZE.fullmatch(size):
            yield (*machines, size), _misnamed("VM size", "Standard_NC24ads_A100_v4")
        yield from _each((*machines, size), by_region, known, "region")
    tokens = ("prices", "tokens")
    yield from _twins(tokens, overlay.prices.tokens)
    yield from _each(tokens, overlay.prices.tokens, known, "model")
    for name, by_place in overlay.prices.tokens.items():
        yield from _each((*tokens, name), by_place, known, "region")
    kinds = {kind.casefold(): kind for kind in SUPPORTING}
    for kind in overlay.prices.monthly:
        if kind not in SUPPORTING:
            near = nearest(kind, kinds.values())
            remedy = f"did you mean {near!r}?" if near else f"the kinds are {', '.join(SUPPORTING)}"
            yield ("prices", "monthly", kind), ValueProblem("is no kind of supporting resource", remedy)


def _misnamed(what: str, example: str) -> ValueProblem:
    return ValueProblem(f"is no name of a {what}", f"write it as Azure does, such as {example!r}")


def _entries(
    section: str,
    entries: dict[str, Any],
    known: Known,
    package: dict[str, str],
    form: re.Pattern[str],
    needed: tuple[str, ...],
) -> Iterator[tuple[Where, ValueProblem]]:
    yield from _twins((section,), entries)
    for name, entry in entries.items():
        if name.casefold() in package:
            continue
        if not form.fullmatch(name):
            example = next(iter(package.values()))
            yield (section, name), _misnamed(section.removesuffix("s"), example)
            continue
        given = entry.model_dump(by_alias=True, exclude_none=True)
        missing = [key for key in needed if key not in given]
        if missing:
            question = known.recognise(_KIND[section], name).question
            rule = f"is new to the catalogue and lacks {', '.join(missing)}"
            meant = f", or {question}" if question else ""
            yield (section, name), ValueProblem(rule, f"write {'it' if len(missing) == 1 else 'them'}{meant}")


def _twins(at: Where, names: Iterable[str]) -> Iterator[tuple[Where, ValueProblem]]:
    seen: dict[str, str] = {}
    for name in names:
        first = seen.setdefault(name.casefold(), name)
        if first != name:
            yield (*at, name), ValueProblem(f"differs from {first!r} in letter case only", "make them one")


def _each(at: Where, names: Iterable[str], known: Known, what: str) -> Iterator[tuple[Where, ValueProblem]]:
    for name in names:
        if not known.has(what, name):
            yield (*at, name), _unknown(name, known, what)


def _all(at: Where, names: list[str] | None, known: Known, what: str) -> Iterator[tuple[Where, ValueProblem]]:
    for index, name in enumerate(names or ()):
        if not known.has(what, name):
            yield (*at, str(index)), _unknown(name, known, what)


def _unknown(name: str, known: Known, what: str) -> ValueProblem:
    way_out = known.recognise(what, name).question or f"add it under {_SECTION[what]} first"
    return ValueProblem(f"{name!r} is not a {what} of the catalogue", way_out)


_SECTION = {"region": "regions", "GPU size": "sizes", "model": "models"}
_KIND = {section: what for what, section in _SECTION.items()}
