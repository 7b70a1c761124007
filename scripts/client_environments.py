"""Environments for `make test-clients`, in .cache/clients: azure-cli, LiteLLM's proxy, and Azure's SDKs for
Python, JavaScript and Go.

An environment is made when it is first needed, and again when what it is made from has changed.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "tests" / "clients"
CACHE = ROOT / ".cache" / "clients"
SECONDS = 1800


class UnavailableError(Exception):
    """An environment cannot be made here; the text says why."""


@dataclass(frozen=True)
class Environment:
    """How an environment is made.

    Attributes:
        name: Required. Its folder in the cache, and that of its files in `tests/clients`.
        tool: Required. The program that makes it.
        files: Required. What it is made from; copied into it.
        steps: Required. Commands, run in its folder.
        command: Required. What runs a client in it.
    """

    name: str
    tool: str
    files: tuple[str, ...]
    steps: tuple[tuple[str, ...], ...]
    command: tuple[str, ...]


def _python(name: str) -> Environment:
    steps = (
        (sys.executable, "-m", "venv", "--clear", "venv"),
        ("venv/bin/python", "-m", "pip", "install", "--quiet", "--requirement", "requirements.txt"),
    )
    return Environment(name, sys.executable, ("requirements.txt",), steps, ("venv/bin/python",))


_NPM = ("npm", "install", "--no-package-lock", "--no-fund", "--no-audit")
ENVIRONMENTS = {
    each.name: each
    for each in (
        _python("azure_cli"),
        _python("litellm_proxy"),
        _python("python"),
        Environment("javascript", "npm", ("package.json", "main.js"), (_NPM,), ("node", "main.js")),
        Environment("go", "go", ("go.mod", "go.sum", "main.go"), (("go", "build", "-o", "main", "."),), ("main",)),
    )
}


def make(name: str) -> list[str]:
    """The command of an environment, which is made when it is not there.

    Raises:
        UnavailableError: its tool is missing, or a step fails, as without a package registry.
    """
    environment, folder = ENVIRONMENTS[name], CACHE / name
    if shutil.which(environment.tool) is None:
        raise UnavailableError(f"no `{environment.tool}` on the PATH")
    sources = [SOURCES / name / file for file in environment.files]
    made_from = hashlib.sha256(b"".join([sys.version.encode(), *(file.read_bytes() for file in sources)])).hexdigest()
    stamp = folder / "made-from"
    if not stamp.is_file() or stamp.read_text() != made_from:
        folder.mkdir(parents=True, exist_ok=True)
        stamp.unlink(missing_ok=True)
        for file in sources:
            shutil.copy(file, folder)
        for step in environment.steps:
            _run(step, folder)
        stamp.write_text(made_from)
    program, *arguments = environment.command
    return [_found(program, folder), *(_found(each, folder) for each in arguments)]


def _found(part: str, folder: Path) -> str:
    return str(folder / part) if (folder / part).exists() else part


def _run(step: tuple[str, ...], folder: Path) -> None:
    try:
        done = subprocess.run(
            [_found(step[0], folder), *step[1:]], cwd=folder, capture_output=True, text=True, timeout=SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise UnavailableError(f"`{' '.join(step[:4])}` did not end in {SECONDS} s") from error
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        raise UnavailableError(f"`{' '.join(step[:4])}` failed: {''.join(last)}")


if __name__ == "__main__":
    for name in sys.argv[1:] or ENVIRONMENTS:
        try:
            make(name)
        except UnavailableError as error:
            sys.stderr.write(f"{name}: {error}\n")
