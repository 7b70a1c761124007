from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pulumi_azure_native import machinelearningservices as ml

from azure_llama_components.traffic import API_VERSION, EndpointState


def endpoint(tags: dict[str, str] | None = None, traffic: dict[str, int] | None = None) -> dict[str, Any]:
    state = EndpointState(
        workspace="llama-dev",
        endpoint="llama-8b",
        location="eastus2",
        tags=tags or {},
        properties={
            "authMode": "Key",
            "publicNetworkAccess": "Enabled",
            "traffic": {"blue": 90, "green": 10} if traffic is None else traffic,
        },
    )
    (resource,) = state.template["resources"]
    assert isinstance(resource, dict)
    return resource


def test_it_states_the_endpoint_in_full() -> None:
    assert endpoint({"team": "llama"}) == {
        "type": "Microsoft.MachineLearningServices/workspaces/onlineEndpoints",
        "apiVersion": "2025-12-01",
        "name": "llama-dev/llama-8b",
        "location": "eastus2",
        "tags": {"team": "llama"},
        "identity": {"type": "SystemAssigned"},
        "properties": {
            "authMode": "Key",
            "publicNetworkAccess": "Enabled",
            "traffic": {"blue": 90, "green": 10},
        },
    }


def test_an_endpoint_without_deployments_has_no_traffic_and_says_so() -> None:
    assert endpoint(traffic={})["properties"]["traffic"] == {}


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("[resourceGroup().id]", "[[resourceGroup().id]"),
        ("[]", "[[]"),
        ("[draft] llama", "[draft] llama"),
        ("llama [draft]", "llama [draft]"),
        ("", ""),
    ],
)
def test_a_tag_in_brackets_is_text_to_arm_not_an_expression(text: str, escaped: str) -> None:
    assert endpoint({"note": text})["tags"] == {"note": escaped}


def test_its_api_version_is_the_one_that_the_provider_sends() -> None:
    source = Path(str(sys.modules[ml.OnlineEndpoint.__module__].__file__)).read_text()
    assert f"Uses Azure REST API version {API_VERSION}." in source


def test_its_resource_keeps_arms_contract(contract_errors: Callable[..., list[str]]) -> None:
    resource = endpoint({"team": "llama"})
    arm_type, version = resource.pop("type"), resource.pop("apiVersion")
    del resource["name"]
    assert contract_errors(arm_type, version, resource) == []
