"""Forwards a request to a backend, and to the next one after a failure."""

from __future__ import annotations

from typing import NamedTuple

from starlette.types import ASGIApp

from azure_llama_sandbox.arm.api_management.backends import REFERENCE, find_named_value, value_of
from azure_llama_sandbox.arm.api_management.policy_language import repeats
from azure_llama_sandbox.arm.api_management.policy_xml import Node
from azure_llama_sandbox.arm.errors import ArmError
from azure_llama_sandbox.inference.exchange import Exchange
from azure_llama_sandbox.inference.gateway import backend_call, metrics
from azure_llama_sandbox.inference.gateway.backend_call import BackendAnswer, UnreachableError
from azure_llama_sandbox.inference.gateway.balancer import UNREACHABLE, Balancer
from azure_llama_sandbox.inference.gateway.policies import Context, section
from azure_llama_sandbox.inference.gateway.refusals import failed, unavailable
from azure_llama_sandbox.inference.gateway.services import Backend, Service
from azure_llama_sandbox.inference.gateway.usage import Usage
from azure_llama_sandbox.world import World

_SOURCE = "forward-request"
_TIMEOUT = 300.0
"""Seconds; what an element without a timeout has."""
_OF_LENGTH = frozenset({b"content-length", b"transfer-encoding", b"connection"})


class _Plan(NamedTuple):
    """How often a request is sent, on which condition again, and how long it may take until the head of an answer."""

    attempts: int
    condition: str
    timeout: float


class Forwarder:
    """Calls backends.

    Args:
        world: Required. What the sandbox shares.
        azure: Required. All hosts that the sandbox emulates.
    """

    def __init__(self, world: World, azure: ASGIApp) -> None:
        self._world = world
        self._azure = azure
        self._balancer = Balancer()

    async def forward(self, exchange: Exchange, context: Context, rest: str) -> None:
        """Answer with what a backend answers.

        Args:
            exchange: Required. The request.
            context: Required. After the policies of `inbound`.
            rest: Required. Path and query behind the path of the API.

        Raises:
            GatewayError: no backend answers.
        """
        plan = _plan(section(context, "backend"))
        for attempt in range(plan.attempts):
            last = attempt + 1 == plan.attempts
            backend = self._backend(context)
            headers = self._headers(context, backend)
            call = backend_call.call(
                self._azure, exchange.method, backend.url + rest, headers, context.body, plan.timeout
            )
            try:
                async with call as answer:
                    self._report(backend, answer.status, answer.header(b"retry-after"))
                    if last or not repeats(plan.condition, answer.status):
                        await self._pass_on(exchange, context, answer)
                        return
            except UnreachableError:
                self._report(backend, UNREACHABLE, None)
                if not repeats(plan.condition, None):
                    break
        raise failed(_SOURCE)

    def _backend(self, context: Context) -> Backend:
        if context.backend is None:
            if not context.api.service_url:
                raise failed(_SOURCE)
            return Backend("", context.api.service_url.rstrip("/"))
        backend = self._balancer.choose(context.service, context.backend, self._world.clock.now())
        if backend is None:
            raise unavailable()
        return backend

    def _report(self, backend: Backend, status: int, retry_after: str | None) -> None:
        self._balancer.report(backend, status, _seconds(retry_after), self._world.clock.now())

    def _headers(self, context: Context, backend: Backend) -> list[tuple[bytes, bytes]]:
        own = {name.lower(): self._named(context.service, ", ".join(texts)) for name, texts in backend.headers.items()}
        return [(name.encode(), value.encode("latin-1")) for name, value in (context.headers | own).items()]

    def _named(self, service: Service, text: str) -> str:
        """A text with the values of the named values in it."""
        for name in set(REFERENCE.findall(text)):
            named = find_named_value(self._world.store, service.id, name)
            try:
                value = value_of(self._world, named) if named is not None else None
            except ArmError:
                value = None
            if value is None:
                raise failed(_SOURCE)
            text = text.replace(f"{{{{{name}}}}}", value)
        return text

    async def _pass_on(self, exchange: Exchange, context: Context, answer: BackendAnswer) -> None:
        own = [(name.encode(), value.encode()) for name, value in context.answer_headers.items()]
        replaced = _OF_LENGTH | {name.lower() for name, _ in own}
        headers = [*(each for each in answer.headers if each[0].lower() not in replaced), *own]
        streamed = str(answer.header(b"content-type")).startswith("text/event-stream")
        usage = Usage(context.body, streamed=streamed)
        if not streamed:
            body = b"".join([part async for part in answer.parts()])
            usage.feed(body)
            self._charge(context, usage, answer.status)
            await exchange.relay(answer.status, [*headers, (b"content-length", str(len(body)).encode())], body)
            return
        await exchange.begin(answer.status, headers)
        try:
            async for part in answer.parts():
                usage.feed(part)
                await exchange.part(part)
        except UnreachableError:
            return  # the server breaks the connection: that is how the caller sees it
        self._charge(context, usage, answer.status)
        await exchange.end()

    def _charge(self, context: Context, usage: Usage, status: int) -> None:
        if not 200 <= status < 300:
            return
        prompt, completion = usage.tokens()
        for admitted in context.admitted:
            admitted.charge(prompt + completion)
        metrics.emit(self._world, context, prompt, completion)


def _plan(nodes: list[Node]) -> _Plan:
    node, attempts, condition = nodes[-1], 1, ""
    if node.tag == "retry":
        attempts += int(node.attributes["count"])
        condition = node.attributes["condition"]
        node = node.children[0]
    return _Plan(attempts, condition, float(node.attributes.get("timeout", _TIMEOUT)))


def _seconds(retry_after: str | None) -> float | None:
    try:
        return max(0.0, float(retry_after)) if retry_after else None
    except ValueError:
        return None
