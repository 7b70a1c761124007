"""Rate limits of serverless deployments: requests and tokens per minute."""

from __future__ import annotations

from dataclasses import dataclass

WINDOW = 60.0
"""Seconds, real: limits count what goes over the wire, so they do not scale with Azure's slowness."""


@dataclass(slots=True)
class Meter:
    """The usage of one deployment in the current minute, which begins with its first request.

    The request that crosses the token limit is still served, since an answer's length is unknown before.

    Attributes:
        requests_per_minute: Required. Requests, refused ones that passed authentication included.
        tokens_per_minute: Required. Tokens of prompts and answers together.
    """

    requests_per_minute: int
    tokens_per_minute: int
    _ends: float = 0.0
    _requests: int = 0
    _tokens: int = 0

    @property
    def remaining(self) -> tuple[int, int]:
        """Requests and tokens that are left of this minute; below 0 when more was served."""
        return self.requests_per_minute - self._requests, self.tokens_per_minute - self._tokens

    def resets_in(self, now: float) -> float:
        """Seconds until the next minute."""
        return max(0.0, self._ends - now)

    def admit(self, now: float, tokens: int = 1) -> float:
        """Count a request. 0 when it may pass, else the seconds until the next minute.

        Args:
            now: Required. Epoch seconds.
            tokens: Optional. What the request may come to, where that is counted when it arrives.
        """
        if now >= self._ends:
            self._ends, self._requests, self._tokens = now + WINDOW, 0, 0
        if self._requests >= self.requests_per_minute or self._tokens + tokens > self.tokens_per_minute:
            return self._ends - now
        self._requests += 1
        return 0.0

    def charge(self, tokens: int) -> None:
        """Count the tokens of an admitted request."""
        self._tokens += tokens
