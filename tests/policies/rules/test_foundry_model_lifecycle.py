"""What `foundry-model-lifecycle` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.foundry_model_lifecycle import RULE
from tests.catalogs import overlaid
from tests.policies.cases import UNKNOWN, Case, foundry_deployment, judge, workspace

MAVERICK = "Llama-4-Maverick-17B-128E-Instruct-FP8"
RETIRED = [foundry_deployment(model="Meta-Llama-3.1-8B-Instruct")]

CASES = [
    Case("offered", [foundry_deployment()], {"chat": Outcome.PASSED}),
    Case(
        "retired",
        RETIRED,
        {"chat": Outcome.VIOLATED},
        says=["retired on 2026-06-13 (source lifecycle-2026-07)", "410", "such as Llama-3.3-70B-Instruct"],
    ),
    Case("on the day", RETIRED, {"chat": Outcome.VIOLATED}, config={"asOf": "2026-06-13"}),
    Case("the day before", RETIRED, {"chat": Outcome.PASSED}, config={"asOf": "2026-06-12"}),
    Case(
        "the day before a date of a secondary source",
        [foundry_deployment(model=MAVERICK, version="1")],
        {"chat": Outcome.PASSED},
        config={"asOf": "2026-11-18"},
    ),
    Case(
        "past a date of a secondary source",
        [foundry_deployment(model=MAVERICK, version="1")],
        {"chat": Outcome.NOT_SEEN},
        says=["2026-11-19", "not Microsoft's"],
        config={"asOf": "2026-11-19"},
    ),
    Case("a version that the catalogue does not have", [foundry_deployment(version="7")], {"chat": Outcome.NOT_SEEN}),
    Case("an unknown model", [foundry_deployment(model=UNKNOWN)], {"chat": Outcome.NOT_SEEN}),
    Case("a workspace", [workspace()], {}),
]


def _overlay(facts: str) -> str:
    return f"foundry:\n  Meta/Llama-3.3-70B-Instruct/5: {{{facts}source: Azure, asOf: 2026-11-20}}\n"


@pytest.mark.parametrize(
    ("facts", "outcome", "says"),
    [
        ("lifecycle: Deprecating, retired: 2027-06-30, ", Outcome.VIOLATED, "existing ones answer until 2027-06-30"),
        ("lifecycle: Deprecated, retired: 2026-11-01, ", Outcome.VIOLATED, "retired on 2026-11-01"),
        ("lifecycle: Stable, ", Outcome.PASSED, ""),
    ],
)
def test_the_status_of_the_overlay_counts(facts: str, outcome: Outcome, says: str) -> None:
    (verdict,) = judge(RULE, [foundry_deployment()], {}, catalog=overlaid(_overlay(facts)))
    assert verdict.outcome is outcome
    assert says in verdict.message


def test_a_new_model_needs_a_status_or_a_date() -> None:
    deployment = foundry_deployment(model="Muse-Glimmer-30B", version="1")
    text = "foundry:\n  Meta/Muse-Glimmer-30B/1: {{{}source: Azure, asOf: 2026-11-20}}\n"
    for facts, outcome in (("", Outcome.NOT_SEEN), ("lifecycle: Stable, ", Outcome.PASSED)):
        (verdict,) = judge(RULE, [deployment], {}, catalog=overlaid(text.format(facts)))
        assert verdict.outcome is outcome


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
