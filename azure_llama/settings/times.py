"""Dates and times in the settings, from the forms that YAML and Pulumi have for them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from azure_llama.settings.checks import Check
from azure_llama.settings.problems import Violation

_GO_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}) ([0-9:]{8}(?:\.[0-9]+)?) ([+-][0-9]{2})([0-9]{2}) \S+", re.ASCII)
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)


def _iso_moment(text: str) -> str:
    """A moment in ISO 8601. Pulumi passes one without quotes in the YAML as Go writes it: `... 18:00:00 +0000 UTC`."""
    return _GO_TIME.sub(r"\1T\2\3:\4", text) if _GO_TIME.fullmatch(text) else text


def _iso_day(text: str) -> str:
    """A day in ISO 8601, without the midnight that Pulumi appends to one without quotes."""
    return re.sub(r"T00:00:00(Z|\+00:00)\Z", "", _iso_moment(text))


def _moment(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        parsed = datetime.fromisoformat(_iso_moment(value))
    except ValueError:
        parsed = None
    if parsed is None or parsed.tzinfo is None:
        rule = "is not a date with a time" if parsed is None else "has no time zone"
        raise Violation(rule, "set one such as '2026-11-25T18:00:00Z'").error
    return parsed.astimezone(UTC)


def _day(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(_iso_day(value))
    except ValueError:
        raise Violation("is not a date", "set one such as '2027-01-01'").error from None


def _clock(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if not _CLOCK.fullmatch(value):
        raise Violation("is not a time of the day", "write it as '08:30', in quotes").error
    return time.fromisoformat(value)


def _first_of_month(text: str) -> str:
    try:
        day = date.fromisoformat(_iso_day(text))
    except ValueError:
        raise Violation("is not a date", "write it as '2026-11-01'").error from None
    if day.day != 1:
        first = day.replace(day=1).isoformat()
        rule = "is not the first day of a month, on which a monthly budget starts"
        raise Violation(rule, f"set {first!r}", first).error
    return day.isoformat()


Moment = Annotated[datetime, BeforeValidator(_moment)]
"""A date and time with its time zone (RFC 3339), in UTC."""
Day = Annotated[date, BeforeValidator(_day)]
"""A date."""
Clock = Annotated[
    time, BeforeValidator(_clock), WithJsonSchema({"type": "string", "pattern": f"^(?:{_CLOCK.pattern})$"})
]
"""A time of the day, in minutes."""
_month = Check(_first_of_month, {"format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-01$"})
Month = Annotated[str, AfterValidator(_month)]
"""The first day of a month, as ISO 8601."""
