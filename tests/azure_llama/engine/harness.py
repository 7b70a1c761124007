"""Fake programs, and a report that remembers."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from azure_llama.engine.installation import EXECUTOR, HOST

NEW_HOST = "  -use-executor string\n  -virtualenv string\n    \t[obsolete] Virtual environment path to use"
OLD_HOST = "  -use-executor string\n  -virtualenv string\n    \tVirtual environment path to use"


def script(path: Path, body: str) -> Path:
    """An executable shell script."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def python_script(path: Path, body: str) -> Path:
    """An executable Python script."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!{sys.executable}\n{body}\n")
    path.chmod(0o755)
    return path


def host(folder: Path, usage: str = NEW_HOST) -> Path:
    """A fake Python language host with its executor script; returns the host."""
    script(folder / EXECUTOR, ":")
    return script(folder / HOST, f"cat >&2 <<'END'\n{usage}\nEND")


def pulumi(folder: Path, version: str = "v3.259.0", usage: str = NEW_HOST) -> Path:
    """A fake CLI with its language host; returns the CLI."""
    host(folder, usage)
    return script(folder / "pulumi", f'[ "$1" = version ] && echo {version}')


def assert_gone(process: int) -> None:
    """Gone within a second, or a zombie that its new parent has yet to collect."""
    for _ in range(50):
        try:
            os.kill(process, 0)
            state = Path(f"/proc/{process}/stat")
            if state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z":
                return
        except ProcessLookupError:
            return
        time.sleep(0.02)
    raise AssertionError(f"process {process} is still there")


class Recorder:
    """A report that keeps what it was told."""

    def __init__(self) -> None:
        self.phases: list[str] = []
        self.steps: list[str] = []
        self.notes: list[str] = []

    def phase(self, text: str) -> None:
        self.phases.append(text)

    def progress(self, text: str) -> None:
        self.steps.append(text)

    def note(self, text: str) -> None:
        self.notes.append(text)
