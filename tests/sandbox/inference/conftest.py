"""A world with nothing deployed, and a client for its hosts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from tests.sandbox.inference.gateways import Gateway
from tests.sandbox.inference.harness import Azure, nothing_deployed
from tests.sandbox.inference.wire import make_certificate


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate, with its key, for the inference hosts."""
    return make_certificate(tmp_path_factory.mktemp("tls") / "server.pem")


@pytest.fixture
def azure(tmp_path: Path) -> Iterator[Azure]:
    with nothing_deployed(tmp_path) as azure:
        yield azure


@pytest.fixture
async def client(azure: Azure) -> AsyncIterator[httpx.AsyncClient]:
    async with azure.client() as client:
        yield client


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Gateway]:
    gateway = Gateway(tmp_path)
    yield gateway
    gateway.close()


@pytest.fixture
def pair(gateway: Gateway) -> Gateway:
    """Two members of one priority."""
    gateway.member("east")
    gateway.member("west")
    gateway.pool(("east", 1, 1), ("west", 1, 1))
    return gateway
