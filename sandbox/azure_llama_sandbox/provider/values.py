"""Pulumi's wire values (protobuf structs with sentinels) and plain Python ones.

Secrets arrive in clear, because this provider, like azure-native, does not accept them as such: the engine puts
the mark back. Every number on the wire is a double; the whole ones become integers, since ARM refuses `1.0`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

from google.protobuf.struct_pb2 import ListValue, Struct, Value
from pulumi.runtime import rpc

# The marks of special values in Pulumi's wire protocol, which providers of every language write.
SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105  # a mark, which is public
OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
REFERENCE = "5cf8f73096256a8f31e491e813e4eb8e"


class _Sentinel(Enum):
    UNKNOWN = "a value that is not known before the deployment"

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = _Sentinel.UNKNOWN
"""A value that only a deployment will tell."""


def decode(struct: Struct) -> dict[str, Any]:
    """Plain values of a property map: nulls dropped, secrets opened, whole numbers as integers, `UNKNOWN`s kept."""
    decoded = {name: _decode(value) for name, value in struct.fields.items()}
    return {name: value for name, value in decoded.items() if value is not None}


def encode(properties: Mapping[str, Any]) -> Struct:
    """The property map of plain values; nulls are dropped."""
    struct = Struct()
    for name, value in properties.items():
        if value is not None:
            struct.fields[name].CopyFrom(_encode(value))
    return struct


def has_unknowns(value: Any) -> bool:
    """Whether `UNKNOWN` is anywhere in the value."""
    if isinstance(value, Mapping):
        return any(map(has_unknowns, value.values()))
    if isinstance(value, list):
        return any(map(has_unknowns, value))
    return value is UNKNOWN


def same(old: Any, new: Any) -> bool:
    """Whether two values are equal; numbers compare by value, a boolean is no number, and case counts."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return old.keys() == new.keys() and all(same(old[name], new[name]) for name in old)
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(same, old, new))
    return isinstance(old, bool) is isinstance(new, bool) and bool(old == new)


def same_location(old: Any, new: Any) -> bool:
    """Whether two spellings (`East US 2`, `eastus2`) name one region."""
    if isinstance(old, str) and isinstance(new, str):
        return old.replace(" ", "").casefold() == new.replace(" ", "").casefold()
    return same(old, new)


def _decode(value: Value) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        return UNKNOWN if value.string_value == rpc.UNKNOWN else value.string_value
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    if kind == "bool_value":
        return value.bool_value
    if kind == "list_value":
        return [_decode(item) for item in value.list_value.values]
    if kind == "struct_value":
        return _decode_object(decode(value.struct_value))
    return None


def _decode_object(properties: dict[str, Any]) -> Any:
    signature = properties.get(SIGNATURE)
    if signature == SECRET:
        return properties.get("value")
    if signature == OUTPUT:
        return properties.get("value", UNKNOWN)
    if signature == REFERENCE:
        return properties.get("id") or properties["urn"]
    return properties


def _encode(value: Any) -> Value:
    if value is UNKNOWN:
        return Value(string_value=rpc.UNKNOWN)
    if value is None:
        return Value(null_value="NULL_VALUE")
    if isinstance(value, bool):
        return Value(bool_value=value)
    if isinstance(value, (int, float)):
        return Value(number_value=value)
    if isinstance(value, str):
        return Value(string_value=value)
    if isinstance(value, list):
        return Value(list_value=ListValue(values=map(_encode, value)))
    return Value(struct_value=encode(value))
