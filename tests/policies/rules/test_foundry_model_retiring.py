"""What `foundry-model-retiring` says."""

from __future__ import annotations

import pytest

from azure_llama.catalog import Catalog
from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.foundry_model_retiring import RULE
from tests.catalogs import overlaid
from tests.policies.cases import UNKNOWN, Case, workspace
from tests.policies.foundry_resources import foundry_deployment

GLIMMER = [foundry_deployment(model="Muse-Glimmer-30B", version="1")]


def _status(lifecycle: str, model: str = "Muse-Glimmer-30B/1") -> Catalog:
    """A catalogue whose overlay states the status of a model."""
    return overlaid(f"foundry: {{Meta/{model}: {{lifecycle: {lifecycle}, source: Azure, asOf: 2026-11-20}}}}")


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
    Case("legacy without a date", GLIMMER, {"chat": Outcome.VIOLATED}, catalog=_status("Legacy")),
    Case("stable without a date", GLIMMER, {"chat": Outcome.NOT_SEEN}, catalog=_status("Stable")),
    Case(
        "deprecating, past a date of a secondary source",
        [foundry_deployment()],
        {"chat": Outcome.NOT_APPLICABLE},
        config={"asOf": "2027-01-31"},
        catalog=_status("Deprecating", "Llama-3.3-70B-Instruct/5"),
    ),
    Case("a version that the catalogue does not have", [foundry_deployment(version="7")], {"chat": Outcome.NOT_SEEN}),
    Case("an unknown model", [foundry_deployment(model=UNKNOWN)], {"chat": Outcome.NOT_SEEN}),
    Case("a workspace", [workspace()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
