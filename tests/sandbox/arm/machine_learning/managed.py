"""Managed endpoints to test with."""

from __future__ import annotations

from tests.sandbox.arm.harness import (
    PROJECT,
    SUB,
    Azure,
)

ENDPOINT = f"{PROJECT}/onlineEndpoints/llama-8b"
BLUE = f"{ENDPOINT}/deployments/blue"
GREEN = f"{ENDPOINT}/deployments/green"
LOCATION = f"{SUB}/providers/Microsoft.MachineLearningServices/locations/eastus2"
FAMILY = "Standard NCADSA100v4 Family Cluster Dedicated vCPUs"


def usage(azure: Azure, family: str = FAMILY) -> tuple[int, int]:
    rows = {each["name"]["localizedValue"]: each for each in azure.get(f"{LOCATION}/usages")["value"]}
    return rows[family]["currentValue"], rows[family]["limit"]
