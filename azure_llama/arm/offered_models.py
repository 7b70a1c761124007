"""The models that `Microsoft.CognitiveServices/locations/models` lists for accounts, as values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

ACCOUNT_KIND = "AIServices"
_MINUTE = 60
_NO_END = 2099
"""The year that Azure states as the end of a model that has none."""


@dataclass(frozen=True)
class OfferedSku:
    """A SKU on which a region offers a version. None is unknown.

    Attributes:
        name: Required. `GlobalStandard`.
        usage_name: Required. The quota that its capacity counts against.
        minimum, step, maximum, default: Required. Of its capacity.
        requests_per_minute, tokens_per_minute: Required. What one unit of capacity allows.
    """

    name: str
    usage_name: str | None
    minimum: int | None
    step: int | None
    maximum: int | None
    default: int | None
    requests_per_minute: int | None
    tokens_per_minute: int | None


@dataclass(frozen=True)
class OfferedModel:
    """A version of a model that a region offers to the subscription.

    Attributes:
        format, name, version: Required. As a deployment names it.
        lifecycle: Required. Azure's `lifecycleStatus`; None when it is not stated.
        retires: Required. The day after which it does not answer; None when it has none.
        skus: Required. By name in lower case.
    """

    format: str
    name: str
    version: str
    lifecycle: str | None
    retires: date | None
    skus: Mapping[str, OfferedSku]


def offered_models(rows: Iterable[Mapping[str, Any]]) -> tuple[OfferedModel, ...]:
    """The versions of a list of Azure, each once: it has a row for each SKU of accounts."""
    models = (row["model"] for row in rows if row.get("kind") == ACCOUNT_KIND and isinstance(row.get("model"), Mapping))
    found = (_model(row) for row in models)
    return tuple({(each.format, each.name, each.version): each for each in found}.values())


def _model(row: Mapping[str, Any]) -> OfferedModel:
    skus = [_sku(each) for each in _mappings(row.get("skus"))]
    return OfferedModel(
        str(row.get("format") or ""),
        str(row.get("name") or ""),
        str(row.get("version") or ""),
        str(row["lifecycleStatus"]) if row.get("lifecycleStatus") else None,
        _day((row.get("deprecation") or {}).get("inference")),
        {sku.name.casefold(): sku for sku in skus},
    )


def _sku(row: Mapping[str, Any]) -> OfferedSku:
    capacity = row.get("capacity") or {}
    figures = (integer(capacity.get(key)) for key in ("minimum", "step", "maximum", "default"))
    rates = (_a_minute(row, key) for key in ("request", "token"))
    return OfferedSku(str(row.get("name") or ""), row.get("usageName") or None, *figures, *rates)


def _a_minute(row: Mapping[str, Any], key: str) -> int | None:
    for limit in _mappings(row.get("rateLimits")):
        count, seconds = limit.get("count"), limit.get("renewalPeriod")
        if limit.get("key") == key and isinstance(count, int | float) and isinstance(seconds, int | float) and seconds:
            a_minute = count * _MINUTE / seconds
            return int(a_minute) if a_minute == int(a_minute) else None
    return None


def _mappings(rows: Any) -> Iterable[Mapping[str, Any]]:
    return (row for row in rows or () if isinstance(row, Mapping))


def integer(value: Any) -> int | None:
    """A value that is an integer; None for all else."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _day(text: Any) -> date | None:
    try:
        day = date.fromisoformat(str(text)[:10])
    except ValueError:
        return None
    return None if day.year >= _NO_END else day
