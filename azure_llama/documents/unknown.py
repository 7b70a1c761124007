"""Markers for unknown values: secrets, and values of ESC environments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

HIDDEN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""Stands for an unknown value: what Pulumi itself writes for a text that is not known yet."""
ALTERNATE = "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7"
"""Stands for the same value in a second run of a program, where another value takes its place."""
NOBODY = "00000000-0000-0000-0000-000000000000"
"""Stands for ids that only a sign-in tells."""

_MARKS = (HIDDEN, ALTERNATE)


def is_unknown(value: Any) -> bool:
    """Whether a value is a mark."""
    return isinstance(value, str) and value in _MARKS


def contains_mark(text: str) -> bool:
    """Whether a mark is a part of a text: the text is then unknown as a whole."""
    return any(mark in text for mark in _MARKS)


def holds_unknown(value: Any) -> bool:
    """Whether a value is unknown, or anything in it is."""
    if isinstance(value, Mapping):
        return any(map(holds_unknown, value.values()))
    if isinstance(value, list):
        return any(map(holds_unknown, value))
    return is_unknown(value)


def same_subscription(one: str, other: str) -> bool:
    """Whether two ids of subscriptions can be the same; an unknown one can be any."""
    unknown = one == NOBODY or other == NOBODY or is_unknown(one) or is_unknown(other)
    return unknown or one.casefold() == other.casefold()
