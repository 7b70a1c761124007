"""Azure's time in this process: a clock that jumps over pauses, and a session that pauses by it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from azure_llama_sandbox.clock import Clock
from azure_llama_sandbox.provider.credentials import Credential
from azure_llama_sandbox.provider.sessions import Session, Sessions
from azure_llama_sandbox.world import SUBSCRIPTION
from tests.inprocess.overlap import Overlap

_HASTE = 20
"""How much longer a pause is for Azure than asked for: a deployment of 20 minutes is polled six times, not 120."""


@dataclass(frozen=True)
class JumpingClock(Clock):
    """Azure's time: real time plus all pauses, which take none."""

    skipped: list[float] = field(default_factory=lambda: [0.0])
    overlap: Overlap = field(default_factory=Overlap)

    def now(self) -> float:
        """Epoch seconds."""
        return super().now() + self.skipped[0]

    async def wait(self, azure_seconds: float) -> None:
        await self.overlap.wait()
        self.skip(azure_seconds)
        await asyncio.sleep(0)

    async def pass_by(self, seconds: float) -> None:
        """A pause of the product's client."""
        self.skip(seconds * _HASTE)

    def skip(self, seconds: float) -> None:
        """Let a pause pass."""
        self.skipped[0] += seconds


class JumpingSession(Session):
    """A conversation whose pauses take no time."""

    def __init__(self, credential: Credential, location: str, clock: JumpingClock) -> None:
        super().__init__(credential, SUBSCRIPTION, location)
        self._clock = clock

    def cancel(self) -> None:
        """The next engine goes on with this session; none is interrupted."""

    async def pause(self, seconds: float) -> None:
        self.require_active()
        await self._clock.overlap.wait()
        self._clock.skip(seconds * _HASTE)
        await asyncio.sleep(0)


class OneSession(Sessions):
    """The provider has one engine."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def begin(self, context: Any, engine: str) -> None:
        """A real engine begins: its session is there."""

    def configure(self, context: Any, settings: Mapping[str, Any]) -> None:
        """A real engine configures what is configured."""

    def of(self, context: Any) -> Session:
        return self._session
