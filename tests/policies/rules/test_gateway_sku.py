"""What `gateway-sku` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.gateway_sku import RULE
from tests.policies.cases import UNKNOWN, Case, workspace
from tests.policies.gateway_resources import service

CASES = [
    Case("standard", [service()], {"gateway": Outcome.PASSED}),
    Case("developer", [service("Developer")], {"gateway": Outcome.PASSED}),
    Case(
        "consumption",
        [service("consumption")],
        {"gateway": Outcome.VIOLATED},
        says=["SKU Consumption has no circuit breaker", "set BasicV2 or StandardV2 or Developer or Premium"],
    ),
    Case("an unknown SKU", [service(UNKNOWN)], {"gateway": Outcome.NOT_SEEN}),
    Case("a SKU without a row", [service("PremiumV3")], {"gateway": Outcome.NOT_SEEN}),
    Case("a workspace", [workspace()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
