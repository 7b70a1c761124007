"""Converts an HTTP response to its body or to a typed error."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx

from azure_llama.arm.errors import (
    ArmError,
    ForbiddenError,
    HalfAnswerError,
    NotAzureError,
    NotFoundError,
    RefusedError,
    SignInError,
    ThrottledError,
    UnavailableError,
    masked,
)
from azure_llama.arm.waiting import retry_after

_TITLE = re.compile(r"<title[^>]*>(?P<title>.*?)</title>", re.IGNORECASE | re.DOTALL)


def body_of(what: str, answer: httpx.Response, secrets: frozenset[str]) -> Any:
    """The JSON body; None when there is none.

    Args:
        what: Required. The request, for messages: `GET /subscriptions/...`.
        answer: Required. A response whose body is read.
        secrets: Required. What must not be seen in a message.

    Raises:
        ArmError: the answer is a refusal, or no answer of Azure's at all.
    """
    body, failure = _parsed(what, answer, secrets)
    if failure is None and answer.status_code >= 400:
        failure = refusal(what, answer, body, secrets)
    if failure is not None:
        raise failure
    return body


def _parsed(what: str, answer: httpx.Response, secrets: frozenset[str]) -> tuple[Any, ArmError | None]:
    text = answer.text.lstrip("\ufeff \t\r\n")
    if not text:
        return None, None
    if text.startswith("<") or "html" in answer.headers.get("content-type", ""):
        found = _TITLE.search(text)
        title = f", titled {masked(' '.join(found['title'].split()), secrets)!r}" if found else ""
        return None, NotAzureError(
            f"{what}: {answer.status_code} with a page in HTML{title}: a proxy or a sign-in page of the network"
            " answered, not Azure. Check HTTPS_PROXY and whether the proxy wants a sign-in"
        )
    try:
        return json.loads(text), None
    except ValueError:
        pass
    if text[0] in '{["':
        return None, HalfAnswerError(f"{what}: {answer.status_code}, and the JSON ends after {len(text)} characters")
    return None, NotAzureError(f"{what}: {answer.status_code}, and no JSON: {masked(text[:80], secrets)!r}")


def refusal(what: str, answer: httpx.Response, body: Any, secrets: frozenset[str]) -> ArmError:
    """The failure that an answer of 400 and above is."""
    status = answer.status_code
    error = body.get("error") if isinstance(body, dict) else None
    error = error if isinstance(error, dict) else body if isinstance(body, dict) else {}
    code = _inner_code(error) or str(error.get("code") or f"HTTP{status}")
    message = masked(str(error.get("message") or answer.reason_phrase or "no reason given"), secrets)
    if status == 401:
        return SignInError(f"{what}: ARM does not take the token: {message}")
    if status == 429:
        seconds = retry_after(answer.headers)
        again = f"; it names {seconds:g} s" if seconds else ""
        return ThrottledError(f"{what}: too many requests{again}: {message}")
    if status >= 500:
        return UnavailableError(f"{what}: {status} {code}: {message}")
    return kind_of(status, code)(status, code, message)


_SAYS_NOTHING = frozenset(
    {"SubscriptionNotFound", "InvalidSubscriptionId", "InvalidResourceType", "InvalidResourceNamespace"}
    | {"NoRegisteredProviderFound", "InvalidApiVersionParameter", "NoRegisteredProviderForResourceType"}
)
"""Codes of a 404 that is about the question: it says nothing of what was asked for."""


def kind_of(status: int, code: str) -> type[RefusedError]:
    """The class of a refusal."""
    if status == 403:
        return ForbiddenError
    return NotFoundError if status == 404 and code not in _SAYS_NOTHING else RefusedError


def _inner_code(error: dict[str, Any]) -> str | None:
    """Azure ML's own code, whose outer one is `UserError` for every error: the innermost of `innerError`.

    It is in the error itself, or in an entry of `additionalInfo`.
    """
    infos = error.get("additionalInfo")
    wrapped = (
        info["info"].get("value")
        for info in (infos if isinstance(infos, list) else ())
        if isinstance(info, dict) and info.get("type") == "InnerError" and isinstance(info.get("info"), dict)
    )
    for value in (error.get("innerError"), error.get("innererror"), *wrapped):
        found = None
        while isinstance(value, dict) and value.get("code"):
            found, value = str(value["code"]), value.get("innerError") or value.get("innererror")
        if found is not None:
            return found
    return None
