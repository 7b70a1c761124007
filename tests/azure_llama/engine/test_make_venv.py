"""`scripts/make_venv.py`, with a fake Python in the environment that writes down what pip is asked."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.azure_llama.engine.harness import script

SCRIPT = Path(__file__).resolve().parents[3] / "scripts" / "make_venv.py"


@pytest.fixture
def clone(tools: Path, tmp_path: Path) -> Path:
    """A repository with a lock, a project file, and an environment whose pip fails when there is a file `broken`."""
    root = tmp_path / "clone"
    (root / "scripts").mkdir(parents=True)
    shutil.copy(SCRIPT, root / "scripts")
    (root / "requirements-dev.txt").write_text("a==1 --hash=sha256:00\n")
    (root / "pyproject.toml").write_text("[project]\n")
    script(
        root / ".venv" / "bin" / "python",
        f"""[ "$1" = -c ] && exit
        echo "$@" >> {root}/pip
        [ -e {root}/broken ] && echo no index >&2 && exit 1
        cp {root}/pyproject.toml {root}/.venv/bin/azure-llama""",
    )
    return root


def make(clone: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(clone / "scripts" / "make_venv.py")]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def asked(clone: Path) -> list[str]:
    log = clone / "pip"
    lines = log.read_text().splitlines() if log.exists() else []
    log.unlink(missing_ok=True)
    return lines


def test_installs_by_hash_and_the_project_from_nothing_else(clone: Path) -> None:
    assert make(clone).returncode == 0
    requirements, project = asked(clone)
    assert requirements.endswith(f"--require-hashes --requirement {clone}/requirements-dev.txt")
    assert project.endswith(f"--no-deps --no-build-isolation --editable {clone}")


def test_the_second_time_there_is_nothing_to_do_or_to_say(clone: Path) -> None:
    make(clone)
    asked(clone)
    again = make(clone)
    assert (again.returncode, again.stdout, again.stderr, asked(clone)) == (0, "", "", [])


@pytest.mark.parametrize("changed", ["requirements-dev.txt", "pyproject.toml"])
def test_another_lock_or_project_is_installed(clone: Path, changed: str) -> None:
    make(clone)
    asked(clone)
    (clone / changed).write_text("other\n")
    make(clone)
    assert len(asked(clone)) == 2


def test_what_failed_is_tried_again(clone: Path) -> None:
    (clone / "broken").touch()
    failed = make(clone)
    assert failed.returncode == 1
    assert "no index\n" in failed.stderr
    assert "The next `make setup` goes on from here." in failed.stderr
    (clone / "broken").unlink()
    asked(clone)
    assert make(clone).returncode == 0
    assert len(asked(clone)) == 2
