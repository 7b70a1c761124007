"""What a shell completes, asked as a shell asks."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from azure_llama.cli.app import main


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("PULUMI_STACK", raising=False)
    (tmp_path / "Pulumi.yaml").write_text("name: sample\nruntime: python\n")
    config = "config:\n  azure-llama:serverless: {chat-70b: {}, chat-3b: {}}\n  azure-llama:managed: {own-8b: {}}\n"
    (tmp_path / "Pulumi.dev.yaml").write_text(config)
    (tmp_path / "Pulumi.prod.yaml").write_text("config: {}\n")
    return tmp_path


def complete(folder: Path, *words: str) -> list[str]:
    """The answers for the last word."""
    line = " ".join(["azure-llama", *words[:1], "-C", str(folder), *words[1:]])
    variables = {"_AZURE_LLAMA_COMPLETE": "bash_complete", "COMP_WORDS": line, "COMP_CWORD": str(len(line.split()) - 1)}
    if not words[-1]:
        variables["COMP_CWORD"] = str(len(line.split()))
    done = CliRunner().invoke(main, prog_name="azure-llama", env=variables)
    assert done.exit_code == 0, done.output
    return [answer.split(",", 1)[1] for answer in done.stdout.splitlines() if "," in answer]


@pytest.mark.parametrize(
    ("words", "answers"),
    [
        (["check", "--stack", ""], ["dev", "prod"]),
        (["check", "--stack", "p"], ["prod"]),
        (["smoke", "--stack", "dev", "--endpoint", ""], ["chat-70b", "chat-3b", "own-8b"]),
        (["smoke", "--stack", "dev", "--endpoint", "chat-7"], ["chat-70b"]),
        (["smoke", "--endpoint", "ch"], []),
        (["snippet", "--stack", "dev", "own"], ["own-8b"]),
        (["init", "--serverless", "llama-3.3-70b"], ["Llama-3.3-70B-Instruct"]),
    ],
)
def test_names_are_completed(project: Path, words: list[str], answers: list[str]) -> None:
    assert complete(project, *words) == answers


def test_outside_a_project_nothing_is_completed(tmp_path: Path) -> None:
    assert complete(tmp_path, "check", "--stack", "") == []
    (tmp_path / "Pulumi.yaml").write_text("\t")
    assert complete(tmp_path, "smoke", "--endpoint", "") == []
