"""What passes here deploys, and what Azure refuses is refused before, for that reason: over generated stacks.

The settings are not compared with Azure, because a stack that they refuse has no resources: the program ends before it
declares any. Nothing marks which of their errors mirror Azure and which are this package's own. What is compared is
that `check` and `up` report the same errors, and that Azure has nothing afterwards.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, seed, settings

from azure_llama.documents.errors import InputError
from azure_llama.stack.program import run
from azure_llama_sandbox.world import SUBSCRIPTION
from tests.differential.conftest import Examine, Put
from tests.differential.coverage import drawn, every_option, missing, undrawn
from tests.differential.repair import Config, problems
from tests.differential.stacks import configurations, deployments, stacks
from tests.differential.verdicts import accepted

BATCHES, CASES = 20, 15
"""Stacks in `make test`, by seed, so that processes share them; `make prove` has more."""
MOST_ACCEPTED = 10
_ATTEMPTS = 20
"""How often fifty stacks are drawn until each option was set."""
GENERATED = settings(
    max_examples=CASES,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module", autouse=True)
def _frozen() -> Iterator[None]:
    """The SDK's classes, which live on, are not searched for garbage after each stack."""
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.parametrize("number", range(BATCHES))
def test_predictions_match_outcomes(examine: Examine, number: int) -> None:
    wrong: list[str] = []

    @seed(number)
    @GENERATED
    @given(deployments())
    def compare(deployment: tuple[Config, Config]) -> None:
        case = examine(*deployment)
        if case.disagreements:
            wrong.append(str(case))

    compare()
    assert not wrong, f"{len(wrong)} of the stacks of seed {number}; the smallest:\n{min(wrong, key=len)}"


@settings(GENERATED, max_examples=20, derandomize=True)
@given(configurations())
def test_what_the_settings_refuse_is_not_deployed(put: Put, config: Config) -> None:
    assume(problems(config))
    stack = put(config)
    with pytest.raises(InputError) as caught:
        run(stack.project)
    deployed = stack.up()
    assert deployed.created == {}
    assert [line for line in caught.value.lines if line not in "\n".join(deployed.errors)] == []
    groups = stack.azure.get(f"/subscriptions/{SUBSCRIPTION}/resourcegroups", "2021-04-01")
    assert [each["name"] for each in (groups or {})["value"] if each["name"] != "rg-around"] == []


@settings(GENERATED, max_examples=50, derandomize=True)
@given(stacks())
def test_a_drawn_stack_has_valid_settings(config: Config) -> None:
    assert problems(config) == ()


def test_every_option_is_drawn_or_has_a_reason() -> None:
    found: set[str] = set()

    for number in range(_ATTEMPTS):

        @seed(number)
        @settings(GENERATED, max_examples=50)
        @given(configurations())
        def draw(config: dict[str, Any]) -> None:
            found.update(drawn(config))

        draw()
        if not missing(frozenset(found)):
            break
    assert missing(frozenset(found)) == []
    assert [each for each, reason in undrawn().items() if each not in every_option() or not reason] == []


def test_few_disagreements_are_accepted() -> None:
    assert len(accepted()) <= MOST_ACCEPTED
    assert all(each.unknown for each in accepted())
