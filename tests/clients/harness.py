"""How the tests of outside clients run them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from typing import Any

from tests.e2e.harness import Azure

Client = Callable[[str], list[str]]
"""The command of an environment by its name."""
Report = Callable[[str], None]
"""Adds a line to the summary of the run."""


def lines(azure: Azure, *command: str, text: str = "") -> list[dict[str, Any]]:
    """The JSON lines that a client writes."""
    done = subprocess.run(
        azure.command("exec", "--", *command), input=text, capture_output=True, text=True, timeout=900, check=False
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return [json.loads(line[line.index("{") :]) for line in done.stdout.splitlines() if "{" in line]
