"""Managed endpoints and their deployments: traffic, quota, keys, what cannot change."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.arm.harness import (
    PROJECT,
    Azure,
    deployment_body,
    endpoint_body,
)
from tests.sandbox.arm.machine_learning.managed import BLUE, ENDPOINT, GREEN

# -- endpoints --------------------------------------------------------------------------------------------------------


def test_an_endpoint_is_created_with_201(hub: Azure) -> None:
    answer = hub.call("PUT", ENDPOINT, endpoint_body(traffic={}, mirrorTraffic={}))
    assert answer.status_code == 201
    assert answer.json()["properties"]["provisioningState"] == "Creating"
    address = answer.headers["Azure-AsyncOperation"]
    assert "/mfeOperationsStatus/oeidp:" in address
    assert hub.get(ENDPOINT)["properties"]["properties"]["AzureAsyncOperationUri"] == address
    assert hub.refused("PUT", BLUE, deployment_body()).inner == ["ResourceNotReady"]
    hub.wait(answer)
    assert [each["id"] for each in hub.get(f"{PROJECT}/onlineEndpoints")["value"]] == [ENDPOINT]


@pytest.mark.parametrize(
    ("body", "target"),
    [
        (endpoint_body(authMode="None"), "properties.authMode"),
        (endpoint_body(publicNetworkAccess="No"), "properties.publicNetworkAccess"),
        (endpoint_body(compute="/subscriptions/s/k8s"), "properties.compute"),
        (endpoint_body(location="westus3"), "location"),
        (endpoint_body(traffic={"blue": 100}), "properties.traffic.blue"),
        (endpoint_body(traffic={"blue": 0}), "properties.traffic.blue"),
        (endpoint_body(mirrorTraffic={"blue": 10}), "properties.mirrorTraffic.blue"),
        (endpoint_body(scoringUri="https://x"), "properties.scoringUri"),
        (endpoint_body(traffic={"blue": 0.5}), "properties.traffic.blue"),
    ],
)
def test_endpoints_refused(hub: Azure, body: dict[str, Any], target: str) -> None:
    refusal = hub.refused("PUT", ENDPOINT, body)
    assert (refusal.status, refusal.code, refusal.error["target"]) == (400, "UserError", target)
    assert hub.store.get(ENDPOINT) is None


@pytest.mark.parametrize("name", ["ab", "1abc", "a--b", "abc-", "a_b", "a" * 33])
def test_names(endpoint: Azure, name: str) -> None:
    assert endpoint.refused("PUT", f"{PROJECT}/onlineEndpoints/{name}", endpoint_body()).error["target"] == "name"
    assert endpoint.refused("PUT", f"{ENDPOINT}/deployments/{name}", deployment_body()).error["target"] == "name"


def test_a_name_is_taken_in_its_region_until_the_endpoint_is_gone(endpoint: Azure) -> None:
    other = f"{PROJECT}-two/onlineEndpoints/llama-8b"
    project = endpoint.get(PROJECT)
    endpoint.put(
        f"{PROJECT}-two",
        {"location": "eastus2", "kind": "Project", "identity": {"type": "SystemAssigned"}}
        | {"properties": {"hubResourceId": project["properties"]["hubResourceId"]}},
    )
    assert endpoint.refused("PUT", other, endpoint_body()).error["target"] == "name"
    endpoint.delete(ENDPOINT)
    endpoint.put(other, endpoint_body())


def test_keys_and_tokens_follow_the_auth_mode(endpoint: Azure) -> None:
    keys = endpoint.call("POST", f"{ENDPOINT}/listKeys").json()
    assert set(keys) == {"primaryKey", "secondaryKey"}
    assert endpoint.refused("POST", f"{ENDPOINT}/token").code == "UserError"
    answer = endpoint.call("POST", f"{ENDPOINT}/regenerateKeys", {"keyType": "secondary", "keyValue": "mine" * 20})
    assert endpoint.wait(answer).status_code == 200
    assert endpoint.call("POST", f"{ENDPOINT}/listKeys").json()["secondaryKey"] == "mine" * 20
    endpoint.put(ENDPOINT, endpoint_body(authMode="AMLToken"))
    token = endpoint.call("POST", f"{ENDPOINT}/token").json()
    assert ENDPOINT in token["accessToken"]
    assert token["expiryTimeUtc"] > token["refreshAfterTimeUtc"] > endpoint.clock.now()
    assert endpoint.refused("POST", f"{ENDPOINT}/listKeys").code == "UserError"
    endpoint.put(ENDPOINT, endpoint_body(authMode="AADToken"))
    assert endpoint.call("POST", f"{ENDPOINT}/listKeys").json() == {"primaryKey": None, "secondaryKey": None}
    assert endpoint.call("POST", f"{ENDPOINT}/token").status_code == 200


def test_own_keys_can_be_given(hub: Azure) -> None:
    hub.endpoint(keys={"primaryKey": "mine" * 20})
    assert hub.call("POST", f"{ENDPOINT}/listKeys").json()["primaryKey"] == "mine" * 20
    assert hub.get(ENDPOINT)["properties"]["keys"] is None


def test_free_entries_are_added_and_never_changed(endpoint: Azure) -> None:
    endpoint.put(ENDPOINT, endpoint_body(properties={"a": "1"}))
    endpoint.put(ENDPOINT, endpoint_body(properties={"b": "2"}))
    entries = endpoint.get(ENDPOINT)["properties"]["properties"]
    assert (entries["a"], entries["b"]) == ("1", "2")
    endpoint.put(ENDPOINT, endpoint_body(properties=entries | {"AzureAsyncOperationUri": "https://an-older-one"}))
    refusal = endpoint.refused("PUT", ENDPOINT, endpoint_body(properties={"a": "3"}))
    assert refusal.error["target"] == "properties.properties.a"


def test_the_kind_of_identity_is_set_once(endpoint: Azure) -> None:
    before = endpoint.get(ENDPOINT)["identity"]
    body = endpoint_body()
    del body["identity"]
    assert endpoint.put(ENDPOINT, body)["identity"] == before
    user = {"type": "UserAssigned", "userAssignedIdentities": {"/subscriptions/s/id": {}}}
    assert endpoint.refused("PUT", ENDPOINT, body | {"identity": user}).error["target"] == "identity.type"


def test_a_patch_takes_tags_and_leaves_traffic_alone(served: Azure) -> None:
    answer = served.call("PATCH", ENDPOINT, {"tags": {"a": "b"}})
    assert answer.status_code == 202
    served.wait(answer)
    made = served.get(ENDPOINT)
    assert (made["tags"], made["properties"]["traffic"]) == ({"a": "b"}, {"blue": 100})


# -- traffic ----------------------------------------------------------------------------------------------------------


def test_a_put_without_traffic_takes_it_from_every_deployment(served: Azure) -> None:
    answer = served.call("PUT", ENDPOINT, endpoint_body())
    assert answer.status_code == 201
    assert served.get(ENDPOINT)["properties"]["traffic"] == {"blue": 0}


@pytest.mark.parametrize(
    ("properties", "target"),
    [
        ({"traffic": {"blue": 90}}, "properties.traffic"),
        ({"traffic": {"blue": 110, "green": -10}}, "properties.traffic"),
        ({"traffic": {"blue": 50, "red": 50}}, "properties.traffic.red"),
        ({"traffic": {"blue": 90, "green": 10}}, "properties.traffic.green"),
        ({"traffic": {"blue": 100}, "mirrorTraffic": {"blue": 51}}, "properties.mirrorTraffic"),
        ({"traffic": {"blue": 100}, "mirrorTraffic": {"blue": 1, "green": 1}}, "properties.mirrorTraffic"),
        ({"traffic": {"blue": 100}, "mirrorTraffic": {"red": 5}}, "properties.mirrorTraffic.red"),
        ({"traffic": {"blue": 100}, "mirrorTraffic": {"blue": 5}}, "properties.mirrorTraffic.blue"),
    ],
)
def test_traffic_refused(served: Azure, properties: dict[str, Any], target: str) -> None:
    served.call("PUT", GREEN, deployment_body())
    refusal = served.refused("PUT", ENDPOINT, endpoint_body(**properties))
    assert (refusal.code, refusal.error["target"]) == ("UserError", target)
    assert served.get(ENDPOINT)["properties"]["traffic"] == {"blue": 100}


def test_traffic_moves_and_the_old_deployment_goes(served: Azure) -> None:
    served.deployment("green")
    served.put(ENDPOINT, endpoint_body(traffic={"blue": 100}, mirrorTraffic={"green": 50}))
    served.put(ENDPOINT, endpoint_body(traffic={"blue": 90, "green": 10}))
    refusal = served.refused("DELETE", BLUE)
    assert refusal.error["target"] == "properties.traffic.blue"
    served.put(ENDPOINT, endpoint_body(traffic={"blue": 0, "green": 100}, mirrorTraffic={"blue": 5}))
    assert served.refused("DELETE", BLUE).error["target"] == "properties.mirrorTraffic.blue"
    served.put(ENDPOINT, endpoint_body(traffic={"blue": 0, "green": 100}))
    served.delete(BLUE)
    assert served.get(ENDPOINT)["properties"]["traffic"] == {"green": 100}
    assert [each["name"] for each in served.get(f"{ENDPOINT}/deployments")["value"]] == ["green"]
