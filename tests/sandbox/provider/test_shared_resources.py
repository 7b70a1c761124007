"""Resources that others write to as well: vaults with their objects, networks with their subnets."""

from __future__ import annotations

import grpc
import httpx
import jwt
import pytest

from tests.sandbox.provider.fake_azure import error
from tests.sandbox.provider.harness import Rig

pytestmark = pytest.mark.anyio


async def test_a_vault_keeps_policies_that_others_gave_it(rig: Rig) -> None:
    vault = {
        "resourceGroupName": "rg",
        "vaultName": "kv1",
        "location": "eastus2",
        "properties": {"tenantId": "t", "sku": {"family": "A", "name": "standard"}, "createMode": "default"},
    }
    resource_id, state = await rig.engine.create("keyvault:Vault", vault)
    assert rig.azure.puts()[0].body["properties"]["accessPolicies"] == []
    policy = {"objectId": "o", "tenantId": "t", "permissions": {"keys": ["get"]}}
    rig.azure.resources[resource_id.lower()]["properties"]["accessPolicies"] = [policy]
    _, inputs, state = await rig.engine.read("keyvault:Vault", resource_id, vault, state)
    assert inputs == vault
    assert state["properties"]["accessPolicies"] == [policy]
    await rig.engine.update("keyvault:Vault", resource_id, {**vault, "tags": {"a": "b"}}, state)
    assert rig.azure.puts()[1].body["properties"]["accessPolicies"] == [policy]


async def test_a_network_keeps_subnets_that_are_resources_of_their_own(rig: Rig) -> None:
    network = {
        "resourceGroupName": "rg",
        "virtualNetworkName": "vnet",
        "location": "eastus2",
        "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
    }
    resource_id, state = await rig.engine.create("network:VirtualNetwork", network)
    assert rig.azure.puts()[0].body["properties"]["subnets"] == []
    subnet = {"name": "one", "id": f"{resource_id}/subnets/one", "properties": {"addressPrefix": "10.0.0.0/24"}}
    rig.azure.resources[resource_id.lower()]["properties"]["subnets"] = [subnet]
    _, inputs, state = await rig.engine.read("network:VirtualNetwork", resource_id, network, state)
    assert inputs == network
    assert [each["addressPrefix"] for each in state["subnets"]] == ["10.0.0.0/24"]
    await rig.engine.update("network:VirtualNetwork", resource_id, {**network, "tags": {"a": "b"}}, state)
    assert rig.azure.puts()[1].body["properties"]["subnets"] == [subnet]


@pytest.mark.parametrize(("kind", "collection"), [("Secret", "secrets"), ("Key", "keys")])
async def test_what_lies_in_a_vault_is_deleted_at_the_vaults_own_host(rig: Rig, kind: str, collection: str) -> None:
    inputs = {"resourceGroupName": "rg", "vaultName": "kv1", f"{kind.lower()}Name": "x", "properties": {}}
    resource_id, _ = await rig.engine.create(f"keyvault:{kind}", inputs)
    await rig.engine.delete(f"keyvault:{kind}", resource_id)
    last = rig.azure.requests[-1]
    assert (last.method, last.path, last.host) == ("DELETE", f"/{collection}/x", "kv1.vault.azure.net")
    assert jwt.decode(last.token, options={"verify_signature": False})["scope"] == "https://vault.azure.net/.default"
    rig.azure.refusals.append(
        ("DELETE", "/x", error(403, "Forbidden", "not yours", innererror={"code": "ForbiddenByRbac"}))
    )
    with pytest.raises(grpc.aio.AioRpcError) as failed:
        await rig.engine.delete(f"keyvault:{kind}", resource_id)
    message = str(failed.value.details())
    assert message.startswith(f"DELETE https://kv1.vault.azure.net/{collection}/x\n-----")
    assert "RESPONSE 403: 403 Forbidden\nERROR CODE: Forbidden\n" in message
    assert "ForbiddenByRbac" in message


@pytest.mark.parametrize(("kind", "collection"), [("Secret", "secrets"), ("Key", "keys")])
async def test_what_is_soft_deleted_in_a_vault_is_recovered_and_not_read_again(
    rig: Rig, kind: str, collection: str
) -> None:
    taken = error(409, "Conflict", "deleted but recoverable")
    path = f"/deleted{collection}/x"
    rig.azure.refusals += [
        ("PUT", "/x", taken),
        ("GET", path, httpx.Response(200, json={"recoveryId": "r"})),
        ("POST", f"{path}/recover", httpx.Response(200, json={})),
    ]
    inputs = {"resourceGroupName": "rg", "vaultName": "kv1", f"{kind.lower()}Name": "x", "properties": {}}
    await rig.engine.create(f"keyvault:{kind}", inputs)
    assert [request.method for request in rig.azure.requests] == ["GET", "PUT", "GET", "POST", "PUT"]
    assert rig.azure.requests[3].host == "kv1.vault.azure.net"


async def test_a_conflict_in_a_vault_that_no_recovery_ends_is_reported(rig: Rig) -> None:
    rig.azure.refusals += [("PUT", "/x", error(409, "Conflict", "no")) for _ in range(7)]
    inputs = {"resourceGroupName": "rg", "vaultName": "kv1", "secretName": "x", "properties": {}}
    with pytest.raises(grpc.aio.AioRpcError, match='Status=409 Code="Conflict" Message="no"'):
        await rig.engine.create("keyvault:Secret", inputs)
    assert len(rig.azure.puts()) == 6
