"""Resolves plain scalars of a YAML file as Pulumi does.

Pulumi reads YAML with Go's yaml.v3: the core types of YAML 1.2, and beside them octals with a leading zero,
underscores in numbers, and dates, which it hands to the program as texts of Go's own form
(`2026-11-01 00:00:00 +0000 UTC`). Seen with the CLI 3.259.0.
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime, timedelta

_NAMED = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
}
_WHOLE = re.compile(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|([1-9][0-9]*|0))")
_BASES = (16, 2, 8, 10)
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_DATE = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
    r"(?:(?:[Tt]([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(\.[0-9]+)?(Z|[-+][0-9]{2}:[0-9]{2}))"
    r"| ([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(\.[0-9]+)?)?"
)
_SMALLEST, _LARGEST = -(2**63), 2**64 - 1
_PLAIN_BELOW = 1e21
"""Go writes a float without an exponent below this."""

Scalar = str | int | float | bool | None


def resolve(text: str) -> Scalar:
    """The value of a plain scalar: one without quotes and without a tag."""
    if text in _NAMED:
        return _NAMED[text]
    if text[0] not in "+-.0123456789":
        return text
    return _date(text) or _number(text.replace("_", ""), text)


def resolve_date(text: str) -> Scalar | date:
    """The value of a plain scalar of a file that Pulumi does not read: a day is a date, a moment is a text."""
    if not _DATE.fullmatch(text):
        return resolve(text)
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def number(value: float) -> int | float:
    """A float as it reads back from Go's JSON: whole ones have no fraction."""
    return int(value) if value.is_integer() and abs(value) < _PLAIN_BELOW else value


def _number(plain: str, text: str) -> Scalar:
    if match := _WHOLE.fullmatch(plain):
        digits, base = next((d, b) for d, b in zip(match.groups()[1:], _BASES, strict=True) if d is not None)
        whole = int(match[1] + digits, base) if len(digits) <= 64 else _LARGEST + 1
        if _SMALLEST <= whole <= _LARGEST:
            return whole
    if _FLOAT.fullmatch(plain):
        return number(float(plain))
    return text


def _date(text: str) -> str | None:
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    parts = match.groups()
    clock = parts[3:6] if parts[3] else parts[8:11] if parts[8] else ("0", "0", "0")
    fraction = (parts[6] or parts[11] or "").rstrip("0").rstrip(".")
    try:
        when = datetime(*(int(part) for part in (*parts[:3], *clock)))  # type: ignore[arg-type]  # noqa: DTZ001 - a form, not a moment; the numbers are six
    except ValueError:
        return None
    zone = parts[7] or "Z"
    hours, minutes = (0, 0) if zone == "Z" else (int(zone[1:3]), int(zone[4:6]))
    if timedelta(hours=hours, minutes=minutes) >= timedelta(days=1):
        return None
    offset = "+0000" if zone == "Z" else zone.replace(":", "")
    return f"{when:%Y-%m-%d %H:%M:%S}{fraction} {offset} {'UTC' if offset[1:] == '0000' else offset}"
