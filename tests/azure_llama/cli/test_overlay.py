"""A wrong `llama-catalog.yaml` ends any command with its report, also one that never asks for it by name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from azure_llama.catalog import overlay
from azure_llama.cli.app import main

OUTPUTS = {
    "endpoints": {
        "llama-33-70b": {
            "kind": "serverless",
            "uri": "https://llama-33-70b.eastus2.models.ai.azure.com",
            "chatUrl": "https://llama-33-70b.eastus2.models.ai.azure.com/v1/chat/completions",
            "completionsUrl": None,
            "openaiBaseUrl": "https://llama-33-70b.eastus2.models.ai.azure.com/v1",
            "model": "Llama-3.3-70B-Instruct",
            "auth": "Key",
        }
    },
    "keys": {},
}


@pytest.fixture
def outputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: mine\n")
    (tmp_path / overlay.FILE).write_text("modles: {}\n")
    file = tmp_path / "outputs.json"
    file.write_text(json.dumps(OUTPUTS))
    monkeypatch.chdir(tmp_path)
    return file


@pytest.mark.parametrize("command", [("smoke",), ("snippet", "llama-33-70b", "--client", "curl")])
def test_the_report_and_exit_code_2(outputs: Path, command: tuple[str, ...]) -> None:
    found = CliRunner().invoke(main, [*command, "--outputs", str(outputs)])
    assert found.exit_code == 2
    assert "llama-catalog.yaml:1: modles: is not a key here; did you mean 'models'?" in found.stderr
    assert found.stdout == ""
