"""What passes here deploys, and what Azure refuses is refused before: over generated stacks."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from tests.differential.conftest import Examine
from tests.differential.repair import Config, problems
from tests.differential.stacks import stacks
from tests.differential.verdicts import accepted

CASES = 15
"""Stacks in `make test`; `make prove` has more."""
MOST_ACCEPTED = 10


@settings(max_examples=CASES, suppress_health_check=list(HealthCheck), print_blob=True, derandomize=True)
@given(stacks())
def test_predictions_match_outcomes(examine: Examine, config: Config) -> None:
    case = examine(config)
    assert case.disagreements == (), str(case)


@settings(max_examples=100, suppress_health_check=list(HealthCheck), derandomize=True)
@given(stacks())
def test_a_drawn_stack_has_valid_settings(config: Config) -> None:
    assert problems(config) == ()


def test_few_disagreements_are_accepted() -> None:
    assert len(accepted()) <= MOST_ACCEPTED
    assert all(each.unknown for each in accepted())
