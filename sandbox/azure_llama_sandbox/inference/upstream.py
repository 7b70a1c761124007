"""Answers from an OpenAI-compatible server of the user: the one host that the sandbox connects to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx
from pydantic_core import from_json

from azure_llama.catalog.limits import REQUEST_TIMEOUT
from azure_llama_sandbox.answer_source import CONNECT_SECONDS
from azure_llama_sandbox.inference.asking import Ask
from azure_llama_sandbox.inference.endpoints import Deployment
from azure_llama_sandbox.inference.errors import RefusalError, ServerRefusalError
from azure_llama_sandbox.inference.features import Tools
from azure_llama_sandbox.inference.replies import Reply
from azure_llama_sandbox.inference.words import count

_REFUSED = frozenset({400, 413, 422})
"""Statuses with which a server refuses a request that a model could not answer either."""
_SHOWN = 300


class Upstream:
    """The server.

    Args:
        url: Required. Base URL of its API.
        model: Optional. What it calls the model; the first one that it lists when None.
        transport: Optional. How to reach it.
    """

    def __init__(self, url: str, model: str | None = None, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self.url = url
        self._model = model
        # No proxy, no redirect: this host and no other.
        timeout = httpx.Timeout(REQUEST_TIMEOUT.high, connect=CONNECT_SECONDS)
        self._http = httpx.AsyncClient(timeout=timeout, trust_env=False, follow_redirects=False, transport=transport)

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def model(self) -> str:
        """The model's name on the server.

        Raises:
            RefusalError: it does not say.
        """
        if self._model is None:
            response = await self._send("GET", "models", None, CONNECT_SECONDS)
            content = self.json(await self._read(response, CONNECT_SECONDS))
            rows = content.get("data") if isinstance(content, dict) else None
            names = [row["id"] for row in rows or () if isinstance(row, dict) and isinstance(row.get("id"), str)]
            if not names:
                raise self.failed("lists no models", "load a model there, or name one with --answers-model")
            self._model = names[0]
        return self._model

    async def ask(self, ask: Ask, deployment: Deployment, *, chat: bool) -> httpx.Response:
        """The response to a request, whose body is still to be read.

        Raises:
            RefusalError: there is none, or it is an error.
        """
        body = _body(ask, await self.model(), deployment, chat=chat)
        return await self._send("POST", "chat/completions" if chat else "completions", body, deployment.seconds)

    async def _send(self, method: str, route: str, body: Any, seconds: float) -> httpx.Response:
        timeout = httpx.Timeout(seconds, connect=CONNECT_SECONDS)
        request = self._http.build_request(method, f"{self.url}/{route}", json=body, timeout=timeout)
        try:
            response = await self._http.send(request, stream=True)
        except httpx.HTTPError as error:
            raise self.lost(error, seconds) from None
        if response.status_code == httpx.codes.OK:
            return response
        text = _message(await self._read(response, seconds))
        if response.status_code in _REFUSED:
            raise ServerRefusalError(text)
        remedy = "name a model that it has with --answers-model" if response.status_code == 404 else "look at its log"
        raise self.failed(f"answered {response.status_code}: {text}", remedy)

    async def _read(self, response: httpx.Response, seconds: float) -> bytes:
        try:
            return await response.aread()
        except httpx.HTTPError as error:
            raise self.lost(error, seconds) from None
        finally:
            await response.aclose()

    def json(self, content: bytes | str) -> Any:
        """Its answer.

        Raises:
            RefusalError: that is no JSON.
        """
        try:
            return from_json(content)
        except ValueError:
            raise self.failed("answered with something that is not JSON", "check the URL: it is a base URL") from None

    def lost(self, error: httpx.HTTPError, seconds: float) -> RefusalError:
        """The refusal after a connection that failed."""
        if isinstance(error, httpx.TimeoutException) and not isinstance(error, httpx.ConnectTimeout):
            return RefusalError(
                408,
                "RequestTimeout",
                f"The request took longer than {seconds:g} s, the longest that the endpoint allows. The server of"
                f" --answers-from, {self.url}, is slower: ask for fewer tokens, take a smaller model, or raise"
                " requestTimeoutSeconds of a managed deployment.",
            )
        reason = str(error) or type(error).__name__
        return self.failed(f"cannot be reached: {reason}", "start it, or restart the sandbox without --answers-from")

    def failed(self, what: str, remedy: str) -> RefusalError:
        """502: the server is at fault, not the request."""
        return RefusalError(
            502, "AnswersUnavailable", f"The sandbox's answers come from {self.url}, which {what}. Fix: {remedy}."
        )


@dataclass(slots=True)
class Relayed:
    """The server's answer under Azure's names.

    Attributes:
        upstream: Required. The server.
        response: Required. Its response, whose body is still to be read.
        reply: Required. The answer without its drafts.
        seconds: Required. How long the endpoint lets it take.
        usage: Optional. Known at the end.
    """

    upstream: Upstream
    response: httpx.Response
    reply: Reply
    seconds: float
    usage: dict[str, int] | None = field(default=None, init=False)

    async def content(self) -> dict[str, Any]:
        """The whole answer."""
        try:
            content = self.upstream.json(await self.response.aread())
        except httpx.HTTPError as error:
            raise self.upstream.lost(error, self.seconds) from None
        finally:
            await self.response.aclose()
        choices = content.get("choices") if isinstance(content, dict) else None
        if not isinstance(choices, list):
            raise self.upstream.failed("answered without choices", "check that its API is that of OpenAI")
        self.usage = content.get("usage") or self._counted(choices)
        return {**self.reply.envelope("chat.completion", choices), "usage": self.usage}

    async def chunks(self) -> AsyncIterator[dict[str, Any]]:
        """The chunks of its stream, as they come."""
        said: list[dict[str, Any]] = []
        ended = False
        try:
            async for line in self.response.aiter_lines():
                data = line.removeprefix("data:").strip()
                if not line.startswith("data:") or data == "[DONE]":
                    continue
                chunk = self.upstream.json(data)
                if "error" in chunk:
                    raise self.upstream.failed(f"broke off: {_message(data.encode())}", "look at its log")
                self.usage = chunk.get("usage") or self.usage
                choices = chunk.get("choices") or []
                said += choices
                ended = ended or any(choice.get("finish_reason") for choice in choices)
                if choices:
                    yield self.reply.envelope("chat.completion.chunk", choices)
        except httpx.HTTPError as error:
            raise self.upstream.lost(error, self.seconds) from None
        finally:
            await self.response.aclose()
        if not ended:
            raise self.upstream.failed("ended its stream early", "look at its log")
        self.usage = self.usage or self._counted(said)
        if self.reply.ask.usage:
            yield self.reply.envelope("chat.completion.chunk", []) | {"usage": self.usage}

    def _counted(self, choices: list[dict[str, Any]]) -> dict[str, int]:
        """The usage of a server that states none, counted as the sandbox counts its own answers."""
        texts = (
            (choice.get("message") or choice.get("delta") or {}).get("content") or choice.get("text") or ""
            for choice in choices
        )
        prompt = sum(each.tokens for each in self.reply.ask.prompts)
        answer = count("".join(texts))
        return {"prompt_tokens": prompt, "completion_tokens": answer, "total_tokens": prompt + answer}


def _body(ask: Ask, model: str, deployment: Deployment, *, chat: bool) -> dict[str, Any]:
    """What the server is asked: what the request says, without what does not reach a model on Azure."""
    away = {*ask.dropped, "max_completion_tokens", "stream_options"}
    if deployment.model.features.tools is Tools.IGNORED:
        away |= {"tools", "tool_choice", "parallel_tool_calls"}
    body = {name: value for name, value in from_json(ask.source).items() if name not in away and value is not None}
    body["model"] = model
    if ask.max_tokens is not None:
        body["max_tokens"] = ask.max_tokens
    if chat and ask.logprobs is not None:  # a number on the Llama route
        body |= {"logprobs": True, "top_logprobs": ask.logprobs}
    if ask.stream:
        body["stream_options"] = {"include_usage": True}
    return body


def _message(content: bytes) -> str:
    """What an error says, whatever its shape."""
    try:
        found: Any = from_json(content)
    except ValueError:
        found = content.decode(errors="replace")
    while isinstance(found, dict):
        found = found.get("error") or found.get("message") or found.get("detail") or "no reason given"
    return " ".join(str(found).split())[:_SHOWN] or "no reason given"
