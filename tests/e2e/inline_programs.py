"""Runs the inline programs of the Automation API, each to its end."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from pulumi import runtime
from pulumi.automation._server import LanguageServer
from pulumi.runtime.proto import language_pb2
from pulumi.runtime.settings import _shutdown_callbacks

_THREADS = 64
"""Calls of one program that wait for the engine at once."""
idle: Final = threading.Event()
"""Set while no program runs."""
idle.set()


def _run(self: LanguageServer, request: Any, _: Any) -> language_pb2.RunResponse:
    """Run a program to its end, also when the engine has ended before, so that the next finds nothing of it.

    The SDK's own leaves the tasks and threads of its loop, and the server of its hooks, behind.
    """
    idle.clear()
    try:
        return contextvars.copy_context().run(_run_here, self, request)
    finally:
        idle.set()


def _run_here(server: LanguageServer, request: Any) -> language_pb2.RunResponse:
    runtime.reset_options(
        project=request.project,
        monitor_address=request.monitor_address,
        engine_address=request.args[0],
        stack=request.stack,
        parallel=request.parallel,
        preview=request.dryRun,
        organization=request.organization,
    )
    runtime.set_all_config(dict(request.config), list(request.configSecretKeys))
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        # It stops the loop when the engine has ended: what still waits for the engine would wait for ever.
        loop.set_exception_handler(server._exception_handler)
        loop.set_default_executor(ThreadPoolExecutor(_THREADS))
        try:
            runner.run(runtime.run_in_stack(server.program))
        except Exception as error:
            return language_pb2.RunResponse(error=str(error))
        finally:
            runner.run(_shutdown_callbacks())  # type: ignore[no-untyped-call]  # the SDK has no types for it
    return language_pb2.RunResponse()


LanguageServer.Run = _run  # type: ignore[method-assign]  # the SDK has no other way to know that a program has ended
