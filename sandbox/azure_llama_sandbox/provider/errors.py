"""Errors with the messages of azure-native."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from google.protobuf.struct_pb2 import Struct

_GONE = frozenset(
    {
        *("NotFound", "ResourceNotFound", "ResourceGroupNotFound", "LockNotFound", "ParentResourceNotFound"),
        *("EntityNotFound", "SubscriptionNotFound", "RoleAssignmentNotFound"),
        "VulnerabilityAssessmentBaselineDoesNotExists",
    }
)


class ProviderError(Exception):
    """A failure that the engine shows to the user as it is."""


class OperationCancelledError(ProviderError):
    """The engine cancelled the operation."""

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
        if details := [" ".join(_parts(detail)) for detail in error.get("details") or ()]:
            parts.append(f"Details=[{', '.join(details)}]")
        super().__init__(" ".join(parts))

    @property
    def gone(self) -> bool:
        """Whether a refresh takes the resource for deleted; any other 404 ends the refresh."""
        return self.status == 404 and self.code in _GONE

    @property
    def retryable(self) -> bool:
        """Whether the same request may well succeed in a moment."""
        busy = self.status == 409 and self.code == "AnotherOperationInProgress"
        return busy or self.status in (408, 429, 500, 502, 503, 504)


class VaultError(ProviderError):
    """A key vault's host returned an error; the message is that of Azure's SDK for Go."""

    def __init__(self, request: str, status: str, code: str, body: str) -> None:
        line = "-" * 80
        answer = f"RESPONSE {status.partition(' ')[0]}: {status}\nERROR CODE: {code or 'UNAVAILABLE'}"
        super().__init__(f"{request}\n{line}\n{answer}\n{line}\n{body}\n{line}\n")


class UnfinishedError(ProviderError):
    """The resource exists, but the operation on it did not end well: the engine keeps it, the next update fixes it.

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
