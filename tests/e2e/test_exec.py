"""What the Pulumi CLI does to a project under `exec`: it acts on the caller's stack, and leaves no salt behind."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.e2e.harness import Azure

pytestmark = pytest.mark.engine
STACK_FILE = "# Why it is so.\nconfig:\n  azure-native:location: eastus2   # near the users\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with the files of two stacks."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: azure-llama\nruntime: yaml\n")
    for stack in ("test", "prod"):
        (folder / f"Pulumi.{stack}.yaml").write_text(STACK_FILE)
    return folder


def test_exec_keeps_the_stacks_name_and_file(azure: Azure, project: Path) -> None:
    def pulumi(*arguments: str, stack: str = "prod") -> str:
        line = azure.command("exec", "--", "pulumi", *arguments, "--non-interactive")
        environment = {**os.environ, "PULUMI_STACK": stack}
        return subprocess.run(line, cwd=project, env=environment, check=True, capture_output=True, text=True).stdout

    pulumi("stack", "init", "test", stack="test")
    pulumi("stack", "init", "prod")
    pulumi("stack", "select", "test", stack="test")
    assert pulumi("stack", "--show-name").strip() == "prod"
    assert pulumi("stack", "--show-name", stack="test").strip() == "test"
    pulumi("config")
    assert {(project / f"Pulumi.{stack}.yaml").read_text() for stack in ("test", "prod")} == {STACK_FILE}
    pulumi("config", "set", "plain", "1")
    assert "encryptionsalt" not in (project / "Pulumi.prod.yaml").read_text()
    pulumi("config", "set", "--secret", "hidden", "2")
    assert "encryptionsalt" in (project / "Pulumi.prod.yaml").read_text()
    assert (pulumi("config", "get", "plain").strip(), pulumi("config", "get", "hidden").strip()) == ("1", "2")
