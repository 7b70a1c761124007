"""What `foundry-model-lifecycle` says."""

from __future__ import annotations

import pytest

from azure_llama.catalog import Catalog
from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.foundry_model_lifecycle import RULE
from tests.catalogs import overlaid
from tests.policies.cases import UNKNOWN, Case, workspace
from tests.policies.foundry_resources import foundry_deployment

MAVERICK = "Llama-4-Maverick-17B-128E-Instruct-FP8"
GLIMMER = [foundry_deployment(model="Muse-Glimmer-30B", version="1")]


def _stated(facts: str = "", model: str = "Llama-3.3-70B-Instruct/5") -> Catalog:
    """A catalogue whose overlay states facts of a model."""
    return overlaid(f"foundry: {{Meta/{model}: {{{facts}source: Azure, asOf: 2026-11-20}}}}")


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
    Case(
        "deprecating",
        [foundry_deployment()],
        {"chat": Outcome.VIOLATED},
        says=["is Deprecating", "existing ones answer until 2027-06-30"],
        catalog=_stated("lifecycle: Deprecating, retired: 2027-06-30, "),
    ),
    Case(
        "deprecating, past a date of a secondary source",
        [foundry_deployment()],
        {"chat": Outcome.VIOLATED},
        config={"asOf": "2027-01-31"},
        catalog=_stated("lifecycle: Deprecating, "),
    ),
    Case(
        "deprecating without a date",
        GLIMMER,
        {"chat": Outcome.VIOLATED},
        catalog=_stated("lifecycle: Deprecating, ", "Muse-Glimmer-30B/1"),
    ),
    Case(
        "deprecated and past its date",
        [foundry_deployment()],
        {"chat": Outcome.VIOLATED},
        says=["retired on 2026-11-01"],
        catalog=_stated("lifecycle: Deprecated, retired: 2026-11-01, "),
    ),
    Case(
        "stable without a date",
        GLIMMER,
        {"chat": Outcome.PASSED},
        catalog=_stated("lifecycle: Stable, ", "Muse-Glimmer-30B/1"),
    ),
    Case("neither status nor date", GLIMMER, {"chat": Outcome.NOT_SEEN}, catalog=_stated(model="Muse-Glimmer-30B/1")),
    Case("a version that the catalogue does not have", [foundry_deployment(version="7")], {"chat": Outcome.NOT_SEEN}),
    Case("an unknown model", [foundry_deployment(model=UNKNOWN)], {"chat": Outcome.NOT_SEEN}),
    Case("a workspace", [workspace()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
