"""Registries, Azure AI services and blob containers."""

from __future__ import annotations

from typing import Any

import pytest

from azure_llama_sandbox.conditions import Conditions
from tests.sandbox.arm.around import (
    CONTAINER,
    REGISTRY,
    SAFETY,
    registry_body,
    safety_body,
)
from tests.sandbox.arm.harness import GROUP, STORAGE, SUB, Azure, account_body

DELETED = (
    f"{SUB}/providers/Microsoft.CognitiveServices/locations/eastus2/resourceGroups/llama/deletedAccounts/llama-safety"
)


@pytest.fixture
def group(azure: Azure) -> Azure:
    return azure.with_group()


# -- registries ----------------------------------------------------------------------------------------------------


def test_a_registry(group: Azure) -> None:
    made = group.put(REGISTRY, registry_body())["properties"]
    assert made["loginServer"] == "llamaregistry.azurecr.io"
    assert made["policies"]["exportPolicy"] == {"status": "enabled"}
    refusal = group.refused("POST", f"{REGISTRY}/listCredentials")
    assert (refusal.status, refusal.code) == (400, "UnAuthorizedForCredentialOperations")
    answer = group.call("PATCH", REGISTRY, {"properties": {"adminUserEnabled": True}, "sku": {"name": "premium"}})
    assert answer.status_code == 200
    group.wait(answer)
    assert group.get(REGISTRY)["sku"] == {"name": "Premium", "tier": "Premium"}
    passwords = group.call("POST", f"{REGISTRY}/listCredentials").json()["passwords"]
    assert [each["name"] for each in passwords] == ["password", "password2"]
    assert passwords[0]["value"] not in str(group.get(REGISTRY))


def test_registry_names_are_taken_in_the_whole_cloud(group: Azure) -> None:
    group.put(REGISTRY, registry_body())
    other = f"{SUB}/resourceGroups/other"
    group.put(other, {"location": "eastus2"})
    taken = REGISTRY.replace(GROUP, other).replace("llamaregistry", "LlamaRegistry")
    refusal = group.refused("PUT", taken, registry_body())
    assert (refusal.status, refusal.code) == (409, "AlreadyInUse")
    check = f"{SUB}/providers/Microsoft.ContainerRegistry/checkNameAvailability"
    reasons = [group.call("POST", check, {"name": name}).json() for name in ("llamaregistry", "no", "freename")]
    assert [each.get("reason") for each in reasons] == ["AlreadyExists", "Invalid", None]


def test_names_that_somebody_else_holds(azure: Azure) -> None:
    taken = {"names": {"taken": ["llamaregistry.azurecr.io", "llama-safety.cognitiveservices.azure.com"]}}
    conditions = Conditions.model_validate(taken)
    object.__setattr__(azure.world, "conditions", lambda: conditions)
    azure.with_group()
    assert azure.refused("PUT", REGISTRY, registry_body()).code == "AlreadyInUse"
    assert azure.refused("PUT", SAFETY, safety_body()).code == "CustomDomainInUse"


@pytest.mark.parametrize(
    "properties",
    [
        {"publicNetworkAccess": "Disabled"},
        {"networkRuleSet": {"defaultAction": "Deny"}},
        {"zoneRedundancy": "Enabled"},
        {"dataEndpointEnabled": True},
        {"encryption": {"status": "enabled"}},
    ],
)
def test_what_only_premium_has(group: Azure, properties: dict[str, Any]) -> None:
    refusal = group.refused("PUT", REGISTRY, registry_body("Standard", **properties))
    assert (refusal.status, refusal.code) == (400, "SkuNotSupported")
    group.put(REGISTRY, registry_body("Premium", **properties))
    answer = group.refused("PATCH", REGISTRY, {"sku": {"name": "Basic"}})
    assert answer.code == "SkuNotSupported"


# -- Azure AI services ---------------------------------------------------------------------------------------------


def test_an_account_has_its_own_host_and_keys(group: Azure) -> None:
    made = group.put(SAFETY, safety_body())["properties"]
    assert made["endpoint"] == "https://llama-safety.cognitiveservices.azure.com/"
    before = group.call("POST", f"{SAFETY}/listKeys").json()
    assert set(before) == {"key1", "key2"}
    assert before["key1"] not in str(group.get(SAFETY))
    after = group.call("POST", f"{SAFETY}/regenerateKey", {"keyName": "Key1"}).json()
    assert after["key1"] != before["key1"]
    assert group.refused("POST", f"{SAFETY}/regenerateKey", {"keyName": "Key3"}).status == 400
    group.wait(group.call("PATCH", SAFETY, {"properties": {"disableLocalAuth": True}}))
    for action, body in (("listKeys", None), ("regenerateKey", {"keyName": "Key1"})):
        assert "disableLocalAuth" in group.refused("POST", f"{SAFETY}/{action}", body).message


def test_without_a_subdomain_the_host_is_the_regions(group: Azure) -> None:
    made = group.put(SAFETY, safety_body(customSubDomainName="x") | {"properties": {}})["properties"]
    assert made["endpoint"] == "https://eastus2.api.cognitive.microsoft.com/"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kind": "Magic"}, "InvalidApiSetId"),
        ({"kind": None}, "InvalidApiSetId"),
        ({"sku": {"name": "S9"}}, "InvalidSkuId"),
        ({"sku": {"name": "S0", "tier": 1}}, "InvalidRequestContent"),
        ({"properties": {"customSubDomainName": "-"}}, "BadRequest"),
    ],
)
def test_accounts_are_refused(group: Azure, change: dict[str, Any], code: str) -> None:
    refusal = group.refused("PUT", SAFETY, safety_body() | change)
    assert (refusal.status, refusal.code) == (400, code)


def test_a_subdomain_is_taken_once_and_for_all(group: Azure) -> None:
    group.put(SAFETY, safety_body())
    second = f"{SAFETY}-2"
    refusal = group.refused("PUT", second, safety_body())
    assert (refusal.status, refusal.code) == (409, "CustomDomainInUse")
    assert group.refused("PUT", SAFETY, safety_body(customSubDomainName="other")).status == 400
    assert group.refused("PATCH", SAFETY, {"properties": {"customSubDomainName": "other"}}).status == 400
    group.delete(SAFETY)
    assert group.refused("PUT", second, safety_body()).code == "CustomDomainInUse"


def test_a_deleted_account_is_restored_or_purged(group: Azure) -> None:
    before = group.put(SAFETY, safety_body())["properties"]["internalId"]
    group.delete(SAFETY)
    refusal = group.refused("PUT", SAFETY, safety_body())
    assert (refusal.status, refusal.code) == (409, "FlagMustBeSetForRestore")
    assert [each["name"] for each in group.get(f"{SUB}/providers/Microsoft.CognitiveServices/deletedAccounts")["value"]]
    assert "scheduledPurgeDate" in group.get(DELETED)["properties"]
    made = group.put(SAFETY, safety_body(restore=True))["properties"]
    assert made["internalId"] == before
    assert "restore" not in made
    assert group.refused("GET", DELETED).code == "DeletedAccountNotFound"
    group.delete(SAFETY)
    answer = group.call("DELETE", DELETED)
    assert answer.status_code == 202
    assert group.wait(answer).json()["status"] == "Succeeded"
    assert group.put(SAFETY, safety_body())["properties"]["internalId"] != before


# -- blob containers -----------------------------------------------------------------------------------------------


@pytest.fixture
def stored(group: Azure) -> Azure:
    group.put(STORAGE, account_body())
    return group


def test_containers_lie_in_the_blob_service_that_comes_with_the_account(stored: Azure) -> None:
    service = CONTAINER.split("/containers/")[0]
    assert stored.get(service)["name"] == "default"
    assert stored.refused("GET", service.replace("default", "other")).status == 404
    made = stored.put(CONTAINER, {"properties": {}})["properties"]
    assert (made["publicAccess"], made["leaseState"]) == ("None", "Available")
    changed = stored.call("PATCH", CONTAINER, {"properties": {"metadata": {"a": "b"}}}).json()
    assert changed["properties"]["metadata"] == {"a": "b"}
    stored.delete(STORAGE)
    assert stored.refused("GET", CONTAINER).code == "ParentResourceNotFound"


def test_public_containers_need_an_account_that_allows_them(stored: Azure) -> None:
    public = {"properties": {"publicAccess": "Blob"}}
    assert stored.refused("PUT", CONTAINER, public).code == "PublicAccessNotPermitted"
    stored.put(CONTAINER, {})
    assert stored.refused("PATCH", CONTAINER, public).code == "PublicAccessNotPermitted"
    stored.put(STORAGE, account_body() | {"properties": {"allowBlobPublicAccess": True}})
    assert stored.put(CONTAINER, public)["properties"]["publicAccess"] == "Blob"


@pytest.mark.parametrize("name", ["ab", "Upper", "a--b", "-a-", "a" * 64])
def test_container_names(stored: Azure, name: str) -> None:
    refusal = stored.refused("PUT", CONTAINER.replace("model-data", name), {})
    assert (refusal.status, refusal.code) == (400, "ContainerNameInvalid")
