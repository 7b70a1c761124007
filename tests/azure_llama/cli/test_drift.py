"""`azure-llama drift` where Pulumi gives no answer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from azure_llama.cli.app import main
from azure_llama.engine import Pulumi
from azure_llama.engine.process import AttemptError


class Answering:
    """A Pulumi CLI that answers one command."""

    def __init__(self, answer: str | AttemptError) -> None:
        self.answer = answer
        self.commands: list[tuple[str, ...]] = []

    def read(self, *command: str, limit: float) -> str:
        assert limit > 60
        self.commands.append(command)
        if isinstance(self.answer, AttemptError):
            raise self.answer
        return self.answer


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: sample\nruntime: python\n")
    (tmp_path / "Pulumi.dev.yaml").write_text("config: {}\n")
    (tmp_path / "__main__.py").write_text("")
    return tmp_path


def run(project: Path, monkeypatch: pytest.MonkeyPatch, answer: str | AttemptError | None, *more: str) -> Result:
    pulumi = None if answer is None else Answering(answer)
    monkeypatch.setattr(Pulumi, "find", lambda *_: pulumi)
    return CliRunner().invoke(main, ["drift", "-C", str(project), "--stack", "dev", *more])


STEP = {
    "op": "update",
    "urn": "urn:pulumi:dev::sample::azure-native:storage:StorageAccount::it",
    "oldState": {"type": "azure-native:storage:StorageAccount", "id": "/a", "inputs": {"tls": "1_2"}},
    "newState": {"inputs": {"tls": "1_0"}},
    "detailedDiff": {"tls": {"kind": "update", "inputDiff": True}},
}
DIAGNOSED = json.dumps({"diagnostics": [{"message": "error: HTTP 403", "severity": "error"}]}, indent=4)


@pytest.mark.parametrize(
    ("answer", "code", "text"),
    [
        (None, 1, "there is no Pulumi CLI"),
        (AttemptError("error: no stack named 'dev' found"), 3, "does not exist"),
        (json.dumps({"steps": []}, indent=4), 3, "has no resources"),
        (AttemptError("pulumi exited with code 1", DIAGNOSED), 4, "HTTP 403"),
        (AttemptError("error: incorrect passphrase"), 4, "incorrect passphrase"),
        ("not JSON", 4, "did not print a report"),
        (json.dumps({"steps": [STEP]}, indent=4), 7, 'tls: stated "1_2", in Azure "1_0"'),
        (json.dumps({"steps": [{**STEP, "op": "refresh"}]}, indent=4), 0, "no drift"),
    ],
)
def test_exit_codes(
    project: Path, monkeypatch: pytest.MonkeyPatch, answer: str | AttemptError | None, code: int, text: str
) -> None:
    result = run(project, monkeypatch, answer)
    assert (result.exit_code, text in result.output) == (code, True), result.output


def test_a_report_in_a_file(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = json.dumps({"steps": [STEP]}, indent=4)
    result = run(project, monkeypatch, answer, "--format", "json", "-o", str(project / "out.json"))
    assert result.exit_code == 7
    assert json.loads((project / "out.json").read_text())["stack"] == "dev"
    assert "drift in 1 of 1 resource" in result.output
