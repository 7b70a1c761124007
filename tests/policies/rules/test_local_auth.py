"""What `local-auth` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.local_auth import RULE
from tests.policies.cases import UNKNOWN, Case, Given, given, workspace
from tests.policies.foundry_resources import account

KINDS = {
    "machinelearningservices:Compute": "computeName",
    "cognitiveservices:Account": "accountName",
}


def _with(token: str, value: object) -> list[Given]:
    return [given(token, "it", {KINDS[token]: "own", "properties": {"disableLocalAuth": value}})]


CASES = [
    *(Case(f"{token}: off", _with(token, True), {"it": Outcome.PASSED}) for token in KINDS),
    *(Case(f"{token}: on", _with(token, False), {"it": Outcome.VIOLATED}) for token in KINDS),
    *(Case(f"{token}: left out", _with(token, None), {"it": Outcome.VIOLATED}) for token in KINDS),
    *(Case(f"{token}: unknown", _with(token, UNKNOWN), {"it": Outcome.NOT_SEEN}) for token in KINDS),
    Case("a Foundry account with keys", [account()], {"contoso": Outcome.VIOLATED}),
    Case("a Content Safety account with keys", [account(kind="ContentSafety")], {"contoso": Outcome.VIOLATED}),
    Case("an account of an unknown kind", [account(kind=UNKNOWN)], {"contoso": Outcome.VIOLATED}),
    Case("Application Insights", [given("applicationinsights:Component", "it", {})], {}),
    Case("a workspace", [workspace()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
