"""One client for JavaScript and one for Go, on the project of the dev stack."""

from __future__ import annotations

import subprocess

import pytest

from azure_llama_sandbox.world import SUBSCRIPTION
from tests.clients.harness import Client, lines
from tests.e2e.harness import Azure

pytestmark = pytest.mark.clients
RESOURCE_GROUP, WORKSPACE = "rg-llama-dev-eastus2", "llama-dev"


def test_a_javascript_client(client: Client, deployed: Azure) -> None:
    (result,) = lines(deployed, *client("javascript"), RESOURCE_GROUP, WORKSPACE, "nowhere.invalid")
    assert (result["state"], result["listed"], result["key"]) == ("Succeeded", True, True)
    # `start` says from which version on `fetch` honours proxy variables.
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    major, minor = map(int, version.lstrip("v").split(".")[:2])
    assert result["proxied"] == ((major, minor) >= (22, 21))


def test_a_go_client(client: Client, deployed: Azure) -> None:
    group = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{RESOURCE_GROUP}"
    workspace = f"{group}/providers/Microsoft.MachineLearningServices/workspaces/{WORKSPACE}"
    (result,) = lines(deployed, *client("go"), workspace)
    assert result == {"state": "Succeeded", "listed": True}
