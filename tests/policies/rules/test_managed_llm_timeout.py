"""What `managed-llm-timeout` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.managed_llm_timeout import RULE
from tests.policies.cases import UNKNOWN, Case, Given, deployment, workspace


def _within(timeout: object) -> list[Given]:
    return [deployment(properties={"requestSettings": {"requestTimeout": timeout}})]


CASES = [
    Case("long enough", _within("PT60S"), {"blue": Outcome.PASSED}),
    Case("a second too short", _within("PT59S"), {"blue": Outcome.VIOLATED}),
    Case("left out", [deployment()], {"blue": Outcome.VIOLATED}),
    Case("long enough for other models", _within("PT5S"), {"blue": Outcome.PASSED}, config={"minimumSeconds": 5}),
    Case("left out, where that is enough", [deployment()], {"blue": Outcome.PASSED}, config={"minimumSeconds": 5}),
    Case("no duration", _within("60"), {"blue": Outcome.NOT_SEEN}),
    Case("unknown", _within(UNKNOWN), {"blue": Outcome.NOT_SEEN}),
    Case("a workspace", [workspace()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
