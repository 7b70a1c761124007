"""The rules for single values of endpoints and their deployments."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

from pydantic import ValidationInfo

from azure_llama.catalog import AssetId
from azure_llama.settings import checks
from azure_llama.settings.azure_checks import arm_id
from azure_llama.settings.checks import Finding, refusal

METAS_REGISTRY = "azureml-meta"

_REGISTRY = r"azureml://registries/[^/]+/environments/[^/]+/(versions|labels)/[^/]+"
_WORKSPACE = (
    r"/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.MachineLearningServices/workspaces/[^/]+"
    r"/environments/[^/]+/versions/[^/]+"
)
_ENVIRONMENT = re.compile(f"{_REGISTRY}|{_WORKSPACE}", re.IGNORECASE)
CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)
"""A time of the day, as YAML has it."""

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_COLLECTION = re.compile(r"[A-Za-z0-9_]+", re.ASCII)
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", re.ASCII)


def model(where: str) -> Callable[[str, ValidationInfo], str]:
    """A check of a model: one of the catalogue by name, or another publisher's by its full asset id.

    Args:
        where: Required. What to do with a version in an asset id, with `{}` in its place: the end of a report's line.
    """

    def check(text: str, info: ValidationInfo) -> str:
        catalog = checks.catalog_of(info.context)
        reference = catalog.reference(text)
        asset = reference.asset
        if asset is None or asset.registry.casefold() == METAS_REGISTRY or reference.model is not None:
            return checks.model(text, catalog)
        if asset.version is not None:
            plain = str(AssetId(asset.registry, asset.name))
            raise refusal(Finding("has a version", where.format(repr(plain), repr(asset.version)), plain))
        if str(asset) != text:
            raise refusal(Finding("is not how asset ids are written", f"write {str(asset)!r}", str(asset)))
        return text

    return check


serverless_model = model("serverless endpoints always serve the newest; write {}")
managed_model = model("write {} and modelVersion: {}")


_another_vault = arm_id("Microsoft.KeyVault/vaults", "a key vault")


def vault(text: str) -> str:
    """The workspace's own key vault, or another by its ARM id."""
    return text if text == "workspace" else _another_vault(text)


def environment(text: str) -> str:
    """An asset id of an environment: a container image, and what Azure ML knows of it."""
    if _ENVIRONMENT.fullmatch(text):
        return text
    rule = "is not the asset id of an environment's version"
    raise refusal(Finding(rule, "write it as azureml://registries/<registry>/environments/<name>/versions/<version>"))


def variable(text: str) -> str:
    """A name of an environment variable."""
    if _VARIABLE.fullmatch(text):
        return text
    raise refusal(Finding("is not a name of a variable", "use letters, digits and underscores, no digit first"))


def collection(text: str) -> str:
    """A name of a collection of inference data."""
    if _COLLECTION.fullmatch(text):
        return text
    way_out = "write request, response, or the name that the scoring script gives its Collector"
    raise refusal(Finding("is not a name of a collection", way_out))


def header(text: str) -> str:
    """A name of an HTTP header."""
    if _HEADER.fullmatch(text):
        return text
    raise refusal(Finding("is not a name of an HTTP header", "write one such as 'x-ms-client-request-id'"))


def share(number: float) -> float:
    """A share of all requests."""
    if 0 < number <= 1:
        return number
    raise refusal(Finding("is no share of the requests", "write a number above 0, up to 1 for all of them"))


def at_least(low: int, what: str) -> Callable[[int], int]:
    """A check that a number is not too low."""

    def check(number: int) -> int:
        if number >= low:
            return number
        raise refusal(Finding(f"is below {low}, the least {what}", f"write {low} or more"))

    return check


def moment(value: Any) -> Any:
    """A moment with its time zone (RFC 3339), from a text."""
    if not isinstance(value, str):
        return value
    try:
        found = datetime.fromisoformat(checks.iso_moment(value))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        rule = "is not a moment" if found is None else "has no time zone"
        raise refusal(Finding(rule, "write one such as '2026-11-25T18:00:00Z'"))
    return found.astimezone(UTC)


def day(value: Any) -> Any:
    """A date, from a text."""
    if not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(checks.iso_day(value))
    except ValueError:
        raise refusal(Finding("is not a date", "write one such as '2027-01-01'")) from None


def clock(value: Any) -> Any:
    """A time of the day, in minutes, from a text."""
    if not isinstance(value, str):
        return value
    if not CLOCK.fullmatch(value):
        raise refusal(Finding("is not a time of the day", "write it as '08:30', in quotes"))
    return time.fromisoformat(value)


def time_zone(text: str) -> str:
    """A time zone as Azure Monitor names it."""
    if not text.strip() or "/" in text:
        rule = "is not a time zone of Windows, which is what Azure Monitor takes"
        raise refusal(Finding(rule, "write one such as 'UTC' or 'W. Europe Standard Time'"))
    return text


def yes_means_defaults(value: Any) -> Any:
    """`true` for a map that leaves everything out, and `false` for nothing."""
    if value is True:
        return {}
    return None if value is False else value
