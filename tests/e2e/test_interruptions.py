"""Ctrl-C, `kill -9` of the CLI, `kill -9` of the sandbox: the next `up` completes, nothing is made twice."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.harness import ROOT, Azure

pytestmark = pytest.mark.engine
SLOW = 150.0
"""Azure seconds in a second: the GPU deployment takes 8 s, long enough to interrupt."""


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for a condition; fail after a while."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def deployment_asked_for(azure: Azure) -> bool:
    """Whether the GPU deployment's PUT has reached the sandbox."""
    return any(line["method"] == "PUT" and "/deployments/blue" in line["path"] for line in azure.requests())


def start_up(azure: Azure) -> subprocess.Popen[str]:
    """`pulumi up` in the background, in a process group of its own as a terminal has it."""
    return subprocess.Popen(
        azure.command("exec", "--", *azure.pulumi_arguments("up")),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def created_twice(azure: Azure) -> list[str]:
    """Paths that were created (201) more than once."""
    made = Counter(
        line["path"].lower() for line in azure.requests() if line["method"] == "PUT" and line["status"] == 201
    )
    return [path for path, times in made.items() if times > 1 and "/microsoft.resources/deployments/" not in path]


def completes(azure: Azure) -> None:
    """The stack is whole, the endpoint answers, and nothing was made twice."""
    azure.pulumi("up", "--expect-no-changes")
    outputs = azure.outputs()
    assert set(outputs["endpoints"]) == {"llama-33-70b", "llama-8b"}
    assert created_twice(azure) == []


@pytest.fixture
def slow(azure: Azure) -> Azure:
    """A sandbox whose GPU deployment takes seconds."""
    azure.cli("stop")
    azure.start(SLOW)
    return azure


def test_ctrl_c(slow: Azure) -> None:
    running = start_up(slow)
    until(lambda: deployment_asked_for(slow))
    os.killpg(running.pid, signal.SIGINT)
    output, _ = running.communicate(timeout=120)
    assert running.returncode != 0, output
    assert "Traceback" not in output
    slow.pulumi("up")
    completes(slow)


def test_kill_9_of_the_cli(slow: Azure) -> None:
    running = start_up(slow)
    until(lambda: deployment_asked_for(slow))
    os.killpg(running.pid, signal.SIGKILL)
    running.communicate(timeout=120)
    slow.exec("pulumi", "cancel", "--stack", "dev", "--yes", "--non-interactive", check=False)
    slow.pulumi("up")
    slow.pulumi("refresh", "--clear-pending-creates")
    completes(slow)


def test_kill_9_of_the_cli_mended_as_azure_native_needs_it(slow: Azure) -> None:
    """The recipe of docs/recovery.md, against a provider that remembers nothing, as azure-native."""
    running = start_up(slow)
    until(lambda: deployment_asked_for(slow))
    os.killpg(running.pid, signal.SIGKILL)
    running.communicate(timeout=120)
    slow.exec("pulumi", "cancel", "--stack", "dev", "--yes", "--non-interactive", check=False)
    with closing(sqlite3.connect(slow.home / "state.sqlite", isolation_level=None)) as database:
        assert database.execute("DELETE FROM journal").rowcount > 0
    for _ in range(4):
        run = slow.pulumi("up", check=False)
        refused = dict(re.findall(r"\((\S+)\):\n\s+error: cannot create already existing resource '(\S+)'", run.text))
        if run.code == 0:
            break
        assert refused, run.text
        file = slow.home / "import.json"
        slow.pulumi("preview", "--import-file", str(file))
        asked = json.loads(file.read_text())
        found = [
            {**each, "id": refused[each.get("logicalName", each["name"])]}
            for each in asked["resources"]
            if each.get("logicalName", each["name"]) in refused and not each.get("component")
        ]
        assert found
        file.write_text(json.dumps({**asked, "resources": found}))
        slow.pulumi("import", "--file", str(file), "--generate-code=false", "--protect=false")
    assert run.code == 0
    slow.pulumi("refresh", "--clear-pending-creates")
    completes(slow)


def test_kill_9_of_the_sandbox(slow: Azure) -> None:
    running = start_up(slow)
    until(lambda: deployment_asked_for(slow))
    os.kill(slow.status["pid"], signal.SIGKILL)
    output, _ = running.communicate(timeout=180)
    assert running.returncode != 0, output
    assert "Traceback" not in output
    slow.start(SLOW)
    slow.pulumi("up")
    completes(slow)


def test_a_busy_azure_is_waited_for(azure: Azure) -> None:
    fault = {
        "match": {"method": "PUT", "path": "*/serverlessEndpoints/*"},
        "times": 2,
        "status": 429,
        "headers": {"Retry-After": "1"},
        "body": {"error": {"code": "TooManyRequests", "message": "Slow down."}},
    }
    Path(azure.status["faults"]).write_text(json.dumps([fault]))
    azure.pulumi("up")
    answers = [
        line["status"]
        for line in azure.requests()
        if line["method"] == "PUT" and line["path"].endswith("/serverlessEndpoints/llama-33-70b")
    ]
    assert answers == [429, 429, 201]
