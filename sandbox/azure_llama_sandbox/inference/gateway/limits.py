"""Limits of a team: tokens per minute and per month."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from azure_llama_sandbox.arm.api_management.policy_xml import Node
from azure_llama_sandbox.clock import Clock
from azure_llama_sandbox.inference.gateway.refusals import GatewayError
from azure_llama_sandbox.inference.metering import Meter

_SOURCE = "llm-token-limit"


@dataclass(slots=True)
class _Month:
    """Tokens of a calendar month."""

    month: tuple[int, int]
    used: int = 0


@dataclass(frozen=True)
class Admitted:
    """A request that was let through: what it uses is counted when it is known.

    Attributes:
        headers: Required. What is left, as the element says.
    """

    headers: dict[str, str]
    _meter: Meter | None
    _month: _Month | None

    def charge(self, tokens: int) -> None:
        """Count the tokens of the answer and of its prompt."""
        if self._meter is not None:
            self._meter.charge(tokens)
        if self._month is not None:
            self._month.used += tokens


class TokenLimits:
    """The counters of all services; in memory alone, as those of a gateway's instance.

    Args:
        clock: Required. Minutes are real ones; months are of the day that it stands on.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._meters: dict[str, Meter] = {}
        self._months: dict[str, _Month] = {}

    def admit(self, node: Node, key: str) -> Admitted:
        """Let a request through, or not.

        Args:
            node: Required. The `llm-token-limit`.
            key: Required. Of its counters.

        Raises:
            GatewayError: 403 when the month's tokens are used, 429 when the minute's are.
        """
        attributes = node.attributes
        headers: dict[str, str] = {}
        month = meter = None
        if "token-quota" in attributes:
            month, left = self._within_month(attributes["token-quota"], key)
            _show(headers, node, "remaining-quota-tokens", left)
        if "tokens-per-minute" in attributes:
            meter = self._within_minute(node, int(attributes["tokens-per-minute"]), key)
            _show(headers, node, "remaining-tokens", meter.remaining[1])
        return Admitted(headers, meter, month)

    def _within_month(self, quota: str, key: str) -> tuple[_Month, int]:
        moment = self._clock.moment()
        month = self._months.get(key)
        if month is None or month.month != (moment.year, moment.month):
            month = self._months[key] = _Month((moment.year, moment.month))
        left = int(quota) - month.used
        if left <= 0:
            raise GatewayError(
                HTTPStatus.FORBIDDEN,
                f"Out of token quota. Quota will be replenished in {_until_next_month(moment)}.",
                source=_SOURCE,
            )
        return month, left

    def _within_minute(self, node: Node, limit: int, key: str) -> Meter:
        meter = self._meters.get(key)
        if meter is None or meter.tokens_per_minute != limit:
            meter = self._meters[key] = Meter(sys.maxsize, limit)
        wait = meter.admit(self._clock.now())
        if wait:
            name = node.attributes.get("retry-after-header-name", "Retry-After")
            seconds = math.ceil(wait)
            raise GatewayError(
                HTTPStatus.TOO_MANY_REQUESTS,
                f"Token limit is exceeded. Try again in {seconds} seconds.",
                source=_SOURCE,
                headers={name: str(seconds)},
            )
        return meter


def _show(headers: dict[str, str], node: Node, what: str, left: int) -> None:
    name = node.attributes.get(f"{what}-header-name")
    if name:
        headers[name] = str(max(0, left))


def _until_next_month(moment: datetime) -> str:
    first = (moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0) + timedelta(days=32)).replace(day=1)
    left = first - moment
    hours, rest = divmod(left.seconds, 3600)
    return f"{left.days}.{hours:02}:{rest // 60:02}:{rest % 60:02}"
