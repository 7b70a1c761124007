"""Azure's SDKs for Python on the sandbox: the management SDKs and azure-ai-ml."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from azure_llama_sandbox.arm.ids import parse
from azure_llama_sandbox.world import SUBSCRIPTION
from tests.clients.harness import Client, Report, in_this_month, lines
from tests.e2e.harness import Azure
from tests.sandbox.arm.everything import resources

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


def type_of(path: str) -> str:
    """The resource type of a path."""
    id_ = parse(path)
    assert id_ is not None
    return id_.type


def test_management_sdks_handle_every_emulated_type(azure: Azure, client: Client, report: Report) -> None:
    bodies: dict[str, Any] = {}
    for path, body in resources():
        bodies.setdefault(path, body)
    given = in_this_month(json.dumps([{"path": path, "body": body} for path, body in bodies.items()]))
    calls = lines(azure, *client("python"), str(PROGRAMS / "management.py"), text=given)
    done = Counter(each["verb"] for each in calls if each["method"] and not each["error"])
    types = {type_of(each["path"]) for each in calls}
    counts = ", ".join(f"{verb} {count}" for verb, count in done.items())
    report(f"management SDKs: {sum(done.values())} calls on {len(types)} types succeed ({counts})")
    assert [each for each in calls if each["error"]] == []
    assert {(each["verb"], type_of(each["path"])) for each in calls if not each["method"]} == WITHOUT_METHOD


def test_the_cognitive_services_sdk_lists_creates_and_purges(azure: Azure, client: Client, report: Report) -> None:
    azure.put(f"/subscriptions/{SUBSCRIPTION}/resourceGroups/foundry-sdk", {"location": "eastus2"}, "2024-03-01")
    steps = lines(azure, *client("python"), str(PROGRAMS / "foundry.py"), "foundry-sdk")
    failed = {each["step"]: each["error"] for each in steps if each["error"]}
    report(f"azure-mgmt-cognitiveservices: {len(steps) - len(failed)} of {len(steps)} steps succeed")
    assert failed == {}
    shown = {each["step"]: each["shown"] for each in steps}
    assert "Llama-3.3-70B-Instruct" in shown["models of the region"]
    assert shown["deployment list"] == ["chat"]
    assert "sdk-llama" in shown["deleted accounts"]
    assert "sdk-llama" not in shown["deleted accounts after the purge"]


def test_azure_ai_ml_creates_a_workspace_and_what_is_in_it(azure: Azure, client: Client, report: Report) -> None:
    azure.put(f"/subscriptions/{SUBSCRIPTION}/resourceGroups/ml", {"location": "eastus2"}, "2024-03-01")
    steps = lines(azure, *client("python"), str(PROGRAMS / "machine_learning.py"), "ml")
    failed = {each["step"]: each["error"] for each in steps if each["error"]}
    report(f"azure-ai-ml: {len(steps) - len(failed)} of {len(steps)} steps succeed")
    assert failed.keys() == FAULTS.keys(), failed
    assert all(fault in failed[step] for step, fault in FAULTS.items()), failed
