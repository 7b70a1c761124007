"""What `managed-traffic-stated` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.managed_traffic_stated import RULE
from tests.policies.cases import UNKNOWN, Case, deployment, given, online_endpoint, stated, template, workspace

BLUE = deployment("blue")
CASES = [
    Case("traffic", [template("traffic", stated(traffic={"blue": 100})), BLUE], {"traffic": Outcome.PASSED}),
    Case("no share for anybody", [template("traffic", stated(traffic={"blue": 0})), BLUE], {"traffic": Outcome.PASSED}),
    Case("no traffic", [template("traffic", stated()), BLUE], {"traffic": Outcome.VIOLATED}),
    Case("traffic to nobody", [template("traffic", stated(traffic={})), BLUE], {"traffic": Outcome.VIOLATED}),
    Case("the name in other letters", [template("t", stated()), deployment(endpoint="LLAMA")], {"t": Outcome.VIOLATED}),
    Case("no deployments", [template("traffic", stated())], {}),
    Case("deployments of another endpoint", [template("traffic", stated()), deployment(endpoint="other")], {}),
    Case("an endpoint's own resource", [online_endpoint(), BLUE], {}),
    Case("unknown traffic", [template("traffic", stated(traffic=UNKNOWN)), BLUE], {"traffic": Outcome.NOT_SEEN}),
    Case(
        "a deployment of an unknown endpoint",
        [template("traffic", stated()), deployment(endpoint=UNKNOWN)],
        {"traffic": Outcome.NOT_SEEN},
    ),
    Case(
        "an unknown template",
        [given("resources:Deployment", "traffic", {"properties": {"template": UNKNOWN}})],
        {"traffic": Outcome.NOT_SEEN},
    ),
    Case("a workspace", [workspace()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
