"""Errors of a stack's configuration, as `check`, `cost` and `preflight` report them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from azure_llama.cli.app import main
from tests.azure_llama.cli.test_check import dev, flat
from tests.conftest import ROOT

BROKEN = {
    "auth: AADToken": "auth: AADTokn",
    "model: Llama-3.3-70B-Instruct\n      contentSafety": "model: Llama-3.3-70B-Instruk\n      contentSafety",
    "          traffic: 100": "          requestTimeoutSeconds: 300\n          traffic: 90",
}


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """The dev stack with four errors."""
    text = (ROOT / "Pulumi.dev.yaml").read_text()
    for old, new in BROKEN.items():
        text = text.replace(old, new)
    file = tmp_path / "Pulumi.dev.yaml"
    file.write_text(text)
    return file


def test_errors_of_the_settings_are_findings_at_line_and_column(broken: Path) -> None:
    done = dev("--config-file", str(broken), "--format", "sarif")
    assert (done.returncode, done.stderr) == (1, "")
    (run,) = json.loads(done.stdout)["runs"]
    lines = broken.read_text().splitlines()
    found = {}
    for result in run["results"]:
        region = result["locations"][0]["physicalLocation"]["region"]
        found[lines[region["startLine"] - 1][region["startColumn"] - 1 :]] = result["message"]["text"]
        assert (result["ruleId"], result["level"]) == ("configuration-value", "error")
    assert set(found) == {"AADTokn", "deployments:", "300", "Llama-3.3-70B-Instruk"}
    assert "did you mean 'AADToken'?" in found["AADTokn"]
    fingerprints = {str(result["partialFingerprints"]) for result in run["results"]}
    assert len(fingerprints) == 4
    notes = run["invocations"][0]["toolExecutionNotifications"]
    assert "rules not evaluated" in notes[0]["message"]["text"]


@pytest.mark.parametrize("form", ["table", "markdown", "json", "junit"])
def test_every_form_says_that_no_rule_was_evaluated(broken: Path, form: str) -> None:
    done = CliRunner().invoke(main, ["check", "-C", str(ROOT), "--config-file", str(broken), "--format", form])
    assert done.exit_code == 1
    assert "rules not evaluated" in flat(done.stdout)
    assert "is outside 1 to 180" in flat(done.stdout)


@pytest.mark.parametrize("command", ["cost", "preflight"])
def test_cost_and_preflight_print_the_same_errors_and_exit_with_2(broken: Path, command: str) -> None:
    done = CliRunner().invoke(main, [command, "-C", str(ROOT), "--config-file", str(broken)])
    assert (done.exit_code, done.stdout) == (2, "")
    lines = [line for line in done.stderr.splitlines() if line.startswith("- ")]
    assert len(lines) == 4
    assert all(f"{broken}:" in line for line in lines)


def test_a_value_takes_the_place_of_that_of_the_file(broken: Path) -> None:
    blue = "azure-llama:managed.llama-8b.deployments.blue"
    values = [
        f"{blue}.requestTimeoutSeconds=120",
        f"{blue}.traffic=100",
        "managed.llama-8b.auth=AADToken",
        "azure-llama:serverless={}",
    ]
    options = [part for value in values for part in ("--value", value)]
    done = CliRunner().invoke(main, ["check", "-C", str(ROOT), "--config-file", str(broken), *options])
    assert done.exit_code == 0, done.output
    wrong = CliRunner().invoke(main, ["cost", "-C", str(ROOT), "--value", "no-value"])
    assert wrong.exit_code == 2
    assert "write KEY=VALUE" in wrong.stderr
