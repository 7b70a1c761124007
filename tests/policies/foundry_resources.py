"""Foundry accounts and their deployments, as the engine shows them to policies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.policies.cases import Given, given


def account(name: str = "contoso", properties: Mapping[str, Any] | None = None, **inputs: Any) -> Given:
    """A Foundry account; an input that is None is left out."""
    stated = {
        "accountName": name,
        "resourceGroupName": "rg",
        "location": "eastus2",
        "kind": "AIServices",
        "sku": {"name": "S0"},
        "properties": {"customSubDomainName": name} if properties is None else properties,
    } | inputs
    return given("cognitiveservices:Account", name, {key: each for key, each in stated.items() if each is not None})


def foundry_deployment(
    name: str = "chat",
    *,
    account: Any = "contoso",
    model: Any = "Llama-3.3-70B-Instruct",
    version: Any = "5",
    publisher: Any = "Meta",
    sku: Any = "GlobalStandard",
    capacity: Any = 100,
    properties: Mapping[str, Any] | None = None,
    **rest: Any,
) -> Given:
    """A deployment on a Foundry account; a part of it that is None is left out."""
    named = {"format": publisher, "name": model, "version": version}
    scale = {"name": sku, "capacity": capacity}
    inputs = {
        "deploymentName": name,
        "accountName": account,
        "resourceGroupName": "rg",
        "sku": {key: each for key, each in scale.items() if each is not None},
        "properties": {"model": {key: each for key, each in named.items() if each is not None}, **(properties or {})},
    }
    return given("cognitiveservices:Deployment", name, inputs, **rest)
