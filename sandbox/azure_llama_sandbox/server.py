"""The process: every part of the sandbox on one event loop, on loopback alone."""

from __future__ import annotations

import asyncio
import functools
import logging
import os
import signal
import socket
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

import uvicorn
from starlette.types import ASGIApp

from azure_llama_sandbox import arm, graph, hosts, inference, retail_prices, vaults, world
from azure_llama_sandbox.certificates import Authority
from azure_llama_sandbox.clock import Clock
from azure_llama_sandbox.conditions import ConditionsScript
from azure_llama_sandbox.dispatch import Dispatch
from azure_llama_sandbox.faults import Faults
from azure_llama_sandbox.home import Home, Options, Ports, Record
from azure_llama_sandbox.identity import OWNER, Directory
from azure_llama_sandbox.inference import foundry, gateway
from azure_llama_sandbox.inference.upstream import Upstream
from azure_llama_sandbox.login import Login
from azure_llama_sandbox.pipelines import Pipelines
from azure_llama_sandbox.providers import Providers, install_plugin
from azure_llama_sandbox.proxy import Proxy
from azure_llama_sandbox.request_log import LogRequests, RequestLog
from azure_llama_sandbox.store import Store
from azure_llama_sandbox.tokens import TokenService
from azure_llama_sandbox.world import World

_HOST = hosts.LOOPBACK[1]
_GRACE = 1
"""Seconds that requests under way are given when the sandbox is asked to stop."""

_BACKLOG = 1024

_log = logging.getLogger(__name__)


def run(home: Home, options: Options, ready: Callable[[], None]) -> None:
    """Serve until SIGTERM or SIGINT.

    Args:
        home: Required. Its folder, prepared.
        options: Required. How it is started.
        ready: Required. Called once everything answers.

    Raises:
        HomeError: another server runs in this home.
    """
    os.umask(0o077)  # whatever is written below, the database and its journals included, is its owner's alone
    with home.serving():
        asyncio.run(_serve(home, options, ready))


async def _serve(home: Home, options: Options, ready: Callable[[], None]) -> None:
    directory = Directory(home)
    authority = Authority(home)
    record = home.read_record()
    wanted = record.ports if record else Ports()
    async with AsyncExitStack() as stack, AsyncExitStack() as callers:
        store = Store(home.database)
        stack.callback(store.close)
        log = RequestLog(home.request_log, (directory.secrets, store.secret_values))
        stack.callback(log.close)
        clock = Clock(options.time_scale, options.as_of)
        answers = Upstream(options.answers_from, options.answers_model) if options.answers_from else None
        if answers is not None:
            callers.push_async_callback(answers.close)
        app = build(home, clock, directory, store, log, answers)

        arm_socket = _listen("ARM", wanted.arm)
        arm_port = int(arm_socket.getsockname()[1])
        proxy_socket = _listen("the proxy", wanted.proxy)
        proxy = Proxy(arm_port, functools.partial(_log_refusal, log))
        await proxy.start(proxy_socket)
        callers.push_async_callback(proxy.close)

        install_plugin(home)
        providers = Providers(directory, home, arm_port, options.time_scale, record.providers if record else {})
        callers.push_async_callback(providers.close)
        await providers.update()

        def tell() -> None:
            ports = Ports(arm_port, int(proxy_socket.getsockname()[1]), providers.ports[OWNER])
            home.write_record(Record(os.getpid(), ports, options, dict(providers.ports)))

        def started() -> None:
            providers.watch(tell)  # before anybody knows whom to tell of a new principal
            tell()
            ready()

        await _answer(app, authority, arm_socket, started, callers.aclose)


def build(
    home: Home,
    clock: Clock,
    directory: Directory,
    store: Store,
    log: world.RequestLog,
    answers: Upstream | None = None,
) -> ASGIApp:
    """The app that answers HTTPS under the names of Azure, with faults and the request log."""
    identity = directory.identity
    tokens = TokenService(identity, directory)
    conditions = ConditionsScript(home.conditions)
    world = World(store, clock, tokens, log, identity.named(OWNER).client_id, conditions, answers=answers)
    apps: dict[hosts.Role, ASGIApp] = {
        hosts.Role.MANAGEMENT: arm.build(world),
        hosts.Role.LOGIN: Login(directory, tokens, conditions).app(),
        hosts.Role.PIPELINES: Pipelines(directory, identity).app(),
        hosts.Role.INFERENCE: inference.build(world),
        hosts.Role.FOUNDRY: foundry.build(world),
        hosts.Role.PRICES: retail_prices.build(clock),
        hosts.Role.GRAPH: graph.build(tokens),
        hosts.Role.VAULT: vaults.build(world),
    }
    whole = LogRequests(Faults(Dispatch(apps), home.faults, clock), log)
    apps[hosts.Role.GATEWAY] = gateway.build(world, whole)  # it calls its backends as everybody does
    return whole


def _log_refusal(log: RequestLog, method: str, host: str, path: str) -> None:
    log.write(method=method, host=host, path=path, api_version=None, principal=None, status=403, body=None)


async def _answer(
    app: ASGIApp,
    authority: Authority,
    listener: socket.socket,
    started: Callable[[], None],
    ending: Callable[[], Awaitable[None]],
) -> None:
    config = uvicorn.Config(
        app,
        http="httptools",
        loop="asyncio",
        ws="none",
        lifespan="off",
        ssl_context_factory=lambda *_: authority.server_context(),
        log_config=None,
        log_level=logging.WARNING,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=_GRACE,
    )
    # uvicorn raises the signal that ended it once more when it is done; by then there is something left to close.
    for end in (signal.SIGTERM, signal.SIGINT):
        signal.signal(end, lambda *_: None)
    await _Server(config, started, ending).serve(sockets=[listener])


class _Server(uvicorn.Server):
    def __init__(
        self, config: uvicorn.Config, started: Callable[[], None], ending: Callable[[], Awaitable[None]]
    ) -> None:
        super().__init__(config)
        self._started = started
        self._ending = ending

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Callers first: an idle TLS connection that nobody reads from would hold the server for the whole grace.
        await self._ending()
        await super().shutdown(sockets)


def _listen(what: str, port: int) -> socket.socket:
    """A listening socket on the port of the last time, or on any other when that is taken."""
    # The protocol is named, because asyncio sets TCP_NODELAY only then; without it each answer waits 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((_HOST, port))
        listener.listen(_BACKLOG)
    except OSError:
        listener.close()
        if not port:
            raise
        _log.warning("port %d of %s is taken by another program; it moves", port, what)
        return _listen(what, 0)
    listener.setblocking(False)
    return listener
