"""Clean virtual environments, and commands in them that see nothing of the environment that runs the tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# What leads to this checkout, to another environment, or to a project that the caller works on.
_TAKEN = ("PYTHON", "VIRTUAL_ENV", "COVERAGE", "PYTEST", "PULUMI_", "AZURE_", "ARM_", "MAKE")
LIMIT = 600.0


@dataclass(frozen=True)
class Run:
    """What a command did.

    Attributes:
        code: Its exit code.
        out: What it printed to stdout.
        err: What it printed to stderr.
    """

    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        """All that it printed."""
        return self.out + self.err


@dataclass(frozen=True)
class Environment:
    """A virtual environment.

    Attributes:
        root: Its folder.
        variables: What its commands get beside the caller's variables.
    """

    root: Path
    variables: Mapping[str, str]

    @property
    def bin(self) -> Path:
        """The folder of its commands."""
        return self.root / "bin"

    @property
    def packages(self) -> Path:
        """The folder of its packages."""
        return next(self.root.glob("lib/python*/site-packages"))

    def run(self, *command: str | Path, cwd: Path, check: bool = True) -> Run:
        """Run a command with this environment first on PATH.

        Args:
            command: Required. The command and its arguments.
            cwd: Required. Where it runs.
            check: Optional. Whether exit code 0 is required.
        """
        caller = {name: value for name, value in os.environ.items() if not name.upper().startswith(_TAKEN)}
        path = os.pathsep.join((str(self.bin), caller["PATH"]))
        done = subprocess.run(
            command,
            cwd=cwd,
            env={**caller, **self.variables, "PATH": path},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )
        run = Run(done.returncode, done.stdout, done.stderr)
        assert not check or run.code == 0, f"{command}\n{run.text}"
        return run

    def install(self, *arguments: str | Path) -> None:
        """Run pip's `install`."""
        self.run(self.bin / "python", "-m", "pip", "install", "--quiet", "--no-compile", *arguments, cwd=self.root)

    def copy(self, root: Path) -> Environment:
        """A new environment with the same packages, linked instead of downloaded again; without their commands."""
        made = create(root, self.variables)
        packages = made.packages
        shutil.rmtree(packages)
        shutil.copytree(self.packages, packages, copy_function=os.link)
        return made


def create(root: Path, variables: Mapping[str, str]) -> Environment:
    """An environment of the Python that runs the tests, with nothing but pip."""
    base = Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}"
    subprocess.run([base, "-m", "venv", root], check=True)
    return Environment(root, variables)
