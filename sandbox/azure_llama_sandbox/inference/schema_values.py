"""Generates a value that matches a request's JSON schema.

The usual keywords are kept to; a pattern is not.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

_DEEPEST = 8
"""Objects in objects beyond which optional properties are left out: a schema may refer to itself."""
_FORMATS = {
    "date": "2026-01-31",
    "date-time": "2026-01-31T12:00:00Z",
    "time": "12:00:00Z",
    "email": "llama@example.com",
    "uri": "https://example.com/llama",
    "uuid": "00000000-0000-4000-8000-000000000000",
}
TEXT = "sandbox"


def value(schema: Any, text: str = TEXT) -> Any:
    """A value that fits.

    Args:
        schema: Required. The schema; what is none allows any value.
        text: Optional. What texts say where the schema leaves it open.
    """
    return _Writer(schema, text).value(schema, 0)


class _Writer:
    def __init__(self, root: Any, text: str) -> None:
        self._root = root
        self._text = text

    def value(self, schema: Any, depth: int) -> Any:
        if not isinstance(schema, Mapping):
            return self._text
        schema = self._resolved(schema, depth)
        if "const" in schema:
            return schema["const"]
        if schema.get("enum"):
            return schema["enum"][0]
        match _kind(schema):
            case "object":
                return self._object(schema, depth)
            case "array":
                return self._array(schema, depth)
            case "integer" | "number" as kind:
                return _number(schema, whole=kind == "integer")
            case "boolean":
                return True
            case "null":
                return None
        return self._string(schema)

    def _resolved(self, schema: Mapping[str, Any], depth: int) -> Mapping[str, Any]:
        """The schema with what it refers to, and with one of its alternatives: the last one where it is deep."""
        merged = dict(schema)
        while isinstance(pointer := merged.pop("$ref", None), str):
            merged = {**self._find(pointer), **merged}
        for part in merged.pop("allOf", []):
            resolved = self._resolved(part, depth)
            both = {**merged.get("properties", {}), **resolved.get("properties", {})}
            required = [*merged.get("required", []), *resolved.get("required", [])]
            merged = {**merged, **resolved, **({"properties": both, "required": required} if both else {})}
        for name in ("anyOf", "oneOf"):
            if alternatives := merged.pop(name, None):
                told = [each for each in alternatives if each.get("type") != "null"]
                chosen = alternatives[-1] if depth > _DEEPEST or not told else told[0]
                merged = {**merged, **self._resolved(chosen, depth)}
        return merged

    def _find(self, pointer: str) -> Mapping[str, Any]:
        found = self._root
        for step in pointer.removeprefix("#").strip("/").split("/"):
            found = found.get(step, {}) if step and isinstance(found, Mapping) else found
        return found if isinstance(found, Mapping) else {}

    def _object(self, schema: Mapping[str, Any], depth: int) -> dict[str, Any]:
        required, properties = schema.get("required", []), schema.get("properties", {})
        names = [name for name in properties if depth < _DEEPEST or name in required]
        return {name: self.value(properties.get(name), depth + 1) for name in dict.fromkeys([*names, *required])}

    def _array(self, schema: Mapping[str, Any], depth: int) -> list[Any]:
        first = [self.value(each, depth + 1) for each in schema.get("prefixItems", [])]
        least = 0 if depth >= _DEEPEST or first else min(1, schema.get("maxItems", 1))
        number = max(schema.get("minItems", least) or least, least) - len(first)
        return first + [self.value(schema.get("items"), depth + 1) for _ in range(number)]

    def _string(self, schema: Mapping[str, Any]) -> str:
        text = _FORMATS.get(schema.get("format", ""), self._text)
        return text.ljust(schema.get("minLength", 0), ".")[: schema.get("maxLength", len(text) + 10_000)]


def _kind(schema: Mapping[str, Any]) -> str:
    kinds = schema.get("type")
    if isinstance(kinds, list):
        kinds = next((each for each in kinds if each != "null"), "null")
    return kinds or ("object" if "properties" in schema else "array" if "items" in schema else "string")


def _number(schema: Mapping[str, Any], *, whole: bool) -> int | float:
    step = schema.get("multipleOf", 1)
    least = schema.get("minimum", schema.get("exclusiveMinimum", 1))
    most = schema.get("maximum", schema.get("exclusiveMaximum", math.inf))
    stepped = whole or "multipleOf" in schema
    start = min(least, most)
    number: int | float = math.ceil(start / step) * step if stepped else start
    if number == schema.get("exclusiveMinimum"):
        number += step if stepped or most - number > step else (most - number) / 2
    if number == schema.get("exclusiveMaximum"):
        number -= step
    return number
