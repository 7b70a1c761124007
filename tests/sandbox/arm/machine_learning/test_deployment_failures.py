"""How deployments fail, by conditions, and what their logs then have."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.arm.circumstances import under
from tests.sandbox.arm.harness import GPU, Azure, deployment_body
from tests.sandbox.arm.machine_learning.managed import BLUE

MODEL = "Meta-Llama-3.1-8B-Instruct"


def fails(azure: Azure, **conditions: Any) -> dict[str, Any]:
    """The error of a deployment that fails."""
    answer = under(azure, **conditions).call("PUT", BLUE, deployment_body())
    error: dict[str, Any] = azure.wait(answer).json()["error"]
    assert azure.get(BLUE)["properties"]["provisioningState"] == "Failed"
    return error


def log(azure: Azure, **body: Any) -> str:
    return str(azure.call("POST", f"{BLUE}/getLogs", body).json()["content"])


@pytest.mark.parametrize(
    ("code", "status", "output"),
    [
        ("ImageBuildFailure", "UserContainerImagePull: Failed", "it prints nothing else"),
        ("BadArgument", "UserContainerImagePull: Failed", "Failed to pull image"),
        ("ResourceNotReady", "UserContainerStart: Failed", "ModuleNotFoundError"),
        ("InternalServerError", "SystemSetup: Failed", "it prints nothing else"),
        ("OperationCanceled", "SystemSetup: Failed", "it prints nothing else"),
    ],
)
def test_a_model_can_be_made_to_fail(endpoint: Azure, code: str, status: str, output: str) -> None:
    error = fails(endpoint, deployments={MODEL: code})
    assert error["code"] == code
    text = log(endpoint)
    assert status in text
    assert output in text


def test_a_region_without_machines(endpoint: Azure) -> None:
    error = fails(endpoint, sizes={"noCapacity": {"eastus2": [GPU]}})
    assert (error["code"], error["target"]) == ("OutOfCapacity", "properties.instanceType")
    assert "UserContainerImagePull: NotStarted" in log(endpoint)


def test_the_storage_initializer_prints_why_a_model_is_not_downloaded(endpoint: Azure) -> None:
    fails(endpoint, deployments={MODEL: "OutOfQuota"})
    assert "No space left on device" in log(endpoint, containerType="StorageInitializer")
    assert "No space left on device" not in log(endpoint, containerType="InferenceServer")


def test_the_tail_of_a_log(endpoint: Azure) -> None:
    fails(endpoint, deployments={MODEL: "ResourceNotReady"})
    assert log(endpoint, tail=1) == "ModuleNotFoundError: No module named 'vllm'"
    refusal = endpoint.refused("POST", f"{BLUE}/getLogs", {"containerType": "Other"})
    assert refusal.error["target"] == "containerType"


def test_a_failed_deployment_can_be_tried_again(endpoint: Azure) -> None:
    fails(endpoint, deployments={MODEL: "InternalServerError"})
    endpoint.wait(under(endpoint).call("PUT", BLUE, deployment_body()))
    assert endpoint.get(BLUE)["properties"]["provisioningState"] == "Succeeded"
    assert "UserContainerStart: Succeeded" in log(endpoint)


def test_entries_of_a_deployment_are_added_and_never_changed(endpoint: Azure) -> None:
    endpoint.wait(endpoint.call("PUT", BLUE, deployment_body(properties={"team": "one"})))
    endpoint.wait(endpoint.call("PUT", BLUE, deployment_body(properties={"cost": "two"})))
    entries = endpoint.get(BLUE)["properties"]["properties"]
    assert (entries["team"], entries["cost"]) == ("one", "two")
    refusal = endpoint.refused("PUT", BLUE, deployment_body(properties={"team": "two"}))
    assert refusal.error["target"] == "properties.properties.team"
