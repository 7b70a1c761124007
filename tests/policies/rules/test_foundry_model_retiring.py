"""What `foundry-model-retiring` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.foundry_model_retiring import RULE
from tests.catalogs import overlaid
from tests.policies.cases import UNKNOWN, Case, foundry_deployment, judge, workspace

RETIRED = [foundry_deployment(model="Meta-Llama-3.1-8B-Instruct")]

CASES = [
    Case("no date is near", [foundry_deployment()], {"chat": Outcome.PASSED}, config={"asOf": "2026-11-01"}),
    Case(
        "90 days away",
        [foundry_deployment()],
        {"chat": Outcome.VIOLATED},
        says=["on 2027-01-31, in 90 days", "not Microsoft's"],
        config={"asOf": "2026-11-02"},
    ),
    Case("the day before", [foundry_deployment()], {"chat": Outcome.VIOLATED}, config={"asOf": "2027-01-30"}),
    Case(
        "the day itself",
        [foundry_deployment()],
        {"chat": Outcome.VIOLATED},
        says=["is past", "deploy another model"],
        config={"asOf": "2027-01-31"},
    ),
    Case(
        "fewer days of warning",
        [foundry_deployment()],
        {"chat": Outcome.PASSED},
        config={"asOf": "2026-11-22", "warnDays": 69},
    ),
    Case("a confirmed date is near", RETIRED, {"chat": Outcome.VIOLATED}, config={"asOf": "2026-06-12"}),
    Case("already retired", RETIRED, {"chat": Outcome.NOT_APPLICABLE}, config={"asOf": "2026-06-13"}),
    Case("a version that the catalogue does not have", [foundry_deployment(version="7")], {"chat": Outcome.NOT_SEEN}),
    Case("an unknown model", [foundry_deployment(model=UNKNOWN)], {"chat": Outcome.NOT_SEEN}),
    Case("a workspace", [workspace()], {}),
]


@pytest.mark.parametrize(
    ("lifecycle", "outcome"), [("Legacy", Outcome.VIOLATED), ("Stable", Outcome.NOT_SEEN)], ids=str
)
def test_a_model_without_a_date(lifecycle: str, outcome: Outcome) -> None:
    overlay = f"foundry:\n  Meta/Muse-Glimmer-30B/1: {{lifecycle: {lifecycle}, source: Azure, asOf: 2026-11-20}}\n"
    deployment = foundry_deployment(model="Muse-Glimmer-30B", version="1")
    (verdict,) = judge(RULE, [deployment], {}, catalog=overlaid(overlay))
    assert verdict.outcome is outcome


def test_a_closed_model_past_an_unconfirmed_date_is_reported_by_the_lifecycle_rule() -> None:
    overlay = "foundry:\n  Meta/Llama-3.3-70B-Instruct/5: {lifecycle: Deprecating, source: Azure, asOf: 2026-11-20}\n"
    (verdict,) = judge(RULE, [foundry_deployment()], {"asOf": "2027-01-31"}, catalog=overlaid(overlay))
    assert verdict.outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
