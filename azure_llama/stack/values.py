"""Values of a stack's configuration: secrets and other unknown ones, and those of `--value`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from azure_llama.documents.unknown import HIDDEN, is_unknown

Given = Mapping[str, Any]
"""Values by the place that messages name: the key, and below it keys and numbers, each after a dot."""


def with_given(values: Mapping[str, Any], given: Given, project: str) -> dict[str, Any]:
    """The configuration with its values overridden by the given ones.

    Args:
        values: Required. The configuration, by full key.
        given: Required. The given values; a place without a namespace is the project's own.
        project: Required. The project's name.
    """
    found = dict(values)
    for place, value in given.items():
        full = place if ":" in place.partition(".")[0] else f"{project}:{place}"
        key, *rest = full.split(".")
        found[key] = _with(found.get(key), rest, value)
    return found


def _with(tree: Any, where: list[str], value: Any) -> Any:
    """A tree with a value at a place of it; what is not there is made."""
    if not where:
        return value
    first, *rest = where
    if isinstance(tree, list) and first.isdecimal() and int(first) < len(tree):
        return [_with(each, rest, value) if index == int(first) else each for index, each in enumerate(tree)]
    entries = tree if isinstance(tree, dict) else {}
    return {**entries, first: _with(entries.get(first), rest, value)}


def opened(value: Any) -> tuple[Any, bool]:
    """A value with `HIDDEN` for each `secure:` in it, and whether there was one."""
    if isinstance(value, dict):
        if set(value) == {"secure"} and isinstance(value["secure"], str):
            return HIDDEN, True
        inside = {key: opened(each) for key, each in value.items()}
        return {key: each for key, (each, _) in inside.items()}, any(hidden for _, hidden in inside.values())
    if isinstance(value, list):
        items = [opened(each) for each in value]
        return [each for each, _ in items], any(hidden for _, hidden in items)
    return value, False


def unknown_places(place: str, value: Any) -> Iterator[str]:
    """The places of unknown values below a place."""
    if is_unknown(value):
        yield place
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield from unknown_places(f"{place}.{key}", each)


def raw_text(value: Any) -> str:
    """The text that the language host gets: JSON of maps and lists, scalars as they are."""
    match value:
        case None:
            return ""
        case str():
            return value
        case _:
            return json.dumps(value, separators=(",", ":"), sort_keys=True)
