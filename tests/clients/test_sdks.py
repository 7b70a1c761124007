"""Azure's SDKs on the sandbox: management, azure-ai-ml, one for JavaScript and one for Go."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from azure_llama_sandbox.arm.ids import parse
from azure_llama_sandbox.world import SUBSCRIPTION
from tests.e2e.harness import Azure
from tests.sandbox.arm.everything import resources
from tests.sandbox.arm.harness import GROUP, HUB, PROJECT, hub_body, project_body

pytestmark = pytest.mark.clients
PROGRAMS = Path(__file__).parent / "python"
KEY_VAULT = ("Microsoft.KeyVault/vaults/keys", "Microsoft.KeyVault/vaults/secrets")
WITHOUT_METHOD = {
    *((verb, "Microsoft.Insights/diagnosticSettings") for verb in ("create", "get", "list", "delete")),
    *(("delete", type_) for type_ in KEY_VAULT),
}
"""What no SDK offers: ARM deletes no keys and secrets, and azure-mgmt-monitor 7 has no diagnostic settings."""
FAULTS = {"project": "PublicNetworkAccessType.ENABLED"}
"""Steps of azure-ai-ml 1.35.2 that fail whatever ARM answers: it writes the name of an enumeration into a template."""

Client = Callable[[str], list[str]]
Report = Callable[[str], None]


def lines(azure: Azure, *command: str, text: str = "") -> list[dict[str, Any]]:
    """The JSON lines that a client writes."""
    done = subprocess.run(
        azure.command("exec", "--", *command), input=text, capture_output=True, text=True, timeout=900, check=False
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return [json.loads(line[line.index("{") :]) for line in done.stdout.splitlines() if "{" in line]


def type_of(path: str) -> str:
    """The resource type of a path."""
    id_ = parse(path)
    assert id_ is not None
    return id_.type


def test_management_sdks_handle_every_emulated_type(azure: Azure, client: Client, report: Report) -> None:
    bodies: dict[str, Any] = {}
    for path, body in resources():
        bodies.setdefault(path, body)
    given = json.dumps([{"path": path, "body": body} for path, body in bodies.items()])
    calls = lines(azure, *client("python"), str(PROGRAMS / "management.py"), text=given)
    done = Counter(each["verb"] for each in calls if each["method"] and not each["error"])
    types = {type_of(each["path"]) for each in calls}
    counts = ", ".join(f"{verb} {count}" for verb, count in done.items())
    report(f"management SDKs: {sum(done.values())} calls on {len(types)} types succeed ({counts})")
    assert [each for each in calls if each["error"]] == []
    assert {(each["verb"], type_of(each["path"])) for each in calls if not each["method"]} == WITHOUT_METHOD


def test_azure_ai_ml_creates_a_workspace_and_what_is_in_it(azure: Azure, client: Client, report: Report) -> None:
    azure.put(f"/subscriptions/{SUBSCRIPTION}/resourceGroups/ml", {"location": "eastus2"}, "2024-03-01")
    steps = lines(azure, *client("python"), str(PROGRAMS / "machine_learning.py"), "ml")
    failed = {each["step"]: each["error"] for each in steps if each["error"]}
    report(f"azure-ai-ml: {len(steps) - len(failed)} of {len(steps)} steps succeed")
    assert failed.keys() == FAULTS.keys(), failed
    assert all(fault in failed[step] for step, fault in FAULTS.items()), failed


@pytest.fixture(scope="module")
def workspace(azure: Azure) -> str:
    """The path of a project."""
    for path, body, version in (
        (GROUP, {"location": "eastus2"}, "2024-03-01"),
        (HUB, hub_body(), "2025-12-01"),
        (PROJECT, project_body(), "2025-12-01"),
    ):
        assert azure.put(path, body, version).status_code < 300
    return PROJECT


def test_a_javascript_client(azure: Azure, client: Client, workspace: str) -> None:
    group, name = workspace.split("/")[4], workspace.rsplit("/", 1)[-1]
    (result,) = lines(azure, *client("javascript"), group, name, "nowhere.invalid")
    assert (result["state"], result["listed"], result["key"]) == ("Succeeded", True, True)
    # What `start` says of Node.js.
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    major, minor = map(int, version.lstrip("v").split(".")[:2])
    assert result["proxied"] == ((major, minor) >= (22, 21))


def test_a_go_client(azure: Azure, client: Client, workspace: str) -> None:
    (result,) = lines(azure, *client("go"), workspace)
    assert result == {"state": "Succeeded", "listed": True}
