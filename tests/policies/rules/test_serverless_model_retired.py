"""What `serverless-model-retired` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.serverless_model_retired import RULE
from tests.policies.cases import LLAMA_32, Case, endpoint
from tests.policies.lifecycle import ANY_LIFECYCLE_CASES, LLAMA_3, MODEL_405B, VISION

CASES: list[Case] = [
    *ANY_LIFECYCLE_CASES,
    Case("one that stays", [endpoint("chat")], {"chat": Outcome.PASSED}),
    Case("a legacy one", [endpoint("chat", MODEL_405B)], {"chat": Outcome.PASSED}, config={"asOf": "2026-03-12"}),
    Case("a deprecated one", [endpoint("chat", MODEL_405B)], {"chat": Outcome.VIOLATED}, config={"asOf": "2026-03-13"}),
    Case(
        "a deprecated one with a replacement",
        [endpoint("chat", VISION)],
        {"chat": Outcome.VIOLATED},
        config={"asOf": "2026-03-13"},
    ),
    Case("a retired one", [endpoint("chat", MODEL_405B)], {"chat": Outcome.VIOLATED}),
    Case("its replacement is retired, too", [endpoint("chat", LLAMA_3)], {"chat": Outcome.VIOLATED}),
    Case(
        "its replacement is still there",
        [endpoint("chat", LLAMA_3)],
        {"chat": Outcome.VIOLATED},
        config={"asOf": "2025-07-01"},
    ),
    Case("the second replacement", [endpoint("chat", VISION)], {"chat": Outcome.VIOLATED}),
    Case("no date is published", [endpoint("chat", LLAMA_32)], {"chat": Outcome.NOT_SEEN}),
    Case(
        "past a date of a secondary source",
        [endpoint("chat")],
        {"chat": Outcome.NOT_SEEN},
        config={"asOf": "2027-01-31"},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
