"""Validates inputs as azure-native does in `Check`: required properties, types, lengths, ranges and patterns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from azure_llama_sandbox.provider.shapes import Property, Shape

_INDEX = re.compile(r"\[\d+\]")
_NO_LOCATION = ". Either set it explicitly or configure it with 'pulumi config set azure-native:location <value>'."
_GIVEN = {str: "a string", int: "a number", float: "a number", list: "an array"}


@dataclass(frozen=True)
class Limit:
    """The constraints of a value, besides its type.

    Attributes:
        least: Optional. Least number, or least length of a text.
        most: Optional. Largest number, or largest length of a text.
        pattern: Optional. Regular expression that is found in a text.
    """

    least: int | None = None
    most: int | None = None
    pattern: str = ""


def problems(shape: Shape, limits: Mapping[str, Limit], inputs: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """The errors in the inputs, with azure-native's messages.

    Args:
        shape: Required. Of the inputs.
        limits: Required. By path, e.g. `properties.logs[].days`.
        inputs: Required. Values that are not known yet are not judged.
        prefix: Optional. Path of the inputs, with a dot at its end.
    """
    for p in shape.properties.values():
        path = f"{prefix}{p.name}"
        if not p.writable:
            continue
        if p.name in inputs:
            yield from _property(p, limits, path, inputs[p.name])
        elif p.required:
            yield f"missing required property '{path}'" + (_NO_LOCATION if path == "location" else "")


def _property(p: Property, limits: Mapping[str, Limit], path: str, value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        if p.shape is not None:
            yield from problems(p.shape, limits, value, f"{path}.")
        return
    given = _GIVEN.get(type(value))
    if given is None or not p.type:  # azure-native does not judge a boolean, whatever is expected
        return
    expected = {"an array": ("array",), "a string": ("string",), "a number": ("integer", "number")}[given]
    if p.type not in expected:
        yield f"'{path}' should be of type '{'' if p.type == 'object' else p.type}' but got {given}"
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, Mapping) and p.shape is not None:
                yield from problems(p.shape, limits, item, f"{path}[{index}].")
    else:
        yield from _limited(p, limits.get(_INDEX.sub("[]", path), Limit()), path, value)


def _limited(p: Property, limit: Limit, path: str, value: Any) -> Iterator[str]:
    if isinstance(value, str):
        length = len(value.encode())
        if limit.least is not None and length < limit.least:
            yield f"'{path}' is too short ({length}): at least {limit.least} characters required"
        if limit.most is not None and length > limit.most:
            yield f"'{path}' is too long ({length}): at most {limit.most} characters allowed"
        if limit.pattern and not re.search(limit.pattern, value):
            yield f"'{path}' does not match expression '{limit.pattern}'"
        return
    if p.type == "integer" and isinstance(value, float):
        yield f"'{path}' must be an integer but got {value:f}"
    if limit.least is not None and value < limit.least:
        yield f"'{path}' is too low ({value:f} < {limit.least:f})"
    if limit.most is not None and value > limit.most:
        yield f"'{path}' is too high ({value:f} > {limit.most:f})"
