"""What surrounds a program that runs in this process: its loop, its log, and what is left out of its resources."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pulumi
from pulumi.runtime.proto import engine_pb2

_THREADS = 64
"""Registrations that wait for each other, and the calls of hooks that they wait for."""


def without_aliases(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
    """A resource without its former names: azure-native's types have up to thirty, which take most of the time."""
    if not args.opts.aliases:
        return None
    options = pulumi.ResourceOptions.merge(args.opts, None)
    options.aliases = None
    return pulumi.ResourceTransformationResult(args.props, options)


class Log:
    """Takes the program's log."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def Log(self, request: Any) -> None:
        """A line of it."""
        if request.severity >= engine_pb2.WARNING:
            self.messages.append(request.message)

    def RequirePulumiVersion(self, _request: Any) -> None:
        """There is no CLI."""


@contextmanager
def program_loop() -> Iterator[asyncio.AbstractEventLoop]:
    """A loop for one run."""
    loop = asyncio.new_event_loop()
    # What a failed program leaves unfinished is not an error of its own.
    loop.set_exception_handler(lambda *_: None)
    executor = ThreadPoolExecutor(_THREADS)
    loop.set_default_executor(executor)
    asyncio.set_event_loop(loop)
    try:
        yield loop
    finally:
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        executor.shutdown()
        loop.close()
        asyncio.set_event_loop(None)
