"""`scripts/make_venv.py`, with a fake Python in the environment that writes down what pip is asked."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.azure_llama.engine.harness import script

SCRIPT = Path(__file__).resolve().parents[3] / "scripts" / "make_venv.py"


@pytest.fixture
def clone(tools: Path, tmp_path: Path) -> Path:
    """A repository with locks, a project file, and an environment whose pip fails when there is a file `broken`."""
    root = tmp_path / "clone"
    (root / "scripts").mkdir(parents=True)
    shutil.copy(SCRIPT, root / "scripts")
    for lock in ("requirements-sandbox.txt", "requirements-dev.txt", "scripts/pip.txt"):
        (root / lock).write_text("a==1 --hash=sha256:00\n")
    (root / "pyproject.toml").write_text("[project]\n")
    script(
        root / ".venv" / "bin" / "python",
        f"""[ "$1" = -c ] && exit
        echo "$@" >> {root}/pip
        echo Collecting a
        [ -e {root}/slow ] && while [ ! -e {root}/said ]; do sleep 0.01; done
        [ -e {root}/broken ] && echo no index >&2 && exit 1
        cp {root}/pyproject.toml {root}/.venv/bin/azure-llama""",
    )
    return root


def make(clone: Path, lock: str = "sandbox") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(clone / "scripts" / "make_venv.py"), lock]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def installed(clone: Path) -> list[str]:
    """What pip was told to install since the last call: the name of a lock, or the project."""
    log = clone / "pip"
    lines = log.read_text().splitlines() if log.exists() else []
    log.unlink(missing_ok=True)
    for line in lines:
        assert "--require-hashes --requirement" in line or "--no-deps --no-build-isolation --editable" in line
    return [line.rpartition(" ")[2].removeprefix(f"{clone}").removeprefix("/") or "project" for line in lines]


SANDBOX = ["requirements-sandbox.txt", "project"]
DEV = ["scripts/pip.txt", "requirements-dev.txt", "project"]


@pytest.mark.parametrize(("lock", "steps"), [("sandbox", SANDBOX), ("dev", DEV)])
def test_a_lock_is_installed_by_hash_then_the_project(clone: Path, lock: str, steps: list[str]) -> None:
    assert make(clone, lock).returncode == 0
    assert installed(clone) == steps


@pytest.mark.parametrize("lock", ["sandbox", "dev"])
def test_the_second_run_does_and_prints_nothing(clone: Path, lock: str) -> None:
    make(clone, lock)
    installed(clone)
    again = make(clone, lock)
    assert (again.returncode, again.stdout, again.stderr, installed(clone)) == (0, "", "", [])


def test_the_dev_lock_is_added_to_an_environment_of_the_sandbox(clone: Path) -> None:
    make(clone, "sandbox")
    installed(clone)
    make(clone, "dev")
    assert installed(clone) == DEV


def test_an_environment_for_dev_stays_one(clone: Path) -> None:
    make(clone, "dev")
    installed(clone)
    make(clone, "sandbox")
    assert installed(clone) == []
    (clone / "requirements-dev.txt").write_text("other\n")
    make(clone, "sandbox")
    assert installed(clone) == DEV


@pytest.mark.parametrize(
    ("lock", "changed", "steps"),
    [
        ("sandbox", "requirements-sandbox.txt", SANDBOX),
        ("sandbox", "pyproject.toml", SANDBOX),
        ("sandbox", "requirements-dev.txt", []),
        ("sandbox", "scripts/pip.txt", []),
        ("dev", "requirements-dev.txt", DEV),
        ("dev", "scripts/pip.txt", DEV),
        ("dev", "pyproject.toml", DEV),
    ],
)
def test_a_change_of_what_it_is_made_from_is_installed(clone: Path, lock: str, changed: str, steps: list[str]) -> None:
    make(clone, lock)
    installed(clone)
    (clone / changed).write_text("other\n")
    make(clone, lock)
    assert installed(clone) == steps


@pytest.mark.parametrize("lock", ["sandbox", "dev"])
def test_what_failed_is_tried_again(clone: Path, lock: str) -> None:
    (clone / "broken").touch()
    failed = make(clone, lock)
    assert failed.returncode == 1
    assert "no index\n" in failed.stderr
    assert "Run the same `make` verb to retry." in failed.stderr
    (clone / "broken").unlink()
    installed(clone)
    assert make(clone, lock).returncode == 0
    assert installed(clone)[-1] == "project"


def test_progress_is_shown_while_pip_runs(clone: Path) -> None:
    (clone / "slow").touch()
    program = clone / "scripts" / "make_venv.py"
    program.write_text(program.read_text().replace("PROGRESS_SECONDS = 5.0", "PROGRESS_SECONDS = 0.05"))
    with subprocess.Popen([sys.executable, program, "sandbox"], stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        seen = next(line for line in process.stderr if "Collecting" in line)
        (clone / "said").touch()
        process.communicate()
    assert re.fullmatch(r"\[ +0 s\] 1 of at most 1 packages: Collecting a\n", seen)
    assert process.returncode == 0
