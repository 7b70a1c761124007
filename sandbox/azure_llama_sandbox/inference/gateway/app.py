"""The hosts of API Management services: one ASGI application for all services of the sandbox."""

from __future__ import annotations

from collections.abc import Set
from http import HTTPStatus
from urllib.parse import parse_qsl, urlencode

from starlette.types import ASGIApp, Receive, Scope, Send

from azure_llama_sandbox.arm import settle
from azure_llama_sandbox.arm.api_management import vault_secrets
from azure_llama_sandbox.hosts import bare
from azure_llama_sandbox.inference.app import PRINCIPAL
from azure_llama_sandbox.inference.exchange import Exchange
from azure_llama_sandbox.inference.gateway import keys, policies
from azure_llama_sandbox.inference.gateway.forwarding import Forwarder
from azure_llama_sandbox.inference.gateway.limits import TokenLimits
from azure_llama_sandbox.inference.gateway.policies import Context
from azure_llama_sandbox.inference.gateway.refusals import GatewayError, ReturnedError, not_found
from azure_llama_sandbox.inference.gateway.services import Api, Operation, Service, Services
from azure_llama_sandbox.world import Principal, World

_TOKEN_SECONDS = 1800.0
"""How long a token of a service's identity is used again."""


class Gateway:
    """Answers HTTP requests to the hosts of services.

    Args:
        world: Required. What the sandbox shares.
        azure: Required. All hosts that the sandbox emulates: where backends are called.
    """

    def __init__(self, world: World, azure: ASGIApp) -> None:
        self._world = world
        self._services = Services(world.store)
        self._forwarder = Forwarder(world, azure)
        self._limits = TokenLimits(world.clock)
        self._tokens: dict[Principal, tuple[float, str]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            raise ValueError(f"gateways speak HTTP, not {scope['type']}")
        settle(self._world)
        exchange = Exchange(scope, receive, send)
        try:
            service, api, operation, rest = self._find(exchange)
            context = await self._context(exchange, service, api, operation)
            await self._serve(exchange, context, rest)
        except GatewayError as error:
            exchange.add_headers(error.headers)
            await exchange.reply(error.status, error.body)

    def _find(self, exchange: Exchange) -> tuple[Service, Api, Operation, str]:
        host = bare(exchange.header(b"host") or "")
        service = self._services.find(host)
        if service is None:
            raise GatewayError(HTTPStatus.NOT_FOUND, f"No API Management service has the host {host}.")
        path = exchange.path
        for api in service.apis:
            prefix = f"/{api.path}" if api.path else ""
            if path != prefix and not path.startswith(f"{prefix}/"):
                continue
            rest = path[len(prefix) :]
            for operation in api.operations:
                if operation.method == exchange.method and operation.path.fullmatch(rest):
                    query = str(exchange.scope["query_string"], "latin-1")
                    return service, api, operation, f"{rest}?{query}" if query else rest
            break
        raise not_found()

    async def _context(self, exchange: Exchange, service: Service, api: Api, operation: Operation) -> Context:
        subscription, product = keys.authenticate(service, api, exchange)
        if subscription is not None:
            exchange.scope[PRINCIPAL] = f"subscription:{subscription.name}"
        return Context(
            service=service,
            api=api,
            operation=operation,
            subscription=subscription,
            product=product,
            headers={str(name, "latin-1").lower(): str(value, "latin-1") for name, value in exchange.scope["headers"]},
            body=await exchange.body(),
            limits=self._limits,
            issue=lambda audience: self._token(service, audience),
        )

    async def _serve(self, exchange: Exchange, context: Context, rest: str) -> None:
        try:
            try:
                policies.run(context, policies.section(context, "inbound"))
                await self._forwarder.forward(exchange, context, _without(rest, context.removed))
            except GatewayError as error:
                context.failure = error
                policies.run(context, policies.section(context, "on-error"))
                raise
        except ReturnedError as answer:
            exchange.add_headers(context.answer_headers)
            await exchange.reply(answer.status, answer.body, content_type=answer.headers.pop("content-type", ""))

    def _token(self, service: Service, audience: str) -> str | None:
        principal = vault_secrets.identity(service.resource, audience)
        if principal is None:
            return None
        now = self._world.clock.now()
        until, token = self._tokens.get(principal, (0.0, ""))
        if until <= now:
            token = self._world.tokens.issue_to(principal)
            self._tokens[principal] = (now + _TOKEN_SECONDS, token)
        return token


def _without(rest: str, removed: Set[str]) -> str:
    """Path and query without some parameters."""
    if not removed:
        return rest
    path, _, query = rest.partition("?")
    kept = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name not in removed]
    return f"{path}?{urlencode(kept)}" if kept else path
