"""`python -m azure_llama.engine`, as a process of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from azure_llama.engine import cache
from tests.azure_llama.engine.harness import assert_gone, pulumi, script

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def _no_network(tools: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A proxy that refuses every connection, so that not even a name is looked up."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with socket.socket() as taken:  # bound and not listening
        taken.bind(("127.0.0.1", 0))
        for name in ("HTTPS_PROXY", "https_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{taken.getsockname()[1]}")
        yield


def start(*options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "azure_llama.engine", *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_with_a_cli_in_place_it_says_which(tools: Path) -> None:
    program = pulumi(tools, "v3.272.0")
    process = start()
    assert process.communicate(timeout=20) == (f"Pulumi v3.272.0 at {program} (PATH)\n", "")
    assert process.returncode == 0


def test_with_a_language_it_says_where_its_host_is(tools: Path) -> None:
    program, host = pulumi(tools, "v3.272.0"), script(tools / "pulumi-language-yaml", ":")
    process = start("--language", "yaml")
    output, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (0, "")
    assert output == f"Pulumi v3.272.0 at {program} (PATH)\npulumi-language-yaml at {host}\n"


def test_when_nothing_works_it_says_why_and_what_to_do(tools: Path) -> None:
    script(tools / "go", '[ "$1" = env ] && echo go1.26.8 && exit; echo "go: dial tcp: refused" >&2; exit 1')
    process = start()
    output, errors = process.communicate(timeout=20)
    lines = [line.partition("] ")[2] or line for line in errors.splitlines()]
    assert (process.returncode, output) == (1, "")
    assert lines[0].startswith("pulumi on PATH: there is none (")
    assert lines[1] == "fetching Pulumi v3.259.0 from get.pulumi.com"
    assert lines[2].startswith("official installer: no connection to get.pulumi.com: ")
    assert lines[-2].startswith("built from Go modules v3.259.0: go: dial tcp: refused (")
    assert lines[-1].startswith("No Pulumi CLI could be found or brought. Install Pulumi v3.255.0 or newer on PATH")
    assert "Traceback" not in errors


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_interrupted_in_a_build_it_leaves_neither_files_nor_processes(
    tools: Path, number: signal.Signals, code: int
) -> None:
    children = tools / "child"
    os.mkfifo(children)
    script(
        tools / "go",
        f"""
        case "$1 $2" in
            "env "*) echo go1.26.8 ;;
            "build "*) sleep 60 & echo $! > {children}; wait ;;
            *) echo a ;;
        esac""",
    )
    process = start()
    child = int(children.read_text())  # blocks until the build has begun
    assert list(cache.root().glob(".work-*"))
    process.send_signal(number)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == code
    assert [path.name for path in cache.root().iterdir()] == [".lock"]
    assert_gone(child)
    assert "Traceback" not in errors
