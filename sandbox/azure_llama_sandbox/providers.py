"""The provider, once for each principal: the engine attaches to a port and says no more, so ports tell who it is."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import grpc

from azure_llama_sandbox import hosts, provider
from azure_llama_sandbox.home import HomeError
from azure_llama_sandbox.identity import Application, Directory, SignIn
from azure_llama_sandbox.pipelines import mint
from azure_llama_sandbox.provider.credentials import Credential
from azure_llama_sandbox.store import Store
from azure_llama_sandbox.world import SUBSCRIPTION, TENANT

_GRACE = 1
"""Seconds that calls under way are given when the sandbox is told to stop."""

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
        store: Required. Keeps the journals of creates under way.
        url: Required. Where ARM and the token service answer, `https://127.0.0.1:PORT`.
        ca: Required. File of the certificate authority that they are trusted by.
        wanted: Required. The ports of the last time, by name of the principal.
    """

    def __init__(self, directory: Directory, store: Store, url: str, ca: Path, wanted: Mapping[str, int]) -> None:
        self._directory = directory
        self._store = store
        self._url = url
        self._ca = ca
        self._wanted = wanted
        self._open = AsyncExitStack()
        self._running: set[asyncio.Task[None]] = set()
        self.ports: dict[str, int] = {}
        """By name of the principal."""

    async def update(self) -> None:
        """Serve every principal that is not served yet."""
        for application in self._directory.identity.applications:
            if application.name not in self.ports:
                self.ports[application.name] = await self._serve(application)

    def watch(self, told: Callable[[], None]) -> None:
        """Serve the principals that a command adds; it says so with SIGHUP.

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
        handle = await provider.add_provider(
            server,
            store=self._store,
            arm=self._url,
            authority=self._url,
            ca=self._ca,
            credential=self._credential(application),
            subscription=SUBSCRIPTION,
        )
        self._open.push_async_callback(handle.close)
        await server.start()
        self._open.push_async_callback(server.stop, _GRACE)
        return port

    def _credential(self, application: Application) -> Credential:
        client_id = application.client_id
        match application.sign_in:
            case SignIn.APPLICATION:
                return Credential(TENANT, client_id, application.secret)
            case SignIn.MANAGED_IDENTITY:
                return Credential(TENANT, client_id, machine=application.secret)
            case SignIn.GITHUB | SignIn.AZURE_DEVOPS:
                return Credential(TENANT, client_id, assertion=lambda: mint(self._directory.identity, application))


def _bind(server: grpc.aio.Server, wanted: int) -> int:
    host = hosts.LOOPBACK[1]
    if wanted:
        try:
            return int(server.add_insecure_port(f"{host}:{wanted}"))
        except RuntimeError:
            _log.warning("port %d of the provider is taken by another program; it moves", wanted)
    return int(server.add_insecure_port(f"{host}:0"))
