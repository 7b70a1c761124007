"""A deployment under an endpoint that somebody else made: added, left alone, removed, and nothing else touched."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.harness import DEV, Azure

pytestmark = pytest.mark.engine


def add(config: dict[str, Any]) -> None:
    """Another endpoint, of which only a deployment is this stack's."""
    green = {"model": "Meta-Llama-3.1-8B-Instruct", "vmSize": "Standard_NC24ads_A100_v4"}
    config["azure-llama:managed"]["theirs"] = {"existing": True, "deployments": {"green": green}}


def test_only_the_deployment_is_this_stacks(azure: Azure) -> None:
    azure.pulumi("up")
    group = f"/subscriptions/{azure.status['subscription']}/resourceGroups/rg-llama-dev-eastus2/providers"
    theirs = f"{group}/Microsoft.MachineLearningServices/workspaces/llama-dev/onlineEndpoints/theirs"
    body = {
        "location": "eastus2",
        "tags": {"owner": "them"},
        "identity": {"type": "SystemAssigned"},
        "properties": {"authMode": "Key", "publicNetworkAccess": "Enabled"},
    }
    assert azure.put(theirs, body, "2025-12-01").status_code in (200, 201)

    since = len(azure.requests())
    azure.change(add)
    azure.pulumi("up")
    written = {line["path"] for line in azure.requests()[since:] if line["method"] in ("PUT", "PATCH", "POST")}
    assert {path for path in written if "theirs" in path} == {f"{theirs}/deployments/green"}
    assert azure.arm(f"{theirs}/deployments/green").json()["properties"]["provisioningState"] == "Succeeded"
    outputs = azure.outputs()["endpoints"]["theirs"]
    assert (outputs["uri"], outputs["chatUrl"], outputs["auth"]) == (None, None, None)
    assert outputs["deployments"]["green"]["traffic"] is None
    azure.pulumi("up", "--expect-no-changes")

    azure.write(DEV)
    azure.pulumi("up")
    assert azure.arm(f"{theirs}/deployments/green").status_code == 404
    kept = azure.arm(theirs).json()
    assert kept["tags"] == {"owner": "them"}
