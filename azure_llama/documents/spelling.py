"""Comparing what people type with the names that Azure knows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_LONGEST = 200
"""Characters. Matching is quadratic, and no name of Azure's is longer."""


def fold(text: str) -> str:
    """Lower case without anything but letters and digits: `East US 2` and `eastus2` become the same."""
    return re.sub(r"[\W_]+", "", text.casefold())


def nearest(text: str, names: Iterable[str]) -> str | None:
    """The one of `names` that `text` was most likely meant to be.

    Letter case, spaces and punctuation do not count.

    Args:
        text: Required. What was typed.
        names: Required. The valid names.

    Returns:
        A member of `names`, or None when none of them is near.
    """
    return _nearest(text, tuple(names))


@lru_cache(maxsize=256)
def _nearest(text: str, names: tuple[str, ...]) -> str | None:
    """A mistake is often made all over a file: each is compared once."""
    from difflib import get_close_matches

    by_form: dict[str, str] = {}
    for name in names:
        by_form.setdefault(fold(name), name)
    found = get_close_matches(fold(text)[:_LONGEST], by_form, n=1, cutoff=0.6)
    return by_form[found[0]] if found else None
