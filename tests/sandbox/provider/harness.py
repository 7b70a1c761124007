"""A small Azure without rules, and an engine's end of the wire."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote

import grpc
import httpx
import jwt
from pulumi.runtime.proto import provider_pb2 as proto
from pulumi.runtime.proto import provider_pb2_grpc, status_pb2

from azure_llama_sandbox.provider import SERVER_OPTIONS
from azure_llama_sandbox.provider.arm_client import ArmClient
from azure_llama_sandbox.provider.credentials import TokenCache
from azure_llama_sandbox.provider.functions import Functions
from azure_llama_sandbox.provider.lifecycle import Lifecycle
from azure_llama_sandbox.provider.servicer import Servicer
from azure_llama_sandbox.provider.sessions import Sessions
from azure_llama_sandbox.provider.sign_in import choose
from azure_llama_sandbox.provider.values import decode, encode
from azure_llama_sandbox.store import Store

ARM = "https://arm.test"
TENANT = "11111111-0000-0000-0000-000000000000"
CLIENT = "22222222-0000-0000-0000-000000000000"
OBJECT = "33333333-0000-0000-0000-000000000000"
SUBSCRIPTION = "44444444-0000-0000-0000-000000000000"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg"
VARIABLES = {"ARM_TENANT_ID": TENANT, "ARM_CLIENT_ID": CLIENT, "ARM_CLIENT_SECRET": "secret"}
ML = f"{GROUP}/providers/Microsoft.MachineLearningServices/workspaces/ws"
SOON = {"Retry-After": "0.005"}


@dataclass
class Request:
    """What reached ARM."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    token: str
    host: str = ""


@dataclass
class FakeAzure:
    """Keeps what is PUT, and does what a test tells it to.

    Attributes:
        style: how a PUT that takes time says so: "", "operation", "location" or "state".
        polls: how often it is asked before it is done.
        failure: ARM error with which such a PUT ends.
        refusals: answers to give instead of the usual, by (method, end of the path), each once.
        held: while set, operations never end.
    """

    resources: dict[str, dict[str, Any]] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    secrets: set[str] = field(default_factory=lambda: {"secret"})
    tokens_issued: int = 0
    style: str = ""
    polls: int = 2
    failure: dict[str, Any] | None = None
    refusals: list[tuple[str, str, httpx.Response]] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)
    held: bool = False
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    _pending: int = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if "/oauth2/" in request.url.path:
            return self._token(parse_qs(request.content.decode()))
        body = json.loads(request.content) if request.content else None
        token = request.headers["authorization"].removeprefix("Bearer ")
        params, host = dict(request.url.params), request.headers["host"]
        self.requests.append(Request(request.method, unquote(request.url.path), params, body, token, host))
        path = unquote(request.url.path)
        for refusal in self.refusals:
            method, end, answer = refusal
            if method == request.method and path.lower().endswith(end.lower()):
                self.refusals.remove(refusal)
                return answer
        verbs = {"GET": self._get, "PUT": self._put, "DELETE": self._delete, "POST": self._post}
        return verbs[request.method](path, body)

    def puts(self) -> list[Request]:
        """The PUTs so far."""
        return [request for request in self.requests if request.method == "PUT"]

    def _token(self, form: Mapping[str, list[str]]) -> httpx.Response:
        if form["client_secret"][0] not in self.secrets:
            return httpx.Response(401, json={"error": "invalid_client", "error_description": "AADSTS7000215: no."})
        self.tokens_issued += 1
        claims = {"oid": OBJECT, "appid": form["client_id"][0], "n": self.tokens_issued, "scope": form["scope"][0]}
        token = jwt.encode(claims, "k" * 32, "HS256")
        return httpx.Response(200, json={"access_token": token, "expires_in": 3600, "token_type": "Bearer"})

    def _get(self, path: str, _: Any) -> httpx.Response:
        if path.startswith("/operations/"):
            return self._operation(path)
        found = self.resources.get(path.lower())
        if found is None:
            return error(404, "ResourceNotFound", f"The resource '{path}' was not found.")
        if self.style == "state" and not self._due():
            return httpx.Response(200, json=with_state(found, "Creating"), headers=SOON)
        return httpx.Response(200, json=found)

    def _put(self, path: str, body: Any) -> httpx.Response:
        new = path.lower() not in self.resources
        state = "Failed" if self.failure and self.style == "state" else "Succeeded"
        resource = with_state({**body, "id": canonical(path), "name": path.rsplit("/", 1)[-1], "type": "T"}, state)
        resource["properties"] |= self.extra
        self.resources[path.lower()] = resource
        self._pending = self.polls
        headers = {
            "operation": {"Azure-AsyncOperation": "https://management.azure.com/operations/1?api-version=x", **SOON},
            "location": {"Location": "/operations/1", **SOON},
            "state": SOON,
        }.get(self.style, {})
        answered = with_state(resource, "Creating") if self.style else resource
        return httpx.Response(201 if new else 200, json=answered, headers=headers)

    def _delete(self, path: str, _: Any) -> httpx.Response:
        if path.lower() not in self.resources:
            return httpx.Response(404, json={"error": {"code": "ResourceNotFound", "message": "gone"}})
        del self.resources[path.lower()]
        self._pending = self.polls
        headers = {"Location": "https://management.azure.com/operations/1", **SOON} if self.style else {}
        return httpx.Response(202 if self.style else 200, headers=headers)

    def _post(self, path: str, _: Any) -> httpx.Response:
        if path.rsplit("/", 1)[0].lower() not in self.resources:
            return error(404, "ResourceNotFound", "no such thing")
        return httpx.Response(200, json={"primaryKey": "p" * 32, "secondaryKey": "s" * 32})

    def _operation(self, path: str) -> httpx.Response:
        done = self._due()
        if self.style == "location":
            return httpx.Response(200 if done else 202, json={}, headers={} if done else SOON)
        if not done:
            return httpx.Response(200, json={"status": "InProgress"}, headers=SOON)
        if self.failure:
            return httpx.Response(200, json={"status": "Failed", "error": self.failure})
        return httpx.Response(200, json={"status": "Succeeded"})

    def _due(self) -> bool:
        self.asked.set()
        if self.held:
            return False
        self._pending -= 1
        return self._pending < 0


def with_state(body: Mapping[str, Any], state: str) -> dict[str, Any]:
    """The body with a provisioning state."""
    return {**body, "properties": {**body.get("properties", {}), "provisioningState": state}}


def canonical(path: str) -> str:
    """ARM's own spelling of an id."""
    return path.replace("/resourcegroups/", "/resourceGroups/")


def error(status: int, code: str, message: str, **more: Any) -> httpx.Response:
    """ARM's error envelope."""
    return httpx.Response(status, json={"error": {"code": code, "message": message, **more}})


def urn(pulumi_type: str, name: str = "r") -> str:
    """A URN of a resource inside a component."""
    return f"urn:pulumi:dev::project::azure-llama:index:Thing$azure-native:{pulumi_type}::{name}"


class Engine:
    """The engine's calls with plain values."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self.stub = provider_pb2_grpc.ResourceProviderStub(channel)

    async def configure(self, **settings: Any) -> proto.ConfigureResponse:
        response: proto.ConfigureResponse = await self.stub.Configure(proto.ConfigureRequest(args=encode(settings)))
        return response

    async def check(
        self, pulumi_type: str, news: Mapping[str, Any], olds: Mapping[str, Any] | None = None, **more: Any
    ) -> tuple[dict[str, Any], dict[str, str]]:
        """Checked inputs, and complaints by property."""
        request = proto.CheckRequest(
            urn=urn(pulumi_type, more.pop("name", "r")), news=encode(news), olds=encode(olds or {}), **more
        )
        response = await self.stub.Check(request)
        return decode(response.inputs), {failure.property: failure.reason for failure in response.failures}

    async def diff(
        self,
        pulumi_type: str,
        old: Mapping[str, Any],
        new: Mapping[str, Any],
        state: Mapping[str, Any] | None = None,
        resource_id: str = "id",
    ) -> proto.DiffResponse:
        response: proto.DiffResponse = await self.stub.Diff(
            proto.DiffRequest(
                id=resource_id,
                urn=urn(pulumi_type),
                old_inputs=encode(old),
                news=encode(new),
                olds=encode(state or {}),
            )
        )
        return response

    async def create(
        self, pulumi_type: str, inputs: Mapping[str, Any], *, preview: bool = False, timeout: float = 0
    ) -> tuple[str, dict[str, Any]]:
        request = proto.CreateRequest(urn=urn(pulumi_type), properties=encode(inputs), preview=preview, timeout=timeout)
        response = await self.stub.Create(request)
        return response.id, decode(response.properties)

    async def update(
        self,
        pulumi_type: str,
        resource_id: str,
        inputs: Mapping[str, Any],
        state: Mapping[str, Any] | None = None,
        *,
        preview: bool = False,
    ) -> dict[str, Any]:
        request = proto.UpdateRequest(
            id=resource_id, urn=urn(pulumi_type), news=encode(inputs), olds=encode(state or {}), preview=preview
        )
        return decode((await self.stub.Update(request)).properties)

    async def read(
        self,
        pulumi_type: str,
        resource_id: str,
        inputs: Mapping[str, Any] | None = None,
        state: Mapping[str, Any] | None = None,
    ) -> tuple[str, dict[str, Any], dict[str, Any]]:
        """Id, inputs and state."""
        request = proto.ReadRequest(
            id=resource_id, urn=urn(pulumi_type), inputs=encode(inputs or {}), properties=encode(state or {})
        )
        response = await self.stub.Read(request)
        return response.id, decode(response.inputs), decode(response.properties)

    async def delete(self, pulumi_type: str, resource_id: str, timeout: float = 0) -> None:
        await self.stub.Delete(proto.DeleteRequest(id=resource_id, urn=urn(pulumi_type), timeout=timeout))

    async def invoke(self, token: str, **args: Any) -> dict[str, Any]:
        response = await self.stub.Invoke(proto.InvokeRequest(tok=f"azure-native:{token}", args=encode(args)))
        return decode(getattr(response, "return"))


@dataclass
class Rig:
    """A provider on loopback, its Azure, its journal."""

    azure: FakeAzure
    store: Store
    port: int
    engine: Engine

    @asynccontextmanager
    async def another_engine(self) -> AsyncIterator[Engine]:
        """A second engine, on a connection of its own."""
        async with connect(self.port) as engine:
            yield engine


@asynccontextmanager
async def connect(port: int) -> AsyncIterator[Engine]:
    """An engine's connection to a provider."""
    options = (
        *SERVER_OPTIONS,
        ("grpc.enable_http_proxy", 0),
        ("grpc.use_local_subchannel_pool", 1),  # or gRPC would share one connection among all channels
        ("grpc.max_metadata_size", 1 << 20),
    )
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}", options=options) as channel:
        yield Engine(channel)


@asynccontextmanager
async def start_rig(folder: Path) -> AsyncIterator[Rig]:
    """Start a provider before a fake Azure."""
    azure, store = FakeAzure(), Store(folder / "store.sqlite")
    async with httpx.AsyncClient(transport=httpx.MockTransport(azure)) as http:
        tokens = TokenCache(http, ARM)
        arm = ArmClient(http, tokens, ARM)
        sessions = Sessions(partial(choose, variables=VARIABLES, trust=ssl.create_default_context()), SUBSCRIPTION)
        server = grpc.aio.server(options=SERVER_OPTIONS)
        provider_pb2_grpc.add_ResourceProviderServicer_to_server(
            Servicer(sessions, arm, Lifecycle(arm, store), Functions(arm, tokens)), server
        )
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        try:
            async with connect(port) as engine:
                await engine.configure()
                yield Rig(azure, store, port, engine)
        finally:
            await server.stop(None)
            store.close()


def unfinished(failure: grpc.aio.AioRpcError) -> proto.ErrorResourceInitFailed | None:
    """The half-made resource in an error, if there is one."""
    trailer = failure.trailing_metadata()
    packed = None if trailer is None else trailer.get("grpc-status-details-bin")
    if packed is None:
        return None
    detail = proto.ErrorResourceInitFailed()
    status_pb2.Status.FromString(packed).details[0].Unpack(detail)
    return detail
