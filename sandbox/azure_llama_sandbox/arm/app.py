"""Azure Resource Manager as an ASGI application."""

from __future__ import annotations

import json
import re
import uuid
from contextlib import nullcontext
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from azure_llama_sandbox.arm import registry
from azure_llama_sandbox.arm.calls import Answer, Call
from azure_llama_sandbox.arm.errors import ArmError, bad_request, not_played
from azure_llama_sandbox.arm.ids import parse
from azure_llama_sandbox.arm.settling import settle
from azure_llama_sandbox.conditions import ConditionsError
from azure_llama_sandbox.hosts import LOOPBACK, bare
from azure_llama_sandbox.world import TENANT, Principal, World

_API_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(-[a-z]+)?", re.IGNORECASE)
_BARE_KEY = re.compile(rb"([{,]\s*)(template|parameters|mode):")
_READS = frozenset({"GET", "HEAD"})
_AUDIENCES = frozenset({"https://management.azure.com", "https://management.core.windows.net"})
_CHALLENGE = {
    "WWW-Authenticate": f'Bearer authorization_uri="https://login.microsoftonline.com/{TENANT}",'
    ' error="invalid_token", error_description="A token for https://management.azure.com is needed."'
}


def build(world: World) -> ASGIApp:
    """The application.

    Args:
        world: Required. What the sandbox shares.
    """

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        response = await _respond(world, request)
        _stamp(request, response)
        await response(scope, receive, send)

    return app


async def _respond(world: World, request: Request) -> Response:
    raw = await request.body()
    try:
        settle(world)
        world.conditions()
        principal = _authenticate(world, request)
        request.scope["azure_llama.principal"] = principal.client_id
        call = _call(world, request, principal, raw)
        # A read writes nothing, and needs no lock.
        with nullcontext() if call.method in _READS else world.store.transaction():
            answer = registry.dispatch(call)
        await _hold(world, answer)
    except ConditionsError as error:
        return JSONResponse({"error": {"code": "ConditionsInvalid", "message": str(error)}}, 500)
    except ArmError as refused:
        return JSONResponse({"error": refused.error, **refused.beside}, refused.status, refused.headers)
    if answer.body is None:
        return Response(status_code=answer.status, headers=dict(answer.headers))
    etag = answer.body.get("etag") if isinstance(answer.body, dict) else None
    return JSONResponse(answer.body, answer.status, {**answer.headers, **({"ETag": etag} if etag else {})})


async def _hold(world: World, answer: Answer) -> None:
    """Let the time of a write pass that is answered when it is done."""
    if answer.held is None or not answer.seconds:
        return
    key = answer.held.lower()
    world.held.add(key)
    try:
        await world.clock.wait(answer.seconds)
    finally:
        world.held.discard(key)


def _stamp(request: Request, response: Response) -> None:
    """The headers that every answer of ARM has."""
    id_ = str(uuid.uuid4())
    response.headers["x-ms-request-id"] = id_
    response.headers["x-ms-correlation-request-id"] = request.headers.get("x-ms-correlation-request-id", id_)
    response.headers["Cache-Control"] = "no-cache"
    if (client_id := request.headers.get("x-ms-client-request-id")) is not None:
        response.headers["x-ms-client-request-id"] = client_id


def _authenticate(world: World, request: Request) -> Principal:
    header = request.headers.get("authorization")
    if header is None:
        raise _unauthorized("AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing.")
    principal = world.tokens.principal(header)
    if principal is None:
        raise _unauthorized("InvalidAuthenticationToken", "The access token is invalid or has expired.")
    if not _is_ours(principal.audience):
        raise _unauthorized(
            "InvalidAuthenticationTokenAudience",
            f"The access token has been obtained for wrong audience or resource '{principal.audience}'. It should"
            " exactly match one of the allowed audiences 'https://management.azure.com/',"
            " 'https://management.core.windows.net/'.",
        )
    return principal


def _is_ours(audience: str) -> bool:
    plain = audience.rstrip("/")
    scheme, _, host = plain.partition("://")
    return plain in _AUDIENCES or (scheme in ("https", "http") and bare(host) in LOOPBACK)


def _unauthorized(code: str, message: str) -> ArmError:
    return ArmError(HTTPStatus.UNAUTHORIZED, code, message, headers=_CHALLENGE)


def _call(world: World, request: Request, principal: Principal, raw: bytes) -> Call:
    id_ = parse(request.url.path)
    if id_ is None:
        raise not_played(f"the path '{request.url.path}'")
    query = {name.lower(): value for name, value in request.query_params.items()}
    version = query.get("api-version", "")
    if not version:
        raise bad_request(
            "The api-version query parameter (?api-version=) is required for all requests.",
            code="MissingApiVersionParameter",
        )
    if _API_VERSION.fullmatch(version) is None:
        raise bad_request(
            f"The api-version '{version}' is invalid. It has the form 'YYYY-MM-DD' or 'YYYY-MM-DD-preview'.",
            code="InvalidApiVersionParameter",
        )
    return Call(
        world=world,
        method=request.method,
        id=id_,
        api_version=version,
        principal=principal,
        base=f"{request.url.scheme}://{request.headers.get('host', request.url.netloc)}",
        now=world.clock.now(),
        body=_json(raw),
        query=query,
    )


def _json(raw: bytes) -> Any:
    if not raw.strip():
        return None
    try:
        return json.loads(raw)
    except ValueError as error:
        # azure-cli writes the body of a template deployment with a key that has no quotes, which ARM reads.
        quoted = _BARE_KEY.sub(rb'\1"\2":', raw, count=1)
        if quoted != raw:
            return _json(quoted)
        raise bad_request(
            f"The request content was invalid and could not be deserialized: it is not JSON ({error}).",
            code="InvalidRequestContent",
        ) from None
