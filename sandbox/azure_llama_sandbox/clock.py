"""Time in the sandbox: real seconds for the wire, Azure seconds for how long things take."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime

SHORTEST_WAIT = 0.05
"""Seconds. The official clients take a `Retry-After` of 0 for none at all and then wait 30 s."""


@dataclass(frozen=True)
class Clock:
    """A clock that a test or a demo can hurry.

    Attributes:
        scale: Required. Azure seconds that pass in one real second; 1 is real time, 1200 makes a
            20-minute deployment take one second.
        as_of: Optional. The day that the catalogue is read on; today (UTC) when None.
    """

    scale: float
    as_of: date | None = None

    def now(self) -> float:
        """Epoch seconds, real."""
        return time.time()

    def today(self) -> date:
        """The day on which model lifecycles are judged."""
        return self.as_of or datetime.now(UTC).date()

    def moment(self) -> datetime:
        """The present on that day (UTC)."""
        return datetime.combine(self.today(), datetime.fromtimestamp(self.now(), UTC).timetz())

    def real(self, azure_seconds: float) -> float:
        """Convert Azure seconds to real seconds."""
        return azure_seconds / self.scale

    async def wait(self, azure_seconds: float) -> None:
        """Let a span of Azure seconds pass."""
        await asyncio.sleep(max(self.real(azure_seconds), SHORTEST_WAIT))

    def retry_after(self, azure_seconds: float) -> str:
        """The value of a `Retry-After` header: positive always, since clients read 0 as absent."""
        return f"{max(self.real(azure_seconds), SHORTEST_WAIT):.3f}"
