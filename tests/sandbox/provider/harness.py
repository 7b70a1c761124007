"""A small Azure without rules, and an engine's end of the wire."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import grpc
import httpx
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
from tests.sandbox.provider.fake_azure import FakeAzure

ARM = "https://arm.test"
TENANT = "11111111-0000-0000-0000-000000000000"
CLIENT = "22222222-0000-0000-0000-000000000000"
SUBSCRIPTION = "44444444-0000-0000-0000-000000000000"
SCALE = 10_000.0
"""Azure seconds in a second."""
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg"
VARIABLES = {"ARM_TENANT_ID": TENANT, "ARM_CLIENT_ID": CLIENT, "ARM_CLIENT_SECRET": "secret"}
ML = f"{GROUP}/providers/Microsoft.MachineLearningServices/workspaces/ws"


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
        """Checked inputs, and complaints by the property that each names."""
        request = proto.CheckRequest(
            urn=urn(pulumi_type, more.pop("name", "r")), news=encode(news), olds=encode(olds or {}), **more
        )
        response = await self.stub.Check(request)
        return decode(response.inputs), {failure.reason.split("'")[1]: failure.reason for failure in response.failures}

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
        previous: Mapping[str, Any] | None = None,
        preview: bool = False,
    ) -> dict[str, Any]:
        request = proto.UpdateRequest(
            id=resource_id,
            urn=urn(pulumi_type),
            news=encode(inputs),
            olds=encode(state or {}),
            old_inputs=encode(previous or {}),
            preview=preview,
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
    """A provider on loopback and its Azure."""

    azure: FakeAzure
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
async def start_rig() -> AsyncIterator[Rig]:
    """Start a provider before a fake Azure."""
    azure = FakeAzure()
    async with httpx.AsyncClient(transport=httpx.MockTransport(azure)) as http:
        tokens = TokenCache(http, ARM)
        arm = ArmClient(http, tokens, ARM, SCALE)
        sessions = Sessions(partial(choose, variables=VARIABLES, trust=ssl.create_default_context()), SUBSCRIPTION)
        server = grpc.aio.server(options=SERVER_OPTIONS)
        provider_pb2_grpc.add_ResourceProviderServicer_to_server(
            Servicer(sessions, arm, Lifecycle(arm), Functions(arm, tokens)), server
        )
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        try:
            async with connect(port) as engine:
                await engine.configure()
                yield Rig(azure, port, engine)
        finally:
            await server.stop(None)


def unfinished(failure: grpc.aio.AioRpcError) -> proto.ErrorResourceInitFailed | None:
    """The half-made resource in an error, if there is one."""
    trailer = failure.trailing_metadata()
    packed = None if trailer is None else trailer.get("grpc-status-details-bin")
    if packed is None:
        return None
    detail = proto.ErrorResourceInitFailed()
    status_pb2.Status.FromString(packed).details[0].Unpack(detail)
    return detail
