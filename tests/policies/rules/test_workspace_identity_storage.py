"""What `workspace-identity-storage` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.workspace_identity_storage import RULE
from tests.policies.cases import UNKNOWN, Case, endpoint, workspace

CASES = [
    *(
        Case(mode, [workspace(systemDatastoresAuthMode=mode)], {"ws": Outcome.PASSED})
        for mode in ("Identity", "UserDelegationSAS")
    ),
    Case("keys", [workspace(systemDatastoresAuthMode="AccessKey")], {"ws": Outcome.VIOLATED}),
    Case("left out", [workspace(kind="Default")], {"ws": Outcome.VIOLATED}),
    Case("a project", [workspace(kind="Project")], {}),
    Case("unknown", [workspace(systemDatastoresAuthMode=UNKNOWN)], {"ws": Outcome.NOT_SEEN}),
    Case("an endpoint", [endpoint("chat")], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
