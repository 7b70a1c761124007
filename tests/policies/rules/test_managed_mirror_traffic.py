"""What `managed-mirror-traffic` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.managed_mirror_traffic import RULE
from tests.policies.cases import UNKNOWN, Case, Given, deployment, online_endpoint, stated, template

BOTH = [deployment("blue"), deployment("green")]


def _mirrored(**mirror: object) -> list[Given]:
    return [template("traffic", stated(mirrorTraffic=mirror)), *BOTH]


CASES = [
    Case("within the limit", _mirrored(green=50), {"traffic": Outcome.PASSED}),
    Case("none", _mirrored(GREEN=0), {"traffic": Outcome.PASSED}),
    Case(
        "in the endpoint's own resource",
        [online_endpoint(properties={"mirrorTraffic": {"green": 51}}), *BOTH],
        {"llama": Outcome.VIOLATED},
    ),
    Case("too much", _mirrored(green=51), {"traffic": Outcome.VIOLATED}),
    Case("less than none", _mirrored(green=-1), {"traffic": Outcome.VIOLATED}),
    Case("a share that is a switch", _mirrored(green=True), {"traffic": Outcome.VIOLATED}),
    Case("a share that is a text", _mirrored(green="10"), {"traffic": Outcome.VIOLATED}),
    Case("to two", _mirrored(green=10, blue=10), {"traffic": Outcome.VIOLATED}),
    Case("to one that is not there", _mirrored(red=60), {"traffic": Outcome.VIOLATED}),
    Case(
        "to one when none is there",
        [template("traffic", stated(mirrorTraffic={"blue": 10}))],
        {"traffic": Outcome.VIOLATED},
    ),
    Case("nothing is mirrored", [online_endpoint(), *BOTH], {}),
    Case("an unknown share", _mirrored(green=UNKNOWN), {"traffic": Outcome.NOT_SEEN}),
    Case("unknown altogether", [template("traffic", stated(mirrorTraffic=UNKNOWN))], {"traffic": Outcome.NOT_SEEN}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
