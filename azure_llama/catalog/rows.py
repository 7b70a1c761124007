"""The catalogue's data files: JSON arrays, one row a line, read once and only when somebody asks.

A team's own `llama-catalog.yaml` changes rows before anybody sees them; see `azure_llama.catalog.overlay`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, ParamSpec, TypeVar

Row = dict[str, Any]

_P = ParamSpec("_P")
_R = TypeVar("_R")
_forget: list[Callable[[], None]] = []


def remembered(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Like `functools.cache`, for what is built from rows: `forget` empties it."""
    kept = cache(function)
    _forget.append(kept.cache_clear)
    return kept  # type: ignore[return-value]  # typeshed's cache wrapper takes hashables, not the same parameters


def forget() -> None:
    """Build everything again when it is next asked for: another overlay holds now."""
    rows.cache_clear()
    for clear in _forget:
        clear()


@cache
def package_rows(name: str) -> tuple[Row, ...]:
    """The rows of `data/<name>.json`, in the order of the file. Callers do not change them."""
    import json  # both here, so that importing the catalogue stays cheap
    from importlib.resources import files

    text = files("azure_llama.catalog").joinpath("data", f"{name}.json").read_text(encoding="utf-8")
    return tuple(json.loads(text))


@cache
def rows(name: str) -> tuple[Row, ...]:
    """The rows of `data/<name>.json` with the changes of the team's overlay. Callers do not change them.

    Raises:
        OverlayError: the overlay has mistakes.
    """
    from azure_llama.catalog import overlay  # which builds on this module

    return overlay.merged(name, package_rows(name))
