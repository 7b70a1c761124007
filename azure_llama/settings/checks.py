"""Checks of single values: makers of checks, and the checks against the catalogue.

Each violation names the remedy, and the nearest valid name where there is one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationInfo

from azure_llama.catalog import AssetId, Catalog
from azure_llama.catalog.arm_ids import is_guid
from azure_llama.catalog.limits import STORAGE_TAG_NAME_LENGTH, TAG_NAME_FORBIDDEN, TAG_VALUE_LENGTH
from azure_llama.catalog.llama_models import ModelReference
from azure_llama.catalog.names import NameRule
from azure_llama.catalog.recognition import Recognition
from azure_llama.settings.base import catalog_of
from azure_llama.settings.problems import Violation, Where, listed, misspelt, show, unrecognised

METAS_REGISTRY = "azureml-meta"


@dataclass(frozen=True)
class Check:
    """A check of a value that JSON Schema can state, too.

    Attributes:
        function: Required. Returns the value, or raises the error of a `Violation`.
        keywords: Required. The keywords of JSON Schema.
    """

    function: Callable[[Any], Any]
    keywords: Mapping[str, Any] = field(hash=False)

    def __call__(self, value: Any) -> Any:
        """The value, when it is valid."""
        return self.function(value)


def matching(pattern: str, rule: str, remedy: str, flags: int = 0) -> Check:
    """A check that the whole of a string matches a pattern of ASCII characters."""
    compiled = re.compile(pattern, re.ASCII | flags)

    def check(text: str) -> str:
        if compiled.fullmatch(text):
            return text
        raise Violation(rule, remedy).error

    # JSON Schema has no flags.
    return Check(check, {} if flags else {"pattern": _whole(pattern)})


def _whole(pattern: str) -> str:
    """A pattern as JSON Schema has it, which matches anywhere otherwise."""
    return f"^(?:{pattern})$"


def named(rule: NameRule) -> Check:
    """A check that a name keeps a rule of Azure's."""

    def check(text: str) -> str:
        problem = rule.problem(text)
        if problem is None:
            return text
        valid = rule.suggestion(text)
        raise Violation(
            problem, f"rename it, for example to {valid!r}" if valid else "choose another name", valid
        ).error

    length = {"minLength": rule.shortest, "maxLength": rule.longest}
    return Check(check, {"pattern": _whole(rule.pattern), **length})


@dataclass(frozen=True)
class Range:
    """A check that a number is in a range; as a string, the range.

    Attributes:
        low: Required. The smallest number.
        high: Required. The largest one; None where there is none.
        rule: Required. The end of the sentence that begins with a number outside the range.
    """

    low: int
    high: int | None
    rule: str

    def __call__(self, number: int) -> int:
        """The number, when it is in the range."""
        if self.low <= number and (self.high is None or number <= self.high):
            return number
        raise Violation(self.rule, f"set {self}" if self.high is None else f"set an integer from {self}").error

    @property
    def keywords(self) -> Mapping[str, int]:
        """The range in JSON Schema."""
        return {"minimum": self.low} | ({} if self.high is None else {"maximum": self.high})

    def __str__(self) -> str:
        return f"{self.low} or more" if self.high is None else f"{self.low} to {self.high}"


def between(low: int, high: int, what: str) -> Range:
    """A check that a number is from `low` to `high`, both included."""
    return Range(low, high, f"is outside {low} to {high}, {what}")


def at_least(low: int, what: str) -> Range:
    """A check that a number is `low` or more."""
    return Range(low, None, f"is below {low}, the smallest {what}")


def _guid(text: str) -> str:
    if is_guid(text):
        return text
    raise Violation("is not a GUID", "set the object's id in Entra ID: 8-4-4-4-12 hexadecimal digits").error


guid = Check(_guid, {"pattern": "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$"})
"""A check that a string is a GUID."""


def region(text: str, info: ValidationInfo) -> str:
    """The ARM name of a region of the catalogue."""
    catalog = catalog_of(info.context)
    found = catalog.find_region(text)
    if found is not None and found.name == text:
        return text
    rule, otherwise = "is not the ARM name of an Azure region", "set one such as 'eastus2'"
    raise unrecognised(catalog.recognise_region(text), rule, otherwise).error


def kind(text: str, info: ValidationInfo) -> str:
    """The name of a kind of endpoint."""
    kinds = [each.name for each in catalog_of(info.context).kinds]
    if text in kinds:
        return text
    raise misspelt(text, kinds, "is not a kind of endpoint", f"set one of {listed(kinds)}").error


def vm_size(text: str, info: ValidationInfo) -> str:
    """The name of a GPU size that Azure ML lists for managed online endpoints, however it is spelt."""
    catalog = catalog_of(info.context)
    recognition = catalog.recognise_size(text)
    size = catalog.find_gpu_size(recognition.found) if recognition.found else None
    if size is not None and size.managed_online:
        return size.name
    rule, otherwise = "is not a GPU size Azure ML serves", "set one such as 'Standard_NC24ads_A100_v4'"
    raise unrecognised(Recognition() if size else recognition, rule, otherwise).error


def catalog_model(reference: ModelReference, catalog: Catalog) -> str:
    """The catalogue's name of a model that is meant alone by a name."""
    found, asset = reference.model, reference.asset
    if found is not None and asset is None:
        return found.name
    rule = "is not the name of a Llama model in the catalogue"
    if found is not None:
        version = f" (and, on managed compute, modelVersion: {show(asset.version)})" if asset and asset.version else ""
        raise Violation(rule, f"did you mean {found.name!r}{version}?", found.name).error
    otherwise = "set one such as 'Llama-3.3-70B-Instruct'"
    raise unrecognised(catalog.recognise_model(reference.text), rule, otherwise).error


@dataclass(frozen=True)
class ModelCheck:
    """A check of a model.

    Attributes:
        function: Required. Returns the catalogue's name or the asset id, or raises the error of a `Violation`.
    """

    function: Callable[[str, ValidationInfo], str]

    def __call__(self, text: str, info: ValidationInfo) -> str:
        """The catalogue's name, or the asset id."""
        return self.function(text, info)


def model(remedy: str) -> ModelCheck:
    """A check of a model: one of the catalogue by a name that means it alone, or another publisher's by its full asset
    id. The catalogue's name takes the place of any other spelling.

    Args:
        remedy: Required. What to do with an asset id that has a version: `{model}` is the id without, `{version}` the
            version.
    """

    def check(text: str, info: ValidationInfo) -> str:
        catalog = catalog_of(info.context)
        reference = catalog.reference(text)
        asset = reference.asset
        if asset is None or reference.model is not None or asset.registry.casefold() == METAS_REGISTRY:
            return catalog_model(reference, catalog)
        if asset.version is not None:
            plain = str(AssetId(asset.registry, asset.name))
            raise Violation("has a version", remedy.format(model=repr(plain), version=repr(asset.version)), plain).error
        if str(asset) != text:
            raise Violation("is not spelt as asset ids are", f"set {str(asset)!r}", str(asset)).error
        return text

    return ModelCheck(check)


def _tag_name(text: str) -> str:
    longest = STORAGE_TAG_NAME_LENGTH.low
    if not text.strip():
        raise Violation("is empty", "set a name").error
    if len(text) > longest:
        rule = f"has {len(text)} characters, and the name of a storage account's tag has {longest} at most"
        raise Violation(rule, "shorten it").error
    if forbidden := sorted(set(text) & set(TAG_NAME_FORBIDDEN)):
        rule = f"contains {' '.join(forbidden)}, and a tag name must not contain any of {' '.join(TAG_NAME_FORBIDDEN)}"
        raise Violation(rule, "remove them").error
    return text


def _tag_value(text: str) -> str:
    longest = TAG_VALUE_LENGTH.low
    if len(text) > longest:
        raise Violation(f"has {len(text)} characters, and a tag value has {longest} at most", "shorten it").error
    return text


# Editors read patterns in the strict mode of JavaScript, where only a character of the syntax can be escaped.
_not_blank = rf"^(?=[\s\S]*\S)[^{TAG_NAME_FORBIDDEN.replace(chr(92), chr(92) * 2)}]+$"
tag_name = Check(_tag_name, {"maxLength": STORAGE_TAG_NAME_LENGTH.low, "pattern": _not_blank})
"""A check of a tag name that every resource accepts: storage accounts are the strictest."""
tag_value = Check(_tag_value, {"maxLength": TAG_VALUE_LENGTH.low})
"""A check of a tag value."""


def none_if_empty(value: Any) -> Any:
    """None for an empty map, which is what the project sets where a stack leaves a key out."""
    return None if value == {} else value


def defaults_if_true(value: Any) -> Any:
    """An empty map, which has all defaults, for `true`; None for `false`."""
    if value is True:
        return {}
    return None if value is False else value


def repeated(values: Sequence[str], where: Where) -> Iterator[Violation]:
    """A violation for each value of a list that is in it already."""
    for index, value in enumerate(values):
        if value in values[:index]:
            yield Violation("is in the list already", "remove one of them", at=(*where, str(index)))


def same_but_for_case(names: Iterable[str], what: str) -> Iterator[Violation]:
    """A violation for each name that differs from another in letter case only, which Azure ignores."""
    seen: dict[str, str] = {}
    for name in names:
        first = seen.setdefault(name.casefold(), name)
        if first != name:
            rule = f"differs from {show(first)} in letter case only, and Azure takes both for one {what}"
            yield Violation(rule, "rename one of them", at=(name,), shown=show(name))
