"""The cache folder of installed CLIs: one complete sub-folder for each version and origin."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

from azure_llama.engine.installation import CLI, EXECUTOR, HOST, Installation, PolicyPackForm
from azure_llama.engine.report import Report

MANIFEST = "installation.json"
_FORMAT = 1
_WORK = ".work-"
_LOCK_POLL = 0.2


def user_folder() -> Path:
    """``azure-llama`` under the user's cache folder (``XDG_CACHE_HOME``, else ``~/.cache``)."""
    configured = Path(os.environ.get("XDG_CACHE_HOME", ""))
    # The XDG specification has relative paths ignored.
    base = configured if configured.is_absolute() else Path.home() / ".cache"
    return base / "azure-llama"


def root() -> Path:
    """``azure-llama/pulumi`` under the user's cache folder."""
    return user_folder() / "pulumi"


@dataclass(frozen=True)
class Entry:
    """A sub-folder of the cache.

    Attributes:
        name: The sub-folder, such as ``v3.259.0-official``.
    """

    name: str

    @property
    def folder(self) -> Path:
        return root() / self.name

    def read(self) -> Installation | None:
        """The complete entry of the cache, or None."""
        try:
            manifest = json.loads((self.folder / MANIFEST).read_text())
            return _installation(self.folder, manifest)
        except (OSError, ValueError, KeyError, TypeError):
            return None  # nothing, or half of something: to be brought again

    def publish(self, work: Path, made: Path, installation: Installation) -> Installation:
        """Replace the entry atomically with a finished folder.

        Args:
            work: Required. The temporary folder of this setup, which takes what is replaced.
            made: Required. The finished folder, with the programs in ``bin``; on the cache's own file system.
            installation: Required. What it holds, as inspected.
        """
        programs = sorted((made / "bin").iterdir())
        manifest = {
            "format": _FORMAT,
            "pulumi": installation.version,
            "origin": installation.origin,
            "policyPackForm": installation.policy_pack_form,
            "built": datetime.now(UTC).isoformat(timespec="seconds"),
            "sizes": {program.name: program.stat().st_size for program in programs},
        }
        (made / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n")
        if self.folder.exists():
            self.folder.rename(work / "replaced")
        made.rename(self.folder)
        return _installation(self.folder, manifest)


def _installation(folder: Path, manifest: dict[str, Any]) -> Installation:
    """Raises ValueError or OSError where the folder is not what its manifest says."""
    sizes, form = manifest["sizes"], manifest["policyPackForm"]
    if manifest["format"] != _FORMAT or form not in get_args(PolicyPackForm) or not {CLI, HOST, EXECUTOR} <= set(sizes):
        raise ValueError(f"{folder / MANIFEST} is not a manifest of format {_FORMAT}")
    programs = folder / "bin"
    for name, size in sizes.items():
        program = programs / name
        if program.stat().st_size != size or not os.access(program, os.X_OK):
            raise ValueError(f"{program} is not what was put there")
    return Installation(str(manifest["pulumi"]), str(manifest["origin"]), programs / CLI, [programs], form)


@contextmanager
def locked(report: Report) -> Iterator[None]:
    """Hold the cache for one setup; another one waits here, and then finds what the first has brought."""
    import fcntl  # here: the rest of the package also serves where there is no such module (Windows)

    root().mkdir(parents=True, exist_ok=True)
    with (root() / ".lock").open("w") as lock:
        waiting = False
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if not waiting:
                    report.phase("waiting for another setup of the Pulumi CLI")
                    waiting = True
                time.sleep(_LOCK_POLL)
        yield  # closing the file lets go


@contextmanager
def work_folder() -> Iterator[Path]:
    """A temporary folder in the cache, always deleted at the end. A build needs gigabytes, which /tmp may lack.

    Call it with the lock held: folders that a killed setup has left are removed first.
    """
    for left in root().glob(_WORK + "*"):
        shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=_WORK, dir=root()))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # what cannot go now goes at the next setup
