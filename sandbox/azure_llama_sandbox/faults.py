"""Injected faults and latencies: a script defines which requests fail, how, and how often.

The script is `faults.yaml` in the sandbox's folder, a list; it is read again whenever it changes:

    - match: {method: PUT, path: "*/serverlessEndpoints/*"}
      times: 2
      status: 429
      headers: {Retry-After: "1"}
      body: {error: {code: TooManyRequests, message: Slow down.}}
    - match: {host: "*.models.ai.azure.com"}
      delay: 30
    - match: {path: "*/usages"}
      status: 200
      headers: {Content-Type: text/html}
      text: <html>Sign in to the proxy</html>
    - match: {path: "*/vmSizes"}
      cut: 100
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from azure_llama_sandbox import hosts
from azure_llama_sandbox.clock import Clock
from azure_llama_sandbox.conditions import told

_log = logging.getLogger(__name__)


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Match(_Part):
    """The requests that a fault matches; an omitted field matches all.

    Attributes:
        method: Optional. `PUT`, `GET`...
        host: Optional. Host name, `*` for any part of it.
        path: Optional. Path without the query, `*` for any part of it; letter case does not count.
    """

    method: str = "*"
    host: str = "*"
    path: str = "*"

    def takes(self, method: str, host: str, path: str) -> bool:
        """Whether a request is meant."""
        pairs = ((method, self.method), (host, self.host), (path, self.path))
        return all(fnmatchcase(given.lower(), wanted.lower()) for given, wanted in pairs)


class Fault(_Part):
    """The effect on a matching request.

    Attributes:
        match: Optional. Which requests; all when left out.
        times: Optional. How often it happens; for ever when left out.
        delay: Optional. Azure seconds before the answer, at least 0; the time scale divides them.
        status: Conditional. Required for an answer other than Azure's own: 100-599.
        headers: Optional. Headers of that answer.
        body: Optional. JSON body of that answer.
        text: Optional. Body of that answer as it is, instead of `body`: what a proxy between would say.
        cut: Optional. Bytes of the answer's body, 0 or more, after which the connection breaks.
    """

    match: Match = Match()
    times: Annotated[int, Field(ge=1)] | None = None
    delay: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0
    status: Annotated[int, Field(ge=100, le=599)] | None = None
    headers: Mapping[str, str] = Field(default_factory=dict)
    body: Any = None
    text: str | None = None
    cut: Annotated[int, Field(ge=0)] | None = None

    @property
    def content(self) -> bytes:
        """The body of the fault's response."""
        if self.text is not None:
            return self.text.encode()
        return b"" if self.body is None else json.dumps(self.body).encode()


_SCRIPT: TypeAdapter[list[Fault]] = TypeAdapter(list[Fault])


class Faults:
    """Stands before the sandbox's parts and lets the script act first. A script with an error answers 500 to all."""

    def __init__(self, app: ASGIApp, script: Path, clock: Clock) -> None:
        self._app = app
        self._script = script
        self._clock = clock
        self._read_at: tuple[int, int] | None = None
        self._faults: list[Fault] = []
        self._left: list[int | None] = []
        self._mistake: str | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        self._read()
        if scope["type"] != "http" or not (self._faults or self._mistake):
            await self._app(scope, receive, send)
            return
        if self._mistake:
            error = {"code": "FaultScriptInvalid", "message": self._mistake}
            await _answer(send, 500, {}, json.dumps({"error": error}).encode())
            return
        headers = dict(scope["headers"])
        fault = self._next(scope["method"], hosts.bare(headers.get(b"host", b"").decode("latin-1")), scope["path"])
        if fault is not None:
            await asyncio.sleep(self._clock.real(fault.delay))
        if fault is not None and fault.cut is not None:
            send = _Cut(send, fault.cut)
        if fault is None or fault.status is None:
            await self._app(scope, receive, send)
        else:
            await _answer(send, fault.status, fault.headers, fault.content)

    def _next(self, method: str, host: str, path: str) -> Fault | None:
        for index, fault in enumerate(self._faults):
            left = self._left[index]
            if left != 0 and fault.match.takes(method, host, path):
                self._left[index] = None if left is None else left - 1
                return fault
        return None

    def _read(self) -> None:
        try:
            found = self._script.stat()
        except FileNotFoundError:
            self._faults, self._left, self._mistake, self._read_at = [], [], None, None
            return
        if (found.st_mtime_ns, found.st_size) == self._read_at:
            return
        self._read_at = (found.st_mtime_ns, found.st_size)
        self._mistake = None
        try:
            self._faults = _SCRIPT.validate_python(yaml.safe_load(self._script.read_text()) or [])
        except (yaml.YAMLError, UnicodeDecodeError, ValidationError) as error:
            self._faults, self._mistake = [], f"{self._script.name}: {told(error)}"
            _log.warning("%s", self._mistake)
        self._left = [fault.times for fault in self._faults]


class _Cut:
    """Lets the beginning of an answer through and no more: the server then breaks the connection."""

    def __init__(self, send: Send, left: int) -> None:
        self._send = send
        self._left = left

    async def __call__(self, message: Message) -> None:
        if message["type"] != "http.response.body":
            await self._send(message)
            return
        part = message.get("body", b"")[: self._left]
        self._left -= len(part)
        if part:
            await self._send({"type": "http.response.body", "body": part, "more_body": True})


async def _answer(send: Send, status: int, headers: Mapping[str, str], content: bytes) -> None:
    given = {"content-type": "application/json", **{name.lower(): value for name, value in headers.items()}}
    given["content-length"] = str(len(content))
    encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in given.items()]
    await send({"type": "http.response.start", "status": status, "headers": encoded})
    await send({"type": "http.response.body", "body": content})
