"""Deployments of a managed endpoint, and the quota that they take."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.arm.harness import (
    GPU,
    SMALL_MODEL,
    Azure,
    deployment_body,
)
from tests.sandbox.arm.machine_learning.managed import BLUE, FAMILY, GREEN, LOCATION, usage

REGIONAL = "Total Cluster Dedicated Regional vCPUs"


def set_quota(azure: Azure, family: str, limit: int) -> dict[str, Any]:
    name = family.replace(" ", "_")
    body = {"value": [{"id": f"{LOCATION}/vmFamily/quotas/{name}", "limit": limit, "unit": "Count"}]}
    answer = azure.call("POST", f"{LOCATION}/updateQuotas", body)
    assert answer.status_code == 200, answer.text
    row: dict[str, Any] = answer.json()["value"][0]
    return row


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
    logs = served.call("POST", f"{BLUE}/getLogs", {}).json()
    assert logs["content"].startswith("Instance status:\nSystemSetup: Succeeded\n")
    assert logs["content"].endswith("The sandbox runs no container: it prints nothing else.")


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
