"""Retry rules: which requests to repeat, and how long to wait."""

from __future__ import annotations

import random

from azure_llama.arm.waiting import retry_after

__all__ = ["LONGEST_WAIT", "RETRIED", "own_wait", "retry_after"]

RETRIED = frozenset({429, 503})
"""Statuses after which the same request may succeed; the service has done no work for it."""

LONGEST_WAIT = 60.0
"""Seconds: a service that names more is not waited for."""

_FIRST_WAIT, _LONGEST_OWN_WAIT = 0.5, 8.0


def own_wait(attempt: int) -> float:
    """Seconds to wait after an attempt, from 1, when the service names none: doubling, with jitter."""
    longest: float = min(_FIRST_WAIT * 2 ** (attempt - 1), _LONGEST_OWN_WAIT)
    return longest * random.uniform(0.75, 1)  # noqa: S311 - jitter, no secret
