"""The rules for single values. Each names the way out, and the nearest valid name where there is one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationInfo
from pydantic_core import PydanticCustomError

from azure_llama.catalog import Catalog, nearest
from azure_llama.catalog.limits import STORAGE_TAG_NAME_LENGTH, TAG_NAME_FORBIDDEN, TAG_VALUE_LENGTH
from azure_llama.catalog.names import NameRule
from azure_llama.catalog.recognition import Recognition
from azure_llama.settings.problems import show


@dataclass(frozen=True)
class Finding:
    """What is wrong at a place.

    Attributes:
        rule: What is wrong.
        way_out: What to do.
        nearest: The valid name most likely meant.
        at: The keys from the place that was checked to the mistake.
        shown: What to print as the value given; None for the value itself.
    """

    rule: str
    way_out: str
    nearest: str | None = None
    at: tuple[str, ...] = ()
    shown: str | None = None


def below(steps: tuple[str, ...], findings: Iterable[Finding]) -> Iterator[Finding]:
    """Findings about something, told from what holds it so many keys above."""
    yield from (replace(finding, at=(*steps, *finding.at)) for finding in findings)


def refusal(finding: Finding) -> PydanticCustomError:
    """The finding in the form that pydantic carries to the report."""
    words = {"rule": finding.rule, "way_out": finding.way_out, "finding": finding}
    return PydanticCustomError("azure_llama", "{rule}; {way_out}", words)


def misspelt(text: str, names: Iterable[str], rule: str, otherwise: str) -> Finding:
    """A name that is none of the valid ones."""
    near = nearest(text, names)
    return Finding(rule, f"did you mean {near!r}?" if near else otherwise, near)


def unrecognised(recognition: Recognition, rule: str, otherwise: str) -> Finding:
    """A name of Azure's that is none of the valid ones."""
    return Finding(rule, recognition.question or otherwise, recognition.only)


def catalog_of(context: Any) -> Catalog:
    """The catalogue that a validation is given; the package's own for callers in Python who give none."""
    return context if isinstance(context, Catalog) else Catalog.package()


def region(text: str, info: ValidationInfo) -> str:
    """An ARM name of a region of the catalogue."""
    catalog = catalog_of(info.context)
    found = catalog.find_region(text)
    if found is not None and found.name == text:
        return text
    rule, otherwise = "is not the ARM name of an Azure region", "write one such as 'eastus2'"
    raise refusal(unrecognised(catalog.recognise_region(text), rule, otherwise))


def model(text: str, catalog: Catalog) -> str:
    """The catalogue's name of a model, however it is spelt; an asset id is refused with the name."""
    reference = catalog.reference(text)
    found, asset = reference.model, reference.asset
    if found is not None and asset is None:
        return found.name
    rule = "is not the name of a Llama model in the catalogue"
    if found is not None:
        version = f" (and, on managed compute, modelVersion: {show(asset.version)})" if asset and asset.version else ""
        raise refusal(Finding(rule, f"did you mean {found.name!r}{version}?", found.name))
    otherwise = "write one such as 'Llama-3.3-70B-Instruct'"
    raise refusal(unrecognised(catalog.recognise_model(text), rule, otherwise))


def model_version(text: str) -> str:
    """A version of a registry model: a whole number, as a text."""
    if re.fullmatch(r"[0-9]{1,9}", text, re.ASCII):
        return text
    raise refusal(Finding("is not a version: registries count them in whole numbers", "write one such as '4'"))


def vm_size(text: str, info: ValidationInfo) -> str:
    """The name of a GPU size that Azure ML lists for managed online endpoints, however it is spelt."""
    catalog = catalog_of(info.context)
    recognition = catalog.recognise_size(text)
    size = catalog.find_gpu_size(recognition.found) if recognition.found else None
    if size is not None and size.managed_online:
        return size.name
    rule, otherwise = "is not a GPU size Azure ML serves", "write one such as 'Standard_NC24ads_A100_v4'"
    raise refusal(unrecognised(Recognition() if size else recognition, rule, otherwise))


def named(rule: NameRule) -> Callable[[str], str]:
    """A check that a name keeps a rule of Azure's."""

    def check(text: str) -> str:
        problem = rule.problem(text)
        if problem is None:
            return text
        other = rule.suggestion(text)
        raise refusal(Finding(problem, f"call it {other!r}, say" if other else "choose another name", other))

    return check


def between(low: int, high: int, what: str) -> Callable[[int], int]:
    """A check that a number is within its bounds, which belong to it."""

    def check(number: int) -> int:
        if low <= number <= high:
            return number
        raise refusal(Finding(f"is outside {low} to {high}, {what}", f"write a whole number from {low} to {high}"))

    return check


def tag_name(text: str) -> str:
    """A name of a tag that every resource takes: storage accounts are the strictest."""
    longest = STORAGE_TAG_NAME_LENGTH.low
    if not text.strip():
        raise refusal(Finding("is empty", "give the tag a name"))
    if len(text) > longest:
        rule = f"has {len(text)} characters, and the name of a storage account's tag has {longest} at most"
        raise refusal(Finding(rule, "shorten it"))
    if forbidden := sorted(set(text) & set(TAG_NAME_FORBIDDEN)):
        rule = f"holds {' '.join(forbidden)}, and the name of a tag may not hold any of {' '.join(TAG_NAME_FORBIDDEN)}"
        raise refusal(Finding(rule, "leave them out"))
    return text


def tag_value(text: str) -> str:
    """A value of a tag."""
    longest = TAG_VALUE_LENGTH.low
    if len(text) > longest:
        rule = f"has {len(text)} characters, and the value of a tag has {longest} at most"
        raise refusal(Finding(rule, "shorten it"))
    return text


def label(text: str) -> str:
    """A name of the stack's own, which Azure never sees: part of the logical names of Pulumi's resources."""
    if re.fullmatch(r"[A-Za-z0-9_-]{1,63}", text, re.ASCII):
        return text
    raise refusal(Finding("is not 1 to 63 letters, digits, dashes and underscores", "call it 'team', say"))


def nothing_if_empty(value: Any) -> Any:
    """None for an empty map, which is what the project gives a stack that leaves a key out."""
    return None if value == {} else value


_GO_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}) ([0-9:]{8}(?:\.[0-9]+)?) ([+-][0-9]{2})([0-9]{2}) \S+", re.ASCII)


def iso_moment(text: str) -> str:
    """A moment in ISO 8601. One without quotes in the YAML is handed over as Go writes it: `... 18:00:00 +0000 UTC`."""
    return _GO_TIME.sub(r"\1T\2\3:\4", text) if _GO_TIME.fullmatch(text) else text


def iso_day(text: str) -> str:
    """A day in ISO 8601, without the midnight that one without quotes in the YAML has behind it."""
    return re.sub(r"T00:00:00(Z|\+00:00)\Z", "", iso_moment(text))


def whole(value: Any) -> bool:
    """Whether a value is a whole number: neither `true` nor 50.0 is."""
    return isinstance(value, int) and not isinstance(value, bool)
