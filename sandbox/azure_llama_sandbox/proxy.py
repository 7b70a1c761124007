"""An HTTP proxy that routes emulated host names to the sandbox, and refuses all other hosts.

What runs behind it (`HTTPS_PROXY`) can therefore reach nothing real: a name is looked up nowhere, and no connection
leaves the machine.
"""

from __future__ import annotations

import asyncio
import logging
import re
import socket
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlsplit

from azure_llama_sandbox import hosts

_HEAD_SECONDS = 10.0
_LINGER_SECONDS = 1.0
_CHUNK = 64 * 1024
_HTTPS = 443
_QUICK_ACK: int | None = getattr(socket, "TCP_QUICKACK", None)
"""Linux's option, which holds until the next data. Towards a proxy urllib3 leaves Nagle's algorithm on: the body of a
request waits until its head is acknowledged, which by default is 40 ms later."""

Refused = Callable[[str, str, str], None]
"""Told of each refusal: method, host, path."""

_log = logging.getLogger(__name__)


class Proxy:
    """A CONNECT proxy.

    Args:
        port: Required. The loopback port on which the sandbox answers for every name it plays.
        refused: Required. Told of each refusal.
    """

    def __init__(self, port: int, refused: Refused) -> None:
        self._port = port
        self._refused = refused
        self._server: asyncio.Server | None = None
        self._tunnels: set[asyncio.Task[None]] = set()

    async def start(self, listener: socket.socket) -> None:
        """Serve on a listening socket."""
        self._server = await asyncio.start_server(self._accept, sock=listener, limit=_CHUNK)

    async def close(self) -> None:
        """Stop listening and cut every tunnel."""
        if self._server is not None:
            self._server.close()
        for tunnel in self._tunnels:
            tunnel.cancel()
        await asyncio.gather(*self._tunnels, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tunnels.add(task)
        try:
            await self._serve(reader, writer)
        except (OSError, EOFError, ValueError, asyncio.LimitOverrunError) as error:
            _log.debug("a client of the proxy went away, or talked nonsense: %r", error)
        except asyncio.CancelledError:
            pass  # the sandbox stops; asyncio would report a connection task that ends as cancelled
        finally:
            self._tunnels.discard(task)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with asyncio.timeout(_HEAD_SECONDS):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        method, target, fields = _parse(head)
        if method != "CONNECT":
            await self._refuse_plain(method, target, fields, reader, writer)
            return
        name, _, port = target.rpartition(":")
        host = hosts.bare(name)
        if not self._leads_here(host, port):
            self._refused(method, host, target)
            writer.write(_refusal(f"{host if port == str(_HTTPS) else target} is not emulated here"))
            await writer.drain()
            return
        here, there = await asyncio.open_connection(hosts.LOOPBACK[1], self._port, limit=_CHUNK)
        try:
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            async with asyncio.TaskGroup() as both:
                both.create_task(_pump(reader, there, acknowledge=writer))
                both.create_task(_pump(here, writer))
        except* OSError as errors:
            _log.debug("a tunnel to %s broke: %r", host, errors.exceptions)
        finally:
            there.close()

    def _leads_here(self, host: str, port: str) -> bool:
        if host in hosts.LOOPBACK:
            return port == str(self._port)
        return port == str(_HTTPS) and hosts.role(host) is not None

    async def _refuse_plain(
        self,
        method: str,
        target: str,
        fields: dict[str, str],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        url = urlsplit(target)
        host = hosts.bare(url.netloc.rpartition("@")[2] or fields.get("host", ""))
        self._refused(method, host, url.path)
        known = hosts.role(host) is not None
        writer.write(_refusal(f"{host} is emulated over https alone" if known else f"{host} is not emulated here"))
        await writer.drain()
        writer.write_eof()
        # A body that is still on its way would reset the connection and destroy the answer with it.
        with suppress(TimeoutError):
            async with asyncio.timeout(_LINGER_SECONDS):
                while await reader.read(_CHUNK):
                    pass


async def _pump(
    source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, acknowledge: asyncio.StreamWriter | None = None
) -> None:
    sender: socket.socket | None = acknowledge.get_extra_info("socket") if acknowledge else None
    while data := await source.read(_CHUNK):
        if sender is not None and _QUICK_ACK is not None:
            sender.setsockopt(socket.IPPROTO_TCP, _QUICK_ACK, 1)
        sink.write(data)
        await sink.drain()
    sink.write_eof()


def _parse(head: str) -> tuple[str, str, dict[str, str]]:
    line, *rest = head.split("\r\n")
    method, _, remainder = line.partition(" ")
    fields = (field.partition(":") for field in rest if field)
    return method, remainder.partition(" ")[0], {name.lower(): value.strip() for name, _, value in fields}


def _refusal(why: str) -> bytes:
    # Clients show the reason phrase and drop the body, people with curl see the body: both say it.
    line = f"azure-llama sandbox: {re.sub(r'[^!-~ ]', '?', why)[:300]}; nothing leaves this machine"
    body = f"{line}\n"
    return (
        f"HTTP/1.1 403 {line}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
        f"Connection: close\r\n\r\n{body}"
    ).encode("latin-1")
