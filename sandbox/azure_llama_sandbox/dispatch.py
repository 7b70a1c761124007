"""Dispatches a request to the part of the sandbox that emulates its host."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from azure_llama_sandbox import hosts
from azure_llama_sandbox.hosts import Role

_log = logging.getLogger(__name__)

_CLOUD = re.compile(r"/metadata/endpoints/?$", re.IGNORECASE)
_LOGIN = re.compile(
    r"/(common/discovery/instance|msi/token|[^/]+/(oauth2/.+|discovery/v2\.0/keys|(v2\.0/)?\.well-known/.+))$",
    re.IGNORECASE,
)


class Dispatch:
    """One ASGI application for all hosts.

    Args:
        apps: Required. The part that emulates each role, but for the sandbox's own address and the registry service.
    """

    def __init__(self, apps: Mapping[Role, ASGIApp]) -> None:
        self._apps = apps

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; a part that fails is answered for, and the failure logged."""
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope)(scope, receive, watch)
        except Exception:
            _log.exception("%s %s failed in the sandbox itself", scope["method"], scope["path"])
            if started:
                raise
            message = "The sandbox itself failed, not your request; its log (sandbox.log in its home) says where."
            await _error(500, "InternalServerError", message)(scope, receive, send)

    def _app(self, scope: Scope) -> ASGIApp:
        host = hosts.bare(Headers(scope=scope).get("host", ""))
        path: str = scope["path"]
        role = hosts.role(host)
        if role is None:
            return _error(404, "HostNotFound", f"The sandbox does not emulate the host {host!r}.")
        if role is Role.REGISTRY:
            # Clients look registries up here and go on without an answer.
            return _error(404, "NotFound", f"The sandbox has no registry service: nothing at {path}.")
        if role is Role.LOOPBACK:
            role = Role.LOGIN if _LOGIN.match(path) else Role.MANAGEMENT
        if role is Role.MANAGEMENT and _CLOUD.match(path):
            role = Role.LOGIN
        return self._apps[role]


def _error(status: int, code: str, message: str) -> JSONResponse:
    return JSONResponse({"error": {"code": code, "message": message}}, status_code=status)
