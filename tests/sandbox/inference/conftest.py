"""A world with nothing deployed, and a client for its hosts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import date
from pathlib import Path

import httpx
import pytest

from azure_llama_sandbox.store import Store
from azure_llama_sandbox.world import World
from tests.sandbox.inference.harness import OWNER, Azure, KnownTokens, Lines, StoppedClock


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def azure(tmp_path: Path) -> Iterator[Azure]:
    store, tokens, log = Store(tmp_path / "sandbox.db"), KnownTokens(), Lines()
    clock = StoppedClock(scale=1200, as_of=date(2026, 11, 22))
    yield Azure(World(store, clock, tokens, log, OWNER.client_id), tokens, log, clock)
    store.close()


@pytest.fixture
async def client(azure: Azure) -> AsyncIterator[httpx.AsyncClient]:
    async with azure.client() as client:
        yield client
