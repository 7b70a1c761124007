"""Build the source distribution and, from it, the wheel: `make dist`, or `dist.py FOLDER`.

Builds from a copy of the files that git tracks, since setuptools packs what an earlier build left in `build/`.
Runs in an environment that has setuptools, without network.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = "import sys; from setuptools import build_meta; getattr(build_meta, sys.argv[1])(sys.argv[2])"


def main(target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        copy_tracked(Path(folder) / "tracked")
        build("build_sdist", Path(folder) / "tracked", target)
        (source,) = target.glob("azure_llama-*.tar.gz")
        with tarfile.open(source) as archive:
            archive.extractall(folder, filter="data")
        build("build_wheel", Path(folder) / source.name.removesuffix(".tar.gz"), target)
    for path in sorted(target.iterdir()):
        sys.stderr.write(f"{path} {path.stat().st_size // 1024} KiB\n")


def copy_tracked(target: Path) -> None:
    """Copy each file that git tracks or would track, as it is now."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for path in filter(lambda path: (ROOT / path).is_file(), listed.split("\0")):
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, target / path)


def build(step: str, source: Path, target: Path) -> None:
    """Run a step of the build backend."""
    command = [sys.executable, "-c", BUILD, step, str(target)]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, cwd=source, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{step} failed:\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    main(Path(*sys.argv[1:] or ["dist"]).resolve())
