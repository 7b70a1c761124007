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
        body = bytearray()
        length = 0
        status: int | None = None
        written = False

        async def tee() -> Message:
            nonlocal length
            message = await receive()
            if message["type"] == "http.request":
                chunk = message.get("body", b"")
                length += len(chunk)
                if length <= _LONGEST_BODY:
                    body.extend(chunk)
            return message

        def write() -> None:
            nonlocal written
            written = True
            headers = Headers(scope=scope)
            query = {name.lower(): values for name, values in parse_qs(scope["query_string"].decode("latin-1")).items()}
            content = _content(bytes(body), headers.get("content-type", "")) if length <= _LONGEST_BODY else None
            self._log.write(
                method=scope["method"],
                host=hosts.bare(headers.get("host", "")),
                path=scope["path"],
                api_version=query.get("api-version", [None])[0],
                principal=scope.get(PRINCIPAL),
                status=status or _CLIENT_LEFT,
                body={"omittedBytes": length} if length > _LONGEST_BODY else content,
            )

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            elif message["type"] == "http.response.body" and not message.get("more_body") and not written:
                write()
            await send(message)

        try:
            await self._app(scope, tee, watch)
        finally:
            if not written:
                write()


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
