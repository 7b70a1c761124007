"""The pack's folder: the checkout's, or one that is written for a pack that was installed from a wheel."""

from __future__ import annotations

import hashlib
import shlex
import sys
import tempfile
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Final

import yaml

EXECUTABLE: Final = "azure-llama-policies"
"""The file in the folder that starts the pack by itself, for a language host that cannot start a folder."""

_DISTRIBUTION = "azure-llama"
_PROJECT = "PulumiPolicy.yaml"
_SHARED = "share/azure-llama/policies/"
_CHECKOUT = Path(__file__).resolve().parents[1]


class FolderError(Exception):
    """There is no folder for the pack. The message states the reason and the remediation."""


def locate(cache: Path) -> Path:
    """The folder to give to `--policy-pack`.

    A checkout has one. An installed wheel has its files, and the folder is written below `cache`, one for each Python
    environment and version; a folder that is there is repaired where it differs.

    Args:
        cache: Required. Where folders are written.

    Raises:
        FolderError: the wheel's files are missing, or the folder cannot be written.
    """
    if (_CHECKOUT / _PROJECT).is_file():
        return _CHECKOUT
    files = _files()
    digest = hashlib.sha256("\0".join((sys.prefix, *files, *files.values())).encode()).hexdigest()
    folder = cache / f"policies-{digest[:12]}"
    try:
        for name, text in files.items():
            _write(folder / name, text, 0o755 if name == EXECUTABLE else 0o644)
    except OSError as error:
        raise FolderError(f"{folder}: cannot be written: {error.strerror}; set XDG_CACHE_HOME to a folder") from error
    return folder


def configurations(folder: Path) -> Mapping[str, Path]:
    """The configurations for `--policy-pack-config` that a pack's folder has, by name.

    Args:
        folder: Required. The folder that `locate` returns.
    """
    return {path.stem: path for path in sorted((folder / "configs").glob("*.json"))}


def _files() -> dict[str, str]:
    """The text of each file of the folder, by its path in it."""
    recorded = {str(path): path for path in metadata.files(_DISTRIBUTION) or ()}
    packaged = {name.partition(_SHARED)[2]: path for name, path in recorded.items() if _SHARED in name}
    try:
        texts = {name: Path(path.locate()).read_text(encoding="utf-8") for name, path in sorted(packaged.items())}
        project = yaml.safe_load(texts[_PROJECT])
    except (OSError, KeyError) as error:
        raise FolderError(
            f"{sys.prefix}: the files of the policy pack are missing; run `{sys.executable} -m pip install"
            f" --force-reinstall --no-deps {_DISTRIBUTION}`"
        ) from error
    options = project["runtime"]["options"]
    options.pop("virtualenv", None)
    # Outside an environment the engine takes the Python on PATH.
    if sys.prefix != sys.base_prefix:
        options["virtualenv"] = sys.prefix
    start = f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -u "$(dirname "$0")" "$@"\n'
    return {**texts, _PROJECT: yaml.safe_dump(project, sort_keys=False), EXECUTABLE: start}


def _write(path: Path, text: str, mode: int) -> None:
    """Write a file in one step, since an engine may start the pack meanwhile."""
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
        file.write(text)
    Path(file.name).chmod(mode)
    Path(file.name).replace(path)
