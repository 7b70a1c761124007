"""A real TLS server for the inference hosts, and the OpenAI client that calls it under Azure's own host names."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from starlette.types import ASGIApp

from tests.sandbox.inference.harness import PRIMARY


@dataclass(frozen=True)
class Wire:
    """A server on loopback.

    Attributes:
        port: Required. Where it listens.
        trust: Required. Trusts its certificate.
        clients: Optional. What was sent with; closed at the end.
    """

    port: int
    trust: ssl.SSLContext
    clients: list[httpx.Client] = field(default_factory=list)

    def base(self, url: str, path: str = "/v1") -> str:
        """An endpoint's base URL for the OpenAI client."""
        return f"{url}:{self.port}{path}"

    def http(self) -> httpx.Client:
        """What the client sends with."""
        client = openai.DefaultHttpxClient(verify=self.trust, trust_env=False)
        self.clients.append(client)
        return client

    def sync(self, url: str, key: str = PRIMARY) -> openai.OpenAI:
        """The client."""
        return openai.OpenAI(base_url=self.base(url), api_key=key, http_client=self.http(), max_retries=0)

    def unsync(self, url: str, key: str = PRIMARY) -> openai.AsyncOpenAI:
        """The asynchronous client."""
        http = openai.DefaultAsyncHttpxClient(verify=self.trust, trust_env=False)
        return openai.AsyncOpenAI(base_url=self.base(url), api_key=key, http_client=http, max_retries=0)


def make_certificate(path: Path) -> Path:
    """A self-signed certificate, with its key, for the inference hosts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([]), datetime.now(UTC)
    domains = ("eastus2.models.ai.azure.com", "eastus2.inference.ml.azure.com", "openai.azure.com")
    names = [x509.DNSName(f"*.{domain}") for domain in domains]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([*names, x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=True
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@asynccontextmanager
async def served(app: ASGIApp, certificate: Path) -> AsyncIterator[int]:
    """The port of a real server for the inference hosts."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, ssl_certfile=certificate, ssl_keyfile=certificate, lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:
        await asyncio.sleep(0.005)
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        await task


@contextmanager
def azure_on_loopback(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A block in which the names of Azure lead to loopback."""
    resolve = socket.getaddrinfo

    def to_loopback(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else str(host)
        return resolve("127.0.0.1" if name.endswith(".azure.com") else host, *args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", to_loopback)
        yield


@asynccontextmanager
async def wired(app: ASGIApp, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Wire]:
    """An application under Azure's names."""
    with azure_on_loopback(monkeypatch):
        async with served(app, certificate) as port:
            wire = Wire(port, ssl.create_default_context(cafile=certificate))
            try:
                yield wire
            finally:
                for client in wire.clients:
                    client.close()
