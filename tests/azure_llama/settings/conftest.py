"""Configurations as Pulumi hands them over."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

Config = dict[str, str]
Change = Callable[[dict[str, Any]], object]

DEV: dict[str, Any] = {
    "azure-native:location": "eastus2",
    "azure-llama:workspace": {"name": "llama-dev", "kind": "Project"},
    "azure-llama:serverless": {"llama-33-70b": {"model": "Llama-3.3-70B-Instruct", "contentSafety": True}},
    "azure-llama:managed": {
        "llama-8b": {
            "auth": "AADToken",
            "deployments": {
                "blue": {
                    "model": "Meta-Llama-3.1-8B-Instruct",
                    "vmSize": "Standard_NC24ads_A100_v4",
                    "instances": 1,
                    "traffic": 100,
                }
            },
        }
    },
}


@pytest.fixture
def config() -> Callable[..., Config]:
    """Makes the dev stack's configuration, changed first by the given functions."""

    def make(*changes: Change) -> Config:
        stack = copy.deepcopy(DEV)
        for change in changes:
            change(stack)
        return {key: value if isinstance(value, str) else json.dumps(value) for key, value in stack.items()}

    return make
