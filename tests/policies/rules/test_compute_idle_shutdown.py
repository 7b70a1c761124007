"""What `compute-idle-shutdown` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.compute_idle_shutdown import RULE
from tests.policies.cases import UNKNOWN, Case, Given, given, workspace


def _idle(after: object, kind: object = "ComputeInstance") -> list[Given]:
    properties = {"computeType": kind, "properties": {"idleTimeBeforeShutdown": after}}
    return [given("machinelearningservices:Compute", "compute", {"computeName": "ci-one", "properties": properties})]


CASES = [
    Case("soon", _idle("PT30M"), {"compute": Outcome.PASSED}),
    Case("just in time", _idle("PT4H", "computeinstance"), {"compute": Outcome.PASSED}),
    Case("too late", _idle("PT4H1M"), {"compute": Outcome.VIOLATED}),
    Case("never", _idle(None), {"compute": Outcome.VIOLATED}),
    Case("another most", _idle("PT30M"), {"compute": Outcome.VIOLATED}, config={"maximumMinutes": 15}),
    Case("a cluster", _idle(None, "AmlCompute"), {}),
    Case("no duration", _idle("30"), {"compute": Outcome.NOT_SEEN}),
    Case("unknown", _idle(UNKNOWN), {"compute": Outcome.NOT_SEEN}),
    Case("an unknown kind", _idle("PT30M", UNKNOWN), {"compute": Outcome.NOT_SEEN}),
    Case("a workspace", [workspace()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
