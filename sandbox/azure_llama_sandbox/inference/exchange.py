"""One HTTP request to an inference host, and its answer.

A stream is `data: `, one line of JSON, two line feeds, and `data: [DONE]` at its end: never a comment, another field
or a carriage return, since one client or another breaks on each of them (facts on inference clients, section 5).
"""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Protocol
from urllib.parse import parse_qs

from pydantic_core import to_json
from starlette.types import Receive, Scope, Send

from azure_llama_sandbox.inference.errors import RefusalError

ABSENT = "azure_llama.absent"
"""Entry of a scope whose host belongs to no endpoint: Azure has no such name in its DNS."""

_UNTRACEABLE = re.compile(r"[^A-Za-z0-9_-]")
_JSON = "application/json"
_EVENTS = (b"content-type", b"text/event-stream")
_DONE = b"[DONE]"


class Answer(Protocol):
    """The answer to a request, complete or as a stream."""

    @property
    def usage(self) -> Mapping[str, int] | None:
        """The `usage` object; None while the answer is not known."""

    async def content(self) -> dict[str, Any]:
        """The whole answer.

        Raises:
            RefusalError: there is none.
        """

    def chunks(self) -> AsyncIterator[dict[str, Any]]:
        """The answer in the chunks of a stream.

        Raises:
            RefusalError: it breaks off.
        """


class Exchange:
    """One request and its answer.

    Attributes:
        scope: The ASGI scope.
        id: A GUID, the answer's `x-request-id` and the id of what it holds.
        headers: What the answer will carry beside its content type and length.
    """

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope = scope
        self.id = str(uuid.uuid4())
        self.headers = [(b"x-request-id", self.id.encode())]
        self._receive = receive
        self._send = send
        self._given: dict[bytes, bytes] = dict(scope["headers"])
        trace = self.header(b"x-ms-client-request-id")
        if trace:
            self.headers.append((b"x-ms-client-request-id", _UNTRACEABLE.sub("", trace)[:40].encode()))

    @property
    def method(self) -> str:
        """Upper case."""
        return str(self.scope["method"])

    @property
    def path(self) -> str:
        """Without the query."""
        return str(self.scope["path"])

    @property
    def api_version(self) -> str | None:
        """The `api-version` of the query."""
        values = parse_qs(str(self.scope["query_string"], "latin-1")).get("api-version")
        return values[0] if values else None

    def header(self, name: bytes) -> str | None:
        """A request header, by its name in lower case."""
        value = self._given.get(name)
        return None if value is None else str(value, "latin-1")

    async def body(self) -> bytes:
        """The request's body."""
        message = await self._receive()
        if not message.get("more_body"):
            return bytes(message.get("body", b""))
        parts = [message.get("body", b"")]
        while message.get("more_body"):
            message = await self._receive()
            parts.append(message.get("body", b""))
        return b"".join(parts)

    def add_headers(self, headers: Mapping[str, str]) -> None:
        """Add headers to the answer."""
        self.headers += [(name.encode(), value.encode()) for name, value in headers.items()]

    async def reply(self, status: int, body: bytes, *, content_type: str = "") -> None:
        """Answer with JSON, or with a body of another type."""
        type_ = (b"content-type", (content_type or _JSON).encode())
        await self.relay(status, [type_, (b"content-length", str(len(body)).encode()), *self.headers], body)

    async def relay(self, status: int, headers: Sequence[tuple[bytes, bytes]], body: bytes) -> None:
        """Answer with the headers and the body of another server."""
        await self.begin(status, headers)
        await self._send({"type": "http.response.body", "body": body})

    async def begin(self, status: int, headers: Sequence[tuple[bytes, bytes]]) -> None:
        """Send the head of an answer."""
        await self._send({"type": "http.response.start", "status": status, "headers": list(headers)})

    async def part(self, body: bytes) -> None:
        """Send a part of the body."""
        await self._send({"type": "http.response.body", "body": body, "more_body": True})

    async def end(self) -> None:
        """End the answer."""
        await self._send({"type": "http.response.body", "body": b""})

    async def send(self, answer: Answer, *, stream: bool) -> None:
        """Answer with what answers, as a whole or as server-sent events.

        Raises:
            RefusalError: there is no answer; nothing was sent.
        """
        if not stream:
            await self.reply(200, _json(await answer.content()))
            return
        await self.begin(200, [_EVENTS, *self.headers])
        gone = asyncio.ensure_future(self._gone())
        try:
            end = _DONE
            try:
                async for chunk in answer.chunks():
                    await self._event(_json(chunk))
                    await asyncio.sleep(0)  # a long stream must not keep other requests waiting
                    if gone.done():
                        return
            except RefusalError as broken:
                end = _json({"error": {"code": broken.code, "message": broken.message}})
            await self._event(end)
            await self.end()
        finally:
            gone.cancel()

    async def _event(self, data: bytes) -> None:
        await self.part(b"data: " + data + b"\n\n")

    async def _gone(self) -> None:
        """Wait until the client has gone away."""
        while (await self._receive())["type"] != "http.disconnect":
            pass


def _json(content: Mapping[str, Any]) -> bytes:
    # ASCII only: some clients end a line at U+2028 too.
    return to_json(content, ensure_ascii=True)
