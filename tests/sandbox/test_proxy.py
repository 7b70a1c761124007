"""The proxy: leads played names to the sandbox, refuses the rest, looks nothing up."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx
import pytest
import requests

from azure_llama_sandbox.certificates import Authority
from azure_llama_sandbox.home import Home
from azure_llama_sandbox.proxy import Proxy
from tests.sandbox.harness import Loop

TIMES = 20_000
NOT_PLAYED = "azure-llama sandbox: {} is not emulated here; nothing leaves this machine"


@dataclass
class Played:
    """A proxy before a stand-in that answers every request with its `Host`, many times over."""

    proxy: str
    port: int
    ca: str
    refusals: list[tuple[str, str, str]] = field(default_factory=list)

    def client(self) -> httpx.Client:
        """A client behind the proxy."""
        trust = ssl.create_default_context(cafile=self.ca)
        return httpx.Client(proxy=self.proxy, verify=trust, trust_env=False, timeout=5)

    def raw(self, request: bytes) -> str:
        """Everything that the proxy answers to some bytes."""
        with socket.create_connection(("127.0.0.1", int(self.proxy.rpartition(":")[2])), timeout=5) as connection:
            connection.sendall(request)
            answer = b""
            while data := connection.recv(65536):
                answer += data
            return answer.decode()


async def _stand_in(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    body = head.lower().partition("\r\nhost: ")[2].partition("\r\n")[0].encode() * TIMES
    writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
    await writer.drain()
    writer.close()


@pytest.fixture
def played(home: Home, loop: Loop) -> Iterator[Played]:
    """A running proxy."""
    refusals: list[tuple[str, str, str]] = []

    async def start() -> tuple[asyncio.Server, Proxy, Played]:
        server = await asyncio.start_server(_stand_in, "127.0.0.1", 0, ssl=Authority(home).server_context())
        port = server.sockets[0].getsockname()[1]
        proxy = Proxy(port, lambda *refusal: refusals.append(refusal))
        listener = socket.create_server(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        await proxy.start(listener)
        return server, proxy, Played(address, port, str(home.ca), refusals)

    server, proxy, played = loop.run(start())
    yield played

    async def stop() -> None:
        server.close()
        await proxy.close()

    loop.run(stop())


@pytest.mark.parametrize(
    "host",
    ["management.azure.com", "login.microsoftonline.com", "e.eastus2.models.ai.azure.com", "eastus.api.azureml.ms"],
)
def test_a_played_name_leads_to_the_sandbox(played: Played, host: str) -> None:
    with played.client() as client:
        assert client.get(f"https://{host}/x").text == host * TIMES
    assert requests.get(f"https://{host}/x", proxies={"https": played.proxy}, verify=played.ca, timeout=5).ok
    assert played.refusals == []


@pytest.mark.parametrize(
    "host", ["example.com", "api.pulumi.com", "models.ai.azure.com.evil.example", "169.254.169.254"]
)
def test_any_other_name_is_refused_with_a_line_that_says_so(played: Played, host: str) -> None:
    with played.client() as client, pytest.raises(httpx.ProxyError, match="403") as refused:
        client.get(f"https://{host}/")
    assert NOT_PLAYED.format(host) in str(refused.value)
    with pytest.raises(requests.exceptions.ProxyError, match=NOT_PLAYED.format(host)[:40]):
        requests.get(f"https://{host}/", proxies={"https": played.proxy}, timeout=5)
    assert played.refusals == [("CONNECT", host, f"{host}:443")] * 2


@pytest.mark.parametrize("target", ["management.azure.com:22", "127.0.0.1:22", "localhost:443", "[::1]:443"])
def test_a_played_name_on_another_port_is_refused(played: Played, target: str) -> None:
    answer = played.raw(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
    assert answer.startswith("HTTP/1.1 403 azure-llama sandbox: ")


def test_the_sandboxs_own_address_can_be_asked_through_the_proxy(played: Played) -> None:
    with played.client() as client:
        assert client.get(f"https://127.0.0.1:{played.port}/").status_code == 200


def test_plain_http_is_refused_and_the_body_says_so(played: Played) -> None:
    with played.client() as client:
        answer = client.post("http://example.com/a?sig=secret", content=b"x" * 2_000_000)
        assert (answer.status_code, answer.text) == (403, NOT_PLAYED.format("example.com") + "\n")
        answer = client.get("http://management.azure.com/subscriptions")
    assert answer.text.startswith("azure-llama sandbox: management.azure.com is emulated over https alone;")
    assert played.refusals == [
        ("POST", "example.com", "/a"),
        ("GET", "management.azure.com", "/subscriptions"),
    ]


def test_user_and_port_are_not_taken_for_the_host(played: Played) -> None:
    played.raw(b"GET http://user:password@example.com:8080/x HTTP/1.1\r\n\r\n")
    assert played.refusals == [("GET", "example.com", "/x")]


def test_a_name_cannot_break_the_answer(played: Played) -> None:
    answer = played.raw("CONNECT ex\tam\u00e9ple.com:443 HTTP/1.1\r\n\r\n".encode())
    head, _, body = answer.partition("\r\n\r\n")
    assert head.splitlines()[0].isascii()
    assert f"Content-Length: {len(body)}" in head


@pytest.mark.parametrize("noise", [b"\r\n\r\n", b"GET http://[ HTTP/1.1\r\n\r\n", b"A" * 200_000])
def test_noise_ends_its_own_connection_only(played: Played, noise: bytes) -> None:
    with contextlib.suppress(ConnectionError):
        played.raw(noise)
    with played.client() as client:
        assert client.get("https://management.azure.com/").status_code == 200


@pytest.mark.skipif(not hasattr(socket, "TCP_QUICKACK"), reason="Linux's option")
def test_a_request_in_two_pieces_does_not_wait_for_a_late_acknowledgement(loop: Loop) -> None:
    pairs = 40  # the kernel is quick by itself with the first dozen

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError):
            while pair := await reader.readexactly(2):
                writer.write(pair)
        writer.close()

    async def start() -> tuple[asyncio.Server, Proxy, tuple[str, int], int]:
        server = await asyncio.start_server(echo, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        proxy, listener = Proxy(port, lambda *refusal: None), socket.create_server(("127.0.0.1", 0))
        await proxy.start(listener)
        return server, proxy, listener.getsockname(), port

    server, proxy, address, port = loop.run(start())
    with socket.create_connection(address, timeout=5) as caller:
        caller.sendall(f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\n\r\n".encode())
        assert b" 200 " in caller.recv(4096)
        begin = time.monotonic()
        for _ in range(pairs):
            caller.sendall(b"h")
            caller.sendall(b"b")
            answer = b""
            while len(answer) < 2:
                answer += caller.recv(2)
        took = time.monotonic() - begin
    server.close()
    loop.run(proxy.close())
    assert took < pairs * 0.040 / 4
