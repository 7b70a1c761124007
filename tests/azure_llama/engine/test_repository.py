"""What a fresh clone offers: the verbs of make and the scripts behind them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.azure_llama.engine.harness import script

ROOT = Path(__file__).resolve().parents[3]


def test_make_lists_the_verbs_when_asked_for_nothing() -> None:
    make = shutil.which("make")
    if make is None:
        pytest.skip("make is not on PATH")
    listed = subprocess.run([make, "-C", ROOT, "--no-print-directory"], capture_output=True, text=True, check=True)
    verbs = re.findall(r"^  make (\S+) +\S", listed.stdout, re.MULTILINE)
    tests = ["test", "unit", "packaging", "first-hour", "test-pythons", "test-clients"]
    assert verbs == [
        "help",
        "setup",
        "demo",
        "demo-down",
        "lint",
        *tests,
        "mutate",
        "bench",
        "prove",
        "generate",
        "docs",
        "pages",
        "site",
        "release",
        "dist",
        "lock",
    ]


@pytest.mark.parametrize(
    ("verb", "locks"),
    [
        ("setup", ["sandbox"]),
        ("demo", ["sandbox"]),
        ("demo-down", ["sandbox"]),
        ("lint", ["sandbox", "dev"]),
        ("test", ["sandbox", "dev"]),
        ("unit", ["sandbox", "dev"]),
        ("packaging", ["sandbox", "dev"]),
        ("first-hour", ["sandbox", "dev"]),
        ("mutate", ["sandbox", "dev"]),
        ("bench", ["sandbox", "dev"]),
        ("docs", ["sandbox", "dev"]),
        ("dist", ["sandbox"]),
        ("lock", ["sandbox"]),
    ],
)
def test_each_verb_installs_the_lock_that_it_needs(verb: str, locks: list[str]) -> None:
    make = shutil.which("make")
    if make is None:
        pytest.skip("make is not on PATH")
    planned = subprocess.run([make, "-C", ROOT, "--dry-run", verb], capture_output=True, text=True, check=True)
    assert re.findall(r"scripts/make_venv\.py (\w+)", planned.stdout) == locks


def test_continuous_integration_runs_make_test() -> None:
    run = ROOT / ".ci" / "run"
    assert os.access(run, os.X_OK)
    assert run.read_text().rstrip().endswith("\nexec make test")


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
