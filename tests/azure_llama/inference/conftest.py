"""An endpoint that is asked of, and a stand-in for Azure's side of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.azure_llama.inference.clients import Kind
from tests.sandbox.inference.harness import Azure, nothing_deployed


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def azure(tmp_path: Path) -> Iterator[Azure]:
    """A sandbox world with nothing deployed."""
    with nothing_deployed(tmp_path) as azure:
        yield azure


@pytest.fixture(params=["sync", "async"])
def kind(request: pytest.FixtureRequest) -> Kind:
    found: Kind = request.param
    return found
