"""What `serverless-name` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.serverless_name import RULE
from tests.policies.cases import ENDPOINT, UNKNOWN, Case, Given, endpoint, workspace

CASES = [
    Case("a sound name", [endpoint("llama-33-70b")], {"llama-33-70b": Outcome.PASSED}),
    Case("a dot and an underscore", [endpoint("llama_33.70b")], {"llama_33.70b": Outcome.VIOLATED}),
    Case("nothing of it could stay", [endpoint("33.70")], {"33.70": Outcome.VIOLATED}),
    Case("too long", [endpoint("a" * 53)], {"a" * 53: Outcome.VIOLATED}),
    Case("a number", [Given(ENDPOINT, "chat", {"name": 5})], {"chat": Outcome.NOT_SEEN}),
    Case("no name", [Given(ENDPOINT, "chat", {"name": ""})], {"chat": Outcome.NOT_SEEN}),
    Case("an unknown name", [endpoint(UNKNOWN)], {UNKNOWN: Outcome.NOT_SEEN}),
    Case("a workspace", [workspace()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
