"""The parts of a call that the synchronous and the asynchronous client share."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar
from uuid import uuid4

import httpx
from pydantic import BaseModel, ValidationError

from azure_llama.inference import errors
from azure_llama.inference.auth import Bearer
from azure_llama.inference.endpoint import Endpoint
from azure_llama.inference.errors import Problem
from azure_llama.inference.failures import failure, mask, secret_of
from azure_llama.inference.pacing import Pacer
from azure_llama.inference.responses import Answer, Meta
from azure_llama.inference.retries import LONGEST_WAIT, RETRIED, own_wait, retry_after
from azure_llama.inference.tokens import likely_tokens
from azure_llama.inference.validation import Api, Body, InvalidError, Route, texts, validate

API_VERSION = "2024-05-01-preview"
"""Of the Model Inference API."""

TIMEOUT = httpx.Timeout(180, connect=10)
"""Seconds; 180 is the longest that a managed endpoint may take (`catalog.limits.REQUEST_TIMEOUT`)."""

Messages = str | Sequence[Mapping[str, Any]]
Shape = TypeVar("Shape", bound=BaseModel)
Whole = TypeVar("Whole", bound=Answer)

_TRACE_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")


@dataclass(frozen=True)
class Call:
    """A request that is ready to be sent.

    Attributes:
        where: Endpoint and route, for messages.
        trace_id: Its `x-ms-client-request-id`.
        tokens: What it is paced for.
    """

    where: str
    method: Literal["GET", "POST"]
    url: str
    headers: Mapping[str, str]
    content: bytes
    trace_id: str
    tokens: int


class Caller:
    """Builds requests and reads responses, for one endpoint. See `Client` for the arguments.

    Raises:
        AuthenticationError: the endpoint has neither key nor credential.
        ValueError: a deployment that the endpoint has not, or a limit below 1.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        deployment: str | None,
        api: Api,
        api_version: str,
        max_retries: int,
        tokens_per_minute: int | None,
        requests_per_minute: int | None,
    ) -> None:
        if deployment is not None and deployment not in endpoint.deployments:
            known = ", ".join(endpoint.deployments) or "none: it is serverless"
            raise ValueError(f"{endpoint.name} has no deployment {deployment!r}; it has {known}")
        if max_retries < 0:
            raise ValueError(f"max_retries is {max_retries}: it must be 0 or more")
        self.endpoint, self.api = endpoint, api
        self.auth = Bearer(endpoint)
        self.pacer = Pacer(
            endpoint.tokens_per_minute if tokens_per_minute is None else tokens_per_minute,
            endpoint.requests_per_minute if requests_per_minute is None else requests_per_minute,
        )
        self._max_retries, self._api_version = max_retries, api_version
        self._headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if deployment is not None:
            self._headers["azureml-model-deployment"] = deployment
        self._model = endpoint.answering(deployment)
        # What a message may hold when a caller has mistaken a key for a parameter.
        self._secret = endpoint.key.get_secret_value() if endpoint.key else ""

    def __repr__(self) -> str:
        return f"{self.endpoint.name!r}, api={self.api!r}"

    def ask(
        self,
        route: Literal["chat", "completions"],
        asked: Any,
        params: Mapping[str, Any],
        extra: Mapping[str, Any] | None,
        trace_id: str | None,
        *,
        stream: bool,
    ) -> Call:
        """A checked request.

        Raises:
            RequestError: it breaks a rule, or the endpoint has no such route; nothing is sent.
        """
        where = f"{self.endpoint.name} {route}"
        if "stream" in params:
            raise errors.RequestError(
                "stream is not a parameter here: chat() and complete() wait for the answer, stream_chat() and "
                "stream_complete() stream it",
                where=where,
            )
        if route == "chat":
            messages = (
                [{"role": "user", "content": asked}] if isinstance(asked, str) else [dict(each) for each in asked]
            )
            body: dict[str, Any] = {"messages": messages, **params}
        else:
            body = {"prompt": asked, **params}
        if stream:
            body["stream"] = True
        parsed = self._checked(where, route, body)
        tokens = sum(map(likely_tokens, texts(parsed))) + (parsed.most_new_tokens or 0)
        sent = {name: value for name, value in body.items() if value is not None}
        return self.raw(route, {**sent, **(extra or {})}, trace_id, tokens=tokens, extra=bool(extra))

    def _checked(self, where: str, route: Literal["chat", "completions"], body: Mapping[str, Any]) -> Body:
        try:
            return validate(self.api, route, body, self._model)
        except InvalidError as error:
            problems = tuple(
                Problem(*(mask(part, self._secret) for part in (each.where, each.rule, each.given)))
                for each in error.problems
            )
        # Raised out here, so that the error that it replaces, which may show a key, is not even its context.
        text = str(problems[0]) if len(problems) == 1 else f"{len(problems)} parameters are wrong:"
        raise errors.RequestError(text, where=where, param=problems[0].where or None, problems=problems)

    def raw(
        self, route: Route, body: Mapping[str, Any], trace_id: str | None, *, tokens: int = 0, extra: bool = False
    ) -> Call:
        """A request with a body as it is.

        Raises:
            RequestError: the endpoint has no such route.
        """
        url = self.endpoint.url(route, self.api)
        if url is None:
            has = [name for name in ("chat", "completions", "score") if self.endpoint.url(name)]
            raise errors.RequestError(
                f"the endpoint has no such route; it has {', '.join(has) or 'none'}",
                where=f"{self.endpoint.name} {route}",
            )
        if self.endpoint.access.names_model:
            body = {"model": self.endpoint.model_name, **body}
        headers = {}
        if self.api == "inference" and route != "score":
            url = f"{url}?api-version={self._api_version}"
        if extra:
            headers["extra-parameters"] = "pass-through"
        content = json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
        return self._call(route, "POST", url, headers, content, trace_id, tokens)

    def info(self, trace_id: str | None = None) -> Call:
        """`GET /info`, of the Model Inference API."""
        url = f"{self.endpoint.base_url}/info?api-version={self._api_version}"
        return self._call("info", "GET", url, {}, b"", trace_id, 0)

    def _call(
        self,
        route: str,
        method: Literal["GET", "POST"],
        url: str,
        headers: Mapping[str, str],
        content: bytes,
        trace_id: str | None,
        tokens: int,
    ) -> Call:
        where = f"{self.endpoint.name} {route}"
        trace_id = trace_id or str(uuid4())
        if not _TRACE_ID.fullmatch(trace_id):
            raise errors.RequestError("trace_id must be 1 to 40 letters, digits, dashes or underscores", where=where)
        headers = {**self._headers, **headers, "x-ms-client-request-id": trace_id}
        return Call(where, method, url, headers, content, trace_id, tokens)

    def wait(self, response: httpx.Response, attempt: int) -> float | None:
        """Seconds until the next attempt after a response; None when there is none."""
        if response.status_code not in RETRIED or attempt > self._max_retries:
            return None
        named = retry_after(response.headers)
        if named is None:
            return own_wait(attempt)
        return named if named <= LONGEST_WAIT else None

    def wait_after(self, error: httpx.HTTPError, attempt: int) -> float | None:
        """Seconds until the next attempt after no response; None when there is none.

        Only a connection that was never made is safe to try again: after that the service may have done the work.
        """
        unmade = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)
        return own_wait(attempt) if unmade and attempt <= self._max_retries else None

    @staticmethod
    def refused(call: Call, response: httpx.Response, attempt: int) -> errors.InferenceError:
        """The error of a response."""
        return failure(response, where=call.where, trace_id=call.trace_id, attempts=attempt)

    @staticmethod
    def unreachable(call: Call, error: httpx.HTTPError, attempt: int) -> errors.InferenceError:
        """The error of no response."""
        late = isinstance(error, httpx.TimeoutException) and not isinstance(error, httpx.ConnectTimeout)
        kind = errors.ServiceTimeoutError if late else errors.UnreachableError
        text = f"no answer from {httpx.URL(call.url).host}: {type(error).__name__} {error}".rstrip()
        return kind(text, where=call.where, trace_id=call.trace_id, attempts=attempt)

    @staticmethod
    def meta(call: Call, response: httpx.Response, attempts: int) -> Meta:
        """The transport details of an answer."""
        return Meta(call.trace_id, dict(response.headers.items()), attempts)

    @staticmethod
    def read(call: Call, response: httpx.Response, shape: type[Shape]) -> Shape:
        """The answer.

        Raises:
            AnswerError: it is not what is documented.
        """
        try:
            return shape.model_validate_json(response.content)
        except ValidationError as error:
            odd = Caller.odd(call, f"the answer is no {shape.__name__}", error)
        raise odd

    @staticmethod
    def json(call: Call, response: httpx.Response) -> Any:
        """The answer, whatever its shape.

        Raises:
            AnswerError: it is no JSON.
        """
        try:
            return response.json()
        except ValueError:
            text = mask(response.text, secret_of(response.request))[:60]
        raise errors.AnswerError(
            f"the answer is no JSON: {text!r}", where=call.where, status=200, trace_id=call.trace_id
        )

    @staticmethod
    def broken(call: Call, error: httpx.HTTPError) -> errors.AnswerError:
        """The error of a stream whose connection broke."""
        return errors.AnswerError(
            f"the stream broke off: {type(error).__name__} {error}; what came is not the whole answer",
            where=call.where,
            trace_id=call.trace_id,
        )

    @staticmethod
    def odd(call: Call, text: str, error: ValidationError) -> errors.AnswerError:
        """The error of an answer that cannot be read."""
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        detail = f"{where}: {first['msg']}" if where else first["msg"]
        return errors.AnswerError(f"{text} ({detail})", where=call.where, status=200, trace_id=call.trace_id)
