"""Compute instances: their states, their quota, and how they go."""

from __future__ import annotations

from typing import Any

import pytest

from azure_llama_sandbox.world import SUBSCRIPTION
from tests.sandbox.arm.harness import PROJECT, Azure

PATH = f"{PROJECT}/computes/ci-one"
LOCATION = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.MachineLearningServices/locations/eastus2"
FAMILY = "Standard DSv2 Family Cluster Dedicated vCPUs"


def body(size: str = "Standard_DS3_v2", **instance: Any) -> dict[str, Any]:
    properties = {"vmSize": size} | instance
    return {"location": "eastus2", "properties": {"computeType": "ComputeInstance", "properties": properties}}


def state(azure: Azure) -> str:
    return str(azure.get(PATH)["properties"]["properties"]["state"])


def used(azure: Azure, family: str = FAMILY) -> int:
    rows = azure.get(f"{LOCATION}/usages")["value"]
    return next(int(each["currentValue"]) for each in rows if each["name"]["localizedValue"] == family)


def test_it_is_made_and_runs(hub: Azure) -> None:
    answer = hub.call("PUT", PATH, body(idleTimeBeforeShutdown="PT60M"))
    assert answer.status_code == 201
    assert "Azure-AsyncOperation" in answer.headers
    assert answer.json()["properties"]["properties"]["state"] is None
    hub.wait(answer)
    compute = hub.get(PATH)
    assert (compute["properties"]["provisioningState"], state(hub)) == ("Succeeded", "Running")
    assert compute["properties"]["properties"]["idleTimeBeforeShutdown"] == "PT60M"
    assert compute["location"] == compute["properties"]["computeLocation"] == "eastus2"
    assert [each["id"] for each in hub.get(f"{PROJECT}/computes")["value"]] == [PATH]


def test_the_region_may_be_left_out(hub: Azure) -> None:
    given = body()
    del given["location"]
    assert hub.put(PATH, given)["location"] == "eastus2"


@pytest.mark.parametrize(
    ("action", "during", "after"),
    [("stop", "Stopping", "Stopped"), ("start", "Starting", "Running"), ("restart", "Restarting", "Running")],
)
def test_power(hub: Azure, action: str, during: str, after: str) -> None:
    hub.put(PATH, body())
    answer = hub.call("POST", f"{PATH}/{action}")
    assert (answer.status_code, state(hub)) == (202, during)
    assert hub.refused("POST", f"{PATH}/{action}").status == 409
    hub.wait(answer)
    assert state(hub) == after


def test_it_takes_quota_without_a_reserve(hub: Azure) -> None:
    hub.put(PATH, body())
    assert used(hub) == 4
    hub.call("POST", f"{LOCATION}/updateQuotas", {"value": [{"id": f"/{FAMILY}", "limit": 7}]})
    refusal = hub.refused("PUT", f"{PROJECT}/computes/ci-two", body())
    assert refusal.inner == ["OutOfQuota"]
    assert f"4/7 ({FAMILY}). Additional needed: 4" in refusal.message
    hub.delete(PATH, underlyingResourceAction="Delete")
    assert used(hub) == 0


def test_a_delete_says_what_becomes_of_the_machine(hub: Azure) -> None:
    hub.put(PATH, body())
    assert "underlyingResourceAction" in hub.refused("DELETE", PATH).message
    assert "underlyingResourceAction" in hub.refused("DELETE", PATH, underlyingResourceAction="Sell").message
    answer = hub.call("DELETE", PATH, underlyingResourceAction="Detach")
    assert state(hub) == "Deleting"
    hub.wait(answer)
    assert hub.call("GET", PATH).status_code == 404
    assert hub.call("DELETE", PATH, underlyingResourceAction="Delete").status_code == 204


def test_the_same_again_is_no_change_and_another_size_is_refused(hub: Azure) -> None:
    hub.put(PATH, body())
    assert hub.put(PATH, body())["properties"]["properties"]["state"] == "Running"
    assert "cannot be changed" in hub.refused("PUT", PATH, body("Standard_F4s_v2")).message
    assert hub.refused("PATCH", PATH, {"tags": {}}).status == 405


@pytest.mark.parametrize(
    ("given", "target"),
    [
        (body(size=""), "vmSize"),
        (body(size="Standard_Nothing"), "vmSize"),
        (body(idleTimeBeforeShutdown="PT14M"), "idleTimeBeforeShutdown"),
        (body(idleTimeBeforeShutdown="P4D"), "idleTimeBeforeShutdown"),
        (body(idleTimeBeforeShutdown="1h"), "idleTimeBeforeShutdown"),
        (body(applicationSharingPolicy="All"), "applicationSharingPolicy"),
        (body(sshSettings={"sshPublicAccess": "Enabled"}), "adminPublicKey"),
        (body(personalComputeInstanceSettings={"assignedUser": {"objectId": "o"}}), "tenantId"),
        (body(colour="blue"), "colour"),
        ({"properties": {"computeType": "AmlCompute"}}, "computeType"),
        (body() | {"location": "westus3"}, "location"),
    ],
)
def test_refused(hub: Azure, given: dict[str, Any], target: str) -> None:
    refusal = hub.refused("PUT", PATH, given)
    assert (refusal.status, refusal.code) == (400, "UserError")
    assert str(refusal.error["target"]).endswith(target)


def test_a_name_that_ends_like_a_node(hub: Azure) -> None:
    assert "a dash and digits" in hub.refused("PUT", f"{PROJECT}/computes/ci-1", body()).message
