"""What passes here deploys, and what Azure refuses is refused before: over generated stacks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings

from tests.differential.repair import Config, problems
from tests.differential.stacks import DAY, stacks
from tests.differential.verdicts import accepted, examine
from tests.inprocess.azure import Azure

CASES = 15
"""Stacks in `make test`; `make prove` has more."""
MOST_ACCEPTED = 10


@pytest.fixture(scope="module")
def azure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Azure]:
    """An Azure on the day for which stacks are drawn."""
    azure = Azure(tmp_path_factory.mktemp("differential"), "eastus2", DAY)
    yield azure
    azure.close()


@settings(max_examples=CASES, suppress_health_check=list(HealthCheck), print_blob=True, derandomize=True)
@given(stacks())
def test_predictions_match_outcomes(azure: Azure, config: Config) -> None:
    case = examine(azure, config)
    assert case.disagreements == (), str(case)


@settings(max_examples=100, suppress_health_check=list(HealthCheck), derandomize=True)
@given(stacks())
def test_a_drawn_stack_has_valid_settings(config: Config) -> None:
    assert problems(config) == ()


def test_few_disagreements_are_accepted() -> None:
    assert len(accepted()) <= MOST_ACCEPTED
    assert all(each.unknown for each in accepted())
