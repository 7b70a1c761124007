"""What `workspace-public-access` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.workspace_public_access import RULE
from tests.policies.cases import UNKNOWN, Case, endpoint, workspace

CASES = [
    Case("off", [workspace(publicNetworkAccess="Disabled")], {"ws": Outcome.PASSED}),
    Case("on", [workspace(publicNetworkAccess="Enabled", kind="Project")], {"ws": Outcome.VIOLATED}),
    Case("left out", [workspace()], {"ws": Outcome.VIOLATED}),
    Case("unknown", [workspace(publicNetworkAccess=UNKNOWN)], {"ws": Outcome.NOT_SEEN}),
    Case("an endpoint", [endpoint("chat")], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
