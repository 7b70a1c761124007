"""Errors of Entra ID: codes of https://learn.microsoft.com/entra/identity-platform/reference-error-codes."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import jwt
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from azure_llama_sandbox import hosts
from azure_llama_sandbox.identity import GUEST, OWNER, Application
from azure_llama_sandbox.pipelines import AUDIENCE
from azure_llama_sandbox.tokens import TokenService


class RefusedError(Exception):
    """A refusal.

    Attributes:
        status: Required. HTTP status.
        error: Required. Error of OAuth 2.0, such as `invalid_client`.
        code: Required. Number of the `AADSTS` code.
    """

    def __init__(self, status: int, error: str, code: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.error = error
        self.code = code


def refused_assertion(code: int, text: str) -> RefusedError:
    """The refusal of a pipeline's token."""
    return RefusedError(401, "invalid_client", code, text)


def missing(name: str) -> RefusedError:
    """The refusal of a form without a field."""
    return RefusedError(
        400, "invalid_request", 900144, f"The request body must contain the following parameter: '{name}'."
    )


def refusal(_: Request, error: Exception) -> Response:
    """The answer to what was refused."""
    assert isinstance(error, RefusedError)
    trace, correlation = str(uuid.uuid4()), str(uuid.uuid4())
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    return fresh(
        {
            "error": error.error,
            "error_description": f"AADSTS{error.code}: {error} Trace ID: {trace} Correlation ID: {correlation}"
            f" Timestamp: {now}",
            "error_codes": [error.code],
            "timestamp": now,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": f"https://{hosts.LOGIN}/error?code={error.code}",
        },
        error.status,
    )


def fresh(body: dict[str, object], status: int = 200) -> Response:
    """A response that must not be cached."""
    return JSONResponse(body, status_code=status, headers={"Cache-Control": "no-store", "Pragma": "no-cache"})


def check_assertion(application: Application, assertion: str, tokens: TokenService) -> None:
    """Whether a pipeline's token is the one that the application's federated credential names.

    Args:
        application: Required. Who signs in.
        assertion: Required. The token.
        tokens: Required. Reads it.

    Raises:
        RefusedError: it is not.
    """
    if application.name in (OWNER, GUEST):
        return  # whoever issued it: clients that want nothing but to sign in have any text in the file
    federation = application.federation
    if federation is None:
        raise refused_assertion(70025, f"The client '{application.client_id}' has no configured federated identity")
    try:
        claims = tokens.read(assertion)
    except jwt.ExpiredSignatureError:
        raise refused_assertion(
            700024, "Client assertion is not within its valid time range. Ask the pipeline for a new one."
        ) from None
    except jwt.InvalidTokenError:
        raise refused_assertion(50027, "JWT token is invalid or malformed.") from None
    checks = (
        ("iss", federation.issuer, 700211, "issuer"),
        ("sub", federation.subject, 700213, "subject"),
        ("aud", AUDIENCE, 700212, "audience"),
    )
    for claim, wanted, code, word in checks:
        if claims[claim] != wanted:
            raise refused_assertion(
                code,
                f"No matching federated identity record found for presented assertion {word} '{claims[claim]}'."
                f" The federated credential of the application has '{wanted}'.",
            )
