"""What `serverless-auth-mode` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.serverless_auth_mode import RULE
from tests.policies.cases import ENDPOINT, UNKNOWN, Case, Given, endpoint, workspace

CASES = [
    Case("keys", [endpoint("chat")], {"chat": Outcome.PASSED}),
    *(
        Case(mode, [Given(ENDPOINT, "chat", {"properties": {"authMode": mode}})], {"chat": Outcome.VIOLATED})
        for mode in ("AAD", "KeyAndAAD")
    ),
    Case("left out", [Given(ENDPOINT, "chat", {"properties": {}})], {"chat": Outcome.NOT_SEEN}),
    Case("unknown", [Given(ENDPOINT, "chat", {"properties": {"authMode": UNKNOWN}})], {"chat": Outcome.NOT_SEEN}),
    Case("a workspace", [workspace()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
