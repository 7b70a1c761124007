"""Keeps a repository's stack files as they are while Pulumi works on a local backend.

With a passphrase, Pulumi writes an `encryptionsalt` into `Pulumi.<stack>.yaml`. The sandbox's passphrase is of no
use elsewhere, and its state holds the salt too (PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER reads it there), so the
line would only dirty the checkout and mislead a later `pulumi up` on another backend.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

_SALT = "encryptionsalt"


@contextmanager
def kept(folder: Path) -> Iterator[None]:
    """Undo, at the end, every change of the folder's stack files that is an added salt and nothing else.

    Args:
        folder: Required. Where `Pulumi.<stack>.yaml` files lie. Files that come into being meanwhile stay.
    """
    before = {path: path.read_bytes() for path in folder.glob("Pulumi.*.yaml")}
    try:
        yield
    finally:
        for path, content in before.items():
            if path.exists() and _only_salted(content, path.read_bytes()):
                path.write_bytes(content)


def _only_salted(before: bytes, after: bytes) -> bool:
    if before == after:
        return False
    old, new = _load(before), _load(after)
    if not isinstance(old, dict) or not isinstance(new, dict) or _SALT in old or _SALT not in new:
        return False
    del new[_SALT]
    return bool(old == new)


def _load(content: bytes) -> Any:
    try:
        return yaml.safe_load(content)
    except yaml.YAMLError:
        return None
