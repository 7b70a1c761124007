"""The provider of a sandbox in this process, for a real engine that attaches to it."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Awaitable, Callable
from typing import Any

import grpc
from pulumi.runtime.proto import provider_pb2_grpc

from azure_llama_sandbox import hosts
from azure_llama_sandbox.provider import SERVER_OPTIONS
from tests.inprocess.wire import KilledError


class _Deadly(grpc.aio.ServerInterceptor):  # type: ignore[misc]  # grpc has no types
    """Ends the engine as `kill -9` where the wire says so."""

    async def intercept_service(self, continuation: Callable[[Any], Awaitable[Any]], details: Any) -> Any:
        handler = await continuation(details)

        async def behaviour(request: Any, context: Any) -> Any:
            try:
                return await handler.unary_unary(request, context)
            except KilledError:
                _kill()
                await context.abort(grpc.StatusCode.UNAVAILABLE, "the engine is dead")

        return grpc.unary_unary_rpc_method_handler(behaviour, handler.request_deserializer, handler.response_serializer)


def _kill() -> None:
    """Kill the CLI that this process has started."""
    found = subprocess.run(
        ["pgrep", "-P", str(os.getpid()), "-x", "pulumi"],
        capture_output=True,
        text=True,
        check=True,
    )
    for pid in found.stdout.split():
        os.kill(int(pid), signal.SIGKILL)


async def serve(servicer: Any) -> tuple[grpc.aio.Server, int]:
    """Serve the provider; the server and its port.

    Args:
        servicer: Required. The provider.
    """
    server = grpc.aio.server(options=SERVER_OPTIONS, interceptors=[_Deadly()])
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    port = server.add_insecure_port(f"{hosts.LOOPBACK[1]}:0")
    await server.start()
    return server, port
