"""The commands over the usages that Azure was recorded to send: table, verdict, request and snapshot."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from click.testing import CliRunner, Result

from azure_llama import arm
from azure_llama.catalog import quota_snapshot
from azure_llama.cli.app import main
from azure_llama.stack import sign_in as stack_sign_in
from azure_llama_sandbox.arm import build
from tests.azure_llama.preflight.harness import STACK, SUBSCRIPTION, Cloud, sign_in
from tests.azure_llama.preflight.test_failures import Broken
from tests.catalogs import PACKAGE
from tests.conftest import ROOT

A100 = "standardNCADSA100v4Family"
A100_SHOWN = "Standard NCADSA100v4 Family Cluster Dedicated vCPUs"
TOTAL = "TotalDedicatedCores"
TOTAL_SHOWN = "Total Cluster Dedicated Regional vCPUs"
Rows = list[dict[str, Any]]
Run = Callable[..., Result]


@pytest.fixture
def usages(recorded: Callable[[str, str], Any]) -> Rows:
    """The rows that Azure sends; a test may change them."""
    return deepcopy(list(recorded("ml-quota", "/usages")["value"]))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The stack's configuration."""
    path = tmp_path / "Pulumi.recorded.yaml"
    config = dict(STACK) | {"azure-llama:serverless": {}, "azure-native:subscriptionId": SUBSCRIPTION}
    path.write_text(yaml.safe_dump({"config": config}))
    return path


@pytest.fixture
def run(cloud: Cloud, usages: Rows, file: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A command against the sandbox, but for the usages, which are Azure's."""

    def answer(request: httpx.Request) -> httpx.Response | None:
        recorded = request.url.path.endswith("/locations/eastus2/usages")
        return httpx.Response(200, json={"value": usages}) if recorded else None

    class Client(arm.ArmClient):
        def __init__(self, who: arm.SignIn) -> None:
            inner = httpx.ASGITransport(build(cloud.azure.world), raise_app_exceptions=True)
            super().__init__(who, transport=Broken(answer, inner), sleep=cloud.sleep)

    monkeypatch.setattr(arm, "ArmClient", Client)
    monkeypatch.setattr(stack_sign_in, "sign_in_of", lambda _: sign_in())

    def command(*words: str) -> Result:
        return CliRunner().invoke(main, [*words, "--directory", str(ROOT), "--config-file", str(file)])

    return command


def give(usages: Rows, **limits: int) -> None:
    """Raise the limits of dedicated cores."""
    for row in usages:
        if row["name"]["value"] in limits and "lowPriority" not in row["type"]:
            row["limit"] = limits[row["name"]["value"]]


def quota_results(run: Run) -> dict[str, Mapping[str, Any]]:
    report = json.loads(run("preflight", "--format", "json", "--no-state").stdout)
    (check,) = (each for each in report["checks"] if each["name"] == "quota")
    return {each["subject"]: each for each in check["results"]}


def test_the_table_has_each_family_and_the_total(run: Run, usages: Rows) -> None:
    done = run("quota", "show")
    assert done.exit_code == 0, done.output
    shown = json.loads(done.stdout)
    assert shown["total"] == {"limit": 20, "used": 20}
    dedicated = [row for row in usages if row["type"].endswith("/vmFamily/dedicatedCores/usages")]
    assert shown["families"] == {
        row["name"]["value"]: {"limit": row["limit"], "used": row["currentValue"]} for row in dedicated
    }
    assert shown["families"]["standardFSv2Family"] == {"limit": 16, "used": 16}
    assert shown["families"]["Standard NCASv3_T4 Family"] == {"limit": 0, "used": 0}


def test_the_verdict_is_of_the_family_and_of_the_total(run: Run) -> None:
    results = quota_results(run)
    family, total = results[f"{A100} in eastus2"], results[f"{TOTAL_SHOWN} in eastus2"]
    assert (family["status"], total["status"]) == ("fail", "fail")
    assert f"{A100_SHOWN}: usage 0, limit 0, needed 24 more cores" in family["evidence"]
    assert f"{TOTAL_SHOWN}: usage 20, limit 20, needed 24 more cores" in total["evidence"]


@pytest.mark.parametrize(("family", "total", "verdict"), [(24, 44, ["pass", "pass"]), (23, 44, ["fail", "pass"])])
def test_the_limits_decide(run: Run, usages: Rows, family: int, total: int, verdict: list[str]) -> None:
    give(usages, **{A100: family, TOTAL: total})
    results = quota_results(run)
    assert [results[f"{each} in eastus2"]["status"] for each in (A100, TOTAL_SHOWN)] == verdict


def test_the_request_is_for_the_family_and_for_the_total(run: Run, usages: Rows) -> None:
    done = run("quota", "request")
    assert done.exit_code == 1, done.output
    assert f"{A100_SHOWN} in eastus2, subscription {SUBSCRIPTION}" in done.stdout
    assert "now: usage 0, limit 0\n  needed: 24 more cores, a limit of 24 (" in done.stdout
    assert f"{TOTAL_SHOWN} in eastus2" in done.stdout
    assert "now: usage 20, limit 20\n  needed: 24 more cores, a limit of 44 (" in done.stdout
    assert done.stdout.count(" in eastus2, subscription ") == 2
    give(usages, **{A100: 24, TOTAL: 44})
    enough = run("quota", "request")
    assert (enough.exit_code, enough.stdout) == (0, "No increase is needed.\n")


@pytest.mark.parametrize(
    ("limits", "status", "says"),
    [
        ({}, "violated", f"the stack needs 24 cores of {A100} in eastus2, and 0 of 0 are left"),
        ({A100: 24}, "violated", "the stack needs 24 cores of all families together in eastus2, and 0 of 20 are left"),
        ({A100: 24, TOTAL: 44}, "passed", ""),
    ],
)
def test_the_snapshot_is_one_that_check_judges_by(
    run: Run, usages: Rows, tmp_path: Path, limits: Mapping[str, int], status: str, says: str
) -> None:
    give(usages, **limits)
    path = tmp_path / "quota.json"
    assert run("quota", "show", "--save", str(path)).exit_code == 0
    snapshot = quota_snapshot.load(path)
    assert snapshot.total is not None
    assert snapshot.family(A100, PACKAGE) == quota_snapshot.Quota(limit=limits.get(A100, 0), used=0)
    done = run("check", "--format", "json", "--quota", str(path))
    counts = json.loads(done.stdout)["rules"]["managed-quota"]
    assert {name for name, count in counts.items() if count} == {status}
    assert says in done.stdout


def test_a_snapshot_that_version_0_1_took_is_refused(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "quota.json"
    empty = {"region": "eastus2", "takenAt": "2026-11-29T08:00:00Z", "families": {}, "total": {"limit": 0, "used": 0}}
    path.write_text(json.dumps(empty))
    done = run("check", "--quota", str(path))
    assert done.exit_code == 2
    assert f"{path}: families: {{}} must have at least one family; write a new snapshot" in done.stderr


def test_usages_without_families_give_no_snapshot(run: Run, usages: Rows, tmp_path: Path) -> None:
    usages[:] = [row for row in usages if "/vmFamily/" not in row["type"]]
    done = run("quota", "show", "--save", str(tmp_path / "quota.json"))
    assert done.exit_code == 4
    assert "the usages API lists no family of VM sizes" in done.stderr
    assert not (tmp_path / "quota.json").exists()
