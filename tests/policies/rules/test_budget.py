"""What `budget` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.budget import RULE
from tests.policies.cases import UNKNOWN, Case, Given, deployment, endpoint, given, workspace

ROOT = Given("pulumi:pulumi:Stack", "azure-llama-dev", {})
TELLING = {"notifications": {"at-80": {"contactEmails": ["someone@example.com"]}}}
COMPUTE = given("machinelearningservices:Compute", "ci-one", {})

CASES = [
    *(
        Case(token, [ROOT, endpoint("chat"), given(token, "budget", TELLING)], {ROOT.name: Outcome.PASSED})
        for token in ("consumption:Budget", "costmanagement:Budget")
    ),
    *(
        Case(f"none for {costly.token}", [ROOT, costly], {ROOT.name: Outcome.VIOLATED})
        for costly in (endpoint("chat"), deployment(), COMPUTE)
    ),
    Case("it tells nobody", [ROOT, COMPUTE, given("consumption:Budget", "b", {})], {ROOT.name: Outcome.VIOLATED}),
    Case(
        "one of two tells somebody",
        [ROOT, COMPUTE, given("consumption:Budget", "a", {}), given("consumption:Budget", "b", TELLING)],
        {ROOT.name: Outcome.PASSED},
    ),
    Case(
        "whom it tells is unknown",
        [ROOT, COMPUTE, given("consumption:Budget", "b", {"notifications": UNKNOWN})],
        {ROOT.name: Outcome.NOT_SEEN},
    ),
    Case("nothing costs by use", [ROOT, workspace()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
