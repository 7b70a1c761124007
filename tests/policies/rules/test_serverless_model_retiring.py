"""What `serverless-model-retiring` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.serverless_model_retiring import RULE
from tests.policies.cases import LLAMA_32, Case, endpoint
from tests.policies.lifecycle import ANY_LIFECYCLE_CASES, MODEL_8B, MODEL_405B, VISION

CASES: list[Case] = [
    *ANY_LIFECYCLE_CASES,
    Case("no date is near", [endpoint("chat")], {"chat": Outcome.PASSED}, config={"asOf": "2026-11-01"}),
    Case("a date is 90 days away", [endpoint("chat")], {"chat": Outcome.VIOLATED}, config={"asOf": "2026-11-02"}),
    Case("the day before", [endpoint("chat")], {"chat": Outcome.VIOLATED}, config={"asOf": "2027-01-30"}),
    Case("the day itself", [endpoint("chat")], {"chat": Outcome.VIOLATED}, config={"asOf": "2027-01-31"}),
    Case("the day after", [endpoint("chat")], {"chat": Outcome.VIOLATED}, config={"asOf": "2027-02-01"}),
    Case(
        "fewer days of warning",
        [endpoint("chat")],
        {"chat": Outcome.PASSED},
        config={"asOf": "2026-11-22", "warnDays": 69},
    ),
    Case(
        "the next step is the first of three",
        [endpoint("chat", MODEL_405B)],
        {"chat": Outcome.VIOLATED},
        config={"asOf": "2026-02-12"},
    ),
    Case(
        "the next step is the second of three",
        [endpoint("chat", VISION)],
        {"chat": Outcome.VIOLATED},
        config={"asOf": "2026-02-13"},
    ),
    Case(
        "the next step is the last",
        [endpoint("chat", MODEL_405B)],
        {"chat": Outcome.VIOLATED},
        config={"asOf": "2026-03-15"},
    ),
    Case(
        "only its end is published",
        [endpoint("chat", MODEL_8B)],
        {"chat": Outcome.VIOLATED},
        config={"asOf": "2026-06-01"},
    ),
    Case("the last day there is", [endpoint("chat")], {"chat": Outcome.VIOLATED}, config={"asOf": "9999-12-31"}),
    Case("already retired", [endpoint("chat", MODEL_405B)], {"chat": Outcome.PASSED}),
    Case("no date is published", [endpoint("chat", LLAMA_32)], {"chat": Outcome.NOT_SEEN}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
