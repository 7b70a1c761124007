"""The inference hosts: one ASGI application for all endpoints that the sandbox has deployed."""

from __future__ import annotations

import re
from dataclasses import replace

from starlette.types import Receive, Scope, Send

from azure_llama.catalog import limits
from azure_llama_sandbox.arm import settle
from azure_llama_sandbox.conditions import ConditionsError
from azure_llama_sandbox.hosts import bare
from azure_llama_sandbox.inference import answers, asking, auth, info, replies, safety
from azure_llama_sandbox.inference.endpoints import Deployment, Directory, Endpoint, Kind
from azure_llama_sandbox.inference.errors import RefusalError, ServerRefusalError, failed_dependency, not_found
from azure_llama_sandbox.inference.exchange import ABSENT, Exchange
from azure_llama_sandbox.inference.metering import Meter
from azure_llama_sandbox.inference.pending import Pending
from azure_llama_sandbox.inference.routes import ROUTES, Api, Route
from azure_llama_sandbox.inference.routing import Router
from azure_llama_sandbox.inference.score import score
from azure_llama_sandbox.world import World

DEPLOYMENT_HEADER = "azureml-model-deployment"
PRINCIPAL = "azure_llama.principal"

_API_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(-preview)?")


class Inference:
    """Answers HTTP requests to inference hosts.

    Args:
        world: Required. What the sandbox shares.
        flat_errors: Optional. Errors in the flat shape of the REST pages alone, which some clients cannot read,
            instead of flat and nested in one.
    """

    def __init__(self, world: World, *, flat_errors: bool = False) -> None:
        self._world = world
        self._flat = flat_errors
        self._directory = Directory(world.store)
        self._router = Router()
        self._pending = Pending()
        self._meters: dict[str, Meter] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            raise ValueError(f"the inference hosts speak HTTP, not {scope['type']}")
        settle(self._world)
        exchange = Exchange(scope, receive, send)
        try:
            await self._answer(exchange)
        except ConditionsError as error:
            await exchange.reply(500, RefusalError(500, "ConditionsInvalid", str(error)).body(flat=self._flat))
        except RefusalError as refusal:
            exchange.add_headers({"x-ms-error-code": refusal.code, **refusal.headers})
            await exchange.reply(refusal.status, refusal.body(flat=self._flat))

    async def _answer(self, exchange: Exchange) -> None:
        world = self._world
        host = bare(exchange.header(b"host") or "")
        endpoint = self._directory.find(host, world.clock.today())
        if endpoint is None:
            exchange.scope[ABSENT] = True
            raise not_found(f"No endpoint has the host {host}. Names of endpoints are in the output of the deployment.")
        if endpoint.private:
            # Every caller of the sandbox is outside the virtual networks that are deployed into it.
            raise RefusalError(403, "PublicNetworkAccessDisabled", _PRIVATE.format(name=endpoint.name))
        route = ROUTES.get(exchange.path) or _scoring_route(exchange.path, endpoint)
        api_key = exchange.header(b"api-key") if route and route.family is asking.Family.INFERENCE else None
        exchange.scope[PRINCIPAL] = auth.authenticate(world, endpoint, exchange.header(b"authorization"), api_key)
        if endpoint.unavailable:
            raise not_found(f"Endpoint {endpoint.name} does not answer: {endpoint.unavailable}.")
        route = _allowed(exchange, endpoint, route)
        if route.api is Api.HEALTH:
            await exchange.reply(200, info.HEALTHY)
            return
        deployment = self._route(exchange, endpoint)
        if route.api is Api.INFO:
            await exchange.reply(200, info.info(deployment.model))
        elif route.api is Api.SWAGGER:
            await exchange.reply(200, info.swagger(endpoint, deployment.model))
        else:
            status = 200
            try:
                async with self._pending.admitted(endpoint, deployment):
                    await self._generate(exchange, endpoint, route, deployment)
            except ServerRefusalError as refusal:
                handed_on = failed_dependency(refusal) if endpoint.kind is Kind.MANAGED else refusal
                status = handed_on.status
                raise handed_on from None
            except RefusalError as refusal:
                status = refusal.status
                raise
            finally:
                self._mirror(exchange, endpoint, deployment, status)

    def _route(self, exchange: Exchange, endpoint: Endpoint) -> Deployment:
        if endpoint.kind is Kind.SERVERLESS:
            return endpoint.deployments[endpoint.name]
        name = exchange.header(DEPLOYMENT_HEADER.encode())
        if name is None:
            name = self._router.route(endpoint.id, endpoint.traffic)
            if name is None:
                raise not_found(
                    f"Endpoint {endpoint.name} has no valid deployment with positive weight. Give one traffic, or name "
                    f"one in the header {DEPLOYMENT_HEADER}."
                )
        deployment = endpoint.deployments.get(name)
        if deployment is None:
            names = ", ".join(sorted(endpoint.deployments)) or "none"
            raise not_found(f"Endpoint {endpoint.name} has no deployment {name!r} that answers; it has: {names}.")
        exchange.headers.append((DEPLOYMENT_HEADER.encode(), name.encode()))
        return deployment

    def _mirror(self, exchange: Exchange, endpoint: Endpoint, deployment: Deployment, status: int) -> None:
        """Log the copies of a request: their answers go nowhere, so the log is where they show."""
        for name in self._router.copies(endpoint.id, endpoint.mirror):
            self._world.log.write(
                method=exchange.method,
                host=bare(exchange.header(b"host") or ""),
                path=exchange.path,
                api_version=exchange.api_version,
                principal=exchange.scope[PRINCIPAL],
                status=status,
                body={DEPLOYMENT_HEADER: name, "mirrorOf": deployment.name},
            )

    async def _generate(self, exchange: Exchange, endpoint: Endpoint, route: Route, deployment: Deployment) -> None:
        meter = self._meter(endpoint)
        if meter is not None:
            self._admit(endpoint, meter)
        if route.api is Api.SCORE:
            await exchange.reply(200, score(await exchange.body(), deployment))
            return
        chat = route.api is Api.CHAT
        if not (deployment.openai and (deployment.model.chat if chat else deployment.model.completion)):
            raise not_found(
                f"{exchange.path} is not valid for the model {deployment.model.name}; "
                f"it serves {_served(endpoint, deployment)}."
            )
        family = asking.Family.OPENAI if deployment.own else route.family or asking.Family.LLAMA
        parse = asking.chat if chat else asking.completion
        deployment = answers.current(deployment, self._world.conditions())
        ask = parse(await exchange.body(), family, exchange.header(b"extra-parameters"), deployment.model)
        if endpoint.content_filter:
            for prompt in ask.prompts:
                safety.check_prompt(prompt.text, "messages" if chat else "prompt")
        reply = replies.Reply(
            id=exchange.id,
            created=int(self._world.clock.now()),
            ask=ask,
            deployment=deployment,
            chat=chat,
            llama=family is asking.Family.LLAMA,
        )
        answer = await answers.answer(self._world.answers, reply, filtered=endpoint.content_filter)
        try:
            await exchange.send(answer, stream=ask.stream)
        finally:
            if meter is not None and answer.usage is not None:
                used = answer.usage
                meter.charge(used["prompt_tokens"] + used["completion_tokens"] * ask.candidates // ask.n)

    def _meter(self, endpoint: Endpoint) -> Meter | None:
        if endpoint.kind is Kind.MANAGED:
            return None
        meter = self._meters.get(endpoint.id)
        if meter is None:
            meter = self._meters[endpoint.id] = Meter(
                limits.SERVERLESS_REQUESTS_PER_MINUTE.low, limits.SERVERLESS_TOKENS_PER_MINUTE.low
            )
        return meter

    def _admit(self, endpoint: Endpoint, meter: Meter) -> None:
        clock = self._world.clock
        wait = meter.admit(clock.now())
        if wait:
            raise RefusalError(
                429,
                "TooManyRequests",
                f"Endpoint {endpoint.name} has served its {meter.requests_per_minute} requests or "
                f"{meter.tokens_per_minute} tokens of this minute. Try again in {wait:.0f} seconds.",
                headers={"retry-after": clock.retry_after(wait * clock.scale)},
            )


_PRIVATE = (
    "Endpoint {name} does not answer on the public network, since its publicNetworkAccess is Disabled. Call it from the"
    " virtual network that has the private endpoint of its workspace."
)


def _scoring_route(path: str, endpoint: Endpoint) -> Route | None:
    """The route of a path that a container has for `/score`."""
    return ROUTES["/score"] if any(each.scoring == path for each in endpoint.deployments.values()) else None


def _allowed(exchange: Exchange, endpoint: Endpoint, route: Route | None) -> Route:
    if route is None or (route.managed and endpoint.kind is not Kind.MANAGED):
        raise not_found(f"{exchange.path} is not a route of endpoint {endpoint.name}.")
    if exchange.method != route.method:
        raise RefusalError(
            405,
            "MethodNotAllowed",
            f"{exchange.path} takes {route.method}, not {exchange.method}.",
            headers={"allow": route.method},
        )
    if route.family is asking.Family.INFERENCE:
        version = exchange.api_version
        if version is None or not _API_VERSION.fullmatch(version):
            raise RefusalError(
                400,
                "MissingApiVersionParameter",
                f"{exchange.path} needs the query parameter api-version, such as ?api-version=2024-05-01-preview; "
                "the routes below /v1 need none.",
            )
    return route


def _served(endpoint: Endpoint, deployment: Deployment) -> str:
    model = deployment.model if deployment.openai else replace(deployment.model, chat=False, completion=False)
    return ", ".join(
        f"{route.method} {path}"
        for path, route in ROUTES.items()
        if info.serves(route, model, managed=endpoint.kind is Kind.MANAGED)
    )
