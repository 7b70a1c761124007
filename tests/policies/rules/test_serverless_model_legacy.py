"""What `serverless-model-legacy` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.serverless_model_legacy import RULE
from tests.policies.cases import LLAMA_32, Case, endpoint
from tests.policies.lifecycle import ANY_LIFECYCLE_CASES, MODEL_405B, VISION

CASES: list[Case] = [
    *ANY_LIFECYCLE_CASES,
    Case("one that stays", [endpoint("chat")], {"chat": Outcome.PASSED}),
    Case("the day before", [endpoint("chat", MODEL_405B)], {"chat": Outcome.PASSED}, config={"asOf": "2026-02-12"}),
    Case("a legacy one", [endpoint("chat", MODEL_405B)], {"chat": Outcome.VIOLATED}, config={"asOf": "2026-02-13"}),
    Case(
        "one with a replacement", [endpoint("chat", VISION)], {"chat": Outcome.VIOLATED}, config={"asOf": "2026-03-12"}
    ),
    Case("a deprecated one", [endpoint("chat", MODEL_405B)], {"chat": Outcome.PASSED}, config={"asOf": "2026-03-13"}),
    Case("no date is published", [endpoint("chat", LLAMA_32)], {"chat": Outcome.NOT_SEEN}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
