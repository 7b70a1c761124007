"""An Azure in this process for the tests of a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.inprocess.azure import Azure


@pytest.fixture(scope="module")
def azure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Azure]:
    """One for a whole module: `fresh` empties it."""
    azure = Azure(tmp_path_factory.mktemp("inprocess"), "eastus2")
    yield azure
    azure.close()
