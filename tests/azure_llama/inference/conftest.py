"""An endpoint that is asked of, and a stand-in for Azure's side of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from azure_llama_sandbox.store import Store
from azure_llama_sandbox.world import World
from tests.azure_llama.inference.clients import Kind
from tests.sandbox.inference.harness import OWNER, Azure, KnownTokens, Lines, StoppedClock


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def azure(tmp_path: Path) -> Iterator[Azure]:
    """A sandbox world with nothing deployed."""
    store, tokens, log = Store(tmp_path / "sandbox.db"), KnownTokens(), Lines()
    clock = StoppedClock(scale=1200, as_of=date(2026, 11, 22))
    yield Azure(World(store, clock, tokens, log, OWNER.client_id), tokens, log, clock)
    store.close()


@pytest.fixture(params=["sync", "async"])
def kind(request: pytest.FixtureRequest) -> Kind:
    found: Kind = request.param
    return found
