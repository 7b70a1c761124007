"""Storage accounts, Log Analytics and Application Insights."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.arm.harness import GROUP, INSIGHTS, LOGS, STORAGE, SUB, Azure, account_body


def test_a_storage_account(azure: Azure) -> None:
    azure.with_group()
    body = account_body() | {"properties": {"minimumTlsVersion": "TLS1_2", "isNfsV3Enabled": False}}
    answer = azure.call("PUT", STORAGE, body)
    assert answer.status_code == 202
    assert not answer.content
    assert azure.get(STORAGE)["properties"]["provisioningState"] == "Creating"
    assert azure.wait(answer).json()["properties"]["provisioningState"] == "Succeeded"
    account = azure.get(STORAGE)
    assert account["sku"] == {"name": "Standard_LRS", "tier": "Standard"}
    assert account["properties"]["minimumTlsVersion"] == "TLS1_2"
    assert account["properties"]["primaryEndpoints"]["blob"] == "https://llamastore.blob.core.windows.net/"
    assert azure.call("PUT", STORAGE, body).status_code == 200
    patched = azure.call("PATCH", STORAGE, {"properties": {"allowSharedKeyAccess": False}}).json()
    assert patched["properties"]["allowSharedKeyAccess"] is False
    assert patched["properties"]["minimumTlsVersion"] == "TLS1_2"
    assert azure.call("DELETE", STORAGE).status_code == 200
    assert azure.call("DELETE", STORAGE).status_code == 204


def test_storage_keys(azure: Azure) -> None:
    azure.with_group()
    azure.put(STORAGE, account_body())
    before = azure.call("POST", f"{STORAGE}/listKeys").json()["keys"]
    assert [each["keyName"] for each in before] == ["key1", "key2"]
    after = azure.call("POST", f"{STORAGE}/regenerateKey", {"keyName": "key1"}).json()["keys"]
    assert after[0]["value"] != before[0]["value"]
    assert after[1] == before[1]
    assert before[1]["value"] not in str(azure.get(STORAGE))
    assert azure.refused("POST", f"{STORAGE}/regenerateKey", {"keyName": "key3"}).status == 400


def test_storage_names_are_taken_in_the_whole_cloud(azure: Azure) -> None:
    azure.with_group()
    azure.put(STORAGE, account_body())
    other = f"{SUB}/resourceGroups/other"
    azure.put(other, {"location": "westus3"})
    taken = f"{other}/providers/Microsoft.Storage/storageAccounts/llamastore"
    refusal = azure.refused("PUT", taken, account_body("westus3"))
    assert (refusal.status, refusal.code) == (409, "StorageAccountAlreadyTaken")
    check = f"{SUB}/providers/Microsoft.Storage/checkNameAvailability"
    asked = {"name": "llamastore", "type": "Microsoft.Storage/storageAccounts"}
    assert azure.call("POST", check, asked).json()["reason"] == "AlreadyExists"
    assert azure.call("POST", check, asked | {"name": "Bad"}).json()["reason"] == "AccountNameInvalid"
    assert azure.call("POST", check, asked | {"name": "free"}).json() == {"nameAvailable": True}


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        (STORAGE.replace("llamastore", "Llama-Store"), account_body(), "AccountNameInvalid"),
        (STORAGE, account_body() | {"kind": "StorageV9"}, "BadRequest"),
        (STORAGE, account_body() | {"sku": {"name": "Cheap"}}, "BadRequest"),
        (STORAGE, account_body() | {"sku": {"name": "Standard_LRS", "tier": "Standard"}}, "InvalidRequestContent"),
        (STORAGE, account_body("nowhere"), "LocationNotAvailableForResourceType"),
        (LOGS, {"location": "eastus2", "properties": {"retentionInDays": 1}}, "BadRequest"),
        (LOGS, {"properties": {}}, "InvalidRequestContent"),
        (INSIGHTS, {"location": "eastus2", "kind": "web", "properties": {"Application_Type": "ios"}}, "BadRequest"),
        (
            INSIGHTS,
            {
                "location": "eastus2",
                "kind": "web",
                "properties": {"Application_Type": "web", "WorkspaceResourceId": LOGS},
            },
            "BadRequest",
        ),
    ],
)
def test_refusals(azure: Azure, path: str, body: dict[str, Any], code: str) -> None:
    azure.with_group()
    refusal = azure.refused("PUT", path, body)
    assert (refusal.status, refusal.code) == (400, code)


def test_a_broken_body_names_every_path(azure: Azure) -> None:
    azure.with_group()
    body = account_body() | {"properties": {"isHnsEnabled": "no", "colour": "blue"}}
    refusal = azure.refused("PUT", STORAGE, body)
    assert {each["target"] for each in refusal.error["details"]} == {"properties.isHnsEnabled", "properties.colour"}
    assert "'properties.colour' is not a property of this object" in refusal.message


def test_logs_and_insights(azure: Azure) -> None:
    azure.with_group()
    answer = azure.call("PUT", LOGS, {"location": "eastus2", "properties": {"sku": {"name": "PerGB2018"}}})
    assert answer.status_code == 201
    assert answer.json()["properties"]["provisioningState"] == "Creating"
    azure.wait(answer)
    logs = azure.get(LOGS)
    assert logs["properties"]["retentionInDays"] == 30
    keys = azure.call("POST", f"{LOGS}/sharedKeys").json()
    assert set(keys) == {"primarySharedKey", "secondarySharedKey"}
    properties = {"Application_Type": "web", "WorkspaceResourceId": LOGS}
    body = {"location": "eastus2", "kind": "web", "properties": properties}
    assert azure.call("PUT", INSIGHTS, body).status_code == 200
    made = azure.get(INSIGHTS)["properties"]
    assert made["InstrumentationKey"] in made["ConnectionString"]
    assert azure.call("PUT", INSIGHTS, body).json()["properties"]["InstrumentationKey"] == made["InstrumentationKey"]
    azure.put(LOGS, {"location": "eastus2", "properties": {"retentionInDays": 60}})
    assert azure.get(LOGS)["properties"]["customerId"] == logs["properties"]["customerId"]
    azure.delete(INSIGHTS)
    azure.delete(LOGS)
    assert azure.get(f"{GROUP}/resources")["value"] == []
