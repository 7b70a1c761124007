"""The official OpenAI client, unmodified, over TLS and under Azure's own host names."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
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

from tests.sandbox.inference.harness import CHAT, OWNER, PRIMARY, V1, Azure, events

pytestmark = pytest.mark.anyio

MODEL = "Llama-3.3-70B-Instruct"
MESSAGES: Any = CHAT["messages"]


@dataclass(frozen=True)
class Wire:
    """A server on loopback.

    Attributes:
        port: Required. Where it listens.
        trust: Required. Trusts its certificate.
    """

    port: int
    trust: ssl.SSLContext

    def base(self, url: str) -> str:
        """An endpoint's base URL for the OpenAI client."""
        return f"{url}:{self.port}/v1"

    def sync(self, url: str, key: str = PRIMARY) -> openai.OpenAI:
        """The client."""
        http = openai.DefaultHttpxClient(verify=self.trust, trust_env=False)
        return openai.OpenAI(base_url=self.base(url), api_key=key, http_client=http, max_retries=0)

    def unsync(self, url: str, key: str = PRIMARY) -> openai.AsyncOpenAI:
        """The asynchronous client."""
        http = openai.DefaultAsyncHttpxClient(verify=self.trust, trust_env=False)
        return openai.AsyncOpenAI(base_url=self.base(url), api_key=key, http_client=http, max_retries=0)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate, with its key, for the inference hosts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([]), datetime.now(UTC)
    names = [x509.DNSName("*.eastus2.models.ai.azure.com"), x509.DNSName("*.eastus2.inference.ml.azure.com")]
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
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@asynccontextmanager
async def served(azure: Azure, certificate: Path) -> AsyncIterator[int]:
    """The port of a real server for the inference hosts."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        azure.app, ssl_certfile=certificate, ssl_keyfile=certificate, lifespan="off", log_config=None
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:
        await asyncio.sleep(0.005)
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        await task


@pytest.fixture
async def wire(azure: Azure, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Wire]:
    resolve: Callable[..., Any] = socket.getaddrinfo

    def to_loopback(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else str(host)
        return resolve("127.0.0.1" if name.endswith(".azure.com") else host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", to_loopback)
    async with served(azure, certificate) as port:
        yield Wire(port, ssl.create_default_context(cafile=certificate))


async def test_sync_client_on_a_serverless_endpoint(azure: Azure, wire: Wire) -> None:
    url = azure.serverless()

    def talk() -> tuple[str | None, list[str]]:
        with wire.sync(url) as client:
            whole = client.chat.completions.create(model=MODEL, messages=MESSAGES, max_tokens=64)
            stream = client.chat.completions.create(model=MODEL, messages=MESSAGES, max_tokens=64, stream=True)
            pieces = [chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices]
            return whole.choices[0].message.content, pieces

    text, pieces = await asyncio.to_thread(talk)
    assert text
    assert "llama-33-70b" in text
    assert "".join(pieces) == text
    assert len(pieces) > 20


async def test_async_client_on_a_managed_endpoint(azure: Azure, wire: Wire) -> None:
    url = azure.managed(auth="AADToken")
    token = azure.tokens.issue(OWNER.client_id, "https://ml.azure.com")
    async with wire.unsync(url, token) as client:
        whole = await client.chat.completions.with_raw_response.create(model=MODEL, messages=MESSAGES, max_tokens=64)
        assert whole.headers["azureml-model-deployment"] == "blue"
        text = whole.parse().choices[0].message.content
        stream = await client.chat.completions.create(
            model=MODEL, messages=MESSAGES, max_tokens=64, stream=True, stream_options={"include_usage": True}
        )
        chunks = [chunk async for chunk in stream]
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices) == text
    usage = chunks[-1].usage
    assert usage
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens


async def test_completions_of_a_base_model(azure: Azure, wire: Wire) -> None:
    url = azure.managed(deployments={"blue": "Meta-Llama-3.1-8B"})
    async with wire.unsync(url) as client:
        whole = await client.completions.create(model="m", prompt="Once", max_tokens=8)
        stream = await client.completions.create(model="m", prompt="Once", max_tokens=8, stream=True)
        pieces = [chunk.choices[0].text async for chunk in stream]
    assert "".join(pieces) == whole.choices[0].text
    assert whole.usage
    assert whole.usage.completion_tokens == 8


async def test_client_reads_the_refusals(azure: Azure, wire: Wire) -> None:
    url = azure.serverless()
    async with wire.unsync(url, "wrong") as client:
        with pytest.raises(openai.AuthenticationError, match="not valid here"):
            await client.chat.completions.create(model=MODEL, messages=MESSAGES)
    async with wire.unsync(url) as client:
        with pytest.raises(openai.UnprocessableEntityError) as caught:
            await client.chat.completions.create(model=MODEL, messages=MESSAGES, temperature=3)
        assert caught.value.code == "parameter_not_supported"
        with pytest.raises(openai.NotFoundError):
            await client.completions.create(model=MODEL, prompt="hi")
        with pytest.raises(openai.BadRequestError, match="Extra parameters"):
            await client.chat.completions.create(model=MODEL, messages=MESSAGES, seed=1)


async def test_bytes_on_the_wire(azure: Azure, wire: Wire) -> None:
    url = azure.serverless()
    async with httpx.AsyncClient(verify=wire.trust, trust_env=False) as client:
        answer = await client.post(
            f"{url}:{wire.port}{V1}",
            json=CHAT | {"stream": True},
            headers={"Authorization": f"Bearer {PRIMARY}", "Accept": "application/json"},
        )
        assert len(events(answer.content)) == 18
        head = await client.request("HEAD", f"{url}:{wire.port}/", headers={"Authorization": f"Bearer {PRIMARY}"})
        assert head.status_code == 405
