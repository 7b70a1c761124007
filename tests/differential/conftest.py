"""A sandbox in this process, and stacks that are examined in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import pytest

from tests.differential import verdicts
from tests.differential.repair import Config
from tests.differential.stacks import DAY
from tests.differential.verdicts import Case
from tests.inprocess.azure import Azure

Examine = Callable[[Config], Case]


@pytest.fixture(scope="module")
def examine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Examine]:
    """Predicts and deploys a stack, on the day for which stacks are drawn."""
    azure = Azure(tmp_path_factory.mktemp("differential"), "eastus2", DAY)
    yield partial(verdicts.examine, azure)
    azure.close()
