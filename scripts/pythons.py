"""`make test-pythons`: the demo, the first hour, the unit tests and the packaging tests on each Python from 3.11 on.

PYTHONS="3.12 3.13" runs them on fewer Pythons, STEPS="first-hour" runs fewer of them.

Each Python gets a temporary clone of the committed state, with the pip that it brings, and a virtual environment, a
sandbox and a temporary folder of its own. Only the caches of pip and of the Pulumi CLI are shared.
Needs the standard library only.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (3, 11)
STEPS = tuple((os.environ.get("STEPS") or "demo demo-down first-hour unit packaging").split())
"""Verbs of make."""
DESCRIBE = """
import ensurepip, json, sys, venv
final = sys.version_info.releaselevel == "final" and sys.implementation.name == "cpython"
print(json.dumps([sys.version_info[:3] if final else [0, 0, 0], ensurepip.version()]))
"""
# What make and an active environment hand down. The clone's own make and environment must not see it.
INHERITED = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "PYTHON", "PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "PYTEST_ARGS")

Version = tuple[int, ...]


def main(wanted: list[str]) -> int:
    """Returns 1 when a step fails on any Python, or when a version is not installed."""
    found = {f"{version[0]}.{version[1]}": (path, version, pip) for path, version, pip in pythons()}
    missing = [minor for minor in wanted if minor not in found]
    if missing or not found:
        say(f"no such Python: {' '.join(missing) or '3.11 or newer'}; installed are {' '.join(found) or 'none'}")
        return 1
    if subprocess.run(["git", "status", "--porcelain"], cwd=ROOT, capture_output=True, check=True).stdout:
        say("uncommitted changes are not part of the clones")
    rows = []
    for minor in wanted or found:
        path, version, pip = found[minor]
        say(f"=== Python {dotted(version)}, pip {pip}: {path}")
        rows.append((dotted(version), pip, *run(path)))
    say("")
    for row in [("Python", "pip", *STEPS), *rows]:
        say("".join(f"{cell:<14}" for cell in row).rstrip())
    return int(any(cell.startswith("failed") for row in rows for cell in row))


def pythons() -> Iterator[tuple[Path, Version, str]]:
    """The newest release of each minor version, of pyenv and on PATH, with the pip that it brings; oldest first."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    folders = [*pyenv.glob("*/bin"), *map(Path, os.get_exec_path())]
    newest: dict[Version, tuple[Version, Path, str]] = {}
    for path in {path.resolve(): path for folder in folders for path in folder.glob("python3*")}.values():
        described = describe(path)
        if described and described[0][:2] >= OLDEST and described[0] > newest.get(described[0][:2], ((),))[0]:
            newest[described[0][:2]] = (described[0], path, described[1])
    for version, path, pip in sorted(newest.values()):
        yield path, version, pip


def describe(path: Path) -> tuple[Version, str] | None:
    """The version of a Python and of its pip; None when the file is not a Python that can create environments."""
    try:
        done = subprocess.run([path, "-c", DESCRIBE], capture_output=True, text=True, timeout=30, check=True)
        version, pip = json.loads(done.stdout)
        return tuple(version), pip
    except (OSError, ValueError, subprocess.SubprocessError):
        return None


def run(python: Path) -> list[str]:
    """Run every step in a clone; returns the outcome of each, with its seconds."""
    with tempfile.TemporaryDirectory(prefix="azure-llama-") as folder:
        clone = Path(folder) / "clone"
        temporary = Path(folder) / "tmp"
        temporary.mkdir()
        inherited = {name: value for name, value in os.environ.items() if name not in INHERITED}
        environment = {**inherited, "XDG_STATE_HOME": f"{folder}/state", "TMPDIR": str(temporary)}
        subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
        if (ROOT.parent / "shared").is_dir():
            (Path(folder) / "shared").symlink_to(ROOT.parent / "shared")
        try:
            return [make(step, python, clone, environment) for step in STEPS]
        finally:
            stop = [clone / ".venv" / "bin" / "azure-llama", "sandbox", "stop"]
            if stop[0].is_file():
                subprocess.run(stop, env=environment, stdout=subprocess.DEVNULL, check=False)


def make(verb: str, python: Path, clone: Path, environment: dict[str, str]) -> str:
    """Run a verb of make; returns its outcome with its seconds."""
    say(f"$ make {verb}")
    start = time.monotonic()
    code = subprocess.run(["make", verb, f"PYTHON={python}"], cwd=clone, env=environment, check=False).returncode
    return f"{'failed' if code else 'ok'} {time.monotonic() - start:.0f} s"


def dotted(version: Version) -> str:
    return ".".join(map(str, version))


def say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
