"""What `registry-admin-user` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.registry_admin_user import RULE
from tests.policies.cases import UNKNOWN, Case, Given, given, workspace


def _with(**properties: object) -> list[Given]:
    return [given("containerregistry:Registry", "it", {"registryName": "own", **properties})]


CASES = [
    Case("as it should be", _with(adminUserEnabled=False), {"it": Outcome.PASSED}),
    Case("as it should not be", _with(adminUserEnabled=True), {"it": Outcome.VIOLATED}),
    Case("a text instead of a switch", _with(adminUserEnabled="False"), {"it": Outcome.VIOLATED}),
    Case("left out", _with(), {"it": Outcome.PASSED}),
    Case("unknown", _with(adminUserEnabled=UNKNOWN), {"it": Outcome.NOT_SEEN}),
    Case("a workspace", [workspace()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
