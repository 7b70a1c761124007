"""What `serverless-subscription` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.serverless_subscription import RULE
from tests.policies.cases import LLAMA_32, LLAMA_33, UNKNOWN, Case, Given, endpoint, group, subscription, workspace

BOUGHT = subscription("sub")

CASES = [
    Case(
        "an endpoint that waits for it",
        [workspace(), BOUGHT, endpoint("chat", depends_on=[BOUGHT])],
        {"chat": Outcome.PASSED},
    ),
    Case(
        "one that waits for something that waits for it",
        [
            workspace(),
            BOUGHT,
            Given("azure-native:machinelearningservices:Workspace", "w2", {"workspaceName": "w2"}, depends_on=[BOUGHT]),
            endpoint("chat", depends_on=[workspace("w2")]),
        ],
        {"chat": Outcome.PASSED},
    ),
    Case(
        "two of which it waits for the other",
        [
            workspace(),
            subscription("first"),
            subscription("second"),
            endpoint("chat", depends_on=[subscription("second")]),
        ],
        {"chat": Outcome.PASSED},
    ),
    Case(
        "one that does not wait",
        [workspace(), BOUGHT, endpoint("chat", depends_on=[workspace()])],
        {"chat": Outcome.VIOLATED},
    ),
    Case("one without a subscription", [workspace(), endpoint("chat")], {"chat": Outcome.VIOLATED}),
    Case(
        "the workspace in other letters",
        [workspace("WS"), subscription("sub", workspace="Ws"), endpoint("chat", depends_on=[BOUGHT])],
        {"chat": Outcome.PASSED},
    ),
    Case(
        "a subscription to another model",
        [workspace(), subscription("sub", LLAMA_32), endpoint("chat", depends_on=[BOUGHT])],
        {"chat": Outcome.VIOLATED},
    ),
    Case(
        "a subscription of another workspace",
        [workspace(), subscription("sub", workspace="other"), endpoint("chat", depends_on=[BOUGHT])],
        {"chat": Outcome.VIOLATED},
    ),
    Case(
        "one of Microsoft's own models",
        [workspace(), endpoint("phi", "azureml://registries/azureml/models/Phi-4")],
        {"phi": Outcome.PASSED},
    ),
    Case(
        "a model id of another form needs one, too",
        [workspace(), endpoint("chat", "some-model")],
        {"chat": Outcome.VIOLATED},
    ),
    Case("a workspace that is not of the stack", [endpoint("chat")], {"chat": Outcome.NOT_SEEN}),
    Case(
        "a subscription in a workspace that is not of the stack",
        [BOUGHT, endpoint("chat", depends_on=[BOUGHT])],
        {"chat": Outcome.PASSED},
    ),
    Case(
        "an unknown subscription may be the one",
        [workspace(), subscription("sub", UNKNOWN), endpoint("chat")],
        {"chat": Outcome.NOT_SEEN},
    ),
    Case(
        "an unknown subscription beside the one",
        [workspace(), BOUGHT, subscription("unknown", UNKNOWN), endpoint("chat", depends_on=[BOUGHT])],
        {"chat": Outcome.PASSED},
    ),
    Case(
        "one that waits for something that the rule does not read",
        [workspace(), BOUGHT, endpoint("chat", depends_on=[Given("random:index:Id", "id", {})])],
        {"chat": Outcome.VIOLATED},
    ),
    Case("an unknown model id", [workspace(), endpoint("chat", UNKNOWN)], {"chat": Outcome.NOT_SEEN}),
    Case("an unknown workspace", [workspace(), endpoint("chat", workspace=UNKNOWN)], {"chat": Outcome.NOT_SEEN}),
    Case(
        "a workspace whose name is an output",
        [
            workspace(),
            group(),
            subscription("sub", workspace=UNKNOWN, comes_from={"workspaceName": [workspace()]}),
            endpoint("chat", workspace=UNKNOWN, comes_from={"workspaceName": [workspace()]}, depends_on=[BOUGHT]),
        ],
        {"chat": Outcome.PASSED},
    ),
    Case(
        "one endpoint is unseen, and the other is judged",
        [workspace(), endpoint("a", UNKNOWN), endpoint("b", LLAMA_33)],
        {"a": Outcome.NOT_SEEN, "b": Outcome.VIOLATED},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
