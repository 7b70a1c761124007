"""The Pulumi CLI with a folder and an environment."""

from __future__ import annotations

from pathlib import Path

from azure_llama.engine import Installation, Pulumi
from tests.azure_llama.engine.harness import script


def test_a_command_that_is_read_confirms_nothing_in_advance(tmp_path: Path) -> None:
    """`pulumi refresh --preview-only` fails where confirmations are skipped, as pipelines set it."""
    program = script(tmp_path / "pulumi", 'echo "${PULUMI_SKIP_CONFIRMATIONS-unset} $PULUMI_BACKEND_URL"')
    installation = Installation("v3.259.0", "test", program, [tmp_path], "executable")
    environment = {"PULUMI_SKIP_CONFIRMATIONS": "true", "PULUMI_BACKEND_URL": "file://state", "PATH": "/usr/bin:/bin"}
    assert Pulumi(installation, tmp_path, environment).read("refresh") == "unset file://state\n"
