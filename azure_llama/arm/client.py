"""The client of Azure Resource Manager: sign-in, retries, paging and long-running operations."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import httpx

from azure_llama.arm import answers, waiting
from azure_llama.arm.errors import (
    ArmError,
    HalfAnswerError,
    NoNetworkError,
    NotAzureError,
    UnavailableError,
    masked,
)
from azure_llama.arm.sign_in import SignIn
from azure_llama.arm.tls import trust
from azure_llama.arm.tokens import Tokens
from azure_llama.arm.waiting import AgainError

TIMEOUT = httpx.Timeout(60, connect=10)
CONNECTIONS = 32
PAGES = 1000
"""More pages than that are a circle."""
LONGEST = 3600.0
"""Seconds that an operation is waited for."""
_POLL = 10.0
"""Seconds between polls where ARM names none."""
_DONE = frozenset({"succeeded", "failed", "canceled"})


class ArmClient:
    """Asks Azure Resource Manager as one principal. Use it as an async context manager.

    Paths begin with `/subscriptions/...` or `/providers/...`; query and host are the client's. Every error is an
    `ArmError`, and none of them, nor a log line, holds a token.
    """

    def __init__(
        self,
        sign_in: SignIn,
        *,
        patience: float = waiting.PATIENCE,
        transport: httpx.AsyncBaseTransport | None = None,
        sleep: waiting.Sleep = asyncio.sleep,
    ) -> None:
        """Make a client.

        Args:
            sign_in: Required. Who asks, from `azure_llama.arm.sign_in`.
            patience: Optional. Seconds that one request may wait in all before it is sent again.
            transport: Optional. For tests.
            sleep: Optional. For tests.
        """
        self.sign_in = sign_in
        self._tokens = Tokens(sign_in)
        self._patience = patience
        self._sleep = sleep
        limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
        self._http = httpx.AsyncClient(
            base_url=sign_in.cloud.arm, timeout=TIMEOUT, limits=limits, transport=transport, verify=trust()
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        await self._http.aclose()
        self._tokens.close()

    async def signed_in(self) -> None:
        """Get a token for any scope.

        Raises:
            ArmError: there is none.
        """
        await self._tokens.token()

    async def get(self, path: str, api_version: str, **query: str) -> dict[str, Any]:
        """An object.

        Raises:
            ArmError: as its classes say; HalfAnswerError when the answer is no object.
        """
        return _object(f"GET {path}", await self._body("GET", path, api_version, query))

    async def post(self, path: str, api_version: str, body: Any = None, **query: str) -> dict[str, Any]:
        """The response of an action; an empty object when it has no body."""
        found = await self._body("POST", path, api_version, query, body)
        return {} if found is None else _object(f"POST {path}", found)

    async def list(self, path: str, api_version: str, **query: str) -> list[dict[str, Any]]:
        """All objects of a list, over all its pages.

        Raises:
            ArmError: also when any page fails: half a list is no list.
        """
        found: list[dict[str, Any]] = []
        what, page = f"GET {path}", await self._body("GET", path, api_version, query)
        for _ in range(PAGES):
            rows = page.get("value") if isinstance(page, dict) else None
            if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
                raise HalfAnswerError(f"{what}: the list has no 'value', or something in it that is no object")
            found += rows
            link = page.get("nextLink") or page.get("@nextLink")
            if not link:
                return found
            page = await self._body("GET", self._same_host(what, str(link)), None, {})
        raise HalfAnswerError(f"{what}: more than {PAGES} pages")

    async def change(self, method: str, path: str, api_version: str, body: Any = None, **query: str) -> dict[str, Any]:
        """PUT, PATCH, POST or DELETE, and wait for the end of the operation that it begins.

        Returns:
            The last body; an empty object when there is none.

        Raises:
            ArmError: it was refused, or the operation failed.
        """
        what = f"{method} {path}"
        answer = await self._send(method, path, _query(api_version, query), body)
        last = answers.body_of(what, answer, self._tokens.secrets)
        by_status = answer.headers.get("Azure-AsyncOperation")
        address = by_status or (answer.headers.get("Location") if answer.status_code == 202 else None)
        if address:
            last = await self._polled(what, self._same_host(what, address), by_status is not None)
        return last if isinstance(last, dict) else {}

    async def _polled(self, what: str, address: str, by_status: bool) -> Any:
        seconds, waited = 0.0, 0.0
        while True:
            if waited > LONGEST:
                raise UnavailableError(f"{what}: the operation has not ended in {LONGEST:g} s; look again later")
            await self._sleep(seconds)
            waited += seconds
            answer = await self._send("GET", address, None)
            body = answers.body_of(what, answer, self._tokens.secrets)
            seconds = waiting.retry_after(answer.headers) or _POLL
            if not by_status:
                if answer.status_code != 202:
                    return body
                continue
            state = str(_object(what, body).get("status", "")).casefold()
            if not state:
                raise HalfAnswerError(f"{what}: the operation has no status")
            if state in _DONE:
                if state != "succeeded":
                    raise answers.refusal(what, httpx.Response(400), body, self._tokens.secrets)
                return body

    async def _body(
        self, method: str, path: str, api_version: str | None, query: Mapping[str, str], body: Any = None
    ) -> Any:
        answer = await self._send(method, path, _query(api_version, query) if api_version else None, body)
        return answers.body_of(f"{method} {_plain(path)}", answer, self._tokens.secrets)

    def _same_host(self, what: str, link: str) -> str:
        # A token goes to ARM and nowhere else, whoever wrote the link.
        address, arm = urlsplit(urljoin(self.sign_in.cloud.arm, link)), urlsplit(self.sign_in.cloud.arm)
        if address.scheme != arm.scheme or not f".{address.netloc}".endswith(f".{arm.netloc}"):
            raise NotAzureError(f"{what}: the answer leads to {address.hostname}, which is not ARM")
        return address.geturl()

    async def _send(self, method: str, path: str, query: Mapping[str, str] | None, body: Any = None) -> httpx.Response:
        return await waiting.answer_to(
            lambda: self._once(method, path, query, body), waiting.Stop(self._patience), self._sleep
        )

    async def _once(self, method: str, path: str, query: Mapping[str, str] | None, body: Any) -> httpx.Response:
        what = f"{method} {_plain(path)}"
        answer = await self._signed(method, path, query, body)
        if answer.status_code == 401:
            # Revoked, or of another session: a new one may do.
            self._tokens.drop(answer.request.headers["Authorization"].removeprefix("Bearer "))
            answer = await self._signed(method, path, query, body)
        if answer.status_code in waiting.RETRIED and _json(answer) and _repeatable(method, answer.status_code):
            failure = answers.refusal(what, answer, _json(answer), self._tokens.secrets)
            raise AgainError(failure, waiting.retry_after(answer.headers))
        return answer

    async def _signed(self, method: str, path: str, query: Mapping[str, str] | None, body: Any) -> httpx.Response:
        token = await self._tokens.token()
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        failure: ArmError | None = None
        cut = False
        try:
            return await self._http.request(method, path, params=query, json=body, headers=headers)
        except httpx.RemoteProtocolError as error:
            cut = "complete message body" in str(error) or "incomplete" in str(error)
            failure = self._unreachable(method, path, error, cut)
        except (httpx.TransportError, httpx.DecodingError, httpx.InvalidURL) as error:
            failure = self._unreachable(method, path, error, cut)
        if cut or method in ("GET", "HEAD", "PUT", "DELETE"):
            raise AgainError(failure)
        raise failure

    def _unreachable(self, method: str, path: str, error: Exception, cut: bool) -> ArmError:
        what = f"{method} {_plain(path)}"
        said = masked(str(error), self._tokens.secrets) or type(error).__name__
        if cut or isinstance(error, httpx.DecodingError):
            return HalfAnswerError(f"{what}: the answer ended too early: {said}")
        if isinstance(error, httpx.TimeoutException):
            return NoNetworkError(f"{what}: no answer in time ({type(error).__name__})")
        through = " through the proxy" if isinstance(error, httpx.ProxyError) else ""
        return NoNetworkError(f"{what}: {urlsplit(self.sign_in.cloud.arm).hostname} cannot be reached{through}: {said}")


def _query(api_version: str, query: Mapping[str, str]) -> dict[str, str]:
    return {"api-version": api_version, **query}


def _plain(path: str) -> str:
    return urlsplit(path).path


def _json(answer: httpx.Response) -> Any:
    """The body of a refusal; an empty object where there is none; None when it is not Azure that refuses."""
    text = answer.text.strip()
    if not text:
        return {"error": {}}
    try:
        return answer.json()
    except ValueError:
        return None


def _repeatable(method: str, status: int) -> bool:
    # What was not begun can be sent again; what may have been begun, only where once more changes nothing.
    return status in (429, 503) or method in ("GET", "HEAD", "PUT", "DELETE")


def _object(what: str, body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise HalfAnswerError(f"{what}: the answer is {'empty' if body is None else 'no object'}")
    return body
