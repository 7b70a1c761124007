"""What `gateway-region` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.gateway_region import RULE
from tests.policies.cases import UNKNOWN, Case, workspace
from tests.policies.gateway_resources import service

CASES = [
    Case("a region of the list", [service()], {"gateway": Outcome.PASSED}),
    Case("a display name", [service(location="Sweden Central")], {"gateway": Outcome.PASSED}),
    Case(
        "a region that is not on the list",
        [service(location="polandcentral")],
        {"gateway": Outcome.VIOLATED},
        says=["polandcentral is not among the regions that have SKU StandardV2"],
    ),
    Case("a classic SKU there", [service("developer", "polandcentral")], {"gateway": Outcome.PASSED}),
    Case("a region that does not exist", [service(location="atlantis")], {"gateway": Outcome.VIOLATED}),
    Case("an unknown region", [service(location=UNKNOWN)], {"gateway": Outcome.NOT_SEEN}),
    Case("an unknown SKU", [service(UNKNOWN)], {"gateway": Outcome.NOT_SEEN}),
    Case("a SKU without a row", [service("PremiumV3")], {"gateway": Outcome.NOT_SEEN}),
    Case("a workspace", [workspace()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
