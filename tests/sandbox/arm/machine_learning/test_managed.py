"""Managed endpoints and their deployments: traffic, quota, keys, what cannot change."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.arm.harness import (
    GPU,
    PROJECT,
    SMALL_MODEL,
    SUB,
    Azure,
    deployment_body,
    endpoint_body,
)

ENDPOINT = f"{PROJECT}/onlineEndpoints/llama-8b"
BLUE = f"{ENDPOINT}/deployments/blue"
GREEN = f"{ENDPOINT}/deployments/green"
LOCATION = f"{SUB}/providers/Microsoft.MachineLearningServices/locations/eastus2"
FAMILY = "Standard NCADSA100v4 Family Cluster Dedicated vCPUs"
REGIONAL = "Total Cluster Dedicated Regional vCPUs"


@pytest.fixture
def endpoint(hub: Azure) -> Azure:
    hub.endpoint()
    return hub


@pytest.fixture
def served(endpoint: Azure) -> Azure:
    endpoint.deployment()
    endpoint.put(ENDPOINT, endpoint_body(traffic={"blue": 100}))
    return endpoint


def set_quota(azure: Azure, family: str, limit: int) -> dict[str, Any]:
    name = family.replace(" ", "_")
    body = {"value": [{"id": f"{LOCATION}/vmFamily/quotas/{name}", "limit": limit, "unit": "Count"}]}
    answer = azure.call("POST", f"{LOCATION}/updateQuotas", body)
    assert answer.status_code == 200, answer.text
    row: dict[str, Any] = answer.json()["value"][0]
    return row


def usage(azure: Azure, family: str = FAMILY) -> tuple[int, int]:
    rows = {each["name"]["localizedValue"]: each for each in azure.get(f"{LOCATION}/usages")["value"]}
    return rows[family]["currentValue"], rows[family]["limit"]


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
    assert endpoint.refused("POST", f"{ENDPOINT}/listKeys").code == "UserError"


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
    assert answer.status_code == 200
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


# -- deployments ------------------------------------------------------------------------------------------------------


def test_a_deployment_takes_twenty_minutes(endpoint: Azure) -> None:
    answer = endpoint.call("PUT", BLUE, deployment_body())
    assert answer.status_code == 201
    begun = endpoint.clock.now()
    endpoint.wait(answer)
    assert 1200 <= (endpoint.clock.now() - begun) * endpoint.clock.scale < 1400
    made = endpoint.get(BLUE)
    assert made["properties"]["requestSettings"]["requestTimeout"] == "PT5S"
    assert made["properties"]["livenessProbe"]["failureThreshold"] == 30
    assert made["location"] == "eastus2"


def test_an_updated_deployment_stays_one_that_has_succeeded(served: Azure) -> None:
    answer = served.call("PUT", BLUE, deployment_body(requestSettings={"requestTimeout": "PT3M"}))
    assert answer.status_code == 200
    assert served.get(BLUE)["properties"]["provisioningState"] == "Updating"
    served.wait(answer)
    scale = served.call("PATCH", BLUE, {"sku": {"name": "Default", "capacity": 2}})
    assert served.get(BLUE)["properties"]["provisioningState"] == "Scaling"
    served.wait(scale)
    made = served.get(BLUE)
    assert (made["sku"]["capacity"], made["properties"]["requestSettings"]["requestTimeout"]) == (2, "PT3M")
    skus = served.get(f"{BLUE}/skus")["value"]
    assert skus[0]["capacity"]["default"] == 2
    logs = served.call("POST", f"{BLUE}/getLogs", {"tail": 1}).json()
    assert logs["content"].startswith("The sandbox runs no container")


@pytest.mark.parametrize(
    ("body", "target"),
    [
        (deployment_body(size="Standard_NC48ads_A100_v4"), "properties.instanceType"),
        (deployment_body(model=SMALL_MODEL.replace("/4", "/5")), "properties.model"),
    ],
)
def test_size_and_model_are_set_once(served: Azure, body: dict[str, Any], target: str) -> None:
    refusal = served.refused("PUT", BLUE, body)
    assert refusal.error["target"] == target
    assert "Make a new deployment" in refusal.message


@pytest.mark.parametrize(
    ("body", "target"),
    [
        (deployment_body(model=SMALL_MODEL.partition("/versions")[0]), "properties.model"),
        (deployment_body(model="azureml://registries/azureml-meta/models/Llama-9/versions/1"), "properties.model"),
        (deployment_body(model="Llama"), "properties.model"),
        (deployment_body(0), "sku.capacity"),
        (deployment_body(51), "sku.capacity"),
        (deployment_body(requestSettings={"requestTimeout": "PT181S"}), "properties.requestSettings.requestTimeout"),
        (deployment_body(requestSettings={"requestTimeout": "180"}), "properties.requestSettings.requestTimeout"),
        (
            deployment_body(requestSettings={"maxConcurrentRequestsPerInstance": 0}),
            "properties.requestSettings.maxConcurrentRequestsPerInstance",
        ),
        (deployment_body(livenessProbe={"initialDelay": "PT0.5S"}), "properties.livenessProbe.initialDelay"),
        (deployment_body(livenessProbe={"successThreshold": 2}), "properties.livenessProbe.successThreshold"),
        (deployment_body(scaleSettings={"scaleType": "TargetUtilization"}), "properties.scaleSettings.scaleType"),
        (deployment_body(egressPublicNetworkAccess="No"), "properties.egressPublicNetworkAccess"),
        (deployment_body(endpointComputeType="Kubernetes"), "properties.endpointComputeType"),
        (deployment_body(endpointComputeType="Magic"), "properties"),
        (deployment_body() | {"location": "westus3"}, "location"),
        (deployment_body(colour="blue"), "properties.colour"),
    ],
)
def test_deployments_refused(endpoint: Azure, body: dict[str, Any], target: str) -> None:
    refusal = endpoint.refused("PUT", BLUE, body)
    assert (refusal.status, refusal.code, refusal.error["target"]) == (400, "UserError", target)


@pytest.mark.parametrize(
    "size", ["Standard_NC24s_v3", "Standard_ND96isr_H200_v5", "Standard_D2_v9", "Standard_ND96asr_v4"]
)
def test_sizes_that_are_retired_not_served_unknown_or_not_there(endpoint: Azure, size: str) -> None:
    refusal = endpoint.refused("PUT", BLUE, deployment_body(size=size))
    assert (refusal.status, refusal.code) == (400, "InferencingClientCreateDeploymentFailed")
    assert f"Not supported VM Size: {size}" in refusal.message


def test_the_default_size_is_a_cpu(endpoint: Azure) -> None:
    body = deployment_body(model=None)
    del body["properties"]["instanceType"]
    assert endpoint.put(BLUE, body)["properties"]["instanceType"] == "Standard_F4s_v2"
    assert usage(endpoint, "Standard FSv2 Family Cluster Dedicated vCPUs")[0] == 8


# -- quota ------------------------------------------------------------------------------------------------------------


def test_the_famous_message(endpoint: Azure) -> None:
    family = "Standard FSv2 Family Cluster Dedicated vCPUs"
    assert set_quota(endpoint, family, 6)["status"] == "Success"
    refusal = endpoint.refused("PUT", BLUE, deployment_body(size="Standard_F4s_v2", model=None))
    assert refusal.inner == ["BadArgument", "OutOfQuota"]
    for part in ("Not enough quota available for Standard_F4s_v2", "0/6", "Additional needed: 8"):
        assert part in refusal.message


def test_a_family_fills_up_and_is_freed(endpoint: Azure) -> None:
    assert usage(endpoint) == (0, 192)
    endpoint.deployment("blue", instances=6)
    assert usage(endpoint) == (144, 192)
    refusal = endpoint.refused("PUT", GREEN, deployment_body(3))
    assert "144/192" in refusal.message
    assert "Additional needed: 72" in refusal.message
    endpoint.deployment("green", instances=2)
    scale = {"sku": {"name": "Default", "capacity": 7}}
    assert endpoint.refused("PATCH", BLUE, scale).inner == ["BadArgument", "OutOfQuota"]
    endpoint.delete(GREEN)
    assert usage(endpoint) == (144, 192)
    assert endpoint.call("PATCH", BLUE, scale).status_code == 202


def test_the_region_binds_as_well(endpoint: Azure) -> None:
    set_quota(endpoint, REGIONAL, 100)
    refusal = endpoint.refused("PUT", BLUE, deployment_body(5))
    assert f"0/100 ({REGIONAL})" in refusal.message
    endpoint.deployment("blue", instances=4)
    assert usage(endpoint, REGIONAL) == (96, 100)


def test_a_size_without_exemption_takes_a_fifth_more(endpoint: Azure) -> None:
    endpoint.deployment("blue", size="Standard_NV36ads_A10_v5")
    assert usage(endpoint, "Standard NVADSA10v5 Family Cluster Dedicated vCPUs")[0] == 72


def test_quotas_can_be_set_as_far_as_they_make_sense(endpoint: Azure) -> None:
    assert set_quota(endpoint, "Standard X Family", 10)["status"] == "InvalidVMFamilyName"
    assert set_quota(endpoint, FAMILY, -1)["status"] == "Failure"
    endpoint.deployment()
    assert set_quota(endpoint, FAMILY, 23)["status"] == "InvalidQuotaBelowClusterMinimum"
    assert set_quota(endpoint, FAMILY, 24)["limit"] == 24
    limits = {each["name"]["localizedValue"]: each["limit"] for each in endpoint.get(f"{LOCATION}/quotas")["value"]}
    assert limits[FAMILY] == 24
    assert endpoint.refused("POST", f"{LOCATION}/updateQuotas", {}).status == 400
    assert endpoint.refused("GET", f"{LOCATION.replace('eastus2', 'mars')}/usages").status == 400


def test_sizes_of_a_region(azure: Azure) -> None:
    sizes = {each["name"]: each for each in azure.get(f"{LOCATION}/vmSizes")["value"]}
    assert sizes[GPU]["vCPUs"] == 24
    assert "MIR" in sizes[GPU]["supportedComputeTypes"]
    assert sizes[GPU]["estimatedVMPrices"]["values"][0]["retailPrice"] > 0
    assert "Standard_NC24s_v3" not in sizes
    assert "Standard_ND96asr_v4" not in sizes
