"""Create, update, read and delete, as the engine asks for them and as ARM sees them."""

from __future__ import annotations

import asyncio
from typing import Any

import grpc
import httpx
import pytest

from azure_llama_sandbox.provider.values import UNKNOWN, decode
from tests.sandbox.provider.fake_azure import error
from tests.sandbox.provider.harness import GROUP, ML, Rig, unfinished, urn

pytestmark = pytest.mark.anyio
ENDPOINT = "machinelearningservices:OnlineEndpoint"
INPUTS: dict[str, Any] = {
    "resourceGroupName": "rg",
    "workspaceName": "ws",
    "endpointName": "ep",
    "location": "eastus2",
    "identity": {"type": "SystemAssigned"},
    "properties": {"authMode": "Key", "traffic": {"blue": 100.0}},
    "tags": {"team": "a"},
    "azureApiVersion": "2025-12-01",
}
ID = f"{ML}/onlineEndpoints/ep"


@pytest.mark.parametrize("style", ["", "operation", "location", "state"])
async def test_create_looks_puts_waits_and_looks_again(rig: Rig, style: str) -> None:
    rig.azure.style = style
    resource_id, state = await rig.engine.create(ENDPOINT, INPUTS)
    assert resource_id == ID
    assert state["properties"] == {"authMode": "Key", "traffic": {"blue": 100}, "provisioningState": "Succeeded"}
    assert state["azureApiVersion"] == "2025-12-01"
    assert "resourceGroupName" not in state
    methods = [request.method for request in rig.azure.requests]
    assert methods[:2] == ["GET", "PUT"]
    assert methods[-1] == "GET"
    assert {request.query["api-version"] for request in rig.azure.requests[:2]} == {"2025-12-01"}
    # One more for an operation, which azcore ends with a GET of its own.
    assert len(methods) == 3 + (rig.azure.polls + 1 if style else 0) + (style == "operation")


async def test_whole_numbers_reach_arm_as_integers_and_names_only_in_the_path(rig: Rig) -> None:
    await rig.engine.create(ENDPOINT, {**INPUTS, "sku": {"name": "Default", "capacity": 2.0}})
    body = rig.azure.puts()[0].body
    assert type(body["properties"]["traffic"]["blue"]) is int
    assert type(body["sku"]["capacity"]) is int
    assert set(body) == {"location", "identity", "properties", "tags", "sku"}


async def test_what_exists_is_not_created(rig: Rig) -> None:
    await rig.engine.create(ENDPOINT, INPUTS)
    await rig.engine.diff(ENDPOINT, INPUTS, INPUTS, resource_id=ID)
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await rig.engine.create(ENDPOINT, INPUTS)
    assert refused.value.details() == f"cannot create already existing resource '{ID}'"
    assert len(rig.azure.puts()) == 1


async def test_a_preview_asks_nobody_and_knows_only_what_the_program_says(rig: Rig) -> None:
    resource_id, state = await rig.engine.create(ENDPOINT, INPUTS, preview=True)
    assert resource_id == ""
    assert state["properties"]["authMode"] == "Key"
    assert state["properties"]["scoringUri"] is UNKNOWN
    assert state["properties"]["publicNetworkAccess"] is UNKNOWN
    assert state["identity"] == {
        "type": "SystemAssigned",
        "principalId": UNKNOWN,
        "tenantId": UNKNOWN,
        "userAssignedIdentities": UNKNOWN,
    }
    assert state["name"] is UNKNOWN
    assert state["location"] == "eastus2"
    assert rig.azure.requests == []


async def test_a_preview_of_an_update_keeps_what_never_changes(rig: Rig) -> None:
    state = await rig.engine.update(ENDPOINT, ID, INPUTS, {"name": "ep", "location": "East US 2"}, preview=True)
    assert (state["name"], state["location"]) == ("ep", "East US 2")
    assert state["systemData"] is UNKNOWN


async def test_an_unknown_never_reaches_arm(rig: Rig) -> None:
    with pytest.raises(grpc.aio.AioRpcError, match="not known"):
        await rig.engine.create(ENDPOINT, {**INPUTS, "tags": {"team": UNKNOWN}})
    with pytest.raises(grpc.aio.AioRpcError, match="endpointName"):
        await rig.engine.create(ENDPOINT, {**INPUTS, "endpointName": UNKNOWN})
    assert rig.azure.puts() == []


async def test_an_update_puts_the_whole_body(rig: Rig) -> None:
    _, state = await rig.engine.create(ENDPOINT, INPUTS)
    new = {**INPUTS, "tags": {"team": "b"}}
    state = await rig.engine.update(ENDPOINT, ID, new, state)
    assert state["tags"] == {"team": "b"}
    assert rig.azure.puts()[1].body == {**rig.azure.puts()[0].body, "tags": {"team": "b"}}


@pytest.mark.parametrize("style", ["", "location"])
async def test_delete_waits_and_takes_gone_for_done(rig: Rig, style: str) -> None:
    rig.azure.style = style
    await rig.engine.create(ENDPOINT, INPUTS)
    await rig.engine.delete(ENDPOINT, ID)
    assert rig.azure.resources == {}
    await rig.engine.delete(ENDPOINT, ID)


async def test_a_refusal_is_told_with_status_codes_and_message(rig: Rig) -> None:
    inner = {"code": "BadRequest", "innerError": {"code": "ServerlessModelNotAvailableInRegion"}}
    rig.azure.refusals.append(
        (
            "PUT",
            "/ep",
            error(
                400,
                "UserError",
                "not here",
                additionalInfo=[{"type": "InnerError", "info": {"value": inner}}, {"type": "Location", "info": {}}],
                details=[{"code": "Why", "message": "because"}, {"code": "More"}],
            ),
        )
    )
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await rig.engine.create(ENDPOINT, INPUTS)
    assert refused.value.details() == (
        'Status=400 Code="UserError" Message="not here" Details=[Code="Why" Message="because", Code="More"]'
    )
    assert unfinished(refused.value) is None


async def test_when_arm_does_not_tell_whether_it_exists(rig: Rig) -> None:
    rig.azure.refusals.append(("GET", "/ep", error(403, "AuthorizationFailed", "no right")))
    with pytest.raises(
        grpc.aio.AioRpcError, match=r"cannot check existence of resource '.*': status code 403, \{.*AuthorizationFailed"
    ):
        await rig.engine.create(ENDPOINT, INPUTS)


@pytest.mark.parametrize(
    "answer", [httpx.Response(200, json={}), httpx.Response(200), httpx.Response(204), error(404, "Any", "none")]
)
async def test_what_counts_as_absent(rig: Rig, answer: httpx.Response) -> None:
    rig.azure.refusals.append(("GET", "/ep", answer))
    await rig.engine.create(ENDPOINT, INPUTS)
    assert len(rig.azure.puts()) == 1


@pytest.mark.parametrize(
    ("status", "code"), [(429, "TooManyRequests"), (503, "ServerBusy"), (409, "AnotherOperationInProgress")]
)
async def test_what_passes_is_tried_again(rig: Rig, status: int, code: str) -> None:
    rig.azure.refusals.extend(("PUT", "/ep", error(status, code, "later")) for _ in range(3))
    await rig.engine.create(ENDPOINT, INPUTS)
    assert len(rig.azure.puts()) == 4


async def test_a_conflict_is_not_tried_again(rig: Rig) -> None:
    rig.azure.refusals.append(("PUT", "/ep", error(409, "Conflict", "name taken")))
    with pytest.raises(grpc.aio.AioRpcError, match="name taken"):
        await rig.engine.create(ENDPOINT, INPUTS)
    assert len(rig.azure.puts()) == 1


@pytest.mark.parametrize("style", ["operation", "state"])
async def test_a_resource_that_does_not_come_up_is_kept_for_the_next_update(rig: Rig, style: str) -> None:
    rig.azure.style, rig.azure.failure = style, {"code": "OutOfQuota", "message": "not enough cores"}
    rig.azure.extra = {"scoringUri": "https://x"}
    with pytest.raises(grpc.aio.AioRpcError) as failed:
        await rig.engine.create(ENDPOINT, INPUTS)
    left = unfinished(failed.value)
    assert left is not None
    assert left.id == ID
    assert ("OutOfQuota" if style == "operation" else "Failed") in left.reasons[0]
    assert decode(left.properties)["properties"]["scoringUri"] == "https://x"
    assert decode(left.inputs)["properties"]["authMode"] == "Key"
    rig.azure.failure = None
    state = await rig.engine.update(ENDPOINT, left.id, decode(left.inputs), decode(left.properties))
    assert state["properties"]["provisioningState"] == "Succeeded"


async def test_a_failed_update_keeps_the_resource_too(rig: Rig) -> None:
    await rig.engine.create(ENDPOINT, INPUTS)
    rig.azure.style, rig.azure.failure = "operation", {"code": "Broken", "message": "no"}
    with pytest.raises(grpc.aio.AioRpcError) as failed:
        await rig.engine.update(ENDPOINT, ID, {**INPUTS, "tags": {}})
    left = unfinished(failed.value)
    assert left is not None
    assert decode(left.inputs)["tags"] == {}


async def test_a_look_that_fails_afterwards_keeps_the_resource(rig: Rig) -> None:
    rig.azure.style = "operation"
    rig.azure.polls = 0
    gone = [error(404, "ResourceNotFound", "none"), error(403, "Locked", "out"), error(403, "Locked", "out")]
    rig.azure.refusals.extend(("GET", "/ep", answer) for answer in gone)
    with pytest.raises(grpc.aio.AioRpcError) as failed:
        await rig.engine.create(ENDPOINT, INPUTS)
    left = unfinished(failed.value)
    assert left is not None
    assert left.id == ID
    assert "resource created but read failed" in left.reasons[0]


async def test_a_custom_timeout_ends_the_wait(rig: Rig) -> None:
    rig.azure.style, rig.azure.held = "operation", True
    with pytest.raises(grpc.aio.AioRpcError) as failed:
        await rig.engine.create(ENDPOINT, INPUTS, timeout=0.03)
    left = unfinished(failed.value)
    assert left is not None
    assert left.reasons == ["operation timed out"]


async def test_an_identity_that_is_removed_is_sent_as_null_by_patch(rig: Rig) -> None:
    def owned(*names: str) -> dict[str, Any]:
        return {**INPUTS, "identity": {"type": "UserAssigned", "userAssignedIdentities": list(names)}}

    _, state = await rig.engine.create(ENDPOINT, owned("/a", "/b"))
    await rig.engine.update(ENDPOINT, ID, owned("/a"), state, previous=owned("/a", "/b"))
    written = [request for request in rig.azure.requests if request.method in ("PUT", "PATCH")]
    assert [request.method for request in written] == ["PUT", "PATCH"]
    assert written[1].body["identity"]["userAssignedIdentities"] == {"/a": {}, "/b": None}
    assert written[1].body["properties"]["authMode"] == "Key"


async def test_a_delete_has_no_query_parameter_but_the_version(rig: Rig) -> None:
    compute = f"{ML}/computes/ci"
    rig.azure.resources[compute.lower()] = {"id": compute}
    await rig.engine.delete("machinelearningservices:Compute", compute)
    assert rig.azure.requests[-1].query == {"api-version": "2025-12-01"}


async def test_network_rules_that_a_program_drops_go_back_to_azures_default(rig: Rig) -> None:
    account = {
        "resourceGroupName": "rg",
        "accountName": "sa1",
        "location": "eastus2",
        "kind": "StorageV2",
        "sku": {"name": "Standard_LRS"},
        "networkRuleSet": {"defaultAction": "Deny", "ipRules": [{"iPAddressOrRange": "1.2.3.4"}]},
    }
    resource_id, state = await rig.engine.create("storage:StorageAccount", account)
    assert rig.azure.puts()[0].body["properties"]["networkAcls"]["ipRules"] == [{"value": "1.2.3.4"}]
    assert state["networkRuleSet"]["ipRules"] == [{"iPAddressOrRange": "1.2.3.4"}]
    del account["networkRuleSet"]
    await rig.engine.update("storage:StorageAccount", resource_id, account, state)
    assert rig.azure.puts()[1].body["properties"]["networkAcls"]["defaultAction"] == "Allow"


async def test_a_type_that_is_not_served_is_named(rig: Rig) -> None:
    with pytest.raises(grpc.aio.AioRpcError, match=r"azure-native:web:WebApp.*keyvault:Vault"):
        await rig.engine.create("web:WebApp", {})
    assert urn("web:WebApp").endswith("azure-native:web:WebApp::r")


async def test_the_id_is_the_one_azure_returns(rig: Rig) -> None:
    inputs = {"resourceGroupName": "rg", "location": "eastus2"}
    resource_id, _ = await rig.engine.create("resources:ResourceGroup", inputs)
    assert "/resourcegroups/" in rig.azure.puts()[0].path
    assert resource_id == GROUP


async def test_parallel_creates_share_one_token(rig: Rig) -> None:
    names = [f"ep{number}" for number in range(8)]
    await asyncio.gather(*(rig.engine.create(ENDPOINT, {**INPUTS, "endpointName": name}) for name in names))
    assert rig.azure.tokens_issued == 1
