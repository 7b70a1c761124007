"""An ARM with nothing in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sandbox.arm.harness import Azure


@pytest.fixture
def azure(tmp_path: Path) -> Iterator[Azure]:
    azure = Azure(tmp_path / "sandbox.db")
    yield azure
    azure.close()


@pytest.fixture
def hub(azure: Azure) -> Azure:
    """With a group, a hub and a project in eastus2."""
    return azure.with_hub()
