"""An ARM with nothing in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sandbox.arm.gateway import NEEDS_PRODUCT
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


@pytest.fixture
def service(azure: Azure) -> Azure:
    """With a group, and an API Management service that has an API and a product."""
    azure.with_group()
    for path, body in NEEDS_PRODUCT:
        azure.put(path, body)
    return azure
