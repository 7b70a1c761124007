"""Keeps a project's stack files as they are while Pulumi works on a sandbox's backend.

With a passphrase, Pulumi writes an `encryptionsalt` into `Pulumi.<stack>.yaml`. The state in the sandbox holds the salt
too (PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER reads it there), and it is of no use elsewhere: the line would only change
the checkout and mislead a later `pulumi up` on another backend. It stays where the file has a secret, which needs it.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from azure_llama.documents.files import PROJECT, find_upwards

_SALT = "encryptionsalt"


def project_folder(start: Path) -> Path | None:
    """The folder of the Pulumi project that a folder is in, as the CLI finds it; None when it is in none."""
    file = find_upwards(start, PROJECT)
    return file.parent if file else None


@contextmanager
def kept(folder: Path | None, state: Path) -> Iterator[None]:
    """Remove, at the end, the salts of a backend from the stack files of a folder.

    A file in which nothing else has changed gets its former bytes back, and one that came with nothing but a salt is
    deleted. A salt that was there before goes only when the state has it: it was left by a command that was killed, or
    is written by one that runs at the same time.

    Args:
        folder: Required. Where `Pulumi.<stack>.yaml` files are; None for no folder.
        state: Required. The folder of the backend's state.
    """
    before = {path: path.read_bytes() for path in _stack_files(folder)}
    try:
        yield
    finally:
        for path in _stack_files(folder):
            _restore(path, before.get(path), state)


def _stack_files(folder: Path | None) -> list[Path]:
    if folder is None or not os.access(folder, os.W_OK):
        return []
    return [path for path in folder.glob("Pulumi.*.y*ml") if path.is_file() and os.access(path, os.R_OK | os.W_OK)]


def _restore(path: Path, before: bytes | None, state: Path) -> None:
    after = path.read_bytes()
    now = _load(after)
    salt = now.pop(_SALT, None)
    if not isinstance(salt, str) or _has_secret(now):
        return
    old = _load(before or b"")
    if _SALT in old and not _is_in_state(salt, state):
        return
    if before is None and not now:
        path.unlink(missing_ok=True)
    elif before is not None and now == old:
        _replace(path, before)
    else:
        lines = after.decode().splitlines(keepends=True)
        _replace(path, "".join(line for line in lines if not line.startswith(f"{_SALT}:")).encode())


def _has_secret(value: Any) -> bool:
    """Whether something in the file is encrypted: `secure: v1:...`."""
    if isinstance(value, dict):
        return "secure" in value or any(map(_has_secret, value.values()))
    return isinstance(value, list) and any(map(_has_secret, value))


def _is_in_state(salt: str, state: Path) -> bool:
    return any(salt in path.read_text(encoding="utf-8") for path in state.rglob("stacks/**/*.json"))


def _replace(path: Path, content: bytes) -> None:
    """Write a file in one step: a command that runs at the same time reads all of it or none."""
    target = path.resolve()
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{path.name}.", delete=False) as file:
        file.write(content)
    written = Path(file.name)
    written.chmod(target.stat().st_mode)
    written.replace(target)


def _load(content: bytes) -> dict[Any, Any]:
    try:
        loaded = yaml.safe_load(content)
    except yaml.YAMLError:
        return {}
    return loaded if isinstance(loaded, dict) else {}
