"""Outputs come from the CLI that the engine room finds, and what is wrong is one line with a remediation."""

from __future__ import annotations

from pathlib import Path

import pytest

from azure_llama.documents.errors import InputError
from azure_llama.engine import Installation, cli
from azure_llama.stack.outputs import OutputsError, stack_outputs

SCRIPT = """#!/bin/sh
case "$*" in
  *'--stack none'*) echo "error: no stack named 'none' found" >&2; exit 255 ;;
  *'--stack empty'*) echo '{}' ;;
  *) printf '{"arguments": "%s"}' "$*" ;;
esac
"""


@pytest.fixture(autouse=True)
def _cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "pulumi"
    program.write_text(SCRIPT)
    program.chmod(0o755)
    room = Installation("v3.259.0", "PATH", program, [tmp_path], "directory")
    monkeypatch.setattr(cli, "find", lambda: room)
    monkeypatch.chdir(tmp_path)


def test_secrets_are_in_clear_only_when_asked_for() -> None:
    assert stack_outputs()["arguments"] == "stack output --json --non-interactive --color never"
    asked = stack_outputs("dev", secrets=True)["arguments"]
    assert asked == "stack output --json --show-secrets --stack dev --non-interactive --color never"


def test_the_only_stack_of_the_folder_is_named_to_the_cli(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: sample\nruntime: python\n")
    (tmp_path / "__main__.py").touch()
    (tmp_path / "Pulumi.prod.yaml").touch()
    assert "--stack prod" in stack_outputs(folder=tmp_path)["arguments"]


def test_of_several_stacks_one_must_be_named_or_selected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: sample\nruntime: python\n")
    for stack in ("dev", "prod"):
        (tmp_path / f"Pulumi.{stack}.yaml").touch()
    monkeypatch.delenv("PULUMI_STACK", raising=False)
    with pytest.raises(InputError, match=r"several stacks \(dev, prod\); give --stack"):
        stack_outputs(folder=tmp_path)
    monkeypatch.setenv("PULUMI_STACK", "acme/sample/test")
    assert "--stack acme/sample/test" in stack_outputs(folder=tmp_path)["arguments"]


def test_a_stack_that_is_not_there_is_named_with_the_way_out() -> None:
    with pytest.raises(OutputsError, match=r"stack none cannot be read: .*no stack named 'none'.*--outputs FILE"):
        stack_outputs("none")


def test_a_stack_without_outputs_is_to_be_deployed() -> None:
    with pytest.raises(OutputsError, match="stack empty has no outputs: deploy it"):
        stack_outputs("empty")


def test_without_a_cli_there_is_a_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "find", lambda: None)
    with pytest.raises(OutputsError, match="make setup"):
        stack_outputs()
