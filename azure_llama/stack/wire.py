"""Converts Pulumi's wire values to the plain data that rules read."""

from __future__ import annotations

from typing import Any

from google.protobuf import struct_pb2

from azure_llama.documents.unknown import contains_mark
from azure_llama.stack.pulumi_private import OUTPUT, REFERENCE, SECRET, SIGNATURE
from azure_llama_policies.resources import UNKNOWN

# The engine's marks for values that are not known yet, by their type; texts and truth values have ours.
_UNKNOWNS = frozenset(
    {
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)


class Reader:
    """Reads the properties of one resource.

    Attributes:
        secrets: Dotted paths of the secret values that were met.
    """

    def __init__(self) -> None:
        self.secrets: set[str] = set()

    def properties(self, struct: struct_pb2.Struct) -> dict[str, Any]:
        """All properties: no secrets' wrapping, `UNKNOWN` where a value is not known, whole numbers as integers."""
        return {key: self._value(value, key) for key, value in struct.fields.items()}

    def _value(self, value: struct_pb2.Value, path: str) -> Any:
        match value.WhichOneof("kind"):
            case "string_value":
                text = value.string_value
                # A text that something unknown was put into is no better known than that.
                return UNKNOWN if text in _UNKNOWNS or contains_mark(text) else text
            case "number_value":
                number = value.number_value
                return int(number) if number.is_integer() else number
            case "bool_value":
                return value.bool_value
            case "struct_value":
                return self._object(value.struct_value, path)
            case "list_value":
                return [self._value(each, f"{path}.{index}") for index, each in enumerate(value.list_value.values)]
            case _:
                return None

    def _object(self, struct: struct_pb2.Struct, path: str) -> Any:
        fields = struct.fields
        match fields[SIGNATURE].string_value if SIGNATURE in fields else None:
            case None:
                return {key: self._value(value, f"{path}.{key}") for key, value in fields.items()}
            case mark if mark == SECRET:
                self.secrets.add(path)
                return self._value(fields["value"], path)
            case mark if mark == OUTPUT:
                if "secret" in fields and fields["secret"].bool_value:
                    self.secrets.add(path)
                return self._value(fields["value"], path) if "value" in fields else UNKNOWN
            case mark if mark == REFERENCE:
                return (self._value(fields["id"], path) if "id" in fields else None) or UNKNOWN
            case _:
                # An asset or archive: its content is none of a rule's business.
                return {key: value.string_value for key, value in fields.items() if key in ("hash", "path", "uri")}
