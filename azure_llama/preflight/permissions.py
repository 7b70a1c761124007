"""Evaluates a list of permissions that ARM returns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any


@lru_cache(maxsize=4096)
def matches(pattern: str, action: str) -> bool:
    """Whether an action, in any letter case, is meant by a pattern; `*` is any part of it, slashes included."""
    parts = (re.escape(part) for part in pattern.split("*"))
    return re.fullmatch(".*".join(parts), action, re.IGNORECASE) is not None


def _grants(permission: Mapping[str, Any], action: str, *, data: bool) -> bool:
    keys = ("dataActions", "notDataActions") if data else ("actions", "notActions")
    allowed, denied = (permission.get(key) or [] for key in keys)
    return any(matches(str(each), action) for each in allowed) and not any(
        matches(str(each), action) for each in denied
    )


def allows(permissions: Iterable[Mapping[str, Any]], action: str, *, data: bool = False) -> bool:
    """Whether any of the caller's roles allows an action. Another role may grant what `notActions` of one excludes.

    Args:
        permissions: Required. Those of the caller's roles.
        action: Required. The action.
        data: Optional. Whether it is an action on data, which roles list apart.
    """
    return any(_grants(permission, action, data=data) for permission in permissions)
