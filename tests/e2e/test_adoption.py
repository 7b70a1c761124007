"""Endpoints that exist in Azure and not in the state, taken over by the recipe of docs/adoption.md."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.e2e.harness import ROOT, Azure

pytestmark = pytest.mark.engine

ROWS = re.compile(r"^\s+\| `([\w:]+)`[^|]*\| `([^`]+)`", re.MULTILINE)
PAGE = ROOT / "docs" / "adoption.md"
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


def identify(entry: dict[str, Any], group: str, workspace: str) -> str:
    """The id that the page's table gives an entry."""
    rows = ROWS.findall(PAGE.read_text())
    assert len(rows) == 5
    form = next(form for type_, form in rows if entry["type"].endswith(type_))
    endpoint, _, deployment = entry.get("logicalName", entry["name"]).partition(".")
    name = endpoint
    if form.endswith("marketplaceSubscriptions/NAME"):
        name = entry.get("logicalName", entry["name"]).replace(".", "-")
    filled = form.replace("DEPLOYMENT", deployment).replace("NAME", name).replace("/W/", f"/{workspace}/")
    return f"{group}/providers/{filled}"


def test_endpoints_are_imported_and_the_plan_is_empty(azure: Azure) -> None:
    azure.pulumi("up")
    group, _, rest = azure.outputs()["workspace"]["id"].partition("/providers/")
    forgotten = forget(azure, ":ManagedEndpoint", ":ServerlessEndpoint", ":ModelSubscription")
    assert {"OnlineDeployment", "ServerlessEndpoint"} <= {each["type"].rsplit(":", 1)[-1] for each in forgotten}

    # What the studio makes has neither: the statement of the traffic and the diagnostic setting are this package's.
    ours = {each["urn"].rsplit("::", 1)[1]: each["id"] for each in forgotten if each["type"] in OURS}
    for id_ in ours.values():
        azure.exec("python", "-c", DELETE, f"https://management.azure.com{id_}")

    file = azure.home / "import.json"
    azure.pulumi("preview", "--import-file", str(file))
    asked = json.loads(file.read_text())
    known = {each["urn"].rsplit("::", 1)[1]: each["id"] for each in forgotten if each.get("id")}
    kept = []
    for entry in asked["resources"]:
        name = entry.get("logicalName", entry["name"])
        if entry.get("component"):
            kept.append(entry)
        elif name not in ours:
            id_ = identify(entry, group, rest.rsplit("/", 1)[1])
            assert id_.lower() == known[name].lower()
            kept.append({**entry, "id": id_})
    assert len(kept) == len(forgotten) - len(ours)
    file.write_text(json.dumps({**asked, "resources": kept}))
    before = len(azure.requests())
    azure.pulumi("import", "--file", str(file), "--generate-code=false", "--protect=false")
    assert [line for line in azure.requests()[before:] if line["method"] in WRITES] == []

    plan = azure.pulumi("preview").text
    assert {name for name in ours if re.search(rf"\+ .* {re.escape(name)} create", plan)} == set(ours)
    assert f"+ {len(ours)} to create" in plan
    assert not re.search(r"\d+ to (update|replace|delete)", plan)
    before = len(azure.requests())
    azure.pulumi("up")
    written = [line["path"] for line in azure.requests()[before:] if line["method"] in WRITES]
    assert not [path for path in written if "/deployments/blue" in path or "/serverlessEndpoints/" in path]
    azure.pulumi("up", "--expect-no-changes")
