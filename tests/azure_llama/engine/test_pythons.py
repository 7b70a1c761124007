"""`scripts/pythons.py`: which Pythons it takes, and what it does without any."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.azure_llama.engine.harness import script

SCRIPT = Path(__file__).resolve().parents[3] / "scripts" / "pythons.py"


def select(tools: Path, *wanted: str) -> subprocess.CompletedProcess[str]:
    """Run the script with a git that fails, so that it ends before the first clone."""
    script(tools / "git", "exit 1")
    environment = {"PATH": str(tools), "PYENV_ROOT": str(tools / "pyenv"), "HOME": os.environ["HOME"]}
    return subprocess.run(
        [sys.executable, SCRIPT, *wanted], env=environment, capture_output=True, text=True, check=False
    )


def python(path: Path, version: str) -> None:
    script(path, f"echo '[[{version.replace('.', ', ')}], \"24.2\"]'")


def test_a_version_that_is_not_installed_is_reported_with_those_that_are(tools: Path) -> None:
    python(tools / "python3.13", "3.13.0")
    python(tools / "python3.10", "3.10.2")
    python(tools / "pyenv" / "versions" / "3.11.7" / "bin" / "python3.11", "3.11.7")
    script(tools / "python3.12", "echo no such version >&2; exit 127")
    done = select(tools, "3.12", "3.13")
    assert (done.returncode, done.stderr) == (1, "no such Python: 3.12; installed are 3.11 3.13\n")


def test_without_any_python_it_fails(tools: Path) -> None:
    done = select(tools)
    assert (done.returncode, done.stderr) == (1, "no such Python: 3.11 or newer; installed are none\n")


def test_the_newest_release_of_a_minor_version_is_taken(tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(SCRIPT.parent))
    monkeypatch.setenv("PATH", str(tools))
    monkeypatch.setenv("PYENV_ROOT", str(tools / "pyenv"))
    newest = tools / "pyenv" / "versions" / "3.11.10" / "bin" / "python3.11"
    python(tools / "python3.11", "3.11.9")
    python(newest, "3.11.10")
    import pythons  # type: ignore[import-not-found]  # a script, not a package's module

    assert list(pythons.pythons()) == [(newest, (3, 11, 10), "24.2")]


def test_each_python_runs_each_step_in_a_clone_of_its_own(tools: Path, tmp_path: Path) -> None:
    version = "echo '[[3, 13, 0], \"24.2\"]'"
    script(tools / "python3.13", version)
    script(tools / "git", '[ "$1" = status ] || mkdir "$4"')
    script(tools / "make", f'echo "$1 $2 ${{PWD##*/}}" >> {tmp_path}/log; [ "$1" != unit ]')
    environment = {"PATH": os.environ["PATH"], "PYENV_ROOT": str(tmp_path), "HOME": str(tmp_path)}
    run = [sys.executable, str(SCRIPT), "3.13"]
    done = subprocess.run(run, env=environment, capture_output=True, text=True, check=False)
    steps = ["demo", "demo-down", "first-hour", "unit", "packaging"]
    assert done.returncode == 1
    assert (tmp_path / "log").read_text().splitlines() == [f"{step} PYTHON={tools}/python3.13 clone" for step in steps]
    assert done.stderr.splitlines()[-1].split()[:2] == ["3.13.0", "24.2"]
    assert done.stderr.splitlines()[-1].split()[2::3] == ["ok", "ok", "ok", "failed", "ok"]

    (tmp_path / "log").unlink()
    done = subprocess.run(run, env={**environment, "STEPS": "first-hour"}, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert (tmp_path / "log").read_text() == f"first-hour PYTHON={tools}/python3.13 clone\n"
