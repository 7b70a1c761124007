"""From an empty folder to a deployed, answered and destroyed stack, as a new user types it."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.e2e.harness import AZURE_LLAMA

pytestmark = pytest.mark.engine

COMMANDS = (
    "azure-llama init --region eastus2 --serverless Llama-3.3-70B-Instruct --managed llama3.1:8b",
    "azure-llama check",
    "azure-llama sandbox start --time-scale 6000",
    "azure-llama sandbox exec -- pulumi stack init dev",
    "azure-llama sandbox exec -- pulumi up --yes --non-interactive",
    "azure-llama sandbox exec -- azure-llama smoke",
    "azure-llama sandbox exec -- pulumi destroy --yes --non-interactive",
    "azure-llama sandbox stop",
)


def test_a_stack_takes_fewer_than_ten_commands(tmp_path: Path) -> None:
    folder = tmp_path / "first-hour"
    folder.mkdir()
    own = {"XDG_STATE_HOME": str(tmp_path / "state"), "PULUMI_HOME": str(tmp_path / "pulumi")}
    environment = {name: value for name, value in os.environ.items() if name != "PULUMI_STACK"} | own
    environment["PATH"] = os.pathsep.join([str(AZURE_LLAMA.parent), os.environ["PATH"]])
    shown = {}
    try:
        for command in COMMANDS:
            done = subprocess.run(
                shlex.split(command),
                cwd=folder,
                env=environment,
                timeout=300,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, f"$ {command}\n{done.stdout}{done.stderr}"
            shown[command] = done.stdout
    finally:
        subprocess.run([AZURE_LLAMA, "sandbox", "stop"], env=environment, check=False, capture_output=True)
    assert len(COMMANDS) < 10
    assert shown[COMMANDS[5]].count(" ok ") >= 2
    assert "encryptionsalt" not in (folder / "Pulumi.dev.yaml").read_text()
