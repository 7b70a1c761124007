"""The asynchronous client of an endpoint."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from itertools import count
from types import TracebackType
from typing import Any, Self, Unpack

import httpx

from azure_llama.inference.calls import API_VERSION, TIMEOUT, Call, Caller, Messages, Whole
from azure_llama.inference.endpoint import Endpoint
from azure_llama.inference.errors import InferenceError, RouteError
from azure_llama.inference.pacing import Turn
from azure_llama.inference.responses import (
    ChatChunk,
    ChatCompletion,
    Health,
    Meta,
    ModelInfo,
    TextChunk,
    TextCompletion,
)
from azure_llama.inference.signatures import ChatParameters, CompletionParameters
from azure_llama.inference.streams import AsyncStream, Chunk, ChunkReader
from azure_llama.inference.validation import Api, Route


class AsyncClient:
    """Calls one endpoint, as `Client` does. An asynchronous context manager, of one event loop.

    A credential of `azure.identity.aio` is awaited; one of `azure.identity` is asked in a thread.

    Args:
        endpoint: Required. With its key or credential.
        http: Optional. An httpx client to send with; left open by `aclose`. Its timeouts hold unless `timeout` is set.
        deployment: Optional. The deployment to go to, past the traffic split; managed endpoints.
        api: Optional. `llama` (`/v1` routes) or `inference` (Model Inference routes). Default `llama`.
        api_version: Optional. Of the Model Inference routes.
        timeout: Optional. Seconds for each of connecting, sending, and waiting for the next bytes. Default 180, and 10
            to connect.
        max_retries: Optional. How often to ask again after 429, 503 or no connection. Default 2. `Retry-After` is kept
            to; one beyond 60 s is not waited for.
        tokens_per_minute, requests_per_minute: Optional. What to keep to; the endpoint's own by default.
        sleep: Optional. How to wait.

    Raises:
        AuthenticationError: the endpoint has neither key nor credential.
        ValueError: a deployment that the endpoint has not, or a limit out of its range.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        http: httpx.AsyncClient | None = None,
        deployment: str | None = None,
        api: Api = "llama",
        api_version: str = API_VERSION,
        timeout: float | None = None,
        max_retries: int = 2,
        tokens_per_minute: int | None = None,
        requests_per_minute: int | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._caller = Caller(
            endpoint,
            deployment=deployment,
            api=api,
            api_version=api_version,
            max_retries=max_retries,
            tokens_per_minute=tokens_per_minute,
            requests_per_minute=requests_per_minute,
        )
        self._own = http is None
        self._http = http or httpx.AsyncClient(timeout=TIMEOUT)
        self._timeout = self._http.timeout if timeout is None else httpx.Timeout(timeout)
        self._sleep = sleep

    def __repr__(self) -> str:
        return f"AsyncClient({self._caller!r})"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections, unless they are of an httpx client that was given."""
        if self._own:
            await self._http.aclose()

    async def chat(
        self,
        messages: Messages,
        *,
        trace_id: str | None = None,
        extra: Mapping[str, Any] | None = None,
        **params: Unpack[ChatParameters],
    ) -> ChatCompletion:
        """The answer to a conversation.

        Args:
            messages: Required. The conversation, or one user message.
            trace_id: Optional. `x-ms-client-request-id`: 1 to 40 letters, digits, dashes, underscores. Made by default.
            extra: Optional. Parameters beyond the documented ones, sent unchecked; the Model Inference routes get the
                header `extra-parameters: pass-through` with them.
            params: Optional. See `azure_llama.inference.parameters`: LlamaChat, InferenceChat.

        Raises:
            RequestError: a parameter breaks a documented rule; nothing was sent.
            InferenceError: the service refused, or gave no answer; a subclass says which.
        """
        call = self._caller.ask("chat", messages, params, extra, trace_id, stream=False)
        return await self._answer(call, ChatCompletion)

    async def stream_chat(
        self,
        messages: Messages,
        *,
        trace_id: str | None = None,
        extra: Mapping[str, Any] | None = None,
        **params: Unpack[ChatParameters],
    ) -> AsyncStream[ChatChunk]:
        """The answer to a conversation, as it comes. Returns when the service has accepted it; else as `chat`."""
        call = self._caller.ask("chat", messages, params, extra, trace_id, stream=True)
        return await self._stream(call, ChatChunk)

    async def complete(
        self,
        prompt: Any,
        *,
        trace_id: str | None = None,
        extra: Mapping[str, Any] | None = None,
        **params: Unpack[CompletionParameters],
    ) -> TextCompletion:
        """The completion of a prompt: a text, or other input of the route (InferenceCompletion). Otherwise as
        `chat`.
        """
        call = self._caller.ask("completions", prompt, params, extra, trace_id, stream=False)
        return await self._answer(call, TextCompletion)

    async def stream_complete(
        self,
        prompt: Any,
        *,
        trace_id: str | None = None,
        extra: Mapping[str, Any] | None = None,
        **params: Unpack[CompletionParameters],
    ) -> AsyncStream[TextChunk]:
        """The completion of a prompt, as a stream. Otherwise as `chat`."""
        call = self._caller.ask("completions", prompt, params, extra, trace_id, stream=True)
        return await self._stream(call, TextChunk)

    async def post(
        self, route: Route, body: Mapping[str, Any], *, trace_id: str | None = None, pass_through: bool = False
    ) -> Any:
        """The JSON response of a route to an unchecked body; for `/score`, and to test rejections.

        It is paced as a request, but not for its tokens, which are not counted. `pass_through` hands parameters to the
        model that the route does not know.

        Raises:
            InferenceError: as `chat`; AnswerError when the answer is no JSON.
        """
        call = self._caller.raw(route, body, trace_id, extra=pass_through)
        response, *_ = await self._send(call)
        return self._caller.json(call, response)

    async def info(self) -> ModelInfo:
        """The model information of the endpoint (`GET /info`).

        Raises:
            RouteError: it does not say; not every endpoint has this route.
            InferenceError: as `chat`.
        """
        call = self._caller.info()
        response, *_ = await self._send(call)
        return self._caller.read(call, response, ModelInfo)

    async def health(self) -> Health:
        """Whether the endpoint answers and takes the key or token, without spending tokens.

        Raises:
            InferenceError: it does not; as `chat`.
        """
        begun = time.monotonic()
        try:
            info = await self.info()
        except RouteError:
            # It answered, and 401 comes before 404: that is health, too.
            info = None
        return Health(time.monotonic() - begun, info)

    async def _answer(self, call: Call, shape: type[Whole]) -> Whole:
        response, turn, meta = await self._send(call)
        answer = self._caller.read(call, response, shape)
        answer.came(meta)
        if answer.usage:
            self._caller.pacer.settle(turn, answer.usage.total_tokens)
        return answer

    async def _stream(self, call: Call, shape: type[Chunk]) -> AsyncStream[Chunk]:
        response, turn, meta = await self._send(call, stream=True)
        return AsyncStream(self._caller, call, response, turn, ChunkReader(call, shape, meta, response.request))

    async def _send(self, call: Call, *, stream: bool = False) -> tuple[httpx.Response, Turn, Meta]:
        for attempt in count(1):
            turn, wait = self._caller.pacer.turn(call.tokens)
            if wait > 0:
                await self._sleep(wait)
            request = self._http.build_request(
                call.method, call.url, headers=call.headers, content=call.content, timeout=self._timeout
            )
            failed: InferenceError
            pause: float | None
            try:
                response = await self._http.send(request, auth=self._caller.auth, stream=stream, follow_redirects=False)
                if response.status_code == httpx.codes.OK:
                    return response, turn, self._caller.meta(call, response, attempt)
                await response.aread()
                failed, pause = self._caller.refused(call, response, attempt), self._caller.wait(response, attempt)
            except httpx.HTTPError as error:
                failed, pause = self._caller.unreachable(call, error, attempt), self._caller.wait_after(error, attempt)
                failed.__cause__ = error
            self._caller.pacer.settle(turn, 0)
            if pause is None:
                raise failed
            await self._sleep(pause)
        raise AssertionError("the last attempt returns or raises")
