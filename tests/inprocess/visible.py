"""What Pulumi shows of resources in state, plan and event log: everything but the values that are marked as secrets."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from google.protobuf.struct_pb2 import Struct

from azure_llama.stack.wire import Reader
from azure_llama_sandbox.provider.values import UNKNOWN, decode


def secret_paths(struct: Struct) -> frozenset[str]:
    """Dotted paths of the values that are marked as secrets."""
    reader = Reader()
    reader.properties(struct)
    return frozenset(reader.secrets)


def shown(values: Mapping[str, Any] | Struct, secrets: Iterable[str]) -> str:
    """The text of values without the secret ones; the engine marks outputs as it marks the inputs of the same path.

    Args:
        values: Required. Inputs or outputs.
        secrets: Required. Dotted paths.
    """
    plain = decode(values) if isinstance(values, Struct) else values
    return json.dumps(_without(plain, "", frozenset(secrets)), default=str)


def _without(value: Any, path: str, secrets: frozenset[str]) -> Any:
    if path in secrets or value is UNKNOWN:
        return "[secret]" if path in secrets else "[unknown]"
    if isinstance(value, Mapping):
        return {key: _without(each, f"{path}.{key}".lstrip("."), secrets) for key, each in value.items()}
    if isinstance(value, list):
        return [_without(each, f"{path}.{index}", secrets) for index, each in enumerate(value)]
    return value
