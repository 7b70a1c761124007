"""Interruptions: an engine that dies, one that says stop, and the deployment after it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc
from pulumi.runtime.proto.plugin_pb2 import PluginAttach

from azure_llama_sandbox.provider import lifecycle
from azure_llama_sandbox.provider.values import decode
from tests.sandbox.provider.fake_azure import error
from tests.sandbox.provider.harness import ML, Rig, start_rig, unfinished, urn

pytestmark = pytest.mark.anyio
DEPLOYMENT = "machinelearningservices:OnlineDeployment"
ID = f"{ML}/onlineEndpoints/ep/deployments/blue"
INPUTS: dict[str, Any] = {
    "resourceGroupName": "rg",
    "workspaceName": "ws",
    "endpointName": "ep",
    "deploymentName": "blue",
    "location": "East US 2",
    "properties": {"endpointComputeType": "Managed", "instanceType": "Standard_NC24ads_A100_v4"},
    "sku": {"name": "Default", "capacity": 1},
}
ALREADY = "cannot create already existing resource"


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifecycle, "_SETTLING", 0.005)


async def die_while_creating(rig: Rig) -> None:
    """An engine that is killed after ARM has taken its PUT."""
    async with rig.another_engine() as engine:
        creating = asyncio.ensure_future(engine.create(DEPLOYMENT, INPUTS))
        await asyncio.wait_for(rig.azure.asked.wait(), 5)
        creating.cancel()
        await asyncio.wait([creating])
    rig.azure.held = False


async def test_the_create_of_an_engine_that_died_is_resumed(rig: Rig) -> None:
    rig.azure.style, rig.azure.held = "state", True
    await die_while_creating(rig)
    resource_id, state = await rig.engine.create(DEPLOYMENT, INPUTS)
    assert resource_id == ID
    assert state["properties"]["provisioningState"] == "Succeeded"
    assert len(rig.azure.puts()) == 1


async def test_a_program_that_changed_meanwhile_gets_what_it_asks_for(rig: Rig) -> None:
    rig.azure.style, rig.azure.held = "operation", True
    await die_while_creating(rig)
    _, state = await rig.engine.create(DEPLOYMENT, {**INPUTS, "sku": {"name": "Default", "capacity": 2}})
    assert state["sku"]["capacity"] == 2
    assert len(rig.azure.puts()) == 2


async def test_what_failed_meanwhile_is_put_again(rig: Rig) -> None:
    rig.azure.style, rig.azure.held = "operation", True
    await die_while_creating(rig)
    rig.azure.resources[ID.lower()]["properties"]["provisioningState"] = "Failed"
    await rig.engine.create(DEPLOYMENT, INPUTS)
    assert len(rig.azure.puts()) == 2


async def test_what_vanished_meanwhile_is_created(rig: Rig) -> None:
    rig.azure.style, rig.azure.held = "operation", True
    await die_while_creating(rig)
    await rig.engine.delete(DEPLOYMENT, ID)
    await rig.engine.create(DEPLOYMENT, INPUTS)
    assert len(rig.azure.puts()) == 2


async def test_a_resource_of_another_is_refused(rig: Rig) -> None:
    rig.azure.style, rig.azure.held = "operation", True
    await die_while_creating(rig)
    rig.store.end_create(urn(DEPLOYMENT))
    rig.store.begin_create("urn:pulumi:other::project::azure-native:x:Y::r", ID, 0)
    with pytest.raises(grpc.aio.AioRpcError, match=ALREADY):
        await rig.engine.create(DEPLOYMENT, INPUTS)


async def test_a_restart_forgets_no_create(tmp_path: Path) -> None:
    async with start_rig(tmp_path) as before:
        before.azure.style, before.azure.held = "operation", True
        await die_while_creating(before)
        resources = before.azure.resources
    async with start_rig(tmp_path) as after:
        after.azure.resources = resources
        resource_id, _ = await after.engine.create(DEPLOYMENT, INPUTS)
        assert resource_id == ID
        assert after.azure.puts() == []


async def test_an_answer_counts_only_when_the_engine_shows_that_it_has_it(rig: Rig) -> None:
    async with rig.another_engine() as killed:
        await killed.create(DEPLOYMENT, INPUTS)
    assert rig.store.interrupted_create(urn(DEPLOYMENT), ID)
    await rig.engine.create(DEPLOYMENT, INPUTS)
    assert len(rig.azure.puts()) == 1
    await rig.engine.stub.Cancel(Empty())  # the goodbye of an engine that ended well
    assert not rig.store.interrupted_create(urn(DEPLOYMENT), ID)
    async with rig.another_engine() as next_one:
        with pytest.raises(grpc.aio.AioRpcError, match=ALREADY):
            await next_one.create(DEPLOYMENT, INPUTS)


@pytest.mark.parametrize("call", ["diff", "read", "update", "delete"])
async def test_whatever_knows_the_id_has_the_answer(rig: Rig, call: str) -> None:
    async with rig.another_engine() as killed:
        await killed.create(DEPLOYMENT, INPUTS)
    calls: dict[str, Callable[[], Awaitable[Any]]] = {
        "diff": lambda: rig.engine.diff(DEPLOYMENT, INPUTS, INPUTS, resource_id=ID),
        "read": lambda: rig.engine.read(DEPLOYMENT, ID, INPUTS),
        "update": lambda: rig.engine.update(DEPLOYMENT, ID, INPUTS),
        "delete": lambda: rig.engine.delete(DEPLOYMENT, ID),
    }
    await calls[call]()
    assert not rig.store.interrupted_create(urn(DEPLOYMENT), ID)


async def test_a_refused_create_leaves_no_trace(rig: Rig) -> None:
    rig.azure.refusals.append(("PUT", "/blue", error(400, "BadArgument", "no")))
    with pytest.raises(grpc.aio.AioRpcError):
        await rig.engine.create(DEPLOYMENT, INPUTS)
    assert not rig.store.interrupted_create(urn(DEPLOYMENT), ID)


async def test_ctrl_c_hands_over_what_is_half_made(rig: Rig) -> None:
    rig.azure.style, rig.azure.held = "operation", True
    creating = asyncio.ensure_future(rig.engine.create(DEPLOYMENT, INPUTS))
    await asyncio.wait_for(rig.azure.asked.wait(), 5)
    await rig.engine.stub.Cancel(Empty())
    with pytest.raises(grpc.aio.AioRpcError) as stopped:
        await creating
    left = unfinished(stopped.value)
    assert left is not None
    assert left.reasons == ["operation cancelled"]
    assert decode(left.properties)["sku"] == {"name": "Default", "capacity": 1}
    with pytest.raises(grpc.aio.AioRpcError, match="operation cancelled"):
        await rig.engine.create(DEPLOYMENT, INPUTS)
    rig.azure.held = False
    async with rig.another_engine() as engine:
        state = await engine.update(DEPLOYMENT, left.id, INPUTS)
        assert state["properties"]["provisioningState"] == "Succeeded"


async def test_a_cancel_means_its_own_engine_only(rig: Rig) -> None:
    rig.azure.style, rig.azure.held = "operation", True
    creating = asyncio.ensure_future(rig.engine.create(DEPLOYMENT, INPUTS))
    await asyncio.wait_for(rig.azure.asked.wait(), 5)
    async with rig.another_engine() as other:
        await other.stub.Cancel(Empty())
    rig.azure.held = False
    resource_id, _ = await creating
    assert resource_id == ID


async def test_the_user_is_told_that_azure_would_have_refused(rig: Rig) -> None:
    told: list[engine_pb2.LogRequest] = []

    class Listener(engine_pb2_grpc.EngineServicer):
        async def Log(self, request: engine_pb2.LogRequest, context: Any) -> Empty:
            told.append(request)
            return Empty()

    server = grpc.aio.server()
    engine_pb2_grpc.add_EngineServicer_to_server(Listener(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    async with rig.another_engine() as killed:
        await killed.create(DEPLOYMENT, INPUTS)
    await rig.engine.stub.Attach(PluginAttach(address=f"127.0.0.1:{port}"))
    await rig.engine.create(DEPLOYMENT, INPUTS)
    await server.stop(None)
    assert [message.urn for message in told] == [urn(DEPLOYMENT)]
    assert "pulumi import azure-native:machinelearningservices:OnlineDeployment r /subscriptions/" in told[0].message


async def test_an_engine_that_does_not_listen_is_no_obstacle(rig: Rig) -> None:
    async with rig.another_engine() as killed:
        await killed.create(DEPLOYMENT, INPUTS)
    await rig.engine.stub.Attach(PluginAttach(address="127.0.0.1:1"))
    await rig.engine.create(DEPLOYMENT, INPUTS)
