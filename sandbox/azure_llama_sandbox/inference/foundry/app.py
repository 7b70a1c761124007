"""The hosts of Foundry accounts: one ASGI application for all accounts of the sandbox."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic_core import from_json
from starlette.types import Receive, Scope, Send

from azure_llama_sandbox import foundry
from azure_llama_sandbox.arm import settle
from azure_llama_sandbox.conditions import ConditionsError
from azure_llama_sandbox.hosts import bare
from azure_llama_sandbox.inference import answers, asking, replies
from azure_llama_sandbox.inference.app import PRINCIPAL
from azure_llama_sandbox.inference.errors import RefusalError
from azure_llama_sandbox.inference.exchange import ABSENT, Exchange
from azure_llama_sandbox.inference.foundry import auth, filters, rates, routes
from azure_llama_sandbox.inference.foundry.accounts import Account, Deployment, find_account
from azure_llama_sandbox.inference.foundry.routes import Api, Route
from azure_llama_sandbox.world import World

_OPERATION_NOT_SUPPORTED = (
    "The {} operation does not work with the specified model, {}. Please choose different model and try again. You can"
    " learn more about which models can be used with each operation here: https://go.microsoft.com/fwlink/?linkid=2197993."
)


class FoundryInference:
    """Answers HTTP requests to the hosts of Foundry accounts.

    Args:
        world: Required. What the sandbox shares.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._rates = rates.Rates()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            raise ValueError(f"the inference hosts speak HTTP, not {scope['type']}")
        settle(self._world)
        exchange = Exchange(scope, receive, send)
        exchange.headers.append((b"apim-request-id", exchange.id.encode()))
        try:
            await self._answer(exchange)
        except ConditionsError as mistake:
            error = {"code": "ConditionsInvalid", "message": str(mistake)}
            await exchange.reply(500, json.dumps({"error": error}).encode())
        except RefusalError as refusal:
            exchange.add_headers(refusal.headers)
            error = {"code": refusal.code, "message": refusal.message} | refusal.fields
            await exchange.reply(refusal.status, json.dumps({"error": error}).encode())

    async def _answer(self, exchange: Exchange) -> None:
        world = self._world
        host = bare(exchange.header(b"host") or "")
        account = find_account(world.store, host, world.clock.today(), world.conditions())
        if account is None:
            exchange.scope[ABSENT] = True
            raise RefusalError(404, "404", f"No Foundry account has the host {host}.")
        exchange.add_headers({"x-ms-region": account.region})
        if account.blocked is not None:
            raise RefusalError(403, "403", account.blocked)
        found = routes.find(exchange.method, exchange.path, host)
        route, parts = found or (routes.ROUTES[0], {})
        caller = auth.authenticate(world, account, route, exchange)
        exchange.scope[PRINCIPAL] = caller if isinstance(caller, str) else caller.client_id
        if found is None or (route.versioned and exchange.api_version is None):
            raise _not_found()
        if parts.get("project", "") not in {"", *account.projects}:
            raise RefusalError(404, "NotFound", f"Project {parts['project']} does not exist.")
        if route.api is Api.MODELS:
            auth.authorize(world, account, route, caller, "OpenAI")
            await exchange.reply(200, json.dumps(_models(account, parts.get("model"))).encode())
            return
        body = await exchange.body()
        deployment = account.deployments.get(parts.get("deployment") or _named(body))
        auth.authorize(world, account, route, caller, deployment.model.format if deployment else "OpenAI")
        try:
            await self._generate(exchange, account, route, deployment, body)
        except RefusalError as refusal:
            if refusal.status == 422 and route.family is asking.Family.OPENAI:
                refusal.status, refusal.code = 400, "BadRequest"
            raise

    async def _generate(
        self, exchange: Exchange, account: Account, route: Route, deployment: Deployment | None, body: bytes
    ) -> None:
        chat = route.api is Api.CHAT
        deployment = _serving(deployment, chat=chat)
        target = answers.current(deployment.target, self._world.conditions())
        parse = asking.chat if chat else asking.completion
        ask = parse(body, route.family, exchange.header(b"extra-parameters"), target.model)
        meter, now = self._rates.meter(deployment), self._world.clock.now()
        prompt = sum(each.tokens for each in ask.prompts)
        rates.admit(meter, deployment, account, now, prompt + (ask.max_tokens or 0) * deployment.output_weight)
        if deployment.filtered:
            filters.check_prompts(ask)
        reply = replies.Reply(id=exchange.id, created=int(now), ask=ask, deployment=target, chat=chat, llama=False)
        answer = await answers.answer(self._world.answers, reply, filtered=deployment.filtered)
        if deployment.filtered:
            answer = filters.Annotated(answer, len(ask.prompts))
        known = answer.usage
        if known is not None:
            meter.charge(_charged(known, deployment))
        exchange.add_headers(rates.headers(meter, deployment, now))
        try:
            await exchange.send(answer, stream=ask.stream)
        finally:
            if known is None and answer.usage is not None:
                meter.charge(_charged(answer.usage, deployment))


def _charged(used: Mapping[str, int], deployment: Deployment) -> int:
    """The tokens that an answer counts as."""
    return used["prompt_tokens"] + used["completion_tokens"] * deployment.output_weight


def _serving(deployment: Deployment | None, *, chat: bool) -> Deployment:
    """Refuse a deployment that does not exist, or whose model is retired or lacks the operation."""
    if deployment is None:
        raise RefusalError(
            404,
            "DeploymentNotFound",
            "The API deployment for this resource does not exist. If you created the deployment within the last 5"
            " minutes, please wait a moment and try again.",
        )
    model, served = deployment.model, deployment.target.model
    if deployment.retired:
        # The words of Azure are unknown; these are the sandbox's.
        raise RefusalError(410, "ModelRetired", f"The model {model.name} version {model.version} is retired.")
    if not (served.chat if chat else served.completion):
        operation = "chatCompletion" if chat else "completion"
        raise RefusalError(400, "OperationNotSupported", _OPERATION_NOT_SUPPORTED.format(operation, model.name))
    return deployment


def _not_found() -> RefusalError:
    return RefusalError(404, "404", "Resource not found")


def _named(body: bytes) -> str:
    """The deployment that a body names as its `model`."""
    try:
        content = from_json(body)
    except ValueError:
        content = None
    model = content.get("model") if isinstance(content, dict) else None
    if not isinstance(model, str) or not model:
        raise RefusalError(
            400, "invalid_request_error", "you must provide a model parameter", fields={"param": "model"}
        )
    return model


def _models(account: Account, name: str | None) -> dict[str, Any]:
    """The models that the account can deploy, or one of them."""
    rows = {
        model.name: {
            "id": model.name,
            "object": "model",
            "created": 1_727_740_800,
            "owned_by": model.publisher or model.format,
        }
        for model in foundry.models()
    }
    if name is None:
        return {"object": "list", "data": list(rows.values())}
    if name not in rows:
        raise _not_found()
    return rows[name]
