"""What `managed-request-timeout` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.managed_request_timeout import RULE
from tests.policies.cases import UNKNOWN, Case, Given, deployment, workspace


def _within(timeout: object) -> list[Given]:
    return [deployment(properties={"requestSettings": {"requestTimeout": timeout}})]


CASES = [
    Case("the longest", _within("PT180S"), {"blue": Outcome.PASSED}),
    Case("the longest in minutes", _within("PT3M"), {"blue": Outcome.PASSED}),
    Case("left out", [deployment()], {"blue": Outcome.PASSED}),
    Case("too long", _within("PT3M1S"), {"blue": Outcome.VIOLATED}),
    Case("no duration", _within("180"), {"blue": Outcome.NOT_SEEN}),
    Case("no duration in the form of one", _within("P180S"), {"blue": Outcome.NOT_SEEN}),
    Case("a number", _within(180), {"blue": Outcome.NOT_SEEN}),
    Case("unknown", _within(UNKNOWN), {"blue": Outcome.NOT_SEEN}),
    Case("a workspace", [workspace()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
