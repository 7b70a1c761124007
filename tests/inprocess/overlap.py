"""Lets two writes meet that have no order."""

from __future__ import annotations

import asyncio

import httpx


class Overlap:
    """Two writes of which the second begins while the first has not ended, as they may without an order."""

    def __init__(self) -> None:
        self.between()

    def between(self, *paths: str) -> None:
        """Start anew.

        Args:
            paths: Optional. How the paths of the two PUTs end; none for writes as they come.
        """
        self._paths = paths
        self._arrived, self._under_way, self._answered = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._first: asyncio.Task[None] | None = None
        self._second: asyncio.Task[None] | None = None

    async def begin(self, request: httpx.Request) -> None:
        """The first waits until nothing but it keeps the second; the second, for the first to be under way."""
        if self._is(0, request):
            await self._arrived.wait()
            self._first = asyncio.current_task()
        elif self._is(1, request):
            self._second = asyncio.current_task()
            self._arrived.set()
            await self._under_way.wait()

    def end(self, request: httpx.Request) -> None:
        """A request was answered."""
        if self._is(1, request):
            self._answered.set()

    async def wait(self) -> None:
        """No time passes while the first is under way, until the second has been answered."""
        now = asyncio.current_task()
        if now is self._first is not None:
            self._under_way.set()
        if self._first is not None and now is not self._second:
            await self._answered.wait()

    def _is(self, index: int, request: httpx.Request) -> bool:
        return bool(self._paths) and request.method == "PUT" and request.url.path.endswith(self._paths[index])
