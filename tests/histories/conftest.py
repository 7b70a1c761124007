"""A sandbox in this process for histories."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.differential.rows import DAY
from tests.inprocess.azure import Azure


@pytest.fixture(scope="module")
def azure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Azure]:
    """One for a whole module."""
    azure = Azure(tmp_path_factory.mktemp("histories"), "eastus2", DAY)
    yield azure
    azure.close()
