"""Refresh and import."""

from __future__ import annotations

from typing import Any

import grpc
import pytest

from tests.sandbox.provider.fake_azure import error
from tests.sandbox.provider.harness import GROUP, ML, SUBSCRIPTION, Rig

pytestmark = pytest.mark.anyio
ENDPOINT = "machinelearningservices:OnlineEndpoint"
ID = f"{ML}/onlineEndpoints/ep"
INPUTS: dict[str, Any] = {
    "resourceGroupName": "rg",
    "workspaceName": "ws",
    "endpointName": "ep",
    "location": "East US 2",
    "identity": {
        "type": "UserAssigned",
        "userAssignedIdentities": [f"{GROUP}/providers/m/b", f"{GROUP}/providers/m/a"],
    },
    "properties": {"authMode": "Key", "keys": {"primaryKey": "k"}, "traffic": {"blue": 100}},
    "azureApiVersion": "2025-12-01",
}


async def deployed(rig: Rig) -> dict[str, Any]:
    """The state of an endpoint to which the service adds things of its own."""
    rig.azure.extra = {"publicNetworkAccess": "Enabled", "scoringUri": "https://x", "properties": {"id": "7"}}
    _, state = await rig.engine.create(ENDPOINT, INPUTS)
    rig.azure.resources[ID.lower()]["location"] = state["location"] = "eastus2"
    del rig.azure.resources[ID.lower()]["properties"]["keys"]
    return state


async def test_a_refresh_of_what_nobody_touched_gives_the_programs_inputs(rig: Rig) -> None:
    state = await deployed(rig)
    resource_id, inputs, again = await rig.engine.read(ENDPOINT, ID, INPUTS, state)
    assert (resource_id, inputs) == (ID, INPUTS)
    assert again == state
    response = await rig.engine.diff(ENDPOINT, inputs, INPUTS, again)
    assert response.changes == response.DIFF_NONE


async def test_identities_go_to_arm_as_an_object(rig: Rig) -> None:
    await deployed(rig)
    ids = INPUTS["identity"]["userAssignedIdentities"]
    assert rig.azure.puts()[0].body["identity"]["userAssignedIdentities"] == {ids[0]: {}, ids[1]: {}}


async def test_a_refresh_shows_what_somebody_changed(rig: Rig) -> None:
    state = await deployed(rig)
    there = rig.azure.resources[ID.lower()]
    there["tags"] = {"by": "hand"}
    there["properties"] |= {
        "traffic": {"blue": 50, "green": 50},
        "scoringUri": "https://y",
        "publicNetworkAccess": "Disabled",
    }
    _, inputs, again = await rig.engine.read(ENDPOINT, ID, INPUTS, state)
    assert inputs == {
        **INPUTS,
        "tags": {"by": "hand"},
        "properties": {
            **INPUTS["properties"],
            "traffic": {"blue": 50, "green": 50},
            "publicNetworkAccess": "Disabled",
        },
    }
    assert again["properties"]["scoringUri"] == "https://y"


async def test_what_is_gone_has_no_id(rig: Rig) -> None:
    assert await rig.engine.read(ENDPOINT, ID, INPUTS, {}) == ("", {}, {})


@pytest.mark.parametrize("code", ["ResourceNotFound", "ParentResourceNotFound", "RoleAssignmentNotFound"])
async def test_codes_that_say_that_it_is_gone(rig: Rig, code: str) -> None:
    rig.azure.refusals.append(("GET", "/ep", error(404, code, "none")))
    assert (await rig.engine.read(ENDPOINT, ID, INPUTS, {}))[0] == ""


@pytest.mark.parametrize("code", ["UserError", "", "ManagementGroupNotFound"])
async def test_a_404_of_another_code_ends_the_refresh(rig: Rig, code: str) -> None:
    rig.azure.refusals.append(("GET", "/ep", error(404, code, "none")))
    with pytest.raises(grpc.aio.AioRpcError, match="Status=404"):
        await rig.engine.read(ENDPOINT, ID, INPUTS, {})


async def test_an_import_leaves_empty_collections_out(rig: Rig) -> None:
    await deployed(rig)
    there = rig.azure.resources[ID.lower()]
    there["tags"] = {}
    there["properties"] |= {"mirrorTraffic": {}, "properties": {"a": {"b": []}}}
    _, inputs, state = await rig.engine.read(ENDPOINT, ID)
    assert "tags" not in inputs
    assert inputs["properties"].keys() == {"authMode", "traffic", "publicNetworkAccess"}
    assert state["properties"]["mirrorTraffic"] == {}


async def test_a_look_that_is_refused_is_no_proof_of_absence(rig: Rig) -> None:
    rig.azure.refusals.append(("GET", "/ep", error(403, "AuthorizationFailed", "no right")))
    with pytest.raises(grpc.aio.AioRpcError, match='Status=403 Code="AuthorizationFailed"'):
        await rig.engine.read(ENDPOINT, ID, INPUTS, {})


async def test_a_half_made_resource_keeps_its_inputs(rig: Rig) -> None:
    await deployed(rig)
    _, inputs, state = await rig.engine.read(ENDPOINT, ID, INPUTS, {})
    assert inputs == INPUTS
    assert state["properties"]["scoringUri"] == "https://x"


async def test_an_import_takes_the_inputs_from_the_id_and_the_answer(rig: Rig) -> None:
    await deployed(rig)
    resource_id, inputs, state = await rig.engine.read(ENDPOINT, ID)
    assert resource_id == ID
    assert inputs == {
        "resourceGroupName": "rg",
        "workspaceName": "ws",
        "endpointName": "ep",
        "location": "eastus2",
        "identity": {
            "type": "UserAssigned",
            "userAssignedIdentities": sorted(INPUTS["identity"]["userAssignedIdentities"]),
        },
        "properties": {
            "authMode": "Key",
            "traffic": {"blue": 100},
            "publicNetworkAccess": "Enabled",
            "properties": {"id": "7"},
        },
    }
    assert state["azureApiVersion"] == "2025-12-01"


async def test_flattened_types_are_imported_flat(rig: Rig) -> None:
    path = f"{GROUP}/providers/Microsoft.Insights/components/ai"
    rig.azure.resources[path.lower()] = {
        "id": path,
        "name": "ai",
        "type": "microsoft.insights/components",
        "kind": "web",
        "location": "eastus2",
        "properties": {"Application_Type": "web", "InstrumentationKey": "i", "RetentionInDays": 90, "Name": "ai"},
    }
    _, inputs, state = await rig.engine.read("applicationinsights:Component", path)
    assert inputs == {
        "resourceGroupName": "rg",
        "resourceName": "ai",
        "kind": "web",
        "location": "eastus2",
        "applicationType": "web",
        "retentionInDays": 90,
    }
    assert state["instrumentationKey"] == "i"
    assert state["name"] == "ai"


async def test_scopes_are_paths_of_their_own(rig: Rig) -> None:
    path = f"{ID}/providers/Microsoft.Authorization/roleAssignments/a1"
    rig.azure.resources[path.lower()] = {
        "id": path,
        "name": "a1",
        "type": "Microsoft.Authorization/roleAssignments",
        "properties": {"principalId": "p", "roleDefinitionId": "d", "scope": ID, "principalType": "User"},
    }
    _, inputs, _ = await rig.engine.read("authorization:RoleAssignment", path)
    assert inputs == {
        "scope": ID.removeprefix("/"),
        "roleAssignmentName": "a1",
        "principalId": "p",
        "roleDefinitionId": "d",
        "principalType": "User",
    }


async def test_a_role_definition_has_two_types(rig: Rig) -> None:
    scope = f"/subscriptions/{SUBSCRIPTION}"
    inputs = {"scope": scope, "roleDefinitionId": "d1", "roleName": "Llama", "roleType": "CustomRole"}
    resource_id, state = await rig.engine.create("authorization:RoleDefinition", inputs)
    assert rig.azure.puts()[0].body == {"properties": {"roleName": "Llama", "type": "CustomRole"}}
    assert rig.azure.puts()[0].path == f"{scope}/providers/Microsoft.Authorization/roleDefinitions/d1"
    assert (state["type"], state["roleType"]) == ("T", "CustomRole")
    assert resource_id.startswith(scope)


async def test_an_id_of_another_type_is_refused(rig: Rig) -> None:
    rig.azure.resources[GROUP.lower()] = {"id": GROUP}
    with pytest.raises(grpc.aio.AioRpcError, match=r"is not an id of the form .*/onlineEndpoints/"):
        await rig.engine.read(ENDPOINT, GROUP)
