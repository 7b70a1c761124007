"""The sandbox and its provider in this process: no sockets, no waiting, a clock that jumps over pauses."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Self, TypeVar

import grpc
import httpx
from azure.core.credentials import AccessToken

from azure_llama import arm
from azure_llama.arm import clouds
from azure_llama_sandbox.home import Home
from azure_llama_sandbox.identity import OWNER, Directory
from azure_llama_sandbox.provider.arm_client import ArmClient
from azure_llama_sandbox.provider.credentials import Credential, TokenCache
from azure_llama_sandbox.provider.errors import ArmError
from azure_llama_sandbox.provider.functions import Functions
from azure_llama_sandbox.provider.lifecycle import Lifecycle
from azure_llama_sandbox.provider.servicer import Servicer
from azure_llama_sandbox.request_log import RequestLog
from azure_llama_sandbox.server import build
from azure_llama_sandbox.store import Resource, Store
from azure_llama_sandbox.world import SUBSCRIPTION, TENANT
from tests.inprocess.clock import JumpingClock, JumpingSession, OneSession
from tests.inprocess.served import serve
from tests.inprocess.wire import CallContext, Wire

ARM = "https://management.azure.com"
LOGIN = "https://login.microsoftonline.com"
_SECONDS = 120.0
"""Real seconds that one operation may take: only a fault in a test takes that long."""
_T = TypeVar("_T")


class _Lines(list[dict[str, Any]]):
    """The requests; the request log on disk has them with their secrets masked."""

    log: RequestLog

    def write(self, **line: Any) -> None:
        """Add a line."""
        self.append(line)
        self.log.write(**line)


class HooksClient:
    """The product's own client of ARM for hooks, which run in the program's loop and not in that of Azure.

    Args:
        azure: Required. What it asks.
    """

    def __init__(self, azure: Azure) -> None:
        self._azure = azure

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """There is nothing to close."""

    async def get(self, path: str, api_version: str) -> dict[str, Any]:
        """As the product's client."""

        def ask() -> dict[str, Any]:
            client = self._azure.product_client()
            return self._azure.run(client.get(path, api_version))

        return await asyncio.to_thread(ask)

    async def change(self, method: str, path: str, api_version: str) -> dict[str, Any]:
        """As the product's client; only DELETE."""
        assert method == "DELETE"
        await asyncio.to_thread(self._azure.delete, path, api_version)
        return {}


class Azure:
    """A sandbox with its provider.

    Args:
        folder: Required. For keys and scripts; one that was used before gives the same principals.
        location: Optional. `azure-native:location`.
        as_of: Optional. The day that its catalogue lives in; today when None.
        kept: Optional. Whether its state is on disk, where a sandbox of its own can take it over.
    """

    def __init__(self, folder: Path, location: str = "", as_of: date | None = None, kept: bool = False) -> None:
        self.home = Home(folder)
        self.home.prepare()
        self.clock = JumpingClock(1.0, as_of)
        self.requests = _Lines()
        self._database = self.home.database if kept else Path(":memory:")
        self._location = location
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._directory = Directory(self.home)
        self._store: Store | None = None
        self.fresh()

    def fresh(self, location: str = "") -> None:
        """Forget all resources, faults and requests.

        Args:
            location: Optional. `azure-native:location` from now on.
        """
        self._location = location or self._location
        self.faults([])
        self.conditions({})
        self.clock.overlap.between()
        self.requests.clear()
        self.run(self._begin())

    async def _begin(self) -> None:
        await self._end()
        self._store = Store(self._database)
        self.requests.log = RequestLog(self.home.request_log, (self._directory.secrets, self._store.secret_values))
        app = build(self.home, self.clock, self._directory, self._store, self.requests)
        self._transport = Wire(app, self.clock.overlap)
        self._http = httpx.AsyncClient(transport=self._transport)
        owner = self._directory.named(OWNER)
        credential = Credential(TENANT, owner.client_id, owner.secret)
        self._session = JumpingSession(credential, self._location, self.clock)
        self._tokens = tokens = TokenCache(self._http, LOGIN)
        self._client = ArmClient(self._http, tokens, ARM)
        lifecycle, functions = Lifecycle(self._client), Functions(self._client, tokens)
        self._servicer = Servicer(OneSession(self._session), self._client, lifecycle, functions)

    async def _end(self) -> None:
        if self._store is not None:
            await self._http.aclose()
            self._store.close()
            self.requests.log.close()

    def run(self, work: Coroutine[Any, Any, _T]) -> _T:
        """Run to the end beside the caller."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_SECONDS)

    def faults(self, script: Sequence[Mapping[str, Any]]) -> None:
        """What goes wrong from now on, in the form of the sandbox's `faults.yaml`."""
        self.home.faults.unlink(missing_ok=True)
        if script:
            self.home.faults.write_text(json.dumps(script))

    def conditions(self, conditions: Mapping[str, Any]) -> None:
        """What no request sets, in the form of the sandbox's `conditions.yaml`."""
        self.home.conditions.unlink(missing_ok=True)
        if conditions:
            self.home.conditions.write_text(json.dumps(conditions))

    def dies_after(self, path: str) -> None:
        """Let the engine die as soon as Azure has taken a PUT of this path; "" for never."""
        self._transport.dies_after = path

    def http(self) -> httpx.AsyncClient:
        """A client of somebody else; for use within `run`."""
        return httpx.AsyncClient(transport=self._transport)

    @contextmanager
    def beside(self, call: Callable[[httpx.AsyncClient], Awaitable[None]]) -> Iterator[None]:
        """Let somebody call what is deployed before each request of the provider, until the end of the block."""
        client = self.http()

        async def before(_: httpx.Request) -> None:
            await call(client)

        self._http.event_hooks = {"request": [before]}
        try:
            yield
        finally:
            self._http.event_hooks = {}

    def provider(self, method: str, request: Any) -> Any:
        """Call the provider as an engine does. Raises RefusedError."""
        return self.run(getattr(self._servicer, method)(request, CallContext()))

    def serve(self) -> tuple[grpc.aio.Server, int]:
        """Serve the provider to a real engine until the server that is returned stops; and its port."""
        return self.run(serve(self._servicer))

    def product_client(self) -> arm.ArmClient:
        """The product's own client of ARM, signed in as the one who deploys; for use within `run`."""
        session, tokens = self._session, self._tokens

        class Owner:
            def get_token(self, *_: str, **__: Any) -> AccessToken:
                return AccessToken(token, int(time.time()) + 3600)

        token = self.run(tokens.token(session.credential))
        sign_in = arm.SignIn("test", clouds.named("public"), SUBSCRIPTION, Owner)
        return arm.ArmClient(sign_in, transport=self._transport, sleep=self.clock.pass_by)

    def token(self, audience: str) -> str:
        """A token of the one who deploys."""
        return self.run(self._tokens.token(self._session.credential, audience))

    @property
    def owner(self) -> str:
        """The object id of the one who deploys."""
        return self._directory.named(OWNER).object_id

    def resources(self, type_: str = "") -> list[Resource]:
        """What Azure has, of a type or of all."""
        return self.store(lambda store: store.of_type(type_) if type_ else store.below("/subscriptions"))

    def soft_deleted(self) -> list[Resource]:
        """What was deleted, and keeps its name taken."""
        return self.store(Store.soft_deleted)

    def secrets(self) -> set[str]:
        """Every secret that there is, or was since `fresh`."""
        return self.store(lambda store: {*store.secret_values, *self._directory.secrets})

    def store(self, read: Callable[[Store], _T]) -> _T:
        """Read or change what Azure keeps."""

        async def look() -> _T:  # in the thread that the store belongs to
            assert self._store is not None
            return read(self._store)

        return self.run(look())

    def hooks_client(self) -> HooksClient:
        """The client that a hook of the program uses."""
        return HooksClient(self)

    def get(self, resource_id: str, api_version: str) -> dict[str, Any] | None:
        """What Azure has; None when it has nothing."""
        try:
            return self.run(self._client.get(self._session, resource_id, api_version))
        except ArmError as error:
            if error.status == 404:
                return None
            raise

    def call(self, method: str, url: str, **request: Any) -> httpx.Response:
        """Call any of Azure's addresses, such as that of an endpoint."""
        return self.run(self._http.request(method, url, **request))

    def put(self, resource_id: str, api_version: str, body: Mapping[str, Any]) -> None:
        """Change a resource by hand."""
        self.run(self._client.write(self._session, resource_id, api_version, body, lambda: None))

    def post(self, path: str, api_version: str = "2021-04-01") -> None:
        """Call an action by hand."""
        self.run(self._client.post(self._session, path, api_version))

    def delete(self, resource_id: str, api_version: str) -> None:
        """Delete a resource by hand."""
        self.run(self._client.delete(self._session, resource_id, api_version))

    def close(self) -> None:
        """End everything."""
        self.run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
