"""Lock every requirements file: exact versions with hashes, for all platforms, without the address of any index.

uv does it; it is installed into a temporary folder for the occasion. Used by `make lock`; arguments go to uv.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROJECT = ("pyproject.toml", "--group", "build")
SANDBOX = (*PROJECT, "--extra", "sandbox")
# Each lock with its sources and the lock that constrains it. The largest comes first, so that all share its versions.
LOCKS = (
    ("requirements-dev.txt", (*SANDBOX, "--group", "dev"), None),
    ("requirements-sandbox.txt", SANDBOX, "requirements-dev.txt"),
    ("requirements.txt", PROJECT, "requirements-sandbox.txt"),
    ("scripts/pip.txt", ("scripts/pip.in",), None),
    ("azure_llama/engine/modules/go-toolchain.txt", ("azure_llama/engine/modules/go-toolchain.in",), None),
)
OPTIONS = ("--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate", "--quiet")


def main(arguments: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target", folder]
        subprocess.run([*pip, "uv"], check=True)
        uv = Path(folder) / "bin" / "uv"
        for target, sources, constraint in LOCKS:
            constraints = ("--constraint", constraint) if constraint else ()
            command = [uv, "pip", "compile", *OPTIONS, *arguments, *constraints, *sources, "--output-file", target]
            # A lock is for everyone: no index, and no extra place for packages, of one person's machine.
            environment = {name: value for name, value in os.environ.items() if name != "UV_FIND_LINKS"}
            subprocess.run(command, check=True, cwd=ROOT, env=environment)
            sys.stderr.write(f"{target} is locked\n")


if __name__ == "__main__":
    main(sys.argv[1:])
