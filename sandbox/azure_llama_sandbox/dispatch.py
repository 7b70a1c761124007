"""Leads a request to the part of the sandbox that plays its host."""

from __future__ import annotations

import logging
import re

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
        arm: Required. Azure Resource Manager.
        login: Required. Entra ID, managed identity and the description of the cloud.
        pipelines: Required. The token services of GitHub Actions and of Azure DevOps.
        inference: Required. Every endpoint's own host.
        prices: Required. The retail prices API.
        graph: Required. Microsoft Graph.
        vaults: Required. Every key vault's own host.
    """

    def __init__(
        self,
        *,
        arm: ASGIApp,
        login: ASGIApp,
        pipelines: ASGIApp,
        inference: ASGIApp,
        prices: ASGIApp,
        graph: ASGIApp,
        vaults: ASGIApp,
    ) -> None:
        self._arm = arm
        self._login = login
        self._pipelines = pipelines
        self._inference = inference
        self._prices = prices
        self._graph = graph
        self._vaults = vaults

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
        match hosts.role(host):
            case Role.INFERENCE:
                return self._inference
            case Role.LOGIN:
                return self._login
            case Role.PRICES:
                return self._prices
            case Role.GRAPH:
                return self._graph
            case Role.VAULT:
                return self._vaults
            case Role.PIPELINES:
                return self._pipelines
            case Role.MANAGEMENT:
                return self._login if _CLOUD.match(path) else self._arm
            case Role.LOOPBACK:
                return self._login if _CLOUD.match(path) or _LOGIN.match(path) else self._arm
            case Role.REGISTRY:
                # Clients look registries up here and go on without an answer.
                return _error(404, "NotFound", f"The sandbox has no registry service: nothing at {path}.")
            case None:
                return _error(404, "HostNotFound", f"The sandbox does not emulate the host {host!r}.")


def _error(status: int, code: str, message: str) -> JSONResponse:
    return JSONResponse({"error": {"code": code, "message": message}}, status_code=status)
