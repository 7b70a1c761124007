"""What `gateway-failover` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.gateway_failover import RULE
from tests.policies.cases import UNKNOWN, Case, workspace
from tests.policies.gateway_resources import member, pool

CASES = [
    Case("two members", [pool({"id": UNKNOWN}, {"id": UNKNOWN})], {"pool": Outcome.PASSED}),
    Case("one member", [pool({"id": "a"}, type_="pool")], {"pool": Outcome.VIOLATED}, says=["one member"]),
    Case("no member", [pool()], {"pool": Outcome.VIOLATED}, says=["no member"]),
    Case("no list of members", [pool(pool={})], {"pool": Outcome.VIOLATED}, says=["no member"]),
    Case("an unknown list", [pool(pool={"services": UNKNOWN})], {"pool": Outcome.NOT_SEEN}),
    Case("a text for a list", [pool(pool={"services": "a"})], {"pool": Outcome.NOT_SEEN}),
    Case("a list of texts", [pool(pool={"services": ["a", "b"]})], {"pool": Outcome.NOT_SEEN}),
    Case("an unknown type", [pool(type_=UNKNOWN)], {"pool": Outcome.NOT_SEEN}),
    Case("a backend with an address", [member()], {}),
    Case("a workspace", [workspace()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
