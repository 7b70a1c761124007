"""What `stack-limits` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.stack_limits import COUNTED, RULE
from tests.policies.cases import UNKNOWN, Case, deployment, endpoint, given, online_endpoint, workspace
from tests.policies.foundry_resources import account

MACHINE = given("machinelearningservices:Compute", "dev", {"computeName": "dev"})

CASES = [
    Case("an endpoint of each kind", [endpoint("a"), online_endpoint("b")], {"a": Outcome.PASSED, "b": Outcome.PASSED}),
    Case(
        "one endpoint more than the limit",
        [endpoint("a"), online_endpoint("b"), endpoint("c")],
        {"b": Outcome.PASSED, "a": Outcome.PASSED, "c": Outcome.VIOLATED},
        says=["the stack has 3 serverless and managed endpoints", "have 2 at most", "remove 1"],
        config={"endpoints": 2},
    ),
    Case(
        "one deployment more",
        [deployment("blue"), deployment("green")],
        {"blue": Outcome.PASSED, "green": Outcome.VIOLATED},
        says=["the stack has 2 deployments of managed endpoints"],
        config={"deployments": 1},
    ),
    Case(
        "a deployment is a compute, however many instances it has",
        [MACHINE, deployment("blue", capacity=3)],
        {"dev": Outcome.PASSED, "blue": Outcome.PASSED},
        config={"computes": 2},
    ),
    Case(
        "one compute more",
        [MACHINE, deployment("blue")],
        {"dev": Outcome.PASSED, "blue": Outcome.VIOLATED},
        says=["the stack has 2 compute instances and deployments of managed endpoints", "remove 1"],
        config={"computes": 1},
    ),
    Case("unknown instances count", [deployment("blue", capacity=UNKNOWN)], {"blue": Outcome.PASSED}),
    Case(
        "one account more",
        [account(), account("fabrikam")],
        {"contoso": Outcome.PASSED, "fabrikam": Outcome.VIOLATED},
        says=["the stack has 2 Foundry accounts"],
        config={"foundryAccounts": 1},
    ),
    Case(
        "an account of another kind does not count",
        [account(), account("safety", kind="ContentSafety")],
        {"contoso": Outcome.PASSED, "safety": Outcome.PASSED},
        config={"foundryAccounts": 1},
    ),
    Case("an account of unknown kind", [account(kind=UNKNOWN)], {"contoso": Outcome.NOT_SEEN}),
    Case("a workspace", [workspace()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)


def test_azures_limits_are_the_defaults() -> None:
    assert {row.config: RULE.config[row.config]["default"] for row in COUNTED} == {
        "endpoints": 100,
        "deployments": 500,
        "computes": 500,
        "foundryAccounts": 100,
    }
