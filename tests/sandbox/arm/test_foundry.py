"""Foundry accounts: deployments, projects, models and usages as Azure was recorded to answer."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.arm.around import FOUNDRY, FOUNDRY_DEPLOYMENT, FOUNDRY_PROJECT, HERE, foundry_body, model_body
from tests.sandbox.arm.harness import SUB, Azure

REGION = f"{SUB}/providers/Microsoft.CognitiveServices/locations/eastus2"
LLAMA = "AIServices.GlobalStandard.Llama-3.3-70B-Instruct"


@pytest.fixture
def foundry(azure: Azure) -> Azure:
    """A group with a Foundry account."""
    azure.with_group()
    azure.put(FOUNDRY, foundry_body())
    return azure


def usage(azure: Azure, name: str) -> dict[str, Any]:
    rows = azure.get(f"{REGION}/usages", version="2025-06-01")["value"]
    return next(each for each in rows if each["name"]["value"] == name)


def test_an_account(azure: Azure) -> None:
    azure.with_group()
    answer = azure.call("PUT", FOUNDRY, foundry_body() | {"location": "EASTUS2"})
    assert (answer.status_code, answer.json()["location"]) == (201, "EASTUS2")
    assert "/locations/EASTUS2/operationResults/" in answer.headers["Azure-AsyncOperation"]
    assert answer.headers["Azure-AsyncOperation"].endswith("?api-version=2017-04-18")
    assert answer.headers["ETag"] == answer.json()["etag"]
    azure.wait(answer)
    endpoints = azure.get(FOUNDRY)["properties"]["endpoints"]
    assert endpoints["AI Foundry API"] == "https://llama-foundry.services.ai.azure.com/"
    assert endpoints["OpenAI Language Model Instance API"] == "https://llama-foundry.openai.azure.com/"
    answer = azure.call("DELETE", FOUNDRY)
    assert (answer.status_code, answer.content) == (200, b"")


def test_a_deployment_is_ready_at_once(foundry: Azure) -> None:
    answer = foundry.call("PUT", FOUNDRY_DEPLOYMENT, model_body(capacity=20))
    assert answer.status_code == 201
    assert "Azure-AsyncOperation" not in answer.headers
    made = answer.json()["properties"]
    assert (made["provisioningState"], made["currentCapacity"]) == ("Succeeded", 20)
    assert made["rateLimits"] == [
        {"key": "request", "renewalPeriod": 60, "count": 20},
        {"key": "token", "renewalPeriod": 60, "count": 20_000},
    ]
    assert usage(foundry, LLAMA) == {
        "name": {"value": LLAMA, "localizedValue": "Tokens Per Minute (thousands) - Llama-3.3-70B-Instruct"},
        "currentValue": 20,
        "limit": 400,
        "unit": "Count",
    }
    patched = foundry.call("PATCH", FOUNDRY_DEPLOYMENT, {"sku": {"name": "GlobalStandard", "capacity": 30}})
    assert (patched.status_code, usage(foundry, LLAMA)["currentValue"]) == (200, 30)
    assert usage(foundry, "AccountCount")["currentValue"] == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (model_body(capacity=401), "InsufficientQuota"),
        (model_body(capacity=10_001), "InvalidCapacity"),
        (model_body(version="4", capacity=2), "InvalidCapacity"),
        (model_body(version="99"), "DeploymentModelNotSupported"),
        (model_body(version=""), "DeploymentModelNotSupported"),
        (model_body() | {"sku": {"name": "Standard"}}, "DeploymentModelNotSupported"),
        ({"properties": model_body()["properties"]}, "InvalidSku"),
    ],
)
def test_deployments_are_refused(foundry: Azure, body: dict[str, Any], code: str) -> None:
    refusal = foundry.refused("PUT", FOUNDRY_DEPLOYMENT, body)
    assert (refusal.status, refusal.code) == (400, code)


def test_model_and_capacity_do_not_change_together(foundry: Azure) -> None:
    foundry.put(FOUNDRY_DEPLOYMENT, model_body())
    assert "at the same time" in foundry.refused("PUT", FOUNDRY_DEPLOYMENT, model_body("4", 1)).message


def test_projects(foundry: Azure) -> None:
    first = foundry.put(FOUNDRY_PROJECT, HERE)
    assert (first["name"], first["properties"]["isDefault"]) == ("llama-foundry/llama", True)
    uri = "https://llama-foundry.services.ai.azure.com/api/projects/llama"
    assert first["properties"]["endpoints"] == {"AI Foundry API": uri}
    assert foundry.put(f"{FOUNDRY}/projects/second", HERE)["properties"]["isDefault"] is False
    foundry.put(FOUNDRY, foundry_body(allowProjectManagement=False))
    assert foundry.refused("PUT", f"{FOUNDRY}/projects/third", HERE).code == "ProjectManagementNotAllowed"


def test_models(foundry: Azure) -> None:
    rows = foundry.get(f"{REGION}/models", version="2025-06-01")["value"]
    llama = {each["name"]: each["model"] for each in rows if each["model"]["name"] == "Llama-3.3-70B-Instruct"}
    (shared,), (own,) = (llama[f"Meta.Llama-3.3-70B-Instruct.{version}"]["skus"] for version in (4, 5))
    assert (shared["usageName"], shared["capacity"]) == ("AIServices.GlobalStandard.MaaS", {"maximum": 1, "default": 1})
    assert (own["usageName"], own["capacity"]) == (LLAMA, {"maximum": 10_000, "default": 10})
    assert not any(each["isDefaultVersion"] for each in llama.values())
