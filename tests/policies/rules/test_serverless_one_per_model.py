"""What `serverless-one-per-model` says."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.serverless_one_per_model import RULE
from tests.policies.cases import LLAMA_32, LLAMA_33, UNKNOWN, Case, Given, endpoint, group, judge, workspace

BOTH_PASS = {"a": Outcome.PASSED, "b": Outcome.PASSED}
SECOND_FAILS = {"a": Outcome.PASSED, "b": Outcome.VIOLATED}


def from_outputs(name: str, *owners: Given, **rest: Any) -> Given:
    """An endpoint whose workspace and resource group are the outputs of resources that are yet to be made."""
    return endpoint(
        name,
        **{"group": UNKNOWN, "workspace": UNKNOWN, **rest},
        comes_from={"resourceGroupName": [group()], "workspaceName": owners},
    )


def read(name: str, workspace: str = "ws", subscription: str = "sub") -> Given:
    """An endpoint that the program only reads, so that no policy ever sees inputs."""
    outputs = {
        "id": f"/subscriptions/{subscription}/resourceGroups/RG/providers/Microsoft.MachineLearningServices"
        f"/workspaces/{workspace}/serverlessEndpoints/{name}",
        "name": name,
        "properties": {"modelSettings": {"modelId": LLAMA_33}},
    }
    return Given(endpoint(name).token, name, None, outputs)


CASES = [
    Case("one endpoint", [endpoint("a")], {"a": Outcome.PASSED}),
    Case("two models", [endpoint("a"), endpoint("b", LLAMA_32)], BOTH_PASS),
    Case("two workspaces", [endpoint("a"), endpoint("b", workspace="other")], BOTH_PASS),
    Case("two resource groups", [endpoint("a"), endpoint("b", group="other")], BOTH_PASS),
    Case(
        "two subscriptions",
        [endpoint("a", subscription="one"), endpoint("b", subscription="two")],
        BOTH_PASS,
    ),
    Case(
        "two endpoints of one model",
        [endpoint("a"), endpoint("b")],
        SECOND_FAILS,
        says=["'a' and 'b'", "Llama-3.3-70B-Instruct", "workspace 'ws'", "resource group 'rg'", "another stack"],
    ),
    Case(
        "a subscription that only one names",
        [endpoint("a", subscription="one"), endpoint("b")],
        SECOND_FAILS,
    ),
    Case(
        "other letters and a version",
        [endpoint("a"), endpoint("b", LLAMA_33.lower() + "/versions/9", workspace="WS", group="RG")],
        SECOND_FAILS,
    ),
    Case(
        "a model of no registry",
        [endpoint("a", "custom-model"), endpoint("b", "Custom-Model")],
        SECOND_FAILS,
        says=["both deploy Custom-Model"],
    ),
    Case(
        "three of them",
        [endpoint("a"), endpoint("b"), endpoint("c")],
        {"a": Outcome.PASSED, "b": Outcome.VIOLATED, "c": Outcome.VIOLATED},
        says=["'a' and 'b'", "'a' and 'c'"],
    ),
    Case(
        "one workspace by its output, in a first preview",
        [group(), workspace(), from_outputs("a", workspace()), from_outputs("b", workspace())],
        SECOND_FAILS,
        says=["workspace 'ws'", "resource group 'rg'"],
    ),
    Case(
        "one workspace by its output and by its name",
        [group(), workspace(), from_outputs("a", workspace()), endpoint("b")],
        SECOND_FAILS,
    ),
    Case(
        "two workspaces by their outputs, in a first preview",
        [
            group(),
            workspace(),
            workspace("other"),
            from_outputs("a", workspace()),
            from_outputs("b", workspace("other")),
        ],
        BOTH_PASS,
    ),
    Case("one that the program only reads", [read("a"), endpoint("b")], SECOND_FAILS),
    Case("two that the program reads, in two subscriptions", [read("a"), read("b", subscription="two")], BOTH_PASS),
    Case("one that the program reads elsewhere", [read("a", "other"), endpoint("b")], BOTH_PASS),
    Case(
        "one that the program reads in another subscription",
        [read("a"), endpoint("b", subscription="two")],
        BOTH_PASS,
    ),
    Case("no endpoint", [group(), workspace()], {}),
    Case(
        "an unknown workspace of the same model",
        [endpoint("a"), endpoint("b", workspace=UNKNOWN)],
        {"a": Outcome.PASSED, "b": Outcome.NOT_SEEN},
        says=["endpoint 'b'", "'workspaceName' is not known before the deployment"],
    ),
    Case(
        "a workspace's name that comes from two resources",
        [group(), workspace(), workspace("other"), endpoint("a"), from_outputs("b", workspace(), workspace("other"))],
        {"a": Outcome.PASSED, "b": Outcome.NOT_SEEN},
    ),
    Case(
        "a workspace's name that comes from no workspace",
        [group(), workspace(), endpoint("a"), from_outputs("b", group())],
        {"a": Outcome.PASSED, "b": Outcome.NOT_SEEN},
    ),
    Case(
        "a workspace whose own name is unknown",
        [
            group(),
            Given(workspace().token, "ws", {"workspaceName": UNKNOWN}),
            from_outputs("a", workspace()),
            from_outputs("b", workspace()),
        ],
        {"a": Outcome.NOT_SEEN, "b": Outcome.NOT_SEEN},
    ),
    Case(
        "an unknown model beside another",
        [endpoint("a"), endpoint("b", UNKNOWN)],
        {"a": Outcome.PASSED, "b": Outcome.NOT_SEEN},
        says=["endpoint 'b'", "'properties.modelSettings.modelId'"],
    ),
    Case(
        "an unknown workspace of another model", [endpoint("a"), endpoint("b", LLAMA_32, workspace=UNKNOWN)], BOTH_PASS
    ),
    Case("an unknown model alone", [endpoint("a", UNKNOWN)], {"a": Outcome.PASSED}),
    Case("an unknown workspace alone", [endpoint("a", workspace=UNKNOWN)], {"a": Outcome.PASSED}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)


def test_the_engines_order_does_not_matter() -> None:
    given = [endpoint("a"), endpoint("b"), endpoint("c", LLAMA_32), workspace()]
    verdicts = {
        tuple(sorted((each.resource.name, each.outcome, each.message) for each in judge(RULE, order, {})))
        for order in permutations(given)
    }
    assert len(verdicts) == 1
