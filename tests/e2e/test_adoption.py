"""Endpoints that exist in Azure and not in the state, taken over by the recipe of docs/adoption.md."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.e2e.harness import AZURE_LLAMA, Azure

pytestmark = pytest.mark.engine

OURS = ("azure-native:resources:Deployment", "azure-native:monitor:DiagnosticSetting")
WRITES = ("PUT", "PATCH", "DELETE")
DELETE = """
import sys, httpx
from azure.identity import DefaultAzureCredential
token = DefaultAzureCredential().get_token("https://management.azure.com/.default").token
version = "2021-05-01-preview" if "diagnosticSettings" in sys.argv[1] else "2024-03-01"
headers = {"Authorization": f"Bearer {token}"}
httpx.delete(sys.argv[1], params={"api-version": version}, headers=headers).raise_for_status()
"""


def forget(azure: Azure, *components: str) -> list[dict[str, Any]]:
    """Drop components of these types, and all that is in them, from the state: Azure goes on. What they were."""
    exported = json.loads(azure.exec("pulumi", "stack", "export", "--stack", azure.stack).text)
    resources = exported["deployment"]["resources"]
    forgotten = [each for each in resources if any(f"azure-llama:index{name}" in each["urn"] for name in components)]
    for each in reversed(forgotten):
        azure.exec("pulumi", "state", "delete", each["urn"], "--stack", azure.stack, "--yes", "--force")
    return forgotten


def describe(config: dict[str, Any]) -> None:
    """Give the managed endpoint what an endpoint made elsewhere can have."""
    more = {"description": "for tests", "tags": {"owner": "research"}, "properties": {"costCentre": "7"}}
    config["azure-llama:managed"]["llama-8b"].update(more)


def test_endpoints_are_imported_and_the_plan_is_empty(azure: Azure) -> None:
    azure.change(describe)
    azure.pulumi("up")
    endpoint = f"{azure.outputs()['workspace']['id']}/onlineEndpoints/llama-8b"
    before = azure.arm(endpoint).json()
    assert before["properties"]["description"] == "for tests"
    forgotten = forget(azure, ":ManagedEndpoint", ":ServerlessEndpoint", ":ModelSubscription")
    assert {"OnlineDeployment", "ServerlessEndpoint"} <= {each["type"].rsplit(":", 1)[-1] for each in forgotten}

    # What the studio makes has neither: the statement of the traffic and the diagnostic setting are this package's.
    ours = {each["urn"].rsplit("::", 1)[1]: each["id"] for each in forgotten if each["type"] in OURS}
    for id_ in ours.values():
        azure.exec("python", "-c", DELETE, f"https://management.azure.com{id_}")

    file = azure.home / "import.json"
    requests = len(azure.requests())
    options = ("--stack", azure.stack, "--config-file", str(azure.stack_file), "--output", str(file))
    azure.exec(str(AZURE_LLAMA), "import-file", *options)
    entries = json.loads(file.read_text())["resources"]
    known = {each["id"].lower() for each in forgotten if each.get("id") and each["id"] not in ours.values()}
    assert {entry["id"].lower() for entry in entries if not entry.get("component")} == known
    azure.pulumi("import", "--file", str(file), "--generate-code=false", "--protect=false")
    assert [line for line in azure.requests()[requests:] if line["method"] in WRITES] == []

    plan = azure.pulumi("preview").text
    assert {name for name in ours if re.search(rf"\+ .* {re.escape(name)} create", plan)} == set(ours)
    assert f"+ {len(ours)} to create" in plan
    assert not re.search(r"\d+ to (update|replace|delete)", plan)
    requests = len(azure.requests())
    azure.pulumi("up")
    written = [line["path"] for line in azure.requests()[requests:] if line["method"] in WRITES]
    assert not [path for path in written if "/deployments/blue" in path or "/serverlessEndpoints/" in path]
    after = azure.arm(endpoint).json()
    assert after["tags"] == before["tags"]
    for name in ("description", "traffic"):
        assert after["properties"][name] == before["properties"][name]
    assert after["properties"]["properties"]["costCentre"] == "7"
    azure.pulumi("up", "--expect-no-changes")
