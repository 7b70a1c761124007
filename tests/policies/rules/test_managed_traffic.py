"""What `managed-traffic` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.managed_traffic import RULE
from tests.policies.cases import (
    UNKNOWN,
    Case,
    Given,
    deployment,
    given,
    online_endpoint,
    stated,
    template,
    workspace,
)

BOTH = [deployment("blue"), deployment("green")]


def _split(**traffic: object) -> list[Given]:
    return [template("traffic", stated(traffic=traffic)), *BOTH]


CASES = [
    Case("all of it to one", _split(blue=100), {"traffic": Outcome.PASSED}),
    Case("all of it to two", _split(blue=90, green=10), {"traffic": Outcome.PASSED}),
    Case("none of it", _split(blue=0, green=0), {"traffic": Outcome.PASSED}),
    Case("in other letters", _split(BLUE=100), {"traffic": Outcome.PASSED}),
    Case(
        "in the endpoint's own resource",
        [online_endpoint(properties={"traffic": {"blue": 100}}), *BOTH],
        {"llama": Outcome.PASSED},
    ),
    Case(
        "an error in the endpoint's own resource",
        [online_endpoint(properties={"traffic": {"blue": 50}}), *BOTH],
        {"llama": Outcome.VIOLATED},
    ),
    Case(
        "the template counts",
        [online_endpoint("LLAMA", {"traffic": {"blue": 50}}), *_split(blue=100)],
        {"LLAMA": Outcome.NOT_APPLICABLE, "traffic": Outcome.PASSED},
    ),
    Case(
        "a name without its workspace",
        [template("traffic", stated(traffic={"blue": 100}) | {"name": "llama"}), *BOTH],
        {"traffic": Outcome.PASSED},
    ),
    Case("too much", _split(blue=90, green=20), {"traffic": Outcome.VIOLATED}),
    Case("too little", _split(blue=99), {"traffic": Outcome.VIOLATED}),
    Case("one percent", _split(blue=1), {"traffic": Outcome.VIOLATED}),
    Case("a share that is none", _split(blue=-1, green=101), {"traffic": Outcome.VIOLATED}),
    Case("a share that is no whole number", _split(blue=99.5, green="0.5"), {"traffic": Outcome.VIOLATED}),
    Case("a share that is a switch", _split(blue=True, green=99), {"traffic": Outcome.VIOLATED}),
    Case("a deployment that is not there", _split(blue=50, red=50), {"traffic": Outcome.VIOLATED}),
    Case("no deployment is there", [template("traffic", stated(traffic={"blue": 100}))], {"traffic": Outcome.VIOLATED}),
    Case(
        "a deployment of another endpoint",
        [template("traffic", stated(traffic={"blue": 100})), deployment("blue", endpoint="other")],
        {"traffic": Outcome.VIOLATED},
    ),
    Case("a template without traffic", [template("traffic", stated()), *BOTH], {}),
    Case("a template without traffic and without deployments", [template("traffic", stated())], {}),
    Case("an endpoint without traffic", [online_endpoint(), *BOTH], {}),
    Case(
        "a template of something else",
        [template("other", {"type": "Microsoft.Storage/storageAccounts", "name": "x"})],
        {},
    ),
    Case("a template of nothing", [given("resources:Deployment", "other", {"properties": {"template": {}}})], {}),
    Case(
        "the second resource of a template",
        [template("traffic", {"type": "Microsoft.Storage/storageAccounts"}, stated(traffic={"blue": 50})), *BOTH],
        {"traffic": Outcome.VIOLATED},
    ),
    Case(
        "a type in other letters",
        [
            template(
                "traffic",
                stated(traffic={"blue": 50}) | {"type": "microsoft.machinelearningservices/workspaces/ONLINEENDPOINTS"},
            ),
            *BOTH,
        ],
        {"traffic": Outcome.VIOLATED},
    ),
    Case(
        "an unknown template",
        [given("resources:Deployment", "traffic", {"properties": {"template": UNKNOWN}})],
        {"traffic": Outcome.NOT_SEEN},
    ),
    Case("an unknown resource in a template", [template("traffic", UNKNOWN)], {"traffic": Outcome.NOT_SEEN}),
    Case("a resource of an unknown type", [template("traffic", {"type": UNKNOWN})], {"traffic": Outcome.NOT_SEEN}),
    Case(
        "a name that ARM works out",
        [template("traffic", stated() | {"name": "[parameters('name')]"})],
        {"traffic": Outcome.NOT_SEEN},
    ),
    Case("an unknown name", [template("traffic", stated() | {"name": UNKNOWN})], {"traffic": Outcome.NOT_SEEN}),
    Case("an unknown share", _split(blue=UNKNOWN), {"traffic": Outcome.NOT_SEEN}),
    Case("unknown traffic", [template("traffic", stated(traffic=UNKNOWN)), *BOTH], {"traffic": Outcome.NOT_SEEN}),
    Case("traffic that is no map", [template("traffic", stated(traffic="all")), *BOTH], {"traffic": Outcome.NOT_SEEN}),
    Case(
        "a deployment of an unknown endpoint",
        [*_split(blue=100), deployment("red", endpoint=UNKNOWN)],
        {"traffic": Outcome.NOT_SEEN},
    ),
    Case(
        "a deployment of an unknown name",
        [template("traffic", stated(traffic={"blue": 100})), deployment(UNKNOWN)],
        {"traffic": Outcome.NOT_SEEN},
    ),
    Case(
        "a deployment of an unknown name of another endpoint",
        [*_split(blue=100), deployment(UNKNOWN, endpoint="other")],
        {"traffic": Outcome.PASSED},
    ),
    Case("a workspace", [workspace()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
