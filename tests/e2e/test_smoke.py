"""`azure-llama smoke` and the printed programs, on the dev stack that the real engine deployed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.e2e.harness import AZURE_LLAMA, ROOT, Azure

pytestmark = pytest.mark.engine


def run(azure: Azure, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command under `sandbox exec`, what it shows apart from what it says on the way."""
    return subprocess.run(
        azure.command("exec", "--", *arguments),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def keys(deployed: Azure) -> list[str]:
    return [key for pair in deployed.outputs()["keys"].values() for key in pair.values()]


def test_every_endpoint_of_the_stack_passes(deployed: Azure, keys: list[str]) -> None:
    done = run(deployed, str(AZURE_LLAMA), "smoke", "--stack", "dev", "--format", "json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert [(each["name"], each["auth"], each["ok"]) for each in report["endpoints"]] == [
        ("llama-33-70b", "Key", True),
        ("llama-8b", "AADToken", True),
        ("llama-dev-foundry/chat", "Key", True),
    ]
    for endpoint in report["endpoints"]:
        made = {check["name"]: check["outcome"] for check in endpoint["checks"]}
        assert made.pop("content filter") == "unknown"
        assert set(made.values()) == {"passed"}
        assert endpoint["firstTokenSeconds"] > 0
    assert report["endpoints"][0]["contentFilter"] == {"declared": True, "observed": None}
    assert done.stderr.count("\n") == 18
    assert not any(key in done.stdout + done.stderr for key in keys)


def test_the_content_filter_is_seen_at_work(deployed: Azure) -> None:
    options = ["-e", "llama-33-70b", "--filter-probe", "sandbox: harmful prompt", "--format", "junit"]
    done = run(deployed, str(AZURE_LLAMA), "smoke", "--stack", "dev", *options)
    assert done.returncode == 0, done.stderr
    (suite,) = ElementTree.fromstring(done.stdout.encode())  # noqa: S314 - our own
    properties = {each.attrib["name"]: each.attrib["value"] for each in suite.iter("property")}
    assert properties["contentFilter"] == "on (seen)"


def test_a_stack_without_outputs_and_one_that_is_not_there_exit_with_3(deployed: Azure) -> None:
    done = run(deployed, str(AZURE_LLAMA), "smoke", "--stack", "nope")
    assert (done.returncode, done.stderr.count("\n"), done.stdout) == (3, 1, "")
    assert "no stack named 'nope'" in done.stderr


def test_a_caller_who_may_not_score_fails(deployed: Azure, tmp_path: Path) -> None:
    outputs = tmp_path / "outputs.json"
    outputs.write_text(json.dumps(deployed.outputs()))
    command = [str(AZURE_LLAMA), "smoke", "--outputs", str(outputs), "-e", "llama-8b"]
    guest = deployed.command("exec", "--principal", "guest", "--", *command)
    done = subprocess.run(guest, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1
    assert "FAILED llama-8b: health:" in done.stdout


@pytest.mark.parametrize(
    ("name", "client"),
    [
        ("llama-33-70b", "curl"),
        ("llama-33-70b", "openai"),
        ("llama-8b", "openai"),
        ("llama-dev-foundry/chat", "openai"),
    ],
)
def test_a_printed_program_runs_as_it_is(
    deployed: Azure, keys: list[str], tmp_path: Path, name: str, client: str
) -> None:
    program = run(deployed, str(AZURE_LLAMA), "snippet", name, "--client", client, "--stack", "dev")
    assert program.returncode == 0, program.stderr
    assert not any(key in program.stdout for key in keys)
    path = tmp_path / "program"
    path.write_text(program.stdout)
    done = run(deployed, "sh" if client == "curl" else sys.executable, str(path))
    assert done.returncode == 0, done.stderr
    assert "Sandbox answer, no model ran" in done.stdout
