"""What `serverless-hub-project` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.serverless_hub_project import RULE
from tests.policies.cases import UNKNOWN, Case, endpoint, group, workspace

CASES = [
    Case("a project", [workspace(kind="Project"), endpoint("chat")], {"chat": Outcome.PASSED}),
    Case("a project in other letters", [workspace("WS", kind="project"), endpoint("chat")], {"chat": Outcome.PASSED}),
    Case("a workspace of its own", [workspace(kind="Default"), endpoint("chat")], {"chat": Outcome.VIOLATED}),
    Case("a hub", [workspace(kind="Hub"), endpoint("chat")], {"chat": Outcome.VIOLATED}),
    Case("no kind", [workspace(), endpoint("chat")], {"chat": Outcome.VIOLATED}),
    Case(
        "a workspace whose name is an output",
        [
            workspace(kind="Hub"),
            group(),
            endpoint("chat", workspace=UNKNOWN, comes_from={"workspaceName": [workspace()]}),
        ],
        {"chat": Outcome.VIOLATED},
    ),
    Case("an unknown kind", [workspace(kind=UNKNOWN), endpoint("chat")], {"chat": Outcome.NOT_SEEN}),
    Case("a workspace that is not of the stack", [workspace("other"), endpoint("chat")], {"chat": Outcome.NOT_SEEN}),
    Case(
        "one endpoint is unseen, and the other is judged",
        [workspace(), endpoint("a", workspace=UNKNOWN), endpoint("b")],
        {"a": Outcome.NOT_SEEN, "b": Outcome.VIOLATED},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
