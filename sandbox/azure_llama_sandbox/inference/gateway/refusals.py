"""Responses that a gateway generates: errors, and responses of policies."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus


class GatewayError(Exception):
    """A request that the gateway does not forward, or cannot.

    Attributes:
        status: Required. HTTP status.
        message: Required. For people.
        source: Optional. The element of the policy that failed; where there is one, `on-error` sees the error.
        headers: Optional. Further response headers.
    """

    def __init__(
        self, status: int, message: str, *, source: str = "", headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.source = source
        self.headers = dict(headers or {})

    @property
    def body(self) -> bytes:
        """The answer's JSON."""
        return json.dumps({"statusCode": self.status, "message": self.message}).encode()


class ReturnedError(Exception):
    """The answer of a `return-response`: it ends the policies.

    Attributes:
        status: Required. HTTP status.
        headers: Required.
        body: Required.
    """

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        super().__init__(f"a policy answers {status}")
        self.status, self.headers, self.body = status, dict(headers), body


def not_found() -> GatewayError:
    """404: no such API or operation."""
    return GatewayError(HTTPStatus.NOT_FOUND, "Resource not found")


def failed(source: str) -> GatewayError:
    """500: an element of a policy fails; the gateway does not return the reason to callers."""
    return GatewayError(HTTPStatus.INTERNAL_SERVER_ERROR, "Internal server error", source=source)


def unavailable() -> GatewayError:
    """503: no backend can be called."""
    return GatewayError(HTTPStatus.SERVICE_UNAVAILABLE, "The service is unavailable.", source="forward-request")
