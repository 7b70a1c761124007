"""The hook for pre-commit runs a command that exists, for the files that change its answer."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from azure_llama.cli.app import main
from tests.conftest import ROOT

HOOK: dict[str, Any] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())[0]


def test_the_entry_is_a_command() -> None:
    program, command = HOOK["entry"].split()
    assert (program, HOOK["language"], HOOK["pass_filenames"]) == ("azure-llama", "python", False)
    assert command in main.commands


@pytest.mark.parametrize(
    ("path", "runs"),
    [
        ("Pulumi.yaml", True),
        ("Pulumi.dev.yaml", True),
        ("llama-catalog.yaml", True),
        ("policy-exemptions.yaml", True),
        ("__main__.py", True),
        ("README.md", False),
        ("notes/Pulumi.txt", False),
    ],
)
def test_it_runs_for_what_the_check_reads(path: str, runs: bool) -> None:
    assert bool(re.search(HOOK["files"], path)) is runs
