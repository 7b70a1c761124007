"""What `managed-public-access` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.managed_public_access import RULE
from tests.policies.cases import UNKNOWN, Case, online_endpoint, stated, template, workspace

CASES = [
    Case("off", [online_endpoint(properties={"publicNetworkAccess": "Disabled"})], {"llama": Outcome.PASSED}),
    Case("on", [online_endpoint(properties={"publicNetworkAccess": "Enabled"})], {"llama": Outcome.VIOLATED}),
    Case("left out", [online_endpoint()], {"llama": Outcome.VIOLATED}),
    Case(
        "off in a template", [template("traffic", stated(publicNetworkAccess="Disabled"))], {"traffic": Outcome.PASSED}
    ),
    Case(
        "on in a template", [template("traffic", stated(publicNetworkAccess="Enabled"))], {"traffic": Outcome.VIOLATED}
    ),
    Case("unknown", [online_endpoint(properties=UNKNOWN)], {"llama": Outcome.NOT_SEEN}),
    Case("a workspace", [workspace()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
