"""Models, environments and code of a workspace, and the deployments that use them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.arm.harness import PROJECT, Azure, deployment_body, endpoint_body
from tests.sandbox.arm.machine_learning.managed import BLUE, ENDPOINT

ENVIRONMENT = f"{PROJECT}/environments/vllm/versions/1"
MODEL = f"{PROJECT}/models/bot/versions/3"
CODE = f"{PROJECT}/codes/scoring/versions/1"
ROUTES = {name: {"path": f"/{name}", "port": 8000} for name in ("livenessRoute", "readinessRoute", "scoringRoute")}
VLLM: dict[str, Any] = {"properties": {"image": "vllm/vllm-openai:v0.11.0", "inferenceConfig": ROUTES}}
SECRET = {"HF_TOKEN": "${{azureml://connections/hub/credentials/token}}"}
ENFORCED = {"enforce_access_to_default_secret_stores": "enabled"}


def put_assets(azure: Azure) -> None:
    azure.put(ENVIRONMENT, VLLM)
    azure.put(MODEL, {"properties": {"modelUri": "azureml://datastores/workspaceblobstore/paths/bot"}})
    azure.put(CODE, {"properties": {"codeUri": "https://stllama.blob.core.windows.net/azureml/code"}})


def test_a_version_makes_its_container_and_never_changes(hub: Azure) -> None:
    made = hub.put(ENVIRONMENT, VLLM)
    assert made["properties"]["environmentType"] == "UserCreated"
    assert hub.get(f"{PROJECT}/environments/vllm")["name"] == "vllm"
    assert hub.put(ENVIRONMENT, VLLM)["properties"]["image"] == "vllm/vllm-openai:v0.11.0"
    refusal = hub.refused("PUT", ENVIRONMENT, {"properties": {**VLLM["properties"], "image": "other:1"}})
    assert (refusal.status, refusal.error["target"]) == (409, "properties.image")
    hub.delete(ENVIRONMENT)
    assert hub.refused("GET", ENVIRONMENT).status == 404


@pytest.mark.parametrize(
    ("properties", "target"),
    [
        ({"model": MODEL}, "properties.model"),
        ({"environmentId": ENVIRONMENT}, "properties.environmentId"),
        ({"codeConfiguration": {"scoringScript": "score.py", "codeId": CODE}}, "properties.codeConfiguration.codeId"),
        ({"environmentId": "azureml:vllm:1"}, "properties.environmentId"),
    ],
)
def test_a_deployment_needs_the_assets_of_its_workspace(
    endpoint: Azure, properties: dict[str, Any], target: str
) -> None:
    refusal = endpoint.refused("PUT", BLUE, deployment_body(**properties))
    assert (refusal.status, refusal.error["target"]) == (404, target)
    put_assets(endpoint)
    if not properties.get("environmentId", "").startswith("azureml:"):
        endpoint.deployment(**properties)


def test_the_container_decides_the_path_of_the_address(endpoint: Azure) -> None:
    put_assets(endpoint)
    endpoint.deployment(environmentId=ENVIRONMENT)
    origin = "https://llama-8b.eastus2.inference.ml.azure.com"
    assert endpoint.get(ENDPOINT)["properties"]["scoringUri"] == f"{origin}/scoringRoute"
    endpoint.put(ENDPOINT, endpoint_body(traffic={"blue": 100}))
    assert endpoint.get(ENDPOINT)["properties"]["scoringUri"] == f"{origin}/scoringRoute"


def test_a_secret_of_a_connection_takes_the_connection_and_the_right_to_read_it(hub: Azure) -> None:
    hub.endpoint(properties=ENFORCED)
    failed = hub.wait(hub.call("PUT", BLUE, deployment_body(environmentVariables=SECRET))).json()
    assert failed["status"] == "Failed"
    assert failed["error"]["code"] == "SecretsInjectionError"
    assert "has no connection 'hub'" in failed["error"]["message"]
    connection = {
        "authType": "CustomKeys",
        "category": "CustomKeys",
        "target": "_",
        "credentials": {"keys": {"token": "s"}},
    }
    hub.put(f"{PROJECT}/connections/hub", {"properties": connection})
    hub.delete(BLUE)
    hub.deployment(environmentVariables=SECRET)


def test_without_enforcement_the_identity_needs_the_role(endpoint: Azure) -> None:
    connection = {
        "authType": "CustomKeys",
        "category": "CustomKeys",
        "target": "_",
        "credentials": {"keys": {"token": "s"}},
    }
    endpoint.put(f"{PROJECT}/connections/hub", {"properties": connection})
    failed = endpoint.wait(endpoint.call("PUT", BLUE, deployment_body(environmentVariables=SECRET))).json()
    assert "enforce_access_to_default_secret_stores" in failed["error"]["message"]
    role = "ea01e6af-a1c1-4350-9563-ad00f8c72ec5"
    scope = PROJECT.partition("/resourceGroups/")[0]
    principal = endpoint.get(ENDPOINT)["identity"]["principalId"]
    definition = f"{scope}/providers/Microsoft.Authorization/roleDefinitions/{role}"
    assignment = {"roleDefinitionId": definition, "principalId": principal, "principalType": "ServicePrincipal"}
    endpoint.put(f"{PROJECT}/providers/Microsoft.Authorization/roleAssignments/{role}", {"properties": assignment})
    endpoint.delete(BLUE)
    endpoint.deployment(environmentVariables=SECRET)
