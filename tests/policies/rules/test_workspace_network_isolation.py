"""What `workspace-network-isolation` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.workspace_network_isolation import RULE
from tests.policies.cases import UNKNOWN, Case, endpoint, workspace

CASES = [
    *(
        Case(mode, [workspace(managedNetwork={"isolationMode": mode})], {"ws": Outcome.PASSED})
        for mode in ("AllowOnlyApprovedOutbound", "AllowInternetOutbound")
    ),
    Case("off", [workspace(managedNetwork={"isolationMode": "Disabled"})], {"ws": Outcome.VIOLATED}),
    Case("left out", [workspace(kind="Hub")], {"ws": Outcome.VIOLATED}),
    Case("a project", [workspace(kind="Project")], {}),
    Case("unknown", [workspace(managedNetwork=UNKNOWN)], {"ws": Outcome.NOT_SEEN}),
    Case("an unknown kind", [workspace(kind=UNKNOWN)], {"ws": Outcome.NOT_SEEN}),
    Case("an endpoint", [endpoint("chat")], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
