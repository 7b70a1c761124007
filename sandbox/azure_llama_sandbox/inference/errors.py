"""Error responses of the inference hosts.

Two shapes are documented for the same errors: flat (the REST pages) and nested below `error` (what the
SDK samples read). By default an answer carries both, since that is the one form every client reads.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_TITLES = {
    401: "Unauthorized",
    404: "Not Found",
    405: "Method Not Allowed",
    424: "Failed Dependency",
    429: "Too Many Requests",
}


class RefusalError(Exception):
    """A request that the service does not serve.

    Attributes:
        status: Required. HTTP status.
        code: Required. Machine-readable; also the value of the `x-ms-error-code` header.
        message: Required. For people; never holds a credential or the text of a prompt.
        headers: Optional. Further response headers, e.g. `retry-after`.
        fields: Optional. Further body fields that the service documents for this error.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        headers: Mapping[str, str] | None = None,
        fields: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})
        self.fields = dict(fields or {})

    def body(self, *, flat: bool) -> bytes:
        """The answer's JSON: flat as the REST pages print it, or flat and nested in one."""
        content: dict[str, Any] = {"message": self.message, "status": self.status, **self.fields}
        if not flat:
            content = {"error": {"code": self.code, "message": self.message}, "code": self.code, **content}
        elif self.status in _TITLES:
            content = {"error": _TITLES[self.status], **content}
        else:
            content = {"code": self.code, **content}
        return json.dumps(content).encode()


def unauthorized(message: str) -> RefusalError:
    """401: no credential, a wrong one, or one that lacks the right to score."""
    return RefusalError(401, "Unauthorized", message)


def not_found(message: str) -> RefusalError:
    """404: no such endpoint, deployment or route."""
    return RefusalError(404, "NotFound", message)


def failed_dependency(refusal: RefusalError) -> RefusalError:
    """424: how the front end of managed endpoints hands on what a model's container refuses."""
    headers = {
        "ms-azureml-model-error-statuscode": str(refusal.status),
        "ms-azureml-model-error-reason": "model_error",
    }
    return RefusalError(
        424, "FailedDependency", f"The model's container answered {refusal.status}: {refusal}", headers=headers
    )


class ServerRefusalError(RefusalError):
    """400: what a model's server refuses, with its JSON as the message, as the hosts hand it on."""

    def __init__(self, message: str) -> None:
        body = {"object": "error", "message": message, "type": "BadRequestError", "param": None, "code": 400}
        super().__init__(400, "Bad Request", json.dumps(body))


def invalid(loc: tuple[str | int, ...], value: Any, message: str) -> RefusalError:
    """422: a parameter whose type, range or combination the model does not take.

    `value` is echoed, as the service does, when it is a number, a boolean or a short text.
    """
    shown = value if isinstance(value, int | float) or (isinstance(value, str) and len(value) <= 100) else None
    where = ".".join(str(part) for part in loc)
    return RefusalError(
        422,
        "parameter_not_supported",
        f"One of the parameters has an invalid value: {where}: {message}",
        fields={"detail": {"loc": ["body", *loc], "input": shown}},
    )
