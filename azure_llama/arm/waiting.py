"""Retry rules: which requests to repeat, and how long to wait."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, wait_exponential_jitter

_Answer = TypeVar("_Answer")

Sleep = Callable[[float], Awaitable[None]]
"""Waits so many seconds."""

RETRIED = frozenset({408, 429, 500, 502, 503, 504})
"""Statuses after which the same request may succeed."""

PATIENCE = 60.0
"""Seconds: what asks for a longer wait than is left of them is not waited for."""

ATTEMPTS = 4
_OWN = wait_exponential_jitter(multiplier=0.5, max=8, jitter=0.5)


class AgainError(Exception):
    """Signals a retry, with the requested wait and the error to raise when no time is left."""

    def __init__(self, failure: Exception, seconds: float | None = None) -> None:
        super().__init__(str(failure))
        self.failure = failure
        self.seconds = seconds


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


def wait(state: RetryCallState) -> float:
    """Seconds before the next attempt, for tenacity: the requested wait, else exponential backoff with jitter."""
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, AgainError) and error.seconds is not None:
        return error.seconds
    return _OWN(state)


class Stop:
    """For tenacity: no attempt more when all are used, or when the next wait goes beyond the patience."""

    def __init__(self, patience: float = PATIENCE, attempts: int = ATTEMPTS) -> None:
        self._patience = patience
        self._attempts = attempts

    def __call__(self, state: RetryCallState) -> bool:
        return state.attempt_number >= self._attempts or state.idle_for + state.upcoming_sleep > self._patience


async def answer_to(ask: Callable[[], Awaitable[_Answer]], stop: Stop, sleep: Sleep) -> _Answer:
    """The result of a call, which is retried while it raises `AgainError` and time is left.

    Args:
        ask: Required. Asks it once.
        stop: Required. When there is no time any more.
        sleep: Required. Waits before the next attempt.

    Raises:
        Exception: what the last `AgainError` carries, and whatever else a question raises.
    """
    failure: Exception | None = None
    tries = AsyncRetrying(retry=retry_if_exception_type(AgainError), wait=wait, stop=stop, sleep=sleep, reraise=True)
    try:
        async for attempt in tries:
            with attempt:
                return await ask()
    except AgainError as error:
        failure = error.failure
    # Outside of the handler, so that no error drags along a request with its token.
    assert failure is not None  # the loop ends with an answer or an error
    raise failure
