"""Runs the provider as a separate process, which the engine starts as it starts azure-native.

A pipeline signs in by variables that may be set at any point between `exec` and the engine, so a provider that runs in
the sandbox's server cannot know them.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from pathlib import Path

import grpc

from azure_llama_sandbox import hosts
from azure_llama_sandbox.home import Home, HomeError
from azure_llama_sandbox.provider import SERVER_OPTIONS, add_provider

_ORPHANED = 0.5
"""Seconds between looks at whether the engine, which kills its providers when it ends, was killed itself."""


def main() -> None:
    """Serve one engine; exit 1 without a running sandbox."""
    parser = argparse.ArgumentParser(prog="pulumi-resource-azure-native", description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    arguments, _ = parser.parse_known_args()  # the engine adds its address, and flags for its log
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the engine's: it cancels what is under way
    try:
        asyncio.run(_serve(Home(arguments.home), os.getppid()))
    except HomeError as error:
        parser.exit(1, f"{error}\n")


async def _serve(home: Home, engine: int) -> None:
    record = home.read_record()
    if record is None or home.serving_pid() is None:
        raise HomeError(f"no sandbox runs in {home.path}; start it with `azure-llama sandbox start`")
    host = hosts.LOOPBACK[1]
    url = f"https://{host}:{record.ports.arm}"
    server = grpc.aio.server(options=SERVER_OPTIONS)
    scale = record.options.time_scale
    handle = await add_provider(server, arm=url, authority=url, ca=home.ca, scale=scale, variables=os.environ)
    port = server.add_insecure_port(f"{host}:0")
    await server.start()
    try:
        sys.stdout.write(f"{port}\n")
        sys.stdout.flush()
        while os.getppid() == engine:
            await asyncio.sleep(_ORPHANED)
    finally:
        await server.stop(None)
        await handle.close()


if __name__ == "__main__":
    main()
