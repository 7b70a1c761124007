"""The synchronous client of an endpoint."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from itertools import count
from types import TracebackType
from typing import Any, Self, Unpack

import httpx

from azure_llama.inference.calls import API_VERSION, TIMEOUT, Call, Caller, Messages, Whole
from azure_llama.inference.endpoint import Endpoint
from azure_llama.inference.errors import AuthenticationError, InferenceError, RouteError
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
from azure_llama.inference.streams import Chunk, ChunkReader, Stream
from azure_llama.inference.validation import Api, Route


class Client:
    """Calls one endpoint. A context manager; safe to share between threads.

    Args:
        endpoint: Required. With its key or credential.
        http: Optional. An httpx client to send with; left open by `close`. Its timeouts hold unless `timeout` is set.
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
        AuthenticationError: the endpoint has neither key nor credential, or one of `azure.identity.aio`.
        ValueError: a deployment that the endpoint has not, or a limit out of its range.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        http: httpx.Client | None = None,
        deployment: str | None = None,
        api: Api = "llama",
        api_version: str = API_VERSION,
        timeout: float | None = None,
        max_retries: int = 2,
        tokens_per_minute: int | None = None,
        requests_per_minute: int | None = None,
        sleep: Callable[[float], None] = time.sleep,
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
        if self._caller.auth.asynchronous:
            raise AuthenticationError(
                "the credential is of azure.identity.aio; take AsyncClient, or a credential of azure.identity",
                where=endpoint.name,
            )
        self._own = http is None
        self._http = http or httpx.Client(timeout=TIMEOUT)
        self._timeout = self._http.timeout if timeout is None else httpx.Timeout(timeout)
        self._sleep = sleep

    def __repr__(self) -> str:
        return f"Client({self._caller!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections, unless they are of an httpx client that was given."""
        if self._own:
            self._http.close()

    def chat(
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
        return self._answer(call, ChatCompletion)

    def stream_chat(
        self,
        messages: Messages,
        *,
        trace_id: str | None = None,
        extra: Mapping[str, Any] | None = None,
        **params: Unpack[ChatParameters],
    ) -> Stream[ChatChunk]:
        """The answer to a conversation, as it comes. Returns when the service has accepted it; else as `chat`."""
        call = self._caller.ask("chat", messages, params, extra, trace_id, stream=True)
        return self._stream(call, ChatChunk)

    def complete(
        self,
        prompt: Any,
        *,
        trace_id: str | None = None,
        extra: Mapping[str, Any] | None = None,
        **params: Unpack[CompletionParameters],
    ) -> TextCompletion:
        """What follows a prompt: a text, or what else the route takes (InferenceCompletion). Otherwise as `chat`."""
        call = self._caller.ask("completions", prompt, params, extra, trace_id, stream=False)
        return self._answer(call, TextCompletion)

    def stream_complete(
        self,
        prompt: Any,
        *,
        trace_id: str | None = None,
        extra: Mapping[str, Any] | None = None,
        **params: Unpack[CompletionParameters],
    ) -> Stream[TextChunk]:
        """What follows a prompt, as it comes. Otherwise as `chat`."""
        call = self._caller.ask("completions", prompt, params, extra, trace_id, stream=True)
        return self._stream(call, TextChunk)

    def post(self, route: Route, body: Mapping[str, Any], *, trace_id: str | None = None) -> Any:
        """The JSON that a route answers to a body that is sent as it is; for `/score`, and to see what is refused.

        It is paced as a request, but not for its tokens, which are not counted.

        Raises:
            InferenceError: as `chat`; AnswerError when the answer is no JSON.
        """
        call = self._caller.raw(route, body, trace_id)
        response, *_ = self._send(call)
        return self._caller.json(call, response)

    def info(self) -> ModelInfo:
        """What the endpoint says that it serves (`GET /info`).

        Raises:
            RouteError: it does not say; not every endpoint has this route.
            InferenceError: as `chat`.
        """
        call = self._caller.info()
        response, *_ = self._send(call)
        return self._caller.read(call, response, ModelInfo)

    def health(self) -> Health:
        """Whether the endpoint answers and takes the key or token, without spending tokens.

        Raises:
            InferenceError: it does not; as `chat`.
        """
        begun = time.monotonic()
        try:
            info = self.info()
        except RouteError:
            # It answered, and 401 comes before 404: that is health, too.
            info = None
        return Health(time.monotonic() - begun, info)

    def _answer(self, call: Call, shape: type[Whole]) -> Whole:
        response, turn, meta = self._send(call)
        answer = self._caller.read(call, response, shape)
        answer.came(meta)
        if answer.usage:
            self._caller.pacer.settle(turn, answer.usage.total_tokens)
        return answer

    def _stream(self, call: Call, shape: type[Chunk]) -> Stream[Chunk]:
        response, turn, meta = self._send(call, stream=True)
        return Stream(self._caller, call, response, turn, ChunkReader(call, shape, meta, response.request))

    def _send(self, call: Call, *, stream: bool = False) -> tuple[httpx.Response, Turn, Meta]:
        for attempt in count(1):
            turn, wait = self._caller.pacer.turn(call.tokens)
            if wait > 0:
                self._sleep(wait)
            request = self._http.build_request(
                call.method, call.url, headers=call.headers, content=call.content, timeout=self._timeout
            )
            failed: InferenceError
            pause: float | None
            try:
                response = self._http.send(request, auth=self._caller.auth, stream=stream, follow_redirects=False)
                if response.status_code == httpx.codes.OK:
                    return response, turn, self._caller.meta(call, response, attempt)
                response.read()
                failed, pause = self._caller.refused(call, response, attempt), self._caller.wait(response, attempt)
            except httpx.HTTPError as error:
                failed, pause = self._caller.unreachable(call, error, attempt), self._caller.wait_after(error, attempt)
                failed.__cause__ = error
            self._caller.pacer.settle(turn, 0)
            if pause is None:
                raise failed
            self._sleep(pause)
        raise AssertionError("the last attempt returns or raises")
