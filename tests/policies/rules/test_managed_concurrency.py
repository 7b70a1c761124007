"""What `managed-concurrency` says."""

from __future__ import annotations

from typing import Any

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.managed_concurrency import RULE
from tests.policies.cases import UNKNOWN, Case, Given, deployment, workspace

CODE = {"scoringScript": "score.py"}


def _takes(number: Any, **properties: Any) -> list[Given]:
    settings = {"requestSettings": {"maxConcurrentRequestsPerInstance": number}}
    return [deployment(properties={**settings, **properties})]


CASES = [
    Case("enough", _takes(8), {"blue": Outcome.PASSED}),
    Case("too few", _takes(7), {"blue": Outcome.VIOLATED}, says=["7 requests at once", "beyond 14 with 429"]),
    Case("Azure's default", [deployment()], {"blue": Outcome.VIOLATED}, says=["1 requests", "beyond 2 with 429"]),
    Case("fewer are allowed", _takes(2), {"blue": Outcome.PASSED}, config={"minimum": 2}),
    Case("a script", _takes(1, codeConfiguration=CODE), {"blue": Outcome.NOT_APPLICABLE}),
    Case("workers", _takes(1, environmentVariables={"WORKER_COUNT": "1"}), {"blue": Outcome.NOT_APPLICABLE}),
    Case("other variables", _takes(1, environmentVariables={"A": "1"}), {"blue": Outcome.VIOLATED}),
    Case("unknown", _takes(UNKNOWN), {"blue": Outcome.NOT_SEEN}),
    Case("no number", _takes("8"), {"blue": Outcome.NOT_SEEN}),
    Case("a workspace", [workspace()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
