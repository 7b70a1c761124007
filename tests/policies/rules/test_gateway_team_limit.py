"""What `gateway-team-limit` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.gateway_team_limit import RULE
from tests.policies.cases import UNKNOWN, Case, workspace
from tests.policies.foundry_resources import account, foundry_deployment
from tests.policies.gateway_resources import limited, member, pool, team

OWN = [account(), foundry_deployment(capacity=50), member(), pool({"id": UNKNOWN})]
SECOND = [account("second"), foundry_deployment("other", account="second", capacity=10)]


CASES = [
    Case("below the capacity", [*OWN, team(limited(40000))], {"search": Outcome.PASSED}),
    Case("all of the capacity", [*OWN, team(limited(50000))], {"search": Outcome.PASSED}),
    Case(
        "above the capacity",
        [*OWN, team(limited(50001))],
        {"search": Outcome.VIOLATED},
        says=["the limit is 50001 tokens a minute, and all members together have 50000; set 50000 or less"],
    ),
    Case(
        "above the capacity of two",
        [*OWN, *SECOND, member("there", "https://SECOND.openai.azure.com/openai/v1"), team(limited(60001))],
        {"search": Outcome.VIOLATED},
        says=["together have 60000"],
    ),
    Case("an account that is no member", [*OWN, *SECOND, team(limited(50001))], {"search": Outcome.VIOLATED}),
    Case("no limit", [*OWN, team("<policies />")], {}),
    Case("an unknown policy", [*OWN, team(UNKNOWN)], {"search": Outcome.NOT_SEEN}),
    Case("a member of another stack", [*OWN, member("x", UNKNOWN), team(limited(1))], {"search": Outcome.NOT_SEEN}),
    Case("a member elsewhere", [*OWN, member("x", "http://x"), team(limited(1))], {"search": Outcome.NOT_SEEN}),
    Case("an unknown type", [pool(type_=UNKNOWN), team(limited(1))], {"search": Outcome.NOT_SEEN}),
    Case(
        "a version without a row",
        [account(), foundry_deployment(version="7"), member(), team(limited(1))],
        {"search": Outcome.NOT_SEEN},
    ),
    Case("a workspace", [workspace()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
