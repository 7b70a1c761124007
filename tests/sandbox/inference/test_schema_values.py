"""Values that fit a schema, as jsonschema judges."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from azure_llama_sandbox.inference.schema_values import value

NODE = {
    "$defs": {
        "node": {
            "type": "object",
            "properties": {
                "name": {"type": "string"},
                "next": {"anyOf": [{"$ref": "#/$defs/node"}, {"type": "null"}]},
                "children": {"type": "array", "items": {"$ref": "#/$defs/node"}},
            },
            "required": ["name", "next"],
        }
    },
    "$ref": "#/$defs/node",
}


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object"},
        {"type": "string", "minLength": 40, "maxLength": 50},
        {"type": "string", "maxLength": 3},
        {"type": "string", "format": "date-time"},
        {"enum": ["a", "b"]},
        {"const": 7},
        {"type": "integer", "minimum": 3.5},
        {"type": "integer", "exclusiveMinimum": 3, "maximum": 4},
        {"type": "integer", "maximum": -5},
        {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
        {"type": "integer", "minimum": 10, "multipleOf": 4},
        {"type": ["null", "string"]},
        {"type": "null"},
        {"type": "array", "items": {"type": "boolean"}, "minItems": 3},
        {"type": "array", "maxItems": 0},
        {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}], "minItems": 2},
        {"properties": {"a": {"type": "integer"}}, "required": ["a", "b"]},
        {"allOf": [{"properties": {"a": {"type": "integer"}}, "required": ["a"]}, {"properties": {"b": {}}}]},
        {"oneOf": [{"type": "null"}, {"type": "object", "properties": {"x": {"type": "number"}}, "required": ["x"]}]},
        NODE,
    ],
)
def test_a_value_fits_its_schema(schema: dict[str, Any]) -> None:
    Draft202012Validator(schema).validate(value(schema))


def test_a_text_says_what_it_is() -> None:
    assert value({"properties": {"said": {"type": "string"}}}, "from the sandbox") == {"said": "from the sandbox"}
