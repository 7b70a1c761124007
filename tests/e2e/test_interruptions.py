"""Ctrl-C, `kill -9` of the CLI, `kill -9` of the sandbox: the stack is completed, and nothing is made twice."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.harness import AZURE_LLAMA, ROOT, Azure, created_twice
from tests.e2e.test_adoption import DELETE

pytestmark = pytest.mark.engine
SLOW = 150.0
"""Azure seconds in a second: the GPU deployment takes 8 s, long enough to interrupt."""


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for a condition; fail after a while."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def requested(azure: Azure, path: str) -> bool:
    """Whether a PUT whose path has this part has reached the sandbox."""
    return any(line["method"] == "PUT" and path in line["path"] for line in azure.requests())


def deployment_asked_for(azure: Azure) -> bool:
    """Whether the GPU deployment's PUT has reached the sandbox."""
    return requested(azure, "/deployments/blue")


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


def completes(azure: Azure) -> None:
    """The stack is whole, the endpoint answers, and nothing was made twice."""
    azure.pulumi("up", "--expect-no-changes")
    outputs = azure.outputs()
    assert set(outputs["endpoints"]) == {"llama-33-70b", "llama-8b", "llama-dev-foundry/chat"}
    assert created_twice(azure.requests()) == []


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


def recover(azure: Azure) -> None:
    """The recipe of docs/recovery.md."""
    file = azure.home / "import.json"
    for _ in range(4):
        options = ("--stack", azure.stack, "--config-file", str(azure.stack_file), "--output", str(file))
        listed = azure.exec(str(AZURE_LLAMA), "import-file", *options)
        for id_ in re.findall(r"az resource delete --ids (\S+)", listed.text):
            azure.exec("python", "-c", DELETE, f"https://management.azure.com{id_}")
        if json.loads(file.read_text())["resources"]:
            azure.pulumi("import", "--file", str(file), "--generate-code=false", "--protect=false")
        run = azure.pulumi("up", check=False)
        if run.code == 0:
            break
    assert run.code == 0, run.text
    azure.pulumi("refresh", "--clear-pending-creates")


@pytest.mark.parametrize("path", ["/workspaces/llama-dev-hub", "/serverlessEndpoints/", "/deployments/blue"])
def test_kill_9_of_the_cli(slow: Azure, path: str) -> None:
    running = start_up(slow)
    until(lambda: requested(slow, path))
    os.killpg(running.pid, signal.SIGKILL)
    running.communicate(timeout=120)
    slow.exec("pulumi", "cancel", "--stack", "dev", "--yes", "--non-interactive", check=False)
    refused = slow.pulumi("up", check=False)
    assert "cannot create already existing resource '/subscriptions/" in refused.text
    recover(slow)
    completes(slow)


def test_kill_9_of_the_sandbox(slow: Azure) -> None:
    running = start_up(slow)
    until(lambda: deployment_asked_for(slow))
    os.kill(slow.status["pid"], signal.SIGKILL)
    output, _ = running.communicate(timeout=180)
    assert running.returncode != 0, output
    assert "Traceback" not in output
    slow.start(SLOW)
    recover(slow)
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
