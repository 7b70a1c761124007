"""How the tests of outside clients run them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tests.e2e.harness import Azure

Client = Callable[[str], list[str]]
"""The command of an environment by its name."""
Report = Callable[[str], None]
"""Adds a line to the summary of the run."""


def in_this_month(text: str) -> str:
    """A text with the budgets of November 2026 beginning in the present month: Azure takes none of a past one."""
    return text.replace("2026-11-01", f"{datetime.now(UTC):%Y-%m-01}")


def lines(azure: Azure, *command: str, text: str = "") -> list[dict[str, Any]]:
    """The JSON lines that a client writes."""
    done = subprocess.run(
        azure.command("exec", "--", *command), input=text, capture_output=True, text=True, timeout=900, check=False
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return [json.loads(line[line.index("{") :]) for line in done.stdout.splitlines() if "{" in line]
