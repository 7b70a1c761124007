"""What can go wrong, worded as azure-native words it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from google.protobuf.struct_pb2 import Struct


class ProviderError(Exception):
    """A failure that the engine shows to the user as it is."""


class OperationCancelledError(ProviderError):
    """The engine asked to stop."""

    def __init__(self) -> None:
        super().__init__("operation cancelled")


class ArmError(ProviderError):
    """ARM refused.

    Attributes:
        status: Required. The HTTP status.
        code: Required. ARM's error code, "" when there is none.
    """

    def __init__(self, status: int, error: Mapping[str, Any]) -> None:
        self.status = status
        self.code = str(error.get("code") or "")
        parts = [f"Status={status}", *_parts(error)]
        inner = [name for name in dict.fromkeys(_inner_codes(error)) if name != self.code]
        parts += [f'InnerError="{name}"' for name in inner]
        parts += [f"Details=[{' '.join(_parts(detail))}]" for detail in error.get("details") or ()]
        super().__init__(" ".join(parts))

    @property
    def not_found(self) -> bool:
        """Whether the resource does not exist."""
        return self.status == 404

    @property
    def retryable(self) -> bool:
        """Whether the same request may well succeed in a moment."""
        return self.status in (408, 429, 500, 502, 503, 504) or self.code == "AnotherOperationInProgress"


class UnfinishedError(ProviderError):
    """The resource exists, but the operation on it did not end well: the engine keeps it, the next update mends it.

    Attributes:
        id: Required. ARM id.
        state: Required. The resource as it is now; empty when it could not be read.
        inputs: Required. What the engine asked for.
    """

    def __init__(self, reason: str, resource_id: str, state: Struct, inputs: Struct) -> None:
        super().__init__(reason)
        self.id = resource_id
        self.state = state
        self.inputs = inputs


def _parts(error: Mapping[str, Any]) -> list[str]:
    return [f'{label}="{error[key]}"' for label, key in (("Code", "code"), ("Message", "message")) if error.get(key)]


def _inner_codes(error: Mapping[str, Any]) -> Iterator[str]:
    """Azure ML puts the useful code into an `additionalInfo` of type InnerError, others into `innererror`."""
    for extra in error.get("additionalInfo") or ():
        if isinstance(extra, Mapping) and extra.get("type") == "InnerError" and isinstance(extra.get("info"), Mapping):
            yield from _chain({"innerError": extra["info"].get("value", extra["info"])})
    yield from _chain(error)


def _chain(error: Mapping[str, Any]) -> Iterator[str]:
    inner = error.get("innerError") or error.get("innererror")
    if isinstance(inner, Mapping):
        if inner.get("code"):
            yield str(inner["code"])
        yield from _chain(inner)
