"""What `foundry-deployments` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.foundry_deployments import RULE
from tests.policies.cases import UNKNOWN, Case, workspace
from tests.policies.foundry_resources import account, foundry_deployment

FULL = [foundry_deployment(f"d{number:02}") for number in range(32)]
ACCOUNT = account()

CASES = [
    Case("as many as Azure allows", [ACCOUNT, *FULL], {each.name: Outcome.PASSED for each in FULL}),
    Case(
        "one more",
        [*FULL, foundry_deployment("last", account="CONTOSO")],
        {each.name: Outcome.PASSED for each in FULL} | {"last": Outcome.VIOLATED},
        says=["has 33 deployments", "32 is the limit", "remove 1"],
    ),
    Case(
        "an account by its output and by its name",
        [
            ACCOUNT,
            foundry_deployment(account=UNKNOWN, comes_from={"accountName": [ACCOUNT]}),
            foundry_deployment("drafts"),
        ],
        {"chat": Outcome.PASSED, "drafts": Outcome.VIOLATED},
        config={"maximum": 1},
    ),
    Case(
        "one in each of two accounts",
        [foundry_deployment(), foundry_deployment("drafts", account="fabrikam")],
        {"chat": Outcome.PASSED, "drafts": Outcome.PASSED},
        config={"maximum": 1},
    ),
    Case("an unknown account", [foundry_deployment(account=UNKNOWN)], {"chat": Outcome.NOT_SEEN}),
    Case("a workspace", [workspace()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
