"""A sandbox to ask."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.azure_llama.preflight.harness import Cloud


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[Cloud]:
    """An empty one."""
    cloud = Cloud(tmp_path / "sandbox.db")
    yield cloud
    cloud.close()
