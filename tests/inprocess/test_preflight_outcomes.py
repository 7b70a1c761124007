"""The outcome of what a check of the preflight predicts, for checks without a scenario in `tests/e2e`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from azure_llama.arm import versions
from azure_llama.preflight import Status
from azure_llama.stack import project
from azure_llama_sandbox.world import SUBSCRIPTION
from tests.conftest import ROOT
from tests.inprocess.azure import Azure
from tests.inprocess.stack import Stack

WORKSPACE = {"name": "llama-dev"}
DEV = project.load(ROOT, "dev", None)
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-gateways"
SERVICE = f"{GROUP}/providers/Microsoft.ApiManagement/service/contoso-gateway"
CHAT = {"model": "Llama-3.3-70B-Instruct", "modelVersion": "5", "capacity": 10}
SERVERLESS = {"llama-33-70b": {"model": "Llama-3.3-70B-Instruct"}}
ENVIRONMENT = {
    "model": "Meta-Llama-3.1-8B-Instruct",
    "vmSize": "Standard_NC24ads_A100_v4",
    "environment": "azureml:vllm:3",
}


def settings(**values: Any) -> dict[str, str]:
    """A configuration with a workspace and these keys."""
    kept = {key: text for key, text in DEV.config.items() if not key.startswith("azure-llama:")}
    return kept | {f"azure-llama:{key}": json.dumps(value) for key, value in {"workspace": WORKSPACE, **values}.items()}


@pytest.fixture
def stack(azure: Azure) -> Stack:
    """A stack in an empty subscription."""
    azure.fresh("eastus2")
    return Stack(DEV, azure)


def failing(stack: Stack) -> list[str]:
    """The checks that fail."""
    return [run.name for run in stack.preflight().runs if run.status is Status.FAIL]


def test_an_environment_that_does_not_exist(stack: Stack) -> None:
    stack.project = replace(DEV, config=settings(managed={"llama-8b": {"deployments": {"blue": ENVIRONMENT}}}))
    assert failing(stack) == ["references"]
    (error,) = stack.up().errors
    assert 'Code="UserError"' in error
    assert "was not found" in error


@pytest.mark.parametrize(
    ("service", "message"),
    [
        ({"sku": {"name": "Consumption", "capacity": 0}, "identity": {"type": "SystemAssigned"}}, "Consumption tier"),
        ({"sku": {"name": "BasicV2", "capacity": 1}}, "identity"),
    ],
    ids=["of a SKU without circuit breakers", "without an identity"],
)
def test_a_gateway_in_a_service_that_does_not_fit(stack: Stack, service: Mapping[str, Any], message: str) -> None:
    publisher = {"publisherName": "Contoso", "publisherEmail": "ai@contoso.com"}
    stack.azure.put(GROUP, versions.RESOURCE_GROUPS, {"location": "eastus2"})
    stack.azure.put(SERVICE, versions.API_MANAGEMENT, {"location": "eastus2", "properties": publisher, **service})
    gateway = {
        "id": SERVICE,
        "models": {"chat": {"members": {"here": {"endpoint": "contoso-llama"}}}},
        "teams": {"search": {"tokensPerMinute": 5000}},
    }
    foundry = {"contoso-llama": {"deployments": {"chat": CHAT}}}
    stack.project = replace(DEV, config=settings(gateway=gateway, foundry=foundry))
    assert failing(stack) == ["gateway"]
    run = stack.up()
    assert run.errors
    assert any(message in error for error in run.errors)


def test_a_secret_that_the_caller_may_not_delete(stack: Stack) -> None:
    stored = {"expiresOn": "2099-01-01"}
    stack.project = replace(DEV, config=settings(serverless=SERVERLESS, secrets=stored))
    assert stack.up().errors == []
    stack.project = replace(DEV, config=settings())
    assert failing(stack) == ["removals"]
    (error,) = stack.up().errors
    assert "Forbidden" in error
