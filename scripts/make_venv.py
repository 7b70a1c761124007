"""Make .venv what requirements-dev.txt says, with the project in it; at once when it already is.

Runs on the Python that the environment is to have, with the standard library alone. Used by `make setup`.
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
LOCK = ROOT / "requirements-dev.txt"


def main() -> None:
    start = time.monotonic()
    wanted = fingerprint()
    if STAMP.is_file() and STAMP.read_text() == wanted and COMMAND.is_file() and runs():
        return
    STAMP.unlink(missing_ok=True)
    if not runs():
        say(f"creating {VENV.name} with Python {sys.version.split()[0]}")
        venv.EnvBuilder(clear=True, symlinks=True, with_pip=True).create(VENV)
    say(f"installing {LOCK.name}, every file checked against its hash")
    pip("--require-hashes", "--requirement", str(LOCK))
    say("installing the project itself")
    # Its build needs nothing but setuptools, which is in the lock; pip would fetch an unlocked one into isolation.
    pip("--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    STAMP.write_text(wanted)
    say(f"{VENV.name} is ready after {time.monotonic() - start:.0f} s")


def fingerprint() -> str:
    """What the environment is made from: change any of it, and it is brought up to date."""
    parts = (LOCK.read_bytes(), (ROOT / "pyproject.toml").read_bytes(), str(ROOT).encode())
    return "\n".join(hashlib.sha256(part).hexdigest() for part in parts) + "\n"


def runs() -> bool:
    """Whether the environment's Python starts, is new enough and has pip."""
    check = "import pip, sys; sys.exit(sys.version_info < (3, 11))"
    try:
        return subprocess.run([PYTHON, "-c", check], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def pip(*arguments: str) -> None:
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments]
    if subprocess.run(command, check=False).returncode != 0:
        sys.exit("pip could not install it; it says why above. The next `make setup` goes on from here.")


def say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    main()
