"""A sandbox's inference hosts within this process, with endpoints of every kind behind them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from azure_llama_sandbox.store import Store
from azure_llama_sandbox.world import World
from tests.azure_llama.inference.smoke.harness import Scene
from tests.azure_llama.inference.snippets.harness import deploy
from tests.sandbox.inference.harness import OWNER, KnownTokens, Lines, StoppedClock


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """The hosts and the outputs of the stack that made them."""
    store, tokens = Store(tmp_path / "sandbox.db"), KnownTokens()
    outputs = deploy(store)
    world = World(store, StoppedClock(scale=1200, as_of=date(2026, 11, 22)), tokens, Lines(), OWNER.client_id)
    yield Scene(outputs, world, tokens)
    store.close()
