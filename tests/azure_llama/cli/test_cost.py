"""`azure-llama cost`, as a person types it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from azure_llama.catalog import overlay
from azure_llama.cli.app import main
from azure_llama_sandbox import control
from azure_llama_sandbox.control import Status
from tests.sandbox.harness import ROOT as REPOSITORY
from tests.sandbox.harness import azure_llama, command

DEPLOYMENT = {"model": "Meta-Llama-3.1-8B-Instruct", "vmSize": "Standard_NC24ads_A100_v4"}
CONFIG = {
    "azure-native:location": "eastus2",
    "azure-llama:workspace": {"name": "llama-dev"},
    "azure-llama:serverless": {"llama-33-70b": {"model": "Llama-3.3-70B-Instruct"}},
    "azure-llama:managed": {"llama-8b": {"deployments": {"blue": DEPLOYMENT}}},
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: azure-llama\nruntime: python\n")
    (tmp_path / "__main__.py").write_text("")
    (tmp_path / "Pulumi.dev.yaml").write_text(yaml.safe_dump({"config": CONFIG}))
    return tmp_path


def _run(project: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["cost", "--directory", str(project), *arguments])


def test_a_stack_in_three_forms(project: Path) -> None:
    table = _run(project)
    assert table.exit_code == 0
    assert "Total: 2,681.29 USD a month in eastus2, and 7 items whose use is not stated" in table.stdout
    markdown = _run(project, "--format", "markdown")
    assert "**Total: 2,681.29 USD a month in eastus2, and 7 items whose use is not stated" in markdown.stdout
    found = json.loads(_run(project, "--format", "json").stdout)
    assert found["monthly"] == {"low": 2681.29, "high": 2681.29}
    assert (found["byUse"], found["unknown"]) == (7, 1)
    assert len([line for line in found["lines"] if line["monthly"] is None]) == 8


def test_stated_tokens_are_counted(project: Path) -> None:
    found = json.loads(_run(project, "--tokens", "llama-33-70b=50M/10M", "--format", "json").stdout)
    assert found["monthly"] == {"low": 2723.89, "high": 2728.15}


def test_stated_use_is_counted(project: Path) -> None:
    found = json.loads(_run(project, "--use", "logAnalytics=20", "--format", "json").stdout)
    assert found["monthly"] == {"low": 2722.69, "high": 2736.49}
    assert found["byUse"] == 6


@pytest.mark.parametrize("form", ["table", "markdown", "json"])
def test_against_an_earlier_state(project: Path, tmp_path: Path, form: str) -> None:
    base = tmp_path / "base"
    base.mkdir()
    (base / "Pulumi.yaml").write_text("name: azure-llama\nruntime: python\n")
    (base / "__main__.py").write_text("")
    config = {key: value for key, value in CONFIG.items() if key != "azure-llama:serverless"}
    (base / "Pulumi.dev.yaml").write_text(yaml.safe_dump({"config": config}))
    volume = ("--tokens", "llama-33-70b=50M/10M")
    shown = _run(project, *volume, "--against", str(base), "--format", form).stdout
    assert {"table": "(+42.60 to +46.86, +2 %)", "markdown": "(+42.60 to +46.86, +2 %)", "json": "42.6"}[form] in shown
    other_way = _run(base, *volume, "--against", str(project), "--format", form)
    assert other_way.exit_code == 0


def test_against_a_base_without_the_stack(project: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "unknown -> 2,681.29 USD a month" in _run(project, "--against", str(tmp_path / "empty")).stdout


def test_the_overlay_of_the_project_holds(project: Path) -> None:
    price = {"usdPerHour": 1.0, "source": "our agreement", "asOf": "2026-11-01"}
    entry = {"prices": {"virtualMachines": {"Standard_NC24ads_A100_v4": {"eastus2": price}}}}
    (project / overlay.FILE).write_text(yaml.safe_dump(entry))
    found = _run(project)
    assert "730 x 1 per hour = 730.00 USD a month [1]" in found.stdout
    assert "our agreement (llama-catalog.yaml), 2026-11-01" in found.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--stack", "prod"), "no stack 'prod'"),
        (("--tokens", "llama-33-70b=many"), "write ENDPOINT=INPUT/OUTPUT"),
        (("--use", "logAnalytic=1"), "did you mean 'logAnalytics'?"),
        (("--use", "logAnalytics"), "write KIND=NUMBER"),
        (("--use", "logAnalytics=much"), "logAnalytics is 'much'; write units a month"),
        (("--tokens", "llama=1/1"), "did you mean 'llama-33-70b'?"),
        (("--volume", "nowhere.yaml"), "nowhere.yaml: cannot be read"),
    ],
)
def test_mistakes_are_told_with_exit_code_2(project: Path, arguments: tuple[str, ...], said: str) -> None:
    found = _run(project, *arguments)
    assert found.exit_code == 2
    assert said in found.stderr
    assert found.stdout == ""


def test_another_configuration_file(project: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(yaml.safe_dump({"config": CONFIG | {"azure-native:location": "westus"}}))
    assert "in westus" in _run(project, "--config-file", str(other)).stdout


def test_mistakes_of_the_stack_and_of_the_overlay(project: Path) -> None:
    (project / "Pulumi.dev.yaml").write_text(yaml.safe_dump({"config": CONFIG | {"azure-native:location": "estus"}}))
    assert "did you mean 'westus' or 'eastus'?" in _run(project).stderr
    (project / overlay.FILE).write_text("modles: {}")
    found = _run(project)
    assert found.exit_code == 2
    assert "llama-catalog.yaml:1: modles: is not a key here; did you mean 'models'?" in found.stderr


def test_errors_stand_at_their_line_and_a_secret_is_none(project: Path) -> None:
    entries = CONFIG | {"azure-native:location": "estus", "azure-llama:tags": {"secure": "AAABcipher"}}
    (project / "Pulumi.dev.yaml").write_text(yaml.safe_dump({"config": entries}, sort_keys=False))
    said = _run(project).stderr
    assert "- Pulumi.dev.yaml:2:26: azure-native:location: 'estus'" in said
    assert "azure-llama:tags" not in said
    assert "cipher" not in said


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Status]]:
    home = tmp_path_factory.mktemp("sandbox") / "home"
    yield home, control.start(home)
    control.stop(home)


def test_live_against_the_sandbox(sandbox: tuple[Path, Status], project: Path) -> None:
    home, status = sandbox
    run = ("sandbox", "exec", "--home", str(home), "--", *command("cost", "--live", "--format", "json"))
    done = azure_llama(*run, "--directory", str(project))
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    machine = next(line for line in found["lines"] if line["kind"] == "compute")
    assert [source["title"] for source in machine["sources"]] == ["Azure Retail Prices API, asked directly"]
    log = [json.loads(line) for line in Path(status["requestLog"]).read_text().splitlines()]
    asked = [line for line in log if line["path"].startswith("/api/retail/prices")]
    assert len(asked) > 2  # more than one page


def test_live_without_a_network(project: Path) -> None:
    nowhere = {"HTTPS_PROXY": "http://127.0.0.1:9", "NO_PROXY": ""}
    done = azure_llama("cost", "--live", "--directory", str(project), env=nowhere)
    assert done.returncode == 0
    assert "2,681.29 USD a month" in done.stdout
    assert "Note: No live prices (no network): prices.azure.com cannot be reached" in done.stdout
    assert done.stderr == ""


def test_the_page_shows_what_the_command_prints() -> None:
    page = (REPOSITORY / "docs" / "cost.md").read_text()
    shown = page.partition("<!-- output: cost -->\n```text\n")[2].partition("```\n<!-- end -->")[0]
    assert _run(REPOSITORY, "--stack", "dev", "--tokens", "llama-33-70b=50M/10M").stdout == shown
