"""What Azure ML refuses beyond the limits of a region and subscription."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from azure_llama.catalog import limits
from tests.sandbox.arm.harness import MODEL, PROJECT, Azure, deployment_body, endpoint_body, serverless_body
from tests.sandbox.arm.machine_learning.managed import BLUE, GREEN

COMPUTE = {
    "location": "eastus2",
    "properties": {"computeType": "ComputeInstance", "properties": {"vmSize": "Standard_DS3_v2"}},
}


@pytest.mark.parametrize(
    ("limit", "held", "path", "body"),
    [
        ("ENDPOINTS_PER_SUBSCRIPTION", 1, f"{PROJECT}/onlineEndpoints/another", endpoint_body()),
        ("ENDPOINTS_PER_SUBSCRIPTION", 1, f"{PROJECT}/serverlessEndpoints/llama-33-70b", serverless_body()),
        ("DEPLOYMENTS_PER_SUBSCRIPTION", 1, GREEN, deployment_body()),
        ("COMPUTES_PER_REGION", 2, GREEN, deployment_body()),
        ("COMPUTES_PER_REGION", 2, f"{PROJECT}/computes/ci-two", COMPUTE),
    ],
)
def test_what_is_beyond_a_limit_is_refused(
    endpoint: Azure, monkeypatch: pytest.MonkeyPatch, limit: str, held: int, path: str, body: dict[str, Any]
) -> None:
    endpoint.put(f"{PROJECT}/marketplaceSubscriptions/llama", {"properties": {"modelId": MODEL}})
    endpoint.deployment()
    endpoint.put(f"{PROJECT}/computes/ci-one", COMPUTE)
    monkeypatch.setattr(limits, limit, replace(getattr(limits, limit), high=held))
    refusal = endpoint.refused("PUT", path, body)
    assert (refusal.code, refusal.inner) == ("UserError", ["OutOfQuota"])
    assert f"in the region East US 2; the limit is {held}." in refusal.message
    assert endpoint.put(BLUE, deployment_body())["name"] == "blue"
