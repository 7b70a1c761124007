"""How deployments fail, by conditions, and what their logs then have."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.arm.around import REGISTRY, registry_body
from tests.sandbox.arm.circumstances import under
from tests.sandbox.arm.harness import GPU, HUB, PROJECT, Azure, deployment_body, hub_body
from tests.sandbox.arm.machine_learning.managed import BLUE

ENVIRONMENT = f"{PROJECT}/environments/vllm/versions/1"
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


@pytest.mark.parametrize(
    ("access", "environment", "builder", "state"),
    [
        ("Disabled", {"condaFile": "dependencies: [vllm]"}, {}, "Failed"),
        ("Disabled", {"condaFile": "dependencies: [vllm]"}, {"imageBuildCompute": "cpu-cluster"}, "Succeeded"),
        ("Enabled", {"condaFile": "dependencies: [vllm]"}, {}, "Succeeded"),
        ("Disabled", {}, {}, "Succeeded"),
    ],
)
def test_azure_builds_no_image_for_a_registry_without_public_access(
    endpoint: Azure, access: str, environment: dict[str, str], builder: dict[str, str], state: str
) -> None:
    endpoint.put(REGISTRY, registry_body("Premium", publicNetworkAccess=access), version="2023-07-01")
    endpoint.put(HUB, hub_body(containerRegistry=REGISTRY, **builder))
    endpoint.put(ENVIRONMENT, {"properties": {"image": "mcr.microsoft.com/base:1", **environment}})
    answer = endpoint.call("PUT", BLUE, deployment_body(environmentId=ENVIRONMENT))
    done = endpoint.wait(answer).json()
    assert endpoint.get(BLUE)["properties"]["provisioningState"] == state
    assert done.get("error", {}).get("code") == ("ImageBuildFailure" if state == "Failed" else None)


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
