"""One provider for each principal: the port that the engine attaches to identifies the principal.

A pipeline has none here: its engine starts the provider as a plugin, which signs in by the variables of the pipeline.
"""

from __future__ import annotations

import asyncio
import logging
import shlex
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack

import grpc

from azure_llama_sandbox import environment, hosts, provider
from azure_llama_sandbox.home import Home, HomeError, Ports
from azure_llama_sandbox.identity import Application, Directory
from azure_llama_sandbox.provider.servicer import VERSION
from azure_llama_sandbox.world import SUBSCRIPTION

_GRACE = 1
"""Seconds that calls under way are given when the sandbox is asked to stop."""

_OPTIONS = (
    ("grpc.so_reuseport", 0),  # on, two sandboxes would share a port without a word
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
)
_log = logging.getLogger(__name__)


class Providers:
    """All of them.

    Args:
        directory: Required. The principals.
        home: Required. The sandbox's folder.
        arm: Required. Port of ARM and the token service.
        scale: Required. Azure seconds that pass in one real second.
        wanted: Required. The ports of the last time, by name of the principal.
    """

    def __init__(self, directory: Directory, home: Home, arm: int, scale: float, wanted: Mapping[str, int]) -> None:
        self._directory = directory
        self._home = home
        self._arm = arm
        self._scale = scale
        self._wanted = wanted
        self._open = AsyncExitStack()
        self._running: set[asyncio.Task[None]] = set()
        self.ports: dict[str, int] = {}
        """By name of the principal; 0 for a pipeline."""

    async def update(self) -> None:
        """Serve every principal that is not served yet."""
        for application in self._directory.identity.applications:
            if application.name not in self.ports:
                self.ports[application.name] = 0 if application.federation else await self._serve(application)

    def watch(self, told: Callable[[], None]) -> None:
        """Serve the principals that a command adds, after a SIGHUP.

        Args:
            told: Required. Called when they are served.
        """
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGHUP, lambda: self._running.add(loop.create_task(self._reread(told))))

    async def _reread(self, told: Callable[[], None]) -> None:
        try:
            self._directory.reload()
            await self.update()
        except HomeError as error:
            _log.warning("%s", error)
        told()

    async def close(self) -> None:
        """End all."""
        for task in self._running:
            task.cancel()
        await self._open.aclose()

    async def _serve(self, application: Application) -> int:
        server = grpc.aio.server(options=_OPTIONS)
        port = _bind(server, self._wanted.get(application.name, 0))
        url = f"https://{hosts.LOOPBACK[1]}:{self._arm}"
        signs_in = environment.credentials(application, self._directory.identity, self._home, Ports(arm=self._arm))
        handle = await provider.add_provider(
            server,
            arm=url,
            authority=url,
            ca=self._home.ca,
            scale=self._scale,
            variables={**signs_in, "ARM_SUBSCRIPTION_ID": SUBSCRIPTION},
        )
        self._open.push_async_callback(handle.close)
        await server.start()
        self._open.push_async_callback(server.stop, _GRACE)
        return port


def install_plugin(home: Home) -> None:
    """Put the provider where the engine looks for azure-native when it attaches to none.

    Args:
        home: Required. The sandbox's folder, prepared.
    """
    folder = home.pulumi_home / "plugins" / f"resource-azure-native-v{VERSION}"
    folder.mkdir(parents=True, exist_ok=True)
    # -P, so that the program's folder, which the engine starts it in, is not searched for our modules.
    command = [sys.executable, "-P", "-m", "azure_llama_sandbox.provider", "--home", str(home.path)]
    program = folder / "pulumi-resource-azure-native"
    home.write_private(program, f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n')
    program.chmod(0o700)


def _bind(server: grpc.aio.Server, wanted: int) -> int:
    host = hosts.LOOPBACK[1]
    if wanted:
        try:
            return int(server.add_insecure_port(f"{host}:{wanted}"))
        except RuntimeError:
            _log.warning("port %d of the provider is taken by another program; it moves", wanted)
    return int(server.add_insecure_port(f"{host}:0"))
