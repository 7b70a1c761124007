"""What a history begins with, and the names and values that its edits take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MANAGED, SERVERLESS, FOUNDRY = "azure-llama:managed", "azure-llama:serverless", "azure-llama:foundry"
TAGS, SECRETS, WORKSPACE = "azure-llama:tags", "azure-llama:secrets", "azure-llama:workspace"
BUDGET = "azure-llama:budget"
ENDPOINTS = ("alpha-llama", "beta-llama", "gamma-llama")
COLOURS = ("blue", "green", "red", "black")
ACCOUNTS = ("contoso-one", "contoso-two")
CHATS = ("chat", "chat-two", "fast")
MOST_DEPLOYMENTS, MOST_ENDPOINTS = 3, 2
SIZES = ("Standard_NC24ads_A100_v4", "Standard_NC40ads_H100_v5")
PROVISIONED = "9"
"""The version of Llama-3.3-70B-Instruct that has provisioned SKUs."""
SERVERLESS_MODEL = "Llama-3.3-70B-Instruct"
AUTOSCALE = {
    "minimum": 1,
    "maximum": 2,
    "rules": [{"metric": "GpuUtilizationPercentage", "above": 70}, {"metric": "GpuUtilizationPercentage", "below": 20}],
}

START: Mapping[str, Any] = {
    "azure-native:location": "eastus2",
    WORKSPACE: {"name": "llama-dev"},
    MANAGED: {
        "alpha-llama": {
            "auth": "Key",
            "contentSafety": False,
            "deployments": {"blue": {"model": "Meta-Llama-3.1-8B-Instruct", "vmSize": SIZES[0], "traffic": 100}},
        }
    },
    FOUNDRY: {
        "contoso-one": {
            "auth": "Key",
            "deployments": {"chat": {"model": "Llama-3.3-70B-Instruct", "modelVersion": "5", "capacity": 100}},
        }
    },
}
"""What a history begins with."""
