"""`requests.jsonl`: one line for each request that reached the sandbox, secrets masked."""

from __future__ import annotations

import json
import time
from collections.abc import Collection
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from azure_llama_sandbox import hosts, world
from azure_llama_sandbox.masking import mask_body, mask_line

PRINCIPAL = "azure_llama.principal"
"""The key of an ASGI scope under which a handler leaves the client id that it has authenticated."""

_LONGEST_BODY = 1024 * 1024
"""Bytes of a request body that are kept; a longer one is replaced by its length."""
_CLIENT_LEFT = 499
"""The status of a request whose client went away before it had an answer."""


class RequestLog:
    """Appends to the file; implements `world.RequestLog`.

    Args:
        path: Required. The file; made when absent.
        secrets: Required. Values that must not appear, whatever field they stand in. Looked at for each line.
    """

    def __init__(self, path: Path, secrets: Collection[Collection[str]]) -> None:
        self._file = path.open("a", buffering=1, encoding="utf-8")
        self._secrets = secrets

    def write(
        self,
        *,
        method: str,
        host: str,
        path: str,
        api_version: str | None,
        principal: str | None,
        status: int,
        body: Any,
    ) -> None:
        """Append one line, secrets masked. The line is in the file when this returns."""
        line = {
            "time": round(time.time(), 3),
            "method": method,
            "host": host,
            "path": path,
            "apiVersion": api_version,
            "principal": principal,
            "status": status,
            "body": mask_body(path, body),
        }
        text = json.dumps(line, separators=(",", ":"))
        self._file.write(mask_line(text, (secret for group in self._secrets for secret in group)) + "\n")

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class LogRequests:
    """ASGI middleware: one line for each request, written before the client has the end of the answer."""

    def __init__(self, app: ASGIApp, log: world.RequestLog) -> None:
        self._app = app
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        exchange = _Exchange(self._log, scope, receive, send)
        try:
            await self._app(scope, exchange.receive, exchange.send)
        finally:
            exchange.write()


class _Exchange:
    """One request and its answer, whose line is written once."""

    def __init__(self, log: world.RequestLog, scope: Scope, receive: Receive, send: Send) -> None:
        self._log, self._scope = log, scope
        self._receive, self._send = receive, send
        self._body = bytearray()
        self._length = 0
        self._status = _CLIENT_LEFT
        self._written = False

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            chunk = message.get("body", b"")
            self._length += len(chunk)
            if self._length <= _LONGEST_BODY:
                self._body.extend(chunk)
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
        elif message["type"] == "http.response.body" and not message.get("more_body"):
            self.write()
        await self._send(message)

    def write(self) -> None:
        if self._written:
            return
        self._written = True
        scope = self._scope
        headers = Headers(scope=scope)
        query = {name.lower(): values for name, values in parse_qs(scope["query_string"].decode("latin-1")).items()}
        too_long = self._length > _LONGEST_BODY
        self._log.write(
            method=scope["method"],
            host=hosts.bare(headers.get("host", "")),
            path=scope["path"],
            api_version=query.get("api-version", [None])[0],
            principal=scope.get(PRINCIPAL),
            status=self._status,
            body={"omittedBytes": self._length}
            if too_long
            else _content(bytes(self._body), headers.get("content-type", "")),
        )


def _content(body: bytes, content_type: str) -> Any:
    """The body as JSON where it is JSON or a form, else as text."""
    if not body:
        return None
    text = body.decode("utf-8", "replace")
    if content_type.startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(text, keep_blank_values=True))
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
