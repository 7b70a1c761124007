"""What brings Azure into the states of the cases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.azure_llama.preflight.harness import SUB, Cloud
from tests.sandbox.arm.harness import (
    HUB,
    ML,
    OWNER,
    PROJECT,
    STORAGE,
    VAULT,
    account_body,
    hub_body,
    project_body,
    vault_body,
)

A100 = "Standard NCADSA100v4 Family Cluster Dedicated vCPUs"
REGIONAL = "Total Cluster Dedicated Regional vCPUs"
Do = Callable[[Cloud], Any]


def unregister(namespace: str) -> Do:
    return lambda cloud: cloud.azure.call("POST", f"{SUB}/providers/{namespace}/unregister")


def register(namespace: str) -> Do:
    return lambda cloud: cloud.azure.call("POST", f"{SUB}/providers/{namespace}/register")


def other_workspace(cloud: Cloud) -> str:
    """A workspace of another team in the same region."""
    azure = cloud.azure
    azure.with_group()
    azure.put(f"{STORAGE}2", account_body())
    azure.put(f"{VAULT}2", vault_body())
    properties = {"storageAccount": f"{STORAGE}2", "keyVault": f"{VAULT}2"}
    azure.put(f"{ML}/other-hub", hub_body(**properties))
    azure.put(f"{ML}/other", project_body(hubResourceId=f"{ML}/other-hub"))
    return f"{ML}/other"


def takes_the_name(cloud: Cloud) -> None:
    body = {"location": "eastus2", "identity": {"type": "SystemAssigned"}, "properties": {"authMode": "Key"}}
    cloud.azure.put(f"{other_workspace(cloud)}/onlineEndpoints/llama-8b", body)


def deploys_the_model(cloud: Cloud) -> None:
    cloud.azure.with_hub()
    cloud.azure.subscribe(name="Llama-3-3-70B-Instruct")
    cloud.azure.serverless("older")


def deletes(*ids: str) -> Do:
    def delete(cloud: Cloud) -> None:
        cloud.azure.with_hub()
        for id_ in (PROJECT, HUB, VAULT, STORAGE):
            cloud.azure.delete(id_, **({} if id_ in (*ids, STORAGE, VAULT) else {"forceToPurge": "true"}))
        if VAULT not in ids:
            purge_vault(cloud)

    return delete


def purge_vault(cloud: Cloud) -> None:
    path = f"{SUB}/providers/Microsoft.KeyVault/locations/eastus2/deletedVaults/llama-vault/purge"
    cloud.azure.wait(cloud.azure.call("POST", path))


def many_endpoints(cloud: Cloud) -> None:
    workspace = other_workspace(cloud)
    body = {"location": "eastus2", "identity": {"type": "SystemAssigned"}, "properties": {"authMode": "Key"}}
    for number in range(99):
        cloud.azure.call("PUT", f"{workspace}/onlineEndpoints/other-{number}", body)
    cloud.azure.clock.move(3600)


def suspended(cloud: Cloud) -> None:
    cloud.azure.with_hub()
    cloud.azure.subscribe(name="Llama-3-3-70B-Instruct")
    store = cloud.azure.store
    resource = store.get(f"{PROJECT}/marketplaceSubscriptions/Llama-3-3-70B-Instruct")
    assert resource is not None
    resource.properties["marketplaceSubscriptionStatus"] = "Suspended"
    store.put(resource)


def subscribed(cloud: Cloud) -> None:
    store = cloud.azure.store
    resource = store.get(f"{PROJECT}/marketplaceSubscriptions/Llama-3-3-70B-Instruct")
    assert resource is not None
    resource.properties["marketplaceSubscriptionStatus"] = "Subscribed"
    store.put(resource)


def conditions(**given: Any) -> Do:
    return lambda cloud: cloud.conditions(**given)


SIZE = "Standard_NC24ads_A100_v4"


def secrets_officer(cloud: Cloud) -> None:
    """Give the owner a role for the data of the vault."""
    role = f"{SUB}/providers/Microsoft.Authorization/roleDefinitions/b86a8fe4-44ce-4948-aee5-eccb2c155cd7"
    path = f"{VAULT}/providers/Microsoft.Authorization/roleAssignments/11111111-0000-4000-8000-000000000001"
    body = {"properties": {"roleDefinitionId": role, "principalId": OWNER.object_id}}
    cloud.azure.put(path, body, version="2022-04-01")
