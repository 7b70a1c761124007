"""Bring .venv to a lock, with the project in it: `make_venv.py sandbox` or `make_venv.py dev`. Silent when it is there.

Runs on the Python that the environment is created with, and needs the standard library only.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
COMMAND = VENV / "bin" / "azure-llama"
STAMP = VENV / "installed-from"
PIP_LOG = VENV / "pip.log"
PROGRESS_SECONDS = 5.0
LINE = 70
"""Characters of pip's output that a progress line shows."""
# Each lock is part of the one for dev. pip's own lock comes before the lock that an older pip cannot install.
LOCKS = {"sandbox": ("requirements-sandbox.txt",), "dev": ("scripts/pip.txt", "requirements-dev.txt")}


def main(wanted: str) -> None:
    start = time.monotonic()
    usable = runs()
    stamp = STAMP.read_text() if usable and COMMAND.is_file() and STAMP.is_file() else ""
    # An environment for dev has all that the sandbox needs, and stays one for dev.
    name = "dev" if stamp.startswith("dev\n") else wanted
    expected = fingerprint(name)
    if stamp == expected:
        return
    STAMP.unlink(missing_ok=True)
    if not usable:
        say(f"creating {VENV.name} with Python {sys.version.split()[0]}")
        venv.EnvBuilder(clear=True, symlinks=True, with_pip=True).create(VENV)
    for lock in LOCKS[name]:
        say(f"installing {lock}, with hashes checked")
        pip("--require-hashes", "--requirement", str(ROOT / lock))
    say("installing the project")
    # Its build needs setuptools only, which is in each lock; with isolation pip would fetch one that is not locked.
    pip("--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    STAMP.write_text(expected)
    say(f"{VENV.name} is ready after {time.monotonic() - start:.0f} s")


def fingerprint(name: str) -> str:
    """The name, and what the environment is made from: it is updated when any of this changes."""
    files = [ROOT / lock for lock in LOCKS[name]] + [ROOT / "pyproject.toml"]
    parts = [path.read_bytes() for path in files] + [str(ROOT).encode()]
    return "\n".join([name, *(hashlib.sha256(part).hexdigest() for part in parts)]) + "\n"


def runs() -> bool:
    """Whether the environment's Python starts, is new enough and has pip."""
    check = "import pip, sys; sys.exit(sys.version_info < (3, 11))"
    try:
        return subprocess.run([PYTHON, "-c", check], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def pip(*arguments: str) -> None:
    """Run pip's `install`, and show how far it is every few seconds."""
    command = [str(PYTHON), "-m", "pip", "install", "--progress-bar", "off", "--disable-pip-version-check", *arguments]
    pins = sum(_pins(Path(argument)) for argument in arguments if argument.endswith(".txt"))
    start = time.monotonic()
    with PIP_LOG.open("w") as log, subprocess.Popen(command, stdout=log) as process:
        while True:
            try:
                code = process.wait(PROGRESS_SECONDS)
                break
            except subprocess.TimeoutExpired:
                say(f"[{time.monotonic() - start:4.0f} s] {progress(PIP_LOG.read_text(), pins)}")
    if code:
        sys.exit(f"pip failed: see above, and its output in {PIP_LOG}. Run the same `make` verb to retry.")


def progress(output: str, pins: int) -> str:
    """How far pip is: the number of packages that it has collected, and the last line of its output.

    Args:
        output: Required. What pip has printed.
        pins: Required. The packages of the lock; 0 without a lock. Some are for other platforms.
    """
    lines = output.splitlines() or ["pip starts"]
    collected = sum(line.startswith("Collecting ") for line in lines)
    counted = f"{collected} of at most {pins} packages: " if pins and collected else ""
    return counted + lines[-1].strip()[:LINE]


def _pins(lock: Path) -> int:
    return sum("==" in line and not line[0].isspace() for line in lock.read_text().splitlines() if line)


def say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
