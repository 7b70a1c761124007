"""What `managed-gpu-region` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.managed_gpu_region import RULE
from tests.policies.cases import UNKNOWN, Case, deployment, workspace

CASES = [
    Case("a region that sells it", [deployment()], {"blue": Outcome.PASSED}),
    Case("the region's display name", [deployment(location="East US 2")], {"blue": Outcome.PASSED}),
    Case("a region that does not", [deployment(location="westcentralus")], {"blue": Outcome.VIOLATED}),
    Case("a region that does not exist", [deployment(location="eastus9")], {"blue": Outcome.NOT_SEEN}),
    Case("a size that nobody knows", [deployment(size="Standard_X1")], {"blue": Outcome.NOT_SEEN}),
    Case("a size that is sold nowhere", [deployment(size="Standard_NC24s_v2")], {"blue": Outcome.NOT_SEEN}),
    Case("an unknown size", [deployment(size=UNKNOWN)], {"blue": Outcome.NOT_SEEN}),
    Case("an unknown region", [deployment(location=UNKNOWN)], {"blue": Outcome.NOT_SEEN}),
    Case("a workspace", [workspace()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
