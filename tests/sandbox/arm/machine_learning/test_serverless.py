"""Marketplace subscriptions and serverless endpoints."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.arm.harness import HUB, ML, MODEL, PROJECT, Azure, hub_body, serverless_body

REGISTRY = "azureml://registries/azureml-meta/models"
ENDPOINT = f"{PROJECT}/serverlessEndpoints/llama-33-70b"
SUBSCRIPTION = f"{PROJECT}/marketplaceSubscriptions/llama-sub"
RETIRED = f"{REGISTRY}/Meta-Llama-3.1-8B-Instruct"


def test_both_are_created_with_201_and_a_status_address(hub: Azure) -> None:
    first = hub.call("PUT", SUBSCRIPTION, {"properties": {"modelId": MODEL}})
    assert first.status_code == 201
    assert first.json()["properties"]["marketplaceSubscriptionStatus"] == "Unsubscribed"
    address = first.headers["Azure-AsyncOperation"]
    assert "/providers/Microsoft.MachineLearningServices/locations/eastus2/mfeOperationsStatus/" in address
    assert first.headers["x-ms-async-operation-timeout"].startswith("PT")
    hub.wait(first)
    second = hub.call("PUT", ENDPOINT, serverless_body())
    assert second.status_code == 201
    assert second.json()["properties"]["endpointState"] == "Creating"
    assert "inferenceEndpoint" not in second.json()["properties"]
    hub.wait(second)
    assert hub.call("PUT", ENDPOINT, serverless_body()).status_code == 200
    assert [each["id"] for each in hub.get(f"{PROJECT}/serverlessEndpoints")["value"]] == [ENDPOINT]
    assert [each["id"] for each in hub.get(f"{PROJECT}/marketplaceSubscriptions")["value"]] == [SUBSCRIPTION]


def test_deleting_is_accepted_and_deleting_nothing_is_204(hub: Azure) -> None:
    hub.subscribe()
    hub.serverless()
    for path in (ENDPOINT, SUBSCRIPTION):
        answer = hub.call("DELETE", path)
        assert answer.status_code == 202
        assert hub.get(path)["properties"]["provisioningState"] == "Deleting"
        assert hub.wait(answer).json()["status"] == "Succeeded"
        assert hub.call("DELETE", path).status_code == 204


def test_a_subscription_comes_first(hub: Azure) -> None:
    refusal = hub.refused("PUT", ENDPOINT, serverless_body())
    assert (refusal.code, refusal.inner) == ("UserError", ["MarketplaceSubscriptionNotFound"])
    running = hub.call("PUT", SUBSCRIPTION, {"properties": {"modelId": MODEL}})
    assert hub.refused("PUT", ENDPOINT, serverless_body()).inner == ["MarketplaceSubscriptionNotFound"]
    hub.wait(running)
    hub.serverless()


def test_microsofts_own_models_need_none(hub: Azure) -> None:
    own = "azureml://registries/azureml/models/Phi-4"
    made = hub.serverless("phi", own)
    assert "marketplaceSubscriptionId" not in made["properties"]
    assert hub.refused("PUT", SUBSCRIPTION, {"properties": {"modelId": own}}).code == "UserError"


def test_a_region_without_the_model(tmp_path: Path) -> None:
    azure = Azure(tmp_path / "europe.db").with_hub("westeurope")
    azure.subscribe()
    refusal = azure.refused("PUT", ENDPOINT, serverless_body(location="westeurope"))
    assert (refusal.status, refusal.code) == (400, "UserError")
    assert refusal.inner == ["BadArgument", "ServerlessModelNotAvailableInRegion"]
    assert MODEL in refusal.message
    assert "West Europe" in refusal.message
    azure.close()


@pytest.mark.parametrize("model", [RETIRED, f"{REGISTRY}/Llama-9"])
def test_a_retired_or_unknown_model(hub: Azure, model: str) -> None:
    for path, body in ((SUBSCRIPTION, {"properties": {"modelId": model}}), (ENDPOINT, serverless_body(model))):
        refusal = hub.refused("PUT", path, body)
        assert (refusal.status, refusal.code) == (400, "UserError")
        assert f"The requested model '{model}' is not available." in refusal.message


@pytest.mark.parametrize(
    ("name", "route"),
    [
        ("Llama-4-Scout-17B-16E-Instruct", "a deployment on a Microsoft Foundry resource"),
        ("Llama-Guard-3-8B", "a deployment on managed compute"),
    ],
)
def test_a_model_of_another_route(hub: Azure, name: str, route: str) -> None:
    model = f"{REGISTRY}/{name}"
    for path, body in ((SUBSCRIPTION, {"properties": {"modelId": model}}), (ENDPOINT, serverless_body(model))):
        refusal = hub.refused("PUT", path, body)
        assert (refusal.status, refusal.inner) == (400, ["ServerlessModelNotAvailable"])
        assert f"The requested model '{model}' is not available." in refusal.message
        assert route in refusal.message


def test_a_retired_model_names_the_route_of_its_successor(hub: Azure) -> None:
    body = {"properties": {"modelId": f"{REGISTRY}/Llama-3.2-11B-Vision-Instruct"}}
    message = hub.refused("PUT", SUBSCRIPTION, body).message
    assert (
        "Choose Llama-4-Scout-17B-16E-Instruct as a deployment on a Microsoft Foundry resource, which Microsoft"
        in message
    )


def test_another_publishers_model_needs_no_row_of_the_catalogue(hub: Azure) -> None:
    model = "azureml://registries/azureml-mistral/models/Mistral-large"
    plan = hub.subscribe(model)["properties"]["marketplacePlan"]
    assert plan["offerId"] == "mistral-large-offer"
    assert hub.serverless(model=model)["properties"]["endpointState"] == "Online"


def test_the_same_model_before_it_was_retired(tmp_path: Path) -> None:
    azure = Azure(tmp_path / "past.db", as_of=date(2025, 12, 1)).with_hub()
    azure.subscribe(RETIRED)
    azure.serverless("llama-31-8b", RETIRED)
    azure.close()


@pytest.mark.parametrize(("day", "taken"), [(date(2026, 3, 1), True), (date(2026, 4, 1), False)])
def test_a_legacy_model_is_taken_and_a_deprecated_one_is_not(tmp_path: Path, day: date, taken: bool) -> None:
    azure = Azure(tmp_path / "legacy.db", as_of=day).with_hub()
    body = {"properties": {"modelId": f"{REGISTRY}/Meta-Llama-3.1-405B-Instruct"}}
    assert (azure.call("PUT", SUBSCRIPTION, body).status_code == 201) is taken
    azure.close()


@pytest.mark.parametrize("model", [f"{MODEL}/versions/1", "Llama-3.3-70B-Instruct", ""])
def test_ids_of_another_form(hub: Azure, model: str) -> None:
    refusal = hub.refused("PUT", ENDPOINT, serverless_body(model))
    assert "without a version" in refusal.message


def test_one_endpoint_and_one_subscription_for_a_model(hub: Azure) -> None:
    hub.subscribe()
    hub.serverless()
    other = f"{PROJECT}/serverlessEndpoints/llama-again"
    refusal = hub.refused("PUT", other, serverless_body(MODEL.lower()))
    assert (refusal.code, refusal.inner) == ("UserError", ["ServerlessEndpointLimitExceeded"])
    assert "llama-33-70b" in refusal.message
    assert hub.store.host_owner("llama-again.eastus2.models.ai.azure.com") is None
    second = hub.refused("PUT", f"{PROJECT}/marketplaceSubscriptions/again", {"properties": {"modelId": MODEL}})
    assert second.inner == ["MarketplaceSubscriptionAlreadyExists"]


def test_a_name_is_taken_in_its_region(hub: Azure) -> None:
    hub.subscribe()
    hub.serverless()
    other = f"{ML}/other"
    hub.put(other, hub_body() | {"kind": "Default"})
    refusal = hub.refused("PUT", f"{other}/serverlessEndpoints/LLAMA-33-70b", serverless_body())
    assert "is not available. Please select a different name" in refusal.message


def test_not_in_a_hub(hub: Azure) -> None:
    refusal = hub.refused("PUT", f"{HUB}/serverlessEndpoints/llama", serverless_body())
    assert "of kind Hub" in refusal.message


@pytest.mark.parametrize(
    ("body", "target"),
    [
        (serverless_body(authMode="Password"), "properties.authMode"),
        (
            serverless_body(contentSafety={"contentSafetyStatus": "Maybe"}),
            "properties.contentSafety.contentSafetyStatus",
        ),
        (serverless_body(location="westus3"), "location"),
        (serverless_body() | {"sku": {"name": "Free"}}, "sku.name"),
        (serverless_body(colour="blue"), "properties.colour"),
    ],
)
def test_refusals(hub: Azure, body: dict[str, Any], target: str) -> None:
    refusal = hub.refused("PUT", ENDPOINT, body)
    assert (refusal.code, refusal.error["target"]) == ("UserError", target)


@pytest.mark.parametrize("name", ["llama_1", "1llama", "a" * 53, "a.b"])
def test_names_of_endpoints(hub: Azure, name: str) -> None:
    assert hub.refused("PUT", f"{PROJECT}/serverlessEndpoints/{name}", serverless_body()).error["target"] == "name"


def test_names_of_subscriptions_have_no_dots(hub: Azure) -> None:
    path = f"{PROJECT}/marketplaceSubscriptions/Llama-3.3"
    assert hub.refused("PUT", path, {"properties": {"modelId": MODEL}}).error["target"] == "name"


def test_the_model_of_either_cannot_change(hub: Azure) -> None:
    hub.subscribe()
    hub.serverless()
    other = f"{REGISTRY}/Llama-3.2-3B-Instruct"
    assert "cannot be changed" in hub.refused("PUT", ENDPOINT, serverless_body(other)).message
    assert "cannot be changed" in hub.refused("PUT", SUBSCRIPTION, {"properties": {"modelId": other}}).message


def test_older_versions_need_no_auth_mode_and_know_an_offer(hub: Azure) -> None:
    hub.subscribe()
    body = serverless_body()
    del body["properties"]["authMode"]
    assert hub.refused("PUT", ENDPOINT, body).error["target"] == "properties.authMode"
    offer = {"properties": {"offer": {"publisher": "Meta", "offerName": "llama"}}, "location": "eastus2"}
    refusal = hub.refused("PUT", ENDPOINT, offer, version="2023-08-01-preview")
    assert refusal.inner == ["NotFound", "ServerlessOfferNotFound"]
    hub.put(ENDPOINT, body, version="2024-01-01-preview")
    assert hub.get(ENDPOINT)["properties"]["authMode"] == "Key"


def test_an_update_serves_on(hub: Azure) -> None:
    hub.subscribe()
    hub.serverless()
    safety = {"contentSafetyStatus": "Disabled"}
    answer = hub.call("PUT", ENDPOINT, serverless_body(contentSafety=safety))
    assert answer.status_code == 200
    updating = hub.get(ENDPOINT)["properties"]
    assert (updating["provisioningState"], updating["endpointState"]) == ("Updating", "Online")
    hub.wait(answer)
    patch = hub.call("PATCH", ENDPOINT, {"tags": {"a": "b"}})
    assert patch.status_code == 202
    hub.wait(patch)
    assert hub.get(patch.headers["Location"])["tags"] == {"a": "b"}
    assert hub.get(ENDPOINT)["properties"]["contentSafety"] == safety
    changed = {"contentSafety": {"contentSafetyStatus": "Enabled"}}
    assert hub.refused("PATCH", ENDPOINT, {"properties": changed}).error["target"] == "properties"


def test_without_its_subscription_an_endpoint_is_suspended(hub: Azure) -> None:
    hub.subscribe()
    hub.serverless()
    hub.delete(SUBSCRIPTION)
    assert hub.get(ENDPOINT)["properties"]["endpointState"] == "Suspended"
    hub.subscribe()
    assert hub.get(ENDPOINT)["properties"]["endpointState"] == "Online"


def test_keys_are_read_by_an_action_alone(hub: Azure) -> None:
    hub.subscribe()
    creating = hub.call("PUT", ENDPOINT, serverless_body())
    assert hub.refused("POST", f"{ENDPOINT}/listKeys").inner == ["ResourceNotReady"]
    hub.wait(creating)
    keys = hub.call("POST", f"{ENDPOINT}/listKeys").json()
    assert set(keys) == {"primaryKey", "secondaryKey"}
    assert all(len(key) >= 64 for key in keys.values())
    assert keys["primaryKey"] not in creating.text + hub.call("GET", ENDPOINT).text


def test_keys_are_regenerated_one_at_a_time(hub: Azure) -> None:
    hub.subscribe()
    hub.serverless()
    before = hub.call("POST", f"{ENDPOINT}/listKeys").json()
    answer = hub.call("POST", f"{ENDPOINT}/regenerateKeys", {"keyType": "Primary"})
    assert answer.status_code == 202
    assert hub.refused("POST", f"{ENDPOINT}/regenerateKeys", {"keyType": "Secondary"}).code == "Conflict"
    after = hub.wait(answer).json()
    assert after["primaryKey"] != before["primaryKey"]
    assert after["secondaryKey"] == before["secondaryKey"]
    assert hub.refused("POST", f"{ENDPOINT}/regenerateKeys", {"keyType": "Third"}).status == 400
    assert hub.refused("POST", f"{ENDPOINT}/regenerateKeys").status == 400
