"""Names, regions and api-versions that a program leaves out, and the complaints about what it got wrong."""

from __future__ import annotations

import re
from typing import Any

import pytest
from pulumi.runtime.proto import provider_pb2 as proto

from azure_llama_sandbox.provider.values import UNKNOWN
from tests.sandbox.provider.harness import GROUP, Rig

pytestmark = pytest.mark.anyio
ML: dict[str, Any] = {"resourceGroupName": "rg", "workspaceName": "ws"}
SERVERLESS: dict[str, Any] = {
    **ML,
    "properties": {"authMode": "Key", "modelSettings": {"modelId": "azureml://registries/azureml-meta/models/L"}},
}
Options = proto.CheckRequest.AutonamingOptions


@pytest.fixture(autouse=True)
async def configured(rig: Rig) -> None:
    await rig.engine.configure(location="eastus2")


@pytest.mark.parametrize(
    ("pulumi_type", "name", "expected"),
    [
        ("resources:ResourceGroup", "resourceGroupName", "llama[0-9a-f]{8}"),
        ("storage:StorageAccount", "accountName", "llama[0-9a-f]{8}"),
        ("machinelearningservices:Workspace", "workspaceName", "llama[0-9a-f]{8}"),
        ("machinelearningservices:OnlineEndpoint", "endpointName", "llama[0-9a-f]{8}"),
        ("machinelearningservices:MarketplaceSubscription", "name", "llama"),
        ("machinelearningservices:ServerlessEndpoint", "name", "llama"),
        ("machinelearningservices:OnlineDeployment", "deploymentName", "llama"),
        ("machinelearningservices:WorkspaceConnection", "connectionName", "llama"),
        ("authorization:RoleAssignment", "roleAssignmentName", "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
        ("authorization:RoleDefinition", "roleDefinitionId", "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    ],
)
async def test_a_missing_name_is_made_up_as_azure_native_does(
    rig: Rig, pulumi_type: str, name: str, expected: str
) -> None:
    first, _ = await rig.engine.check(pulumi_type, {}, name="llama", randomSeed=b"seed")
    again, _ = await rig.engine.check(pulumi_type, {}, name="llama", randomSeed=b"seed")
    other, _ = await rig.engine.check(pulumi_type, {}, name="llama", randomSeed=b"other")
    assert re.fullmatch(expected, first[name])
    assert first[name] == again[name]
    random = expected != "llama"
    assert (first[name] != other[name]) is random
    assert first.get("__createBeforeDelete", False) is random
    unseeded, _ = await rig.engine.check(pulumi_type, {}, name="llama")
    assert re.fullmatch(expected, unseeded[name])


async def test_a_name_stays_what_it_is(rig: Rig) -> None:
    given, _ = await rig.engine.check("machinelearningservices:OnlineEndpoint", {"endpointName": "mine"})
    assert given["endpointName"] == "mine"
    assert "__createBeforeDelete" not in given
    olds = {"endpointName": "r12345678", "__createBeforeDelete": True}
    kept, _ = await rig.engine.check("machinelearningservices:OnlineEndpoint", {}, olds)
    assert (kept["endpointName"], kept["__createBeforeDelete"]) == ("r12345678", True)


async def test_the_engine_may_propose_enforce_or_forbid_names(rig: Rig) -> None:
    async def name(pulumi_type: str, key: str, mode: Any) -> tuple[Any, dict[str, str]]:
        options = Options(proposed_name="proposed", mode=mode)
        inputs, complaints = await rig.engine.check(pulumi_type, {}, autonaming=options)
        return inputs.get(key), complaints

    modes = Options.Mode
    assert (await name("storage:StorageAccount", "accountName", modes.PROPOSE))[0] == "proposed"
    assert (await name("authorization:RoleAssignment", "roleAssignmentName", modes.PROPOSE))[0] != "proposed"
    assert (await name("authorization:RoleAssignment", "roleAssignmentName", modes.ENFORCE))[0] == "proposed"
    missing, complaints = await name("storage:StorageAccount", "accountName", modes.DISABLE)
    assert missing is None
    assert complaints["accountName"] == "missing required property 'accountName'"


async def test_region_and_version_are_filled_in(rig: Rig) -> None:
    inputs, complaints = await rig.engine.check("machinelearningservices:ServerlessEndpoint", SERVERLESS)
    assert (inputs["location"], inputs["azureApiVersion"]) == ("eastus2", "2025-12-01")
    assert complaints == {}
    kept, _ = await rig.engine.check("machinelearningservices:ServerlessEndpoint", SERVERLESS, {"location": "westus"})
    assert kept["location"] == "westus"


async def test_types_without_a_region_get_none(rig: Rig) -> None:
    subscription, _ = await rig.engine.check("machinelearningservices:MarketplaceSubscription", ML)
    deployment, _ = await rig.engine.check("resources:Deployment", {"resourceGroupName": "rg"})
    assert "location" not in subscription
    assert "location" not in deployment


async def test_without_configuration_the_resource_group_gives_the_region(rig: Rig) -> None:
    await rig.engine.configure()
    rig.azure.resources[GROUP.lower()] = {"location": "swedencentral"}
    for _ in range(2):
        inputs, _ = await rig.engine.check("machinelearningservices:ServerlessEndpoint", SERVERLESS)
        assert inputs["location"] == "swedencentral"
    assert len(rig.azure.requests) == 1
    unknown, _ = await rig.engine.check(
        "machinelearningservices:ServerlessEndpoint", {**SERVERLESS, "resourceGroupName": UNKNOWN}
    )
    assert unknown["location"] is UNKNOWN


async def test_nobody_knows_the_region(rig: Rig) -> None:
    await rig.engine.configure()
    _, complaints = await rig.engine.check("machinelearningservices:ServerlessEndpoint", SERVERLESS)
    assert "pulumi config set azure-native:location" in complaints["location"]


async def test_all_complaints_come_at_once_with_their_paths(rig: Rig) -> None:
    inputs = {
        "resourceGroupName": "rg",
        "name": "7llama_",
        "sku": {"capacity": 1},
        "properties": {"contentSafety": {}, "modelSettings": {"modelId": UNKNOWN}},
    }
    _, complaints = await rig.engine.check("machinelearningservices:ServerlessEndpoint", inputs)
    assert set(complaints) == {
        "workspaceName",
        "name",
        "sku.name",
        "properties.authMode",
        "properties.contentSafety.contentSafetyStatus",
    }
    assert "does not match expression '^[a-zA-Z]" in complaints["name"]
    assert complaints["sku.name"] == "missing required property 'sku.name'"
    _, complaints = await rig.engine.check(
        "keyvault:Vault",
        {"properties": {"sku": UNKNOWN, "tenantId": "t", "accessPolicies": [{"objectId": "o", "tenantId": "t"}]}},
    )
    assert set(complaints) == {"resourceGroupName", "properties.accessPolicies[0].permissions"}


async def test_what_the_program_wrote_comes_back_as_it_was(rig: Rig) -> None:
    written = {**SERVERLESS, "name": "llama", "location": "East US 2", "tags": {"n": "1"}, "kind": UNKNOWN}
    inputs, _ = await rig.engine.check("machinelearningservices:ServerlessEndpoint", written)
    assert inputs == {**written, "azureApiVersion": "2025-12-01"}
