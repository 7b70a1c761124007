"""What `managed-production-instances` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.managed_production_instances import RULE
from tests.policies.cases import UNKNOWN, Case, Given, autoscale, deployment, given

PROD = {"environment": "Prod"}
ID = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers"
TARGET = f"{ID}/Microsoft.MachineLearningServices/workspaces/ws/onlineEndpoints/llama/deployments/blue"


def _live(capacity: object, **rest: object) -> Given:
    return deployment(capacity=capacity, tags=PROD, **rest)  # type: ignore[arg-type]  # any of its arguments


CASES = [
    Case("three", [_live(3)], {"blue": Outcome.PASSED}),
    Case("two", [_live(2)], {"blue": Outcome.VIOLATED}),
    Case("one of another environment", [deployment(tags={"environment": "dev"})], {}),
    Case("one without tags", [deployment()], {}),
    Case(
        "another tag",
        [deployment(tags={"stage": "live"})],
        {"blue": Outcome.VIOLATED},
        config={"tag": "stage", "values": ["LIVE"]},
    ),
    Case("another number", [_live(1)], {"blue": Outcome.PASSED}, config={"minimum": 1}),
    Case(
        "autoscale that begins at three", [_live(1), autoscale("scale", TARGET, ("3", "5"))], {"blue": Outcome.PASSED}
    ),
    Case(
        "autoscale that begins at two",
        [_live(9), autoscale("scale", TARGET.upper(), ("2", "5"))],
        {"blue": Outcome.VIOLATED},
    ),
    Case("two profiles", [_live(9), autoscale("scale", TARGET, ("3", "5"), ("1", "9"))], {"blue": Outcome.VIOLATED}),
    Case(
        "autoscale that is off",
        [_live(3), autoscale("scale", TARGET, ("1", "5"), enabled=False)],
        {"blue": Outcome.PASSED},
    ),
    Case(
        "autoscale that is not on",
        [_live(3), autoscale("scale", TARGET, ("1", "5"), enabled=None)],
        {"blue": Outcome.PASSED},
    ),
    Case(
        "autoscale of another deployment",
        [_live(3), autoscale("scale", TARGET[:-4] + "red", ("1", "5"))],
        {"blue": Outcome.PASSED},
    ),
    Case(
        "autoscale of another type of resource",
        [_live(3), autoscale("scale", f"{ID}/Microsoft.Compute/x/ws/y/llama/z/blue", ("1", "5"))],
        {"blue": Outcome.PASSED},
    ),
    Case(
        "autoscale of something else", [_live(3), autoscale("scale", "cluster", ("1", "5"))], {"blue": Outcome.PASSED}
    ),
    Case(
        "autoscale of the deployment's output",
        [_live(3), autoscale("scale", UNKNOWN, ("1", "5"), comes_from={"targetResourceUri": [_live(3)]})],
        {"blue": Outcome.VIOLATED},
    ),
    Case(
        "autoscale of another's output",
        [_live(3), autoscale("scale", UNKNOWN, ("1", "5"), comes_from={"targetResourceUri": [deployment("red")]})],
        {"blue": Outcome.PASSED},
    ),
    Case(
        "autoscale of who knows what", [_live(3), autoscale("scale", UNKNOWN, ("3", "5"))], {"blue": Outcome.NOT_SEEN}
    ),
    Case("an unknown profile", [_live(3), autoscale("scale", TARGET, UNKNOWN)], {"blue": Outcome.NOT_SEEN}),
    Case(
        "a minimum that is no number",
        [_live(3), autoscale("scale", TARGET, ("few", "5"))],
        {"blue": Outcome.NOT_SEEN},
    ),
    Case(
        "a maximum that is no number",
        [_live(3), autoscale("scale", TARGET, ("3", "many"))],
        {"blue": Outcome.NOT_SEEN},
    ),
    Case(
        "autoscale without profiles",
        [_live(3), given("monitor:AutoscaleSetting", "scale", {"enabled": True, "targetResourceUri": TARGET})],
        {"blue": Outcome.PASSED},
    ),
    Case("unknown instances", [_live(UNKNOWN)], {"blue": Outcome.NOT_SEEN}),
    Case("instances that are no number", [_live("many")], {"blue": Outcome.NOT_SEEN}),
    Case("instances that are a switch", [_live(True)], {"blue": Outcome.NOT_SEEN}),
    Case("unknown tags", [deployment(tags=UNKNOWN)], {"blue": Outcome.NOT_SEEN}),
    Case(
        "one is unseen, and the others are judged",
        [deployment("a", tags=UNKNOWN), deployment("b"), deployment("c", tags=PROD)],
        {"a": Outcome.NOT_SEEN, "b": Outcome.NOT_APPLICABLE, "c": Outcome.VIOLATED},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
