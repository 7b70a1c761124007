"""Hubs, projects, workspaces of their own, and soft delete."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.arm.harness import (
    GROUP,
    HUB,
    INSIGHTS,
    ML,
    PROJECT,
    STORAGE,
    VAULT,
    Azure,
    account_body,
    hub_body,
    project_body,
    vault_body,
)


@pytest.fixture
def parts(azure: Azure) -> Azure:
    """A group with what a workspace depends on."""
    azure.with_group()
    azure.put(STORAGE, account_body())
    azure.put(VAULT, vault_body())
    return azure


def test_creation_is_accepted_and_the_result_is_at_the_location(parts: Azure) -> None:
    answer = parts.call("PUT", HUB, hub_body())
    assert (answer.status_code, answer.content) == (202, b"")
    creating = parts.get(HUB)
    assert creating["properties"]["provisioningState"] == "Creating"
    assert parts.wait(answer).json()["status"] == "Succeeded"
    assert parts.get(answer.headers["Location"])["properties"]["provisioningState"] == "Succeeded"


def test_hub_and_project(hub: Azure) -> None:
    made, project = hub.get(HUB), hub.get(PROJECT)
    assert (made["kind"], project["kind"]) == ("Hub", "Project")
    assert made["properties"]["associatedWorkspaces"] == [PROJECT]
    assert project["properties"]["hubResourceId"] == HUB
    assert project["properties"]["storageAccount"] == STORAGE
    assert project["properties"]["workspaceId"]
    assert project["properties"]["discoveryUrl"] == "https://eastus2.api.azureml.ms/discovery"
    assert project["properties"]["mlFlowTrackingUri"].endswith(PROJECT)
    assert project["identity"]["principalId"]
    assert project["systemData"]["createdBy"] == "owner-client"
    keys = hub.call("POST", f"{HUB}/listKeys").json()
    assert keys["userStorageArmId"] == STORAGE
    assert {each["id"] for each in hub.get(ML)["value"]} == {HUB, PROJECT}


def test_a_workspace_of_its_own(parts: Azure) -> None:
    parts.put(INSIGHTS, {"location": "eastus2", "kind": "web", "properties": {"Application_Type": "web"}})
    body = hub_body(applicationInsights=INSIGHTS)
    del body["kind"]
    made = parts.put(f"{ML}/plain", body)
    assert made["kind"] == "Default"
    assert parts.call("POST", f"{ML}/plain/listKeys").json()["appInsightsInstrumentationKey"]


def test_an_update_keeps_what_the_service_gave(hub: Azure) -> None:
    before = hub.get(HUB)
    after = hub.put(HUB, hub_body(friendlyName="Ours") | {"tags": {"a": "b"}})
    assert after["properties"]["friendlyName"] == "Ours"
    assert after["properties"]["workspaceId"] == before["properties"]["workspaceId"]
    assert after["identity"] == before["identity"]
    answer = hub.call("PATCH", HUB, {"tags": {"c": "d"}, "properties": {"description": "hub"}})
    assert answer.status_code == 202
    hub.wait(answer)
    assert hub.get(HUB)["tags"] == {"c": "d"}
    assert hub.get(HUB)["properties"]["description"] == "hub"


def without(body: dict[str, Any], *path: str) -> dict[str, Any]:
    inner = body
    for key in path[:-1]:
        inner = inner[key]
    del inner[path[-1]]
    return body


@pytest.mark.parametrize(
    ("body", "target"),
    [
        (without(hub_body(), "location"), "location"),
        (without(hub_body(), "identity"), "identity"),
        (hub_body() | {"identity": {"type": "None"}}, "identity"),
        (hub_body() | {"identity": {"type": "Mine"}}, "identity.type"),
        (hub_body() | {"kind": "Lobby"}, "kind"),
        (without(hub_body(), "properties", "storageAccount"), "properties.storageAccount"),
        (without(hub_body(), "properties", "keyVault"), "properties.keyVault"),
        (hub_body(keyVault=VAULT + "x"), "properties.keyVault"),
        (hub_body(storageAccount=VAULT), "properties.storageAccount"),
        (hub_body(applicationInsights=INSIGHTS), "properties.applicationInsights"),
        (hub_body(publicNetworkAccess="Maybe"), "properties.publicNetworkAccess"),
        (hub_body(managedNetwork={"isolationMode": "Some"}), "properties.managedNetwork.isolationMode"),
        (hub_body(managedNetwork={"outboundRules": {"a": {"type": "X"}}}), "properties.managedNetwork.outboundRules.a"),
        (without(project_body(), "properties", "hubResourceId"), "properties.hubResourceId"),
        (project_body(hubResourceId=STORAGE), "properties.hubResourceId"),
    ],
)
def test_refusals(parts: Azure, body: dict[str, Any], target: str) -> None:
    refusal = parts.refused("PUT", f"{ML}/other", body)
    assert (refusal.status, refusal.code, refusal.error["target"]) == (400, "UserError", target)
    assert {each["type"] for each in refusal.error["additionalInfo"]} == {
        "ComponentName",
        "Correlation",
        "Environment",
        "Location",
        "Time",
        "InnerError",
    }


def test_an_empty_id_is_a_server_error(parts: Azure) -> None:
    refusal = parts.refused("PUT", HUB, hub_body(keyVault=""))
    assert (refusal.status, refusal.code) == (500, "InternalServerError")


@pytest.mark.parametrize("name", ["ab", "a" * 34, "-abc", "a.b.c"])
def test_names(parts: Azure, name: str) -> None:
    assert parts.refused("PUT", f"{ML}/{name}", hub_body()).error["target"] == "name"


def test_a_hub_elsewhere_or_unfinished_takes_no_project(parts: Azure) -> None:
    answer = parts.call("PUT", HUB, hub_body())
    assert parts.refused("PUT", PROJECT, project_body()).inner == ["ResourceNotReady"]
    parts.wait(answer)
    assert parts.refused("PUT", PROJECT, project_body("westus3")).inner == ["ResourceNotReady"]


@pytest.mark.parametrize(
    ("change", "target"),
    [
        ({"kind": "Default"}, "kind"),
        (
            {"properties": {"storageAccount": STORAGE, "keyVault": VAULT.replace("llama", "other")}},
            "properties.keyVault",
        ),
    ],
)
def test_what_cannot_change(hub: Azure, change: dict[str, Any], target: str) -> None:
    assert hub.refused("PUT", HUB, hub_body() | change).error["target"] == target


def test_what_cannot_be_patched(hub: Azure) -> None:
    assert hub.refused("PATCH", HUB, {"kind": "Default"}).error["target"] == "kind"
    refusal = hub.refused("PATCH", PROJECT, {"properties": {"hubResourceId": PROJECT}})
    assert refusal.error["target"] == "properties.hubResourceId"
    assert hub.refused("PATCH", HUB, {"properties": {"colour": "blue"}}).error["target"] == "properties.colour"
    assert hub.refused("PATCH", f"{ML}/none", {"tags": {}}).code == "ResourceNotFound"


def test_a_hub_with_projects_and_a_project_with_endpoints_stay(hub: Azure) -> None:
    refusal = hub.refused("DELETE", HUB)
    assert refusal.status == 409
    assert PROJECT in refusal.message
    endpoint = hub.endpoint()
    assert endpoint in hub.refused("DELETE", PROJECT).message
    hub.delete(endpoint)
    hub.delete(PROJECT)
    hub.delete(HUB)


def test_a_deleted_name_is_blocked_until_it_is_purged(hub: Azure) -> None:
    hub.delete(PROJECT)
    refusal = hub.refused("PUT", PROJECT, project_body())
    assert refusal.status == 409
    assert refusal.message.startswith("Soft-deleted workspace exists. Please purge or recover it")
    assert hub.call("DELETE", PROJECT).status_code == 204
    assert hub.refused("PUT", PROJECT, project_body()).status == 409
    answer = hub.call("DELETE", PROJECT, forceToPurge="true")
    assert answer.status_code == 202
    assert hub.refused("PUT", PROJECT, project_body()).status == 409
    assert hub.wait(answer).json()["status"] == "Succeeded"
    result = hub.call("GET", answer.headers["Location"])
    assert (result.status_code, result.content) == (200, b"")
    hub.put(PROJECT, project_body())


def test_a_workspace_can_be_purged_as_it_is_deleted(hub: Azure) -> None:
    hub.delete(PROJECT, forceToPurge="True")
    assert hub.store.soft_deleted() == []
    hub.put(PROJECT, project_body())


def test_the_name_stays_blocked_though_the_group_is_new(hub: Azure) -> None:
    hub.delete(GROUP)
    hub.with_group()
    hub.put(STORAGE, account_body())
    assert hub.refused("PUT", VAULT, vault_body()).code == "ConflictError"
    hub.put(VAULT, vault_body(createMode="recover"))
    assert hub.refused("PUT", HUB, hub_body()).message.startswith("Soft-deleted workspace exists")


def test_connections_keep_their_credentials_to_themselves(hub: Azure) -> None:
    path = f"{PROJECT}/connections/llama-key"
    properties = {
        "authType": "ApiKey",
        "category": "Serverless",
        "target": "https://x.eastus2.models.ai.azure.com",
        "credentials": {"key": "hidden"},
    }
    answer = hub.call("PUT", path, {"properties": properties})
    assert answer.status_code in (200, 201)
    assert "hidden" not in answer.text + hub.call("GET", path).text
    secrets = hub.call("POST", f"{path}/listsecrets").json()
    assert secrets["properties"]["credentials"] == {"key": "hidden"}
    custom = {"authType": "CustomKeys", "credentials": {"keys": {"a": "b"}}}
    hub.put(f"{PROJECT}/connections/custom", {"properties": custom})
    read = hub.call("POST", f"{PROJECT}/connections/custom/listsecrets").json()["properties"]["credentials"]
    assert read == {"keys": {"a": "b"}}
    assert hub.call("DELETE", path).status_code == 200
    assert hub.call("DELETE", path).status_code == 204


@pytest.mark.parametrize(
    ("properties", "target"),
    [
        ({"authType": "Magic"}, "properties.authType"),
        ({"authType": "ApiKey", "credentials": {"password": "x"}}, "properties.credentials.password"),
        ({"authType": "ApiKey", "credentials": {"key": 1}}, "properties.credentials"),
        ({}, "properties.authType"),
    ],
)
def test_connections_refused(hub: Azure, properties: dict[str, Any], target: str) -> None:
    refusal = hub.refused("PUT", f"{PROJECT}/connections/bad", {"properties": properties})
    assert (refusal.code, refusal.error["target"]) == ("UserError", target)


def test_what_azure_ai_ml_writes(parts: Azure) -> None:
    """Truth values as texts, texts without content, and an encryption that is disabled."""
    properties: dict[str, Any] = {
        "hbiWorkspace": "false",
        "provisionNetworkNow": "False",
        "imageBuildCompute": "",
        "primaryUserAssignedIdentity": "",
        "systemDatastoresAuthMode": "",
        "softDeleteEnabled": "false",
        "encryption": {"status": "Disabled", "keyVaultProperties": {"keyVaultArmId": "", "keyIdentifier": ""}},
        "containerRegistry": None,
    }
    body = hub_body(**properties) | {"kind": "default"}
    assert parts.refused("PUT", HUB, body).status == 400
    answer = parts.call("PUT", HUB, body, version="2023-08-01-preview")
    assert answer.status_code == 202, answer.text
    parts.wait(answer)
    made = parts.get(HUB)
    assert made["kind"] == "Default"
    assert made["properties"]["hbiWorkspace"] is False
    assert made["properties"]["systemDatastoresAuthMode"] == "accesskey"
    assert "encryption" not in made["properties"]
