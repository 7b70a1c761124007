"""What a fresh clone offers: make's verbs, the scripts behind them, locks that are anyone's."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.azure_llama.engine.harness import script

ROOT = Path(__file__).resolve().parents[3]
LOCKS = ("requirements.txt", "requirements-dev.txt", "azure_llama/engine/modules/go-toolchain.txt")


def test_make_lists_the_verbs_when_asked_for_nothing() -> None:
    make = shutil.which("make")
    if make is None:
        pytest.skip("make is not on PATH")
    listed = subprocess.run([make, "-C", ROOT, "--no-print-directory"], capture_output=True, text=True, check=True)
    verbs = re.findall(r"^  make (\S+) +\S", listed.stdout, re.MULTILINE)
    assert verbs == ["help", "setup", "demo", "demo-down", "lint", "test", "mutate", "bench", "docs", "lock"]


def test_continuous_integration_runs_make_test() -> None:
    run = ROOT / ".ci" / "run"
    assert os.access(run, os.X_OK)
    assert run.read_text().rstrip().endswith("\nexec make test")


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_name_no_place_and_no_version_without_hash(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert not re.search(r"https?://|index-url|find-links", text)
    pins = re.findall(r"^[a-zA-Z0-9._-]+(?:\[[^]]*\])?==\S+.*?(?=^\S|\Z)", text, re.MULTILINE | re.DOTALL)
    assert pins
    assert all("--hash=sha256:" in pin for pin in pins)


def test_what_both_locks_have_is_the_same_in_both() -> None:
    def pins(lock: str) -> set[str]:
        return set(re.findall(r"^(\S+==\S+)", (ROOT / lock).read_text(), re.MULTILINE))

    assert pins("requirements.txt") <= pins("requirements-dev.txt")


PYTHON = 'case "$*" in *ensurepip*) exit {usable} ;; *) echo 3.9.2 ;; esac'


def find_python() -> subprocess.CompletedProcess[str]:
    sh = shutil.which("sh")
    assert sh is not None
    return subprocess.run([sh, ROOT / "scripts" / "find_python.sh"], capture_output=True, text=True, check=False)


def test_the_first_usable_python_is_taken(tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHON", raising=False)
    script(tools / "python3", PYTHON.format(usable=1))
    script(tools / "python3.14", "echo no such version >&2; exit 127")
    script(tools / "python3.12", PYTHON.format(usable=0))
    script(tools / "python3.11", PYTHON.format(usable=0))
    found = find_python()
    assert (found.returncode, found.stdout) == (0, f"{tools}/python3.12\n")


def test_a_named_python_is_the_only_one_asked(tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(tools / "python3", PYTHON.format(usable=0))
    named = script(tools / "mine", PYTHON.format(usable=0))
    monkeypatch.setenv("PYTHON", str(named))
    assert find_python().stdout == f"{named}\n"
    named.unlink()
    assert find_python().returncode == 1


def test_without_a_usable_python_each_one_asked_is_told(tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHON", raising=False)
    script(tools / "python3", PYTHON.format(usable=1))
    script(tools / "python3.12", "exit 127")
    found = find_python()
    assert (found.returncode, found.stdout) == (1, "")
    assert "version 3.11 or newer with its venv module is needed" in found.stderr
    assert "  python3: 3.9.2, or without venv\n" in found.stderr
    assert "  python3.12: does not run\n" in found.stderr
    assert "  python3.11: not on PATH\n" in found.stderr
