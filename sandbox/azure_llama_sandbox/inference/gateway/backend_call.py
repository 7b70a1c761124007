"""Calls a backend in this process, through the same checks as an external call."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Scope

from azure_llama_sandbox import hosts
from azure_llama_sandbox.inference.exchange import ABSENT

Headers = Sequence[tuple[bytes, bytes]]
_ROLES = frozenset({hosts.Role.INFERENCE, hosts.Role.FOUNDRY})
_HOP_BY_HOP = frozenset({b"connection", b"host", b"content-length", b"transfer-encoding", b"keep-alive", b"expect"})

_log = logging.getLogger(__name__)


class UnreachableError(Exception):
    """The backend does not answer: its host does not exist, or the call timed out."""


class BackendAnswer:
    """An answer, of which the head has come.

    Attributes:
        status: Required. HTTP status.
        headers: Required.
    """

    def __init__(self, start: Message, messages: asyncio.Queue[Message | None]) -> None:
        self.status: int = start["status"]
        self.headers: Headers = [*start["headers"]]
        self._messages = messages

    def header(self, name: bytes) -> str | None:
        """A header, by its name in lower case."""
        return next((str(value, "latin-1") for key, value in self.headers if key.lower() == name), None)

    async def parts(self) -> AsyncIterator[bytes]:
        """The body, each part as soon as it is there.

        Raises:
            UnreachableError: the answer breaks off.
        """
        while (message := await self._messages.get()) is not None:
            if message.get("body"):
                yield message["body"]
            if not message.get("more_body"):
                return
        raise UnreachableError("the answer breaks off")


@asynccontextmanager
async def call(
    azure: ASGIApp, method: str, url: str, headers: Headers, body: bytes, timeout: float | None
) -> AsyncIterator[BackendAnswer]:
    """Call a backend.

    Args:
        azure: Required. All hosts that the sandbox emulates.
        method: Required.
        url: Required. With query.
        headers: Required. Of the request.
        body: Required.
        timeout: Required. Seconds until the head of the answer; None for no bound.

    Raises:
        UnreachableError: no answer.
    """
    scope = _scope(method, url, headers, body)
    if hosts.role(hosts.bare(urlsplit(url).netloc)) not in _ROLES:
        raise UnreachableError(f"no backend has the host of {url}")
    messages: asyncio.Queue[Message | None] = asyncio.Queue()
    task = asyncio.create_task(_run(azure, scope, body, messages))
    try:
        async with asyncio.timeout(timeout):
            start = await messages.get()
        if start is None or scope.get(ABSENT):
            raise UnreachableError(f"{url} does not answer")
        yield BackendAnswer(start, messages)
    except TimeoutError:
        raise UnreachableError(f"{url} takes longer than {timeout} seconds") from None
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _run(azure: ASGIApp, scope: Scope, body: bytes, messages: asyncio.Queue[Message | None]) -> None:
    sent = False

    async def receive() -> Message:
        nonlocal sent
        if sent:
            await asyncio.Event().wait()  # whoever calls stays until it cancels the call
        sent = True
        return {"type": "http.request", "body": body}

    async def send(message: Message) -> None:
        messages.put_nowait(message)

    try:
        await azure(scope, receive, send)
    except Exception:
        _log.exception("the backend %s failed in the sandbox itself", scope["path"])
    finally:
        messages.put_nowait(None)


def _scope(method: str, url: str, headers: Headers, body: bytes) -> Scope:
    parts = urlsplit(url)
    kept = [(name, value) for name, value in headers if name.lower() not in _HOP_BY_HOP]
    own = [(b"host", parts.netloc.encode()), (b"content-length", str(len(body)).encode())]
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": parts.scheme,
        "path": parts.path,
        "raw_path": parts.path.encode(),
        "root_path": "",
        "query_string": parts.query.encode(),
        "headers": [*own, *kept],
        "client": None,
        "server": (parts.netloc, 443),
    }
