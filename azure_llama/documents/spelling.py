"""Comparing what people type with the names that Azure knows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_LONGEST = 200
"""Characters. Matching is quadratic, and no name of Azure's is longer."""
_LOOSE, _CLOSE = 0.6, 0.79


def fold(text: str) -> str:
    """Lower case without anything but letters and digits: `East US 2` and `eastus2` become the same."""
    return re.sub(r"[\W_]+", "", text.casefold())


def nearest(text: str, names: Iterable[str]) -> str | None:
    """The one of `names` that `text` was most likely meant to be.

    For keys and words. Models, VM sizes and regions have `Catalog.recognise_model` and its like, since a name that
    looks alike may be of another generation.

    Letter case, spaces and punctuation do not count.

    Args:
        text: Required. What was typed.
        names: Required. The valid names.

    Returns:
        A member of `names`, or None when none of them is near.
    """
    return next(iter(_matches(text, tuple(names), 1, _LOOSE)), None)


def close(text: str, names: Iterable[str]) -> tuple[str, ...]:
    """Those of `names` that differ from `text` in a letter or two and in no digit, the closest first."""
    digits = re.sub(r"\D", "", text)
    return _matches(text, tuple(name for name in names if re.sub(r"\D", "", name) == digits), 5, _CLOSE)


@lru_cache(maxsize=256)
def _matches(text: str, names: tuple[str, ...], most: int, cutoff: float) -> tuple[str, ...]:
    """An error is often made all over a file: each is compared once."""
    from difflib import get_close_matches

    by_form: dict[str, str] = {}
    for name in names:
        by_form.setdefault(fold(name), name)
    return tuple(by_form[form] for form in get_close_matches(fold(text)[:_LONGEST], by_form, n=most, cutoff=cutoff))
