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
        self._paths, self._begun = paths, False
        self._under_way, self._second_answered = asyncio.Event(), asyncio.Event()

    async def begin(self, request: httpx.Request) -> None:
        """The second waits for the first to be under way."""
        if self._is(0, request):
            self._begun = True
        elif self._is(1, request):
            await self._under_way.wait()

    def end(self, request: httpx.Request) -> None:
        """A request was answered."""
        if self._is(1, request):
            self._second_answered.set()

    async def wait(self) -> None:
        """No time passes for the first until the second has been answered."""
        if self._begun and not self._under_way.is_set():
            self._under_way.set()
            await self._second_answered.wait()

    def _is(self, index: int, request: httpx.Request) -> bool:
        return bool(self._paths) and request.method == "PUT" and request.url.path.endswith(self._paths[index])
