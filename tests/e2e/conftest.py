"""Sandboxes for end-to-end tests: a fresh one for tests that change things, one for those that look."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from azure_llama import engine
from tests.e2e.harness import ROOT, Azure


@pytest.fixture(scope="session")
def pack() -> str:
    """The policy pack in the form that this engine room takes."""
    room = engine.find()
    assert room is not None, "no Pulumi CLI: run `make setup`"
    return str(room.policy_pack(ROOT / "policies"))


@pytest.fixture
def azure(tmp_path: Path) -> Iterator[Azure]:
    """A running sandbox with an empty stack `dev`."""
    sandbox = Azure(tmp_path / "home")
    sandbox.start()
    sandbox.init()
    yield sandbox
    sandbox.cli("stop", check=False)


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory, pack: str) -> Iterator[Azure]:
    """The dev stack, deployed with the pack; for tests that only look."""
    sandbox = Azure(tmp_path_factory.mktemp("deployed") / "home")
    sandbox.start()
    sandbox.init()
    sandbox.pulumi("up", "--policy-pack", pack)
    yield sandbox
    sandbox.cli("stop", check=False)
