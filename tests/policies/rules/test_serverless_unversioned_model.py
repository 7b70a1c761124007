"""What `serverless-unversioned-model` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.serverless_unversioned_model import RULE
from tests.policies.cases import LLAMA_33, UNKNOWN, Case, endpoint, subscription, workspace

CASES = [
    Case("an endpoint without a version", [endpoint("chat")], {"chat": Outcome.PASSED}),
    Case("a subscription without a version", [subscription("sub")], {"sub": Outcome.PASSED}),
    Case("an endpoint with one", [endpoint("chat", f"{LLAMA_33}/versions/4")], {"chat": Outcome.VIOLATED}),
    Case("a subscription with one", [subscription("sub", f"{LLAMA_33}/versions/4")], {"sub": Outcome.VIOLATED}),
    Case("an id of another form", [endpoint("chat", "/subscriptions/x/models/y")], {"chat": Outcome.NOT_SEEN}),
    Case("an unknown id", [endpoint("chat", UNKNOWN)], {"chat": Outcome.NOT_SEEN}),
    Case("a workspace", [workspace()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
