"""What `foundry-public-access` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.foundry_public_access import RULE
from tests.policies.cases import UNKNOWN, Case, Given, workspace
from tests.policies.foundry_resources import account


def _network(access: object, action: object = None, kind: object = "AIServices") -> list[Given]:
    rules = {"networkAcls": {"defaultAction": action}} if action else {}
    return [account(properties={"publicNetworkAccess": access, **rules}, kind=kind)]


CASES = [
    Case("off", _network("Disabled"), {"contoso": Outcome.PASSED}),
    Case("off, in other letters", _network("disabled"), {"contoso": Outcome.PASSED}),
    Case("on", _network("Enabled"), {"contoso": Outcome.VIOLATED}, says=["private endpoint"]),
    Case("left out", [account()], {"contoso": Outcome.VIOLATED}, says=["not set"]),
    Case("some addresses", _network("Enabled", "Deny"), {"contoso": Outcome.PASSED}),
    Case("some addresses, access left out", _network(None, "deny"), {"contoso": Outcome.PASSED}),
    Case("every address", _network("Enabled", "Allow"), {"contoso": Outcome.VIOLATED}),
    Case("unknown", _network(UNKNOWN), {"contoso": Outcome.NOT_SEEN}),
    Case("unknown rules", _network("Enabled", UNKNOWN), {"contoso": Outcome.NOT_SEEN}),
    Case("off, with unknown rules", _network("Disabled", UNKNOWN), {"contoso": Outcome.PASSED}),
    Case("another kind of account", _network("Enabled", kind="ContentSafety"), {"contoso": Outcome.NOT_APPLICABLE}),
    Case("an unknown kind of account", _network("Enabled", kind=UNKNOWN), {"contoso": Outcome.NOT_SEEN}),
    Case("a workspace", [workspace()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
