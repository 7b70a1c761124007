"""Microsoft Graph, as a principal without directory permissions sees it."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from azure_llama_sandbox import hosts
from azure_llama_sandbox.world import Tokens


def build(tokens: Tokens) -> ASGIApp:
    """The application of `graph.microsoft.com`.

    Args:
        tokens: Required. The token service.
    """

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        principal = tokens.principal(request.headers.get("authorization"))
        if principal is not None and urlsplit(principal.audience).hostname == hosts.GRAPH:
            request.scope["azure_llama.principal"] = principal.client_id
            status, code = HTTPStatus.FORBIDDEN, "Authorization_RequestDenied"
            message = "Insufficient privileges to complete the operation."
        else:
            status, code = HTTPStatus.UNAUTHORIZED, "InvalidAuthenticationToken"
            message = "Access token is empty." if principal is None else "Access token validation failure."
        id_ = str(uuid.uuid4())
        inner = {
            "date": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S"),
            "request-id": id_,
            "client-request-id": request.headers.get("client-request-id", id_),
        }
        body = {"error": {"code": code, "message": message, "innerError": inner}}
        await JSONResponse(body, status)(scope, receive, send)

    return app
