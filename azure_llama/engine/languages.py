"""Language hosts that a build of the CLI lacks: built on request, kept in the cache."""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path

from azure_llama.engine import cache
from azure_llama.engine.bring import EngineError
from azure_llama.engine.installation import YAML, Installation
from azure_llama.engine.process import AttemptError
from azure_llama.engine.report import Report, Silent
from azure_llama.engine.versions import YAML_HOST

LANGUAGES = ("yaml",)
"""The languages whose host can be built; the Python host comes with every CLI."""


def search_path(room: Installation | None) -> list[Path]:
    """Folders for PATH: this very Python's, since the language host and the policy pack take what they find; the CLI's;
    and that of a language host that was built, which a host beside the CLI goes before."""
    own = room.path_entries if room else []
    return [Path(sys.executable).parent, *own, *([_folder()] if _cached() else [])]


def ensure_language(room: Installation, report: Report | None = None) -> Path:
    """The YAML language host: beside the CLI, on PATH, or in the cache, where it is built when it is missing.

    Takes a minute or two of two cores once, and nothing from then on. Safe beside other setups.

    Args:
        room: Required. The CLI that is to use it.
        report: Optional. Told of the phases.

    Raises:
        EngineError: it cannot be built.
    """
    report = report or Silent()
    path = os.pathsep.join([*map(str, room.path_entries), os.environ.get("PATH", "")])
    if (installed := shutil.which(YAML, path=path)) is not None:
        return Path(installed)
    if (cached := _cached()) is not None:
        return cached
    start = time.monotonic()
    try:
        with cache.locked(report):
            return _cached() or _build(report)  # built by a setup that we may have waited for
    except OSError as error:
        raise EngineError(f"The cache {cache.root()} cannot be used: {error}. Set XDG_CACHE_HOME.") from error
    except AttemptError as error:
        raise EngineError(
            f"{YAML} {YAML_HOST} cannot be built: {error} ({time.monotonic() - start:.1f} s). "
            "Install Pulumi's own CLI, which brings it, on PATH."
        ) from error


def _folder() -> Path:
    return cache.root() / f"yaml-{YAML_HOST}"


def _cached() -> Path | None:
    program = _folder() / YAML
    return program if os.access(program, os.X_OK) else None


def _build(report: Report) -> Path:
    from azure_llama.engine import gomodules  # late: seldom needed

    with cache.work_folder() as work:
        made = work / "made"
        made.mkdir()
        gomodules.bring_yaml(work, made, report)
        if _folder().exists():
            _folder().rename(work / "replaced")
        made.rename(_folder())
    return _folder() / YAML
