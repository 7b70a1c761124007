"""`azure-llama catalog`, as a person types it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from azure_llama.catalog import overlay
from azure_llama.catalog.tables import KINDS
from azure_llama.cli.app import main
from azure_llama_sandbox import control
from tests.sandbox.harness import azure_llama, command

OWN = """# What we know better.
prices:
  virtualMachines:
    Standard_NC24ads_A100_v4:
      eastus2: {usdPerHour: 2.5, source: agreement 12, asOf: 2026-10-01}  # until June
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: azure-llama\nruntime: python\n")
    (tmp_path / "__main__.py").write_text("")
    (tmp_path / "Pulumi.dev.yaml").write_text(yaml.safe_dump({"config": {"azure-native:location": "eastus2"}}))
    return tmp_path


def _show(project: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["catalog", "show", *arguments, "--directory", str(project)])


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_in_every_form(project: Path, kind: str) -> None:
    table = _show(project, kind)
    assert table.exit_code == 0
    rows = json.loads(_show(project, kind, "--format", "json").stdout)
    head, *lines = table.stdout.splitlines()
    columns = head.split()
    assert (columns[0], columns[-2:]) == ("name", ["source", "asOf"])
    assert max(map(len, [head, *lines[: len(rows)]])) <= 132
    sources = dict(line.split(" ", 1) for line in lines[len(rows) :])
    for row, line in zip(rows, lines[: len(rows)], strict=True):
        assert sources[line[head.index("source") :].split()[0]] == row["source"]
    wide = _show(project, kind, "--wide").stdout.splitlines()[0]
    assert wide.split() == list(rows[0])
    markdown = _show(project, kind, "--format", "markdown").stdout.splitlines()
    assert len(markdown) == len(rows) + 2
    assert {line.replace("\\|", "").count("|") for line in markdown} == {len(rows[0]) + 1}


def test_filters(project: Path) -> None:
    rows = json.loads(
        _show(project, "models", "--region", "East US 2", "--name", "llama-3.3", "--format", "json").stdout
    )
    assert [row["name"] for row in rows] == ["Llama-3.3-70B-Instruct"]
    before = _show(project, "models", "--name", "Llama-2-7b-chat", "--as-of", "2025-01-01")
    assert "generally-available" in before.stdout
    assert _show(project, "sizes", "--name", "nothing").stdout == "No sizes of that kind.\n"


def test_a_region_that_is_none(project: Path) -> None:
    found = _show(project, "models", "--region", "estus")
    assert found.exit_code == 2
    assert "'estus' is not a region of the catalogue; did you mean 'westus' or 'eastus'?" in found.stderr


def test_the_overlay_is_part_of_it_and_its_mistakes_are_told(project: Path) -> None:
    (project / overlay.FILE).write_text(OWN)
    prices = ("prices", "--name", "NC24ads_A100", "--region", "eastus2", "--format", "json")
    rows = json.loads(_show(project, *prices).stdout)
    assert [(row["usd"], row["source"]) for row in rows] == [(2.5, "agreement 12 (llama-catalog.yaml)")]
    (project / overlay.FILE).write_text("modles: {}")
    found = _show(project, "models")
    assert found.exit_code == 2
    assert "llama-catalog.yaml:1: modles: is not a key here" in found.stderr
    assert found.stdout == ""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    home = tmp_path_factory.mktemp("sandbox") / "home"
    control.start(home)
    yield home
    control.stop(home)


def _refresh(home: Path, project: Path, *arguments: str, principal: str = "owner") -> subprocess.CompletedProcess[str]:
    run = command("catalog", "refresh", "--directory", str(project), *arguments)
    return azure_llama("sandbox", "exec", "--home", str(home), "--principal", principal, "--", *run)


def test_refresh_writes_what_azure_says_once_and_keeps_what_a_person_wrote(home: Path, project: Path) -> None:
    file = project / overlay.FILE
    file.write_text(OWN)
    first = _refresh(home, project)
    assert first.returncode == 0, first.stderr
    kept = "prices.virtualMachines.Standard_NC24ads_A100_v4.eastus2 stays as it was written (agreement 12);"
    assert f"{kept} Azure says usdPerHour 3.673" in first.stdout
    written = file.read_text()
    assert written.startswith(OWN)
    data = yaml.safe_load(written)
    assert data["prices"]["virtualMachines"]["Standard_NC48ads_A100_v4"]["eastus2"]["usdPerHour"] == 7.346
    assert "Standard_NC24ads_A100_v4" in data["regions"]["eastus2"]["managedSizes"]
    five = data["foundry"]["Meta/Llama-3.3-70B-Instruct/5"]
    assert five["lifecycle"] == "Stable"
    assert five["skus"]["GlobalStandard"]["usageName"] == "AIServices.GlobalStandard.Llama-3.3-70B-Instruct"
    assert "eastus2: quota AIServices.GlobalStandard.Llama-3.3-70B-Instruct: 0 of 400 used" in first.stdout

    stamp = file.stat().st_mtime_ns
    second = _refresh(home, project)
    assert second.returncode == 0
    assert second.stdout.splitlines()[-1] == "llama-catalog.yaml: nothing new."
    assert file.stat().st_mtime_ns == stamp
    shown = _show(project, "prices", "--name", "NC48ads_A100", "--region", "eastus2")
    assert "Azure Retail Prices API (llama-catalog.yaml)" in shown.stdout


def test_refresh_of_prices_alone_asks_for_no_sign_in(home: Path, project: Path) -> None:
    done = _refresh(home, project, "--prices-only", "--location", "westus")
    assert done.returncode == 0
    data = yaml.safe_load((project / overlay.FILE).read_text())
    assert set(data) == {"prices"}
    assert {region for by_region in data["prices"]["virtualMachines"].values() for region in by_region} == {"westus"}


def test_refresh_tells_what_it_could_not_ask_and_writes_the_rest(home: Path, project: Path) -> None:
    done = _refresh(home, project, principal="guest")
    assert done.returncode == 1
    assert "not asked: sizes of eastus2: 403 AuthorizationFailed" in done.stderr
    assert "Traceback" not in done.stderr
    assert set(yaml.safe_load((project / overlay.FILE).read_text())) == {"prices"}


def test_refresh_without_a_network_writes_nothing(project: Path) -> None:
    nowhere = {"HTTPS_PROXY": "http://127.0.0.1:9", "NO_PROXY": ""}
    done = azure_llama("catalog", "refresh", "--prices-only", "--directory", str(project), env=nowhere)
    assert done.returncode == 1
    assert done.stdout == ""
    assert "not asked: prices of eastus2: prices.azure.com cannot be reached" in done.stderr
    assert not (project / overlay.FILE).exists()


@pytest.mark.parametrize(
    ("stack", "arguments", "said"),
    [
        ({"config": {}}, (), "no stack here names a region (azure-native:location); give --location"),
        ({"config": {}}, ("--location", "estus"), "did you mean 'westus' or 'eastus'?"),
        ({"config": {"azure-native:location": "estus"}}, (), "did you mean 'westus' or 'eastus'?"),
        ({}, ("--location", "eastus", "--stack", "prod"), "no stack 'prod'"),
    ],
)
def test_refresh_used_wrongly(project: Path, stack: object, arguments: tuple[str, ...], said: str) -> None:
    (project / "Pulumi.dev.yaml").write_text(yaml.safe_dump(stack))
    found = CliRunner().invoke(main, ["catalog", "refresh", "--directory", str(project), *arguments])
    assert found.exit_code == 2
    assert said in found.stderr


@pytest.mark.parametrize("arguments", [("show", "limits"), ("refresh",)])
def test_a_folder_that_is_not_there(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    found = CliRunner().invoke(main, ["catalog", *arguments, "-C", str(tmp_path / "nowhere")])
    assert found.exit_code == 2
    assert "nowhere: is no folder; give the one that holds Pulumi.yaml" in found.stderr


def test_refresh_outside_a_project_asks_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("azure_llama.cli.catalog._ask", pytest.fail)
    found = CliRunner().invoke(main, ["catalog", "refresh", "-C", str(tmp_path), "--location", "eastus"])
    assert found.exit_code == 2
    assert f"{tmp_path}: there is no Pulumi.yaml here or above; give --directory" in found.stderr


def test_refresh_does_not_touch_a_file_with_mistakes(project: Path) -> None:
    file = project / overlay.FILE
    file.write_text("modles: {}")
    found = CliRunner().invoke(main, ["catalog", "refresh", "--directory", str(project)])
    assert found.exit_code == 2
    assert "modles: is not a key here" in found.stderr
    assert file.read_text() == "modles: {}"
