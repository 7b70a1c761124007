"""What surrounds a program that runs in this process: its loop, and what takes its log."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any


class ProgramLog:
    """The engine's side of a program's log.

    Attributes:
        warnings: Its messages at the level of warnings and errors.
    """

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def Log(self, request: Any) -> None:
        """A line of the log."""
        from pulumi.runtime.proto import engine_pb2

        if request.severity >= engine_pb2.WARNING:
            self.warnings.append(request.message)

    def RequirePulumiVersion(self, _request: Any) -> None:
        """There is no CLI whose version could be wrong."""


@contextmanager
def program_loop(executor: ThreadPoolExecutor) -> Iterator[asyncio.AbstractEventLoop]:
    """A loop for one run, which leaves nothing of the program behind.

    Args:
        executor: Required. Answers the SDK's requests; it is shut down in the end.
    """
    loop = asyncio.new_event_loop()
    loop.set_default_executor(executor)
    asyncio.set_event_loop(loop)
    log = logging.getLogger("asyncio")
    level = log.level
    # What a failed program leaves unfinished is no news: the failure itself is reported.
    log.setLevel(logging.CRITICAL)
    try:
        yield loop
    finally:
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        executor.shutdown()
        loop.close()
        asyncio.set_event_loop(None)
        log.setLevel(level)
