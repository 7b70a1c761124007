"""What `budget` says."""

from __future__ import annotations

import pytest

from policies.rule import Outcome
from policies.rules.budget import RULE
from tests.policies.cases import Case, Given, deployment, endpoint, given, workspace

ROOT = Given("pulumi:pulumi:Stack", "azure-llama-dev", {})
COMPUTE = given("machinelearningservices:Compute", "ci-one", {})

CASES = [
    *(
        Case(token, [ROOT, endpoint("chat"), given(token, "budget", {})], {ROOT.name: Outcome.PASSED})
        for token in ("consumption:Budget", "costmanagement:Budget")
    ),
    *(
        Case(f"none for {costly.token}", [ROOT, costly], {ROOT.name: Outcome.VIOLATED})
        for costly in (endpoint("chat"), deployment(), COMPUTE)
    ),
    Case("nothing costs by use", [ROOT, workspace()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
