"""Limits tokens and requests per minute on the client's side."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

WINDOW = 60.0
"""Seconds that a limit is counted over."""


@dataclass(slots=True)
class Turn:
    """One request's place.

    Attributes:
        at: When it may go, on the pacer's clock.
        tokens: What it is counted for.
        counted: Whether it still is.
    """

    at: float
    tokens: int
    counted: bool = True


class Pacer:
    """Turns for requests, in the order in which they ask: in no 60 seconds more than the limits.

    Where the service's own window begins is not documented; a window that slides fits any. One pacer knows of its own
    client alone: where several share a deployment, each needs its share of the limit.

    Args:
        tokens_per_minute: Optional. Tokens, prompt and answer; None is no limit.
        requests_per_minute: Optional. Requests; None is no limit.
        clock: Optional. Seconds.

    Raises:
        ValueError: a limit below 1.
    """

    def __init__(
        self,
        tokens_per_minute: int | None = None,
        requests_per_minute: int | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        for name, limit in (("tokens_per_minute", tokens_per_minute), ("requests_per_minute", requests_per_minute)):
            if limit is not None and limit < 1:
                raise ValueError(f"{name} is {limit}: it must be 1 or more; None is no limit")
        self._tokens, self._requests, self._clock = tokens_per_minute, requests_per_minute, clock
        self._turns: deque[Turn] = deque()
        self._spent = 0
        self._lock = Lock()

    def turn(self, tokens: int) -> tuple[Turn, float]:
        """A place for a request, and the seconds until then.

        A request of more tokens than the limit waits for an empty window, rather than for ever.
        """
        with self._lock:
            now = self._clock()
            at = max(now, self._turns[-1].at) if self._turns else now
            while self._turns and (self._turns[0].at <= at - WINDOW or self._full(tokens)):
                gone = self._turns.popleft()
                gone.counted = False
                self._spent -= gone.tokens
                at = max(at, gone.at + WINDOW)
            turn = Turn(at, tokens, counted=self._tokens is not None or self._requests is not None)
            if turn.counted:
                self._turns.append(turn)
                self._spent += tokens
            return turn, at - now

    def settle(self, turn: Turn, tokens: int) -> None:
        """Count a request for what it took, once that is known."""
        with self._lock:
            if turn.counted:
                self._spent += tokens - turn.tokens
                turn.tokens = tokens

    def _full(self, tokens: int) -> bool:
        return (self._requests is not None and len(self._turns) >= self._requests) or (
            self._tokens is not None and self._spent + tokens > self._tokens
        )
