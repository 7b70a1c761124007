"""Selects the backend of a request: pools by priority and weight, and circuit breakers."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from azure_llama_sandbox.inference.gateway.services import Backend, BreakerRule, Service
from azure_llama_sandbox.inference.routing import Rotation

UNREACHABLE = 500
"""What a breaker counts a backend as that gives no answer."""


@dataclass(slots=True)
class _Breaker:
    """The state of a backend; it starts anew when its rule changes."""

    rule: BreakerRule
    failures: deque[float] = field(default_factory=deque)
    open_until: float = 0.0

    def failed(self, now: float, retry_after: float | None) -> None:
        while self.failures and self.failures[0] <= now - self.rule.interval:
            self.failures.popleft()
        self.failures.append(now)
        if len(self.failures) >= self.rule.count:
            self.failures.clear()
            wait = retry_after if self.rule.accept_retry_after and retry_after is not None else self.rule.trip
            self.open_until = now + wait


class Balancer:
    """Rotations and breakers of all services."""

    def __init__(self) -> None:
        self._breakers: dict[str, _Breaker] = {}
        self._rotations: dict[tuple[str, tuple[tuple[str, int], ...]], Rotation] = {}

    def choose(self, service: Service, name: str, now: float) -> Backend | None:
        """The backend that takes the next request.

        Args:
            service: Required.
            name: Required. Of a backend or a pool.
            now: Required. Epoch seconds.

        Returns:
            None when there is none, or each one's breaker is open.
        """
        single = service.backends.get(name.lower())
        if single is not None:
            return single if self._closed(single, now) else None
        pool = service.pools.get(name.lower(), ())
        able = [each for each in pool if each.weight and self._closed(each.backend, now)]
        if not able:
            return None
        first = min(each.priority for each in able)
        weights = {each.backend.id: each.weight for each in able if each.priority == first}
        # A rotation for each set of members: one that comes back takes its place where it left.
        key = (f"{service.id}/{name}".lower(), tuple(weights.items()))
        rotation = self._rotations.setdefault(key, Rotation(weights))
        chosen = rotation.next()
        return next(each.backend for each in able if each.backend.id == chosen)

    def report(self, backend: Backend, status: int, retry_after: float | None, now: float) -> None:
        """Take notice of an answer.

        Args:
            backend: Required. Who gave it.
            status: Required. `UNREACHABLE` for none.
            retry_after: Required. Seconds; None when it does not say.
            now: Required. Epoch seconds.
        """
        rule = backend.rule
        if rule is not None and any(least <= status <= most for least, most in rule.ranges):
            self._breaker(backend, rule).failed(now, retry_after)

    def _closed(self, backend: Backend, now: float) -> bool:
        return backend.rule is None or self._breaker(backend, backend.rule).open_until <= now

    def _breaker(self, backend: Backend, rule: BreakerRule) -> _Breaker:
        breaker = self._breakers.get(backend.id)
        if breaker is None or breaker.rule != rule:
            breaker = self._breakers[backend.id] = _Breaker(rule)
        return breaker
