"""The provider in a whole sandbox: real HTTPS, the real token service, ARM with all its rules."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import grpc
import pytest

from azure_llama_sandbox.control import Status
from azure_llama_sandbox.provider.values import UNKNOWN, has_unknowns
from azure_llama_sandbox.world import SUBSCRIPTION
from tests.sandbox.provider.harness import Engine, connect

pytestmark = pytest.mark.anyio
NOT_GONE = {
    "authorization:RoleDefinition": "RoleDefinitionDoesNotExist",
    "machinelearningservices:WorkspaceConnection": "UserError",
    "machinelearningservices:Connection": "UserError",
}
"""Codes of Azure for what is absent that azure-native does not take for gone: its refresh fails."""
MODEL = "azureml://registries/azureml-meta/models/Llama-3.3-70B-Instruct"
GROUP = {"resourceGroupName": "rg"}
IN_WORKSPACE = {**GROUP, "workspaceName": "project"}
IDENTITY = {"type": "SystemAssigned"}
ML = "machinelearningservices"
SECRETS_OFFICER = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7"


@pytest.fixture
async def engine(started: Status, anyio_backend: str) -> AsyncIterator[Engine]:
    port = started["environment"]["PULUMI_DEBUG_PROVIDERS"].rpartition(":")[2]
    async with connect(int(port)) as connected:
        await connected.configure(location="eastus2")
        yield connected


def covers(state: Any, preview: Any) -> bool:
    """Whether the state has all that the preview knew."""
    if isinstance(preview, dict) and isinstance(state, dict):
        return all(name in state and covers(state[name], value) for name, value in preview.items())
    if isinstance(preview, list) and isinstance(state, list):
        return len(preview) == len(state) and all(map(covers, state, preview))
    return bool(state == preview)


async def deploy(engine: Engine, pulumi_type: str, inputs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """What an `up` does with a resource, then what a refresh does with it: nothing."""
    checked, complaints = await engine.check(pulumi_type, inputs)
    assert complaints == {}
    _, preview = await engine.create(pulumi_type, checked, preview=True)
    assert has_unknowns(preview)
    resource_id, state = await engine.create(pulumi_type, checked)
    assert preview.keys() >= state.keys()
    assert covers(state, {name: value for name, value in preview.items() if not has_unknowns(value)})
    again, refreshed, outputs = await engine.read(pulumi_type, resource_id, checked, state)
    assert (again, refreshed, outputs) == (resource_id, checked, state)
    response = await engine.diff(pulumi_type, refreshed, checked, outputs, resource_id)
    assert response.changes == response.DIFF_NONE
    return resource_id, state


@dataclass
class Deployed:
    """What has been deployed, in that order."""

    engine: Engine
    resources: list[tuple[str, str]] = field(default_factory=list)

    async def up(self, pulumi_type: str, **inputs: Any) -> tuple[str, dict[str, Any]]:
        """Deploy one more resource; its id and its state."""
        resource_id, state = await deploy(self.engine, pulumi_type, inputs)
        self.resources.append((pulumi_type, resource_id))
        return resource_id, state


async def workspace(stack: Deployed, tenant: str) -> str:
    """A hub, a project and what they need; the id of their resource group."""
    group, _ = await stack.up("resources:ResourceGroup", **GROUP, tags={"team": "llama"})
    storage, _ = await stack.up("storage:StorageAccount", **GROUP, kind="StorageV2", sku={"name": "Standard_LRS"})
    sku = {"name": "standard", "family": "A"}
    options = {"tenantId": tenant, "sku": sku, "enableRbacAuthorization": True, "softDeleteRetentionInDays": 7}
    vault, _ = await stack.up("keyvault:Vault", **GROUP, properties=options)
    logs, _ = await stack.up("operationalinsights:Workspace", **GROUP, sku={"name": "PerGB2018"}, retentionInDays=30)
    insights, _ = await stack.up(
        "applicationinsights:Component", **GROUP, kind="web", applicationType="web", workspaceResourceId=logs
    )
    hub, hub_state = await stack.up(
        f"{ML}:Workspace",
        **GROUP,
        workspaceName="hub",
        kind="Hub",
        identity=IDENTITY,
        storageAccount=storage,
        keyVault=vault,
        applicationInsights=insights,
    )
    assert hub_state["identity"]["principalId"]
    await stack.up(f"{ML}:Workspace", **IN_WORKSPACE, kind="Project", identity=IDENTITY, hubResourceId=hub)
    return group


async def serverless(stack: Deployed) -> str:
    """A serverless endpoint with its marketplace subscription and a connection to it; its URL."""
    await stack.up(f"{ML}:MarketplaceSubscription", **IN_WORKSPACE, name="llama-33", properties={"modelId": MODEL})
    _, state = await stack.up(
        f"{ML}:ServerlessEndpoint",
        **IN_WORKSPACE,
        name="llama-33",
        sku={"name": "Consumption"},
        properties={
            "authMode": "Key",
            "modelSettings": {"modelId": MODEL},
            "contentSafety": {"contentSafetyStatus": "Enabled"},
        },
    )
    uri: str = state["properties"]["inferenceEndpoint"]["uri"]
    await stack.up(
        f"{ML}:WorkspaceConnection",
        **IN_WORKSPACE,
        connectionName="llama",
        properties={"authType": "ApiKey", "category": "Serverless", "target": uri, "credentials": {"key": "k" * 32}},
    )
    return uri


async def managed(stack: Deployed) -> str:
    """A managed endpoint with a deployment; its id."""
    of_endpoint = {**IN_WORKSPACE, "endpointName": "llama-8b"}
    endpoint, _ = await stack.up(
        f"{ML}:OnlineEndpoint", **of_endpoint, identity=IDENTITY, properties={"authMode": "Key"}
    )
    await stack.up(
        f"{ML}:OnlineDeployment",
        **of_endpoint,
        deploymentName="blue",
        sku={"name": "Default", "capacity": 1},
        properties={
            "endpointComputeType": "Managed",
            "instanceType": "Standard_NC24ads_A100_v4",
            "model": "azureml://registries/azureml-meta/models/Meta-Llama-3.1-8B-Instruct/versions/4",
        },
    )
    return endpoint


async def access(stack: Deployed, group: str, endpoint: str, principal: str) -> None:
    """A custom role on the endpoint, and an ARM template."""
    role, _ = await stack.up(
        "authorization:RoleDefinition",
        scope=group,
        roleName="Llama caller",
        roleType="CustomRole",
        assignableScopes=[group],
        permissions=[{"actions": ["Microsoft.MachineLearningServices/*/read"], "notActions": []}],
    )
    await stack.up(
        "authorization:RoleAssignment",
        scope=endpoint,
        principalId=principal,
        principalType="ServicePrincipal",
        roleDefinitionId=role,
    )
    template = {
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "resources": [],
    }
    nothing = {"mode": "Incremental", "template": template}
    await stack.up("resources:Deployment", **GROUP, deploymentName="nothing", properties=nothing)


async def test_a_stack_is_deployed_looked_at_and_taken_down(engine: Engine) -> None:
    stack = Deployed(engine)
    config = await engine.invoke("authorization:getClientConfig")
    assert config["subscriptionId"] == SUBSCRIPTION
    group = await workspace(stack, config["tenantId"])
    uri = await serverless(stack)
    assert uri == "https://llama-33.eastus2.models.ai.azure.com"
    await access(stack, group, await managed(stack), config["objectId"])

    keys = await engine.invoke(f"{ML}:listServerlessEndpointKeys", **IN_WORKSPACE, name="llama-33")
    assert set(keys) == {"primaryKey", "secondaryKey"}
    managed_keys = await engine.invoke(f"{ML}:listOnlineEndpointKeys", **IN_WORKSPACE, endpointName="llama-8b")
    assert set(managed_keys) == set(keys)
    found = await engine.invoke(f"{ML}:getServerlessEndpoint", **IN_WORKSPACE, name="llama-33")
    assert found["properties"]["inferenceEndpoint"]["uri"] == uri

    for pulumi_type, resource_id in reversed(stack.resources):
        await engine.delete(pulumi_type, resource_id)
        if pulumi_type in NOT_GONE:
            with pytest.raises(grpc.aio.AioRpcError, match=NOT_GONE[pulumi_type]):
                await engine.read(pulumi_type, resource_id, {"x": 1})
            continue
        assert (await engine.read(pulumi_type, resource_id, {"x": 1}))[0] == ""


async def test_a_zone_group_empties_its_endpoints_own_list_which_a_refresh_finds(engine: Engine) -> None:
    group = {"resourceGroupName": "net"}
    await deploy(engine, "resources:ResourceGroup", group)
    account, _ = await deploy(
        engine,
        "storage:StorageAccount",
        {**group, "accountName": "netstore", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}},
    )
    space = {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}}
    await deploy(engine, "network:VirtualNetwork", {**group, "virtualNetworkName": "net", **space})
    place = {**group, "virtualNetworkName": "net", "subnetName": "one", "addressPrefix": "10.0.0.0/24"}
    subnet, _ = await deploy(engine, "network:Subnet", place)
    zone, _ = await deploy(
        engine,
        "privatedns:PrivateZone",
        {**group, "privateZoneName": "privatelink.blob.core.windows.net", "location": "global"},
    )
    inputs = {
        **group,
        "privateEndpointName": "blob",
        "location": "eastus2",
        "subnet": {"id": subnet},
        "privateLinkServiceConnections": [{"name": "blob", "groupIds": ["blob"], "privateLinkServiceId": account}],
    }
    endpoint, state = await deploy(engine, "network:PrivateEndpoint", inputs)
    assert state["customDnsConfigs"] == [{"fqdn": "netstore.blob.core.windows.net", "ipAddresses": ["10.0.0.4"]}]
    config = {"name": "blob", "privateDnsZoneId": zone}
    await deploy(
        engine,
        "network:PrivateDnsZoneGroup",
        {**group, "privateEndpointName": "blob", "privateDnsZoneGroupName": "d", "privateDnsZoneConfigs": [config]},
    )
    _, refreshed, _ = await engine.read("network:PrivateEndpoint", endpoint, inputs, state)
    assert refreshed == {**inputs, "customDnsConfigs": []}


async def test_what_the_owner_may_not_delete_in_a_vault(engine: Engine) -> None:
    group = {"resourceGroupName": "vaults"}
    config = await engine.invoke("authorization:getClientConfig")
    await deploy(engine, "resources:ResourceGroup", group)
    vault, _ = await deploy(
        engine,
        "keyvault:Vault",
        {
            **group,
            "vaultName": "kv-owner",
            "properties": {
                "tenantId": config["tenantId"],
                "sku": {"family": "A", "name": "standard"},
                "enableRbacAuthorization": True,
            },
        },
    )
    secret, state = await deploy(
        engine,
        "keyvault:Secret",
        {**group, "vaultName": "kv-owner", "secretName": "llama", "properties": {"value": "hidden-value"}},
    )
    assert "hidden-value" not in str(state)
    with pytest.raises(grpc.aio.AioRpcError, match="ForbiddenByRbac"):
        await engine.delete("keyvault:Secret", secret)
    roles = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions"
    await deploy(
        engine,
        "authorization:RoleAssignment",
        {"scope": vault, "principalId": config["objectId"], "roleDefinitionId": f"{roles}/{SECRETS_OFFICER}"},
    )
    await engine.delete("keyvault:Secret", secret)


async def test_arms_refusals_reach_the_user_in_arms_words(engine: Engine) -> None:
    await engine.create("resources:ResourceGroup", {"resourceGroupName": "other", "location": "eastus2"})
    inputs = {"resourceGroupName": "other", "workspaceName": "none", "name": "x", "properties": {"modelId": MODEL}}
    with pytest.raises(grpc.aio.AioRpcError, match=r'Status=404 Code="\w*NotFound" Message="') as refused:
        await engine.create(f"{ML}:MarketplaceSubscription", inputs)
    assert "Traceback" not in str(refused.value.details())


async def test_unknown_locations_of_groups_to_be_stay_unknown(engine: Engine) -> None:
    await engine.configure()
    inputs, _ = await engine.check("keyvault:Vault", {"resourceGroupName": UNKNOWN})
    assert inputs["location"] is UNKNOWN
