"""A sandbox in this process, and stacks that are examined in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import pytest

from tests.differential import verdicts
from tests.differential.repair import Config
from tests.differential.rows import DAY
from tests.differential.verdicts import Case
from tests.inprocess.azure import Azure
from tests.inprocess.stack import Stack

Examine = Callable[..., Case]
"""Of a stack, and optionally of its circumstances."""
Put = Callable[[Config], Stack]


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Azure]:
    """A sandbox on the day for which stacks are drawn."""
    azure = Azure(tmp_path_factory.mktemp("differential"), "eastus2", DAY)
    yield azure
    azure.close()


@pytest.fixture(scope="module")
def examine(sandbox: Azure) -> Examine:
    """Predicts and deploys a stack."""
    return partial(verdicts.examine, sandbox)


@pytest.fixture(scope="module")
def put(sandbox: Azure) -> Put:
    """Puts a stack into the sandbox, without deploying it."""
    return partial(verdicts.put, sandbox)
