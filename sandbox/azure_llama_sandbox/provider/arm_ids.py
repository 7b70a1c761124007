"""ARM ids: filled in from a program's inputs, taken apart again for an import."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import quote, unquote

_PARAMETER = re.compile(r"\{(\w+)\}")
_PATHS = ("scope", "resourceUri")
"""Parameters that are paths of their own: what an extension resource is put on."""


def parameters(template: str) -> tuple[str, ...]:
    """The names that fill a template such as `/subscriptions/{subscriptionId}/resourcegroups/{resourceGroupName}`."""
    return tuple(_PARAMETER.findall(template))


def fill(template: str, values: Mapping[str, Any]) -> str:
    """Fill in an id; `{scope}` and `{resourceUri}` are paths, all other values one segment.

    Raises:
        ValueError: a parameter is missing or is not text.
    """

    def part(match: re.Match[str]) -> str:
        name = match[1]
        value = values.get(name)
        if not isinstance(value, str):
            raise ValueError(f"{template}: '{name}' must be text that is known, not {type(value).__name__}")
        return value.strip("/") if name in _PATHS else quote(value, safe="")

    return _PARAMETER.sub(part, template)


def parse(template: str, resource_id: str) -> dict[str, str]:
    """The values that name the resource of an id; the case of the fixed parts does not count.

    `{scope}` and `{resourceUri}` come without their leading slash, as azure-native imports them.

    Raises:
        ValueError: the id is not one of the template's.
    """
    match = _pattern(template).fullmatch(resource_id)
    if match is None:
        raise ValueError(f"'{resource_id}' is not an id of the form {template}")
    return {name: unquote(value) for name, value in match.groupdict().items()}


@cache
def _pattern(template: str) -> re.Pattern[str]:
    pieces = _PARAMETER.split(template)
    text = "".join(
        (rf"(?P<{piece}>.+)" if piece in _PATHS else rf"(?P<{piece}>[^/]+)") if odd else re.escape(piece)
        for piece, odd in zip(pieces, (index % 2 for index in range(len(pieces))), strict=True)
    )
    return re.compile(text, re.IGNORECASE)
