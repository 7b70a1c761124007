"""Models of a workspace, containers and scripts of one's own, as Azure is told of them."""

from __future__ import annotations

from typing import Any

import pytest

from azure_llama_components import CodeArgs, EnvironmentArgs, InferenceArgs, ManagedDeploymentArgs
from tests.components.managed import DEPLOYMENT, HOST, SIZE, endpoint

ENVIRONMENT = "machinelearningservices:EnvironmentVersion"
VLLM = EnvironmentArgs(image="vllm/vllm-openai:v0.11.0", inference=InferenceArgs(port=8000))


def own(**more: Any) -> ManagedDeploymentArgs:
    return ManagedDeploymentArgs(**{"vm_size": SIZE, "traffic": 100, "model": "azureml:bot:3", **more})


def test_an_image_becomes_an_environment_of_the_workspace() -> None:
    recorded = endpoint(blue=own(model=None, model_name="llama", environment=VLLM, serves="openai"))
    made = recorded.one(ENVIRONMENT).inputs
    deployed = recorded.one(DEPLOYMENT).inputs["properties"]
    route = {"port": 8000, "path": "/health"}
    # What is false or Disabled, azure-native says by itself.
    assert {key: value for key, value in made["properties"].items() if value not in (False, "Disabled")} == {
        "osType": "Linux",
        "image": "vllm/vllm-openai:v0.11.0",
        "inferenceConfig": {
            "livenessRoute": route,
            "readinessRoute": route,
            "scoringRoute": {"port": 8000, "path": "/score"},
        },
    }
    assert made["name"] == "chat-blue"
    assert deployed["environmentId"].endswith(f"/environments/chat-blue/versions/{made['version']}")
    assert "model" not in deployed
    outputs = recorded.outputs["endpoint"]
    assert outputs["modelName"] == "llama"
    assert outputs["chatUrl"] == f"{HOST}/v1/chat/completions"
    assert outputs["completionsUrl"] == f"{HOST}/v1/completions"
    assert outputs["deployments"]["blue"]["modelName"] == "llama"


def test_another_image_is_another_version() -> None:
    other = EnvironmentArgs(image="vllm/vllm-openai:v0.12.0", inference=InferenceArgs(port=8000))
    versions = {endpoint(blue=own(environment=each)).one(ENVIRONMENT).inputs["version"] for each in (VLLM, other)}
    assert len(versions) == 2


def test_a_fine_tuned_model_with_its_own_script() -> None:
    code = CodeArgs(code="azureml:scoring:1", scoring_script="score.py")
    recorded = endpoint(
        blue=own(
            base="Meta-Llama-3.1-8B-Instruct",
            environment="azureml:inference:2",
            code_configuration=code,
            model_mount_path="/models",
            properties={"owner": "research"},
        )
    )
    properties = recorded.one(DEPLOYMENT).inputs["properties"]
    workspace = properties["model"].partition("/models/")[0]
    assert properties["model"] == f"{workspace}/models/bot/versions/3"
    assert properties["environmentId"] == f"{workspace}/environments/inference/versions/2"
    assert properties["codeConfiguration"] == {
        "codeId": f"{workspace}/codes/scoring/versions/1",
        "scoringScript": "score.py",
    }
    assert properties["modelMountPath"] == "/models"
    assert properties["properties"] == {"owner": "research", "azureLlamaBase": "Meta-Llama-3.1-8B-Instruct"}
    assert properties["requestSettings"]["maxConcurrentRequestsPerInstance"] == 1
    outputs = recorded.outputs["endpoint"]
    assert (outputs["uri"], outputs["chatUrl"]) == (f"{HOST}/score", None)
    assert outputs["deployments"]["blue"]["base"] == "Meta-Llama-3.1-8B-Instruct"
    assert outputs["deployments"]["blue"]["modelName"] == "bot"
    assert outputs["modelName"] == "bot"


def test_the_uri_ends_with_the_scoring_path() -> None:
    triton = EnvironmentArgs(image="triton:1", inference=InferenceArgs(port=8000, scoring="/v2/models/llama/infer"))
    outputs = endpoint(blue=own(environment=triton, serves="score")).outputs["endpoint"]
    assert (outputs["uri"], outputs["openaiBaseUrl"]) == (f"{HOST}/v2/models/llama/infer", None)


def test_a_deployment_without_a_model_has_a_models_name() -> None:
    with pytest.raises(ValueError, match="needs model_name"):
        _ = own(model=None, environment=VLLM).outputs
