"""One of each resource that can stand around a workspace, on the real engine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.harness import ROOT, Azure
from tests.e2e.test_dev_stack import arm_type

pytestmark = pytest.mark.engine

PROJECT = ROOT / "tests" / "e2e" / "landscape"
VALUE = "the-key-of-an-endpoint"
CONFIG = {
    "azure-native:location": "eastus2",
    "landscape:month": datetime.now(UTC).date().replace(day=1).isoformat(),
    "landscape:value": VALUE,
}
SUBSCRIPTION = "/subscriptions/5a0d80c5-11a3-4a5d-9b0e-000000000001"
DEPLOYMENT = (
    f"{SUBSCRIPTION}/resourceGroups/rg-landscape/providers/Microsoft.MachineLearningServices/workspaces/hub-landscape"
    "/onlineEndpoints/llama-landscape/deployments/blue"
)


class Landscape(Azure):
    """A sandbox with an empty stack of that project."""

    project = PROJECT

    def pulumi_arguments(self, verb: str, *arguments: str) -> list[str]:
        pulumi, *rest = super().pulumi_arguments(verb, *arguments)
        return [pulumi, "--cwd", str(PROJECT), *rest]


@pytest.fixture
def landscape(tmp_path: Path) -> Iterator[Landscape]:
    azure = Landscape(tmp_path / "home", config=CONFIG)
    azure.start()
    folder = tmp_path / "init"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text((PROJECT / "Pulumi.yaml").read_text())
    azure.exec("pulumi", "--cwd", str(folder), "stack", "init", azure.stack, "--non-interactive")
    yield azure
    azure.cli("stop", check=False)


def test_a_landscape_stands_changes_and_goes(landscape: Landscape, contract_errors: Any) -> None:
    landscape.pulumi("up", "--skip-preview")
    assert landscape.arm(DEPLOYMENT).json()["sku"]["capacity"] == 2, "Azure Monitor raised it to its minimum"
    landscape.pulumi("up", "--expect-no-changes")
    landscape.drift()

    landscape.write({**CONFIG, "landscape:team": "two", "landscape:value": f"{VALUE}-2"})
    changed = landscape.pulumi("up", "--skip-preview")
    assert "2 updated" in changed.text

    landscape.pulumi("destroy", "--skip-preview")
    assert landscape.arm(f"{SUBSCRIPTION}/resources", "2021-04-01").json()["value"] == []
    requests = landscape.requests()
    puts = [line for line in requests if line["method"] == "PUT" and line["status"] < 400]
    assert VALUE not in str(requests)
    assert [
        complaint
        for line in puts
        for complaint in contract_errors(arm_type(line["path"]), line["apiVersion"], line["body"])
    ] == []
    assert ("DELETE", "kv-landscape.vault.azure.net", "/secrets/llama-primary", 200) in [
        (line["method"], line["host"], line["path"], line["status"]) for line in requests
    ]
