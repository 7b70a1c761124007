"""When to ask again, and how long to wait before."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

RETRIED = frozenset({429, 503})
"""Statuses after which the same request may succeed; the service has done no work for it."""

LONGEST_WAIT = 60.0
"""Seconds: a service that names more is not waited for."""

_FIRST_WAIT, _LONGEST_OWN_WAIT = 0.5, 8.0


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Seconds that a response asks to wait: `retry-after-ms`, or `Retry-After` in seconds or as a date; else None."""
    for name, unit in (("retry-after-ms", 1000.0), ("x-ms-retry-after-ms", 1000.0), ("retry-after", 1.0)):
        text = headers.get(name)
        if text is None:
            continue
        try:
            return max(0.0, float(text) / unit)
        except ValueError:
            pass
        try:
            date = parsedate_to_datetime(text)
        except ValueError:
            continue
        date = date if date.tzinfo else date.replace(tzinfo=UTC)
        return max(0.0, (date - (now or datetime.now(UTC))).total_seconds())
    return None


def own_wait(attempt: int) -> float:
    """Seconds to wait after an attempt, from 1, when the service names none: doubling, with jitter."""
    longest: float = min(_FIRST_WAIT * 2 ** (attempt - 1), _LONGEST_OWN_WAIT)
    return longest * random.uniform(0.75, 1)  # noqa: S311 - jitter, no secret
