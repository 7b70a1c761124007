"""What `serverless-content-safety` says."""

from __future__ import annotations

from typing import Any

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.serverless_content_safety import RULE
from tests.policies.cases import ENDPOINT, UNKNOWN, Case, Given, workspace


def _filtered(safety: Any) -> list[Given]:
    return [Given(ENDPOINT, "chat", {"name": "chat", "properties": {"contentSafety": safety}})]


CASES = [
    Case("on", _filtered({"contentSafetyStatus": "Enabled"}), {"chat": Outcome.PASSED}),
    Case("on, in other letters", _filtered({"contentSafetyStatus": "enabled"}), {"chat": Outcome.PASSED}),
    Case("off", _filtered({"contentSafetyStatus": "Disabled"}), {"chat": Outcome.VIOLATED}),
    Case("left out", _filtered(None), {"chat": Outcome.NOT_SEEN}),
    Case("unknown", _filtered(UNKNOWN), {"chat": Outcome.NOT_SEEN}),
    Case("a workspace", [workspace()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
