"""Interruptions: an engine that dies, one that says stop, and the deployment after it."""

from __future__ import annotations

import asyncio
from typing import Any

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty

from azure_llama_sandbox.provider.values import decode
from tests.sandbox.provider.harness import ML, Rig, unfinished

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


async def test_the_create_of_an_engine_that_died_is_not_resumed(rig: Rig) -> None:
    rig.azure.style, rig.azure.held = "state", True
    async with rig.another_engine() as engine:
        creating = asyncio.ensure_future(engine.create(DEPLOYMENT, INPUTS))
        await asyncio.wait_for(rig.azure.asked.wait(), 5)
        creating.cancel()
        await asyncio.wait([creating])
    rig.azure.held = False
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await rig.engine.create(DEPLOYMENT, INPUTS)
    assert refused.value.details() == f"cannot create already existing resource '{ID}'"
    assert len(rig.azure.puts()) == 1


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
