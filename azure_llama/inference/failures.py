"""Converts error responses to exceptions: every error format that Azure's hosts use.

- nested: `{"error": {"code", "message", "param", ...}}`
- flat: `{"error": "Unauthorized", "message", "status"}`, and `{"status", "code", "message", "param", "type"}`
- flat with `detail`: an object or a list of `{loc, input | value, msg}`, or a text
- neither: text, HTML or nothing, with the code in the header `x-ms-error-code`
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import httpx

from azure_llama.inference import errors, gateways
from azure_llama.inference.errors import InferenceError, Problem
from azure_llama.inference.retries import retry_after

_BY_STATUS: Mapping[int, type[InferenceError]] = {
    400: errors.ParameterError,
    401: errors.AuthenticationError,
    403: errors.AuthenticationError,
    404: errors.RouteError,
    405: errors.RouteError,
    408: errors.ServiceTimeoutError,
    422: errors.ParameterError,
    424: errors.ModelError,
    429: errors.RateLimitError,
}
_FILTERED = frozenset({"content_filter", "responsibleaipolicyviolation"})
_SHOWN = 500
_MASK = "***"


def failure(response: httpx.Response, *, where: str, trace_id: str, attempts: int) -> InferenceError:
    """The error of a fully read response; the caller's secret is masked where the response echoes it."""
    secret = secret_of(response.request)
    headers = {name: mask(value, secret) for name, value in response.headers.items()}
    try:
        body = mask(response.json(), secret)
    except ValueError:
        body = mask(response.text, secret) or None
    told = _Told(body, headers)
    kind = _BY_STATUS.get(response.status_code, errors.ServiceError)
    if response.is_client_error and told.filtered:
        kind = errors.ContentFilterError
    return kind(
        told.message or response.reason_phrase or _phrase(response.status_code),
        where=where,
        status=response.status_code,
        code=told.code,
        param=told.param,
        problems=told.problems,
        retry_after=retry_after(response.headers),
        headers=headers,
        body=body,
        trace_id=trace_id,
        attempts=attempts,
    )


def reported(event: Any, *, where: str, trace_id: str, secret: str) -> InferenceError:
    """The error that a stream reports in its middle, as `{"error": {...}}`."""
    body = mask(event, secret)
    told = _Told(body, {})
    kind = errors.ContentFilterError if told.filtered else errors.AnswerError
    message = f"the stream reports an error: {told.message or body}"
    return kind(message, where=where, code=told.code, param=told.param, body=body, trace_id=trace_id, attempts=1)


def secret_of(request: httpx.Request) -> str:
    """The key or token that a request was signed with."""
    sent = request.headers.get("Authorization") or request.headers.get(gateways.KEY_HEADER) or ""
    return str(sent).removeprefix("Bearer ")


def mask(value: Any, secret: str) -> Any:
    """The same, with a secret made unreadable in every text of it."""
    if not secret:
        return value
    if isinstance(value, str):
        return value.replace(secret, _MASK)
    if isinstance(value, list):
        return [mask(each, secret) for each in value]
    if isinstance(value, dict):
        return {mask(key, secret): mask(each, secret) for key, each in value.items()}
    return value


class _Told:
    """The error details of a body, in any format."""

    def __init__(self, body: Any, headers: Mapping[str, str]) -> None:
        flat: Mapping[str, Any] = body if isinstance(body, dict) else {}
        error = flat.get("error")
        nested: Mapping[str, Any] = error if isinstance(error, dict) else {}
        word = error if isinstance(error, str) else None
        self.code = _text(nested.get("code")) or _text(flat.get("code")) or headers.get("x-ms-error-code") or word
        self.param = _text(nested.get("param")) or _text(flat.get("param"))
        detail = flat.get("detail", nested.get("detail"))
        text = body if isinstance(body, str) else None
        message = _text(nested.get("message")) or _text(flat.get("message")) or _text(detail) or word or text
        self.message = (message or "").strip()[:_SHOWN]
        items = [detail] if isinstance(detail, dict) else detail if isinstance(detail, list) else []
        self.problems = tuple(_problem(item, self.message) for item in items if isinstance(item, dict))
        if self.param is None and self.problems:
            self.param = self.problems[0].where or None
        if not self.message and self.problems:
            self.message = self.problems[0].rule
        inner = nested.get("innererror")
        words = (self.code, _text(inner.get("code")) if isinstance(inner, dict) else None)
        self.filtered = any(word and word.lower() in _FILTERED for word in words)


def _problem(item: Mapping[str, Any], message: str) -> Problem:
    loc = item.get("loc")
    steps = [str(step) for step in (loc if isinstance(loc, list) else [loc] if loc else [])]
    where = ".".join(steps[1:] if steps[:1] == ["body"] else steps)
    given = item["input"] if "input" in item else item.get("value")
    rule = _text(item.get("msg")) or _text(item.get("message")) or message or "is not accepted"
    return Problem(where, rule, None if given is None else str(given)[:60])


def _text(value: Any) -> str | None:
    """A text or a number, as text; None for the rest."""
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) and value != "" else None


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "no reason given"
