"""What `vault-rbac` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.vault_rbac import RULE
from tests.policies.cases import UNKNOWN, Case, Given, given, workspace


def _with(**properties: object) -> list[Given]:
    return [given("keyvault:Vault", "it", {"vaultName": "own", "properties": properties})]


CASES = [
    Case("as it should be", _with(enableRbacAuthorization=True), {"it": Outcome.PASSED}),
    Case("as it should not be", _with(enableRbacAuthorization=False), {"it": Outcome.VIOLATED}),
    Case("a text instead of a switch", _with(enableRbacAuthorization="True"), {"it": Outcome.VIOLATED}),
    Case("left out", _with(), {"it": Outcome.VIOLATED}),
    Case("unknown", _with(enableRbacAuthorization=UNKNOWN), {"it": Outcome.NOT_SEEN}),
    Case("a workspace", [workspace()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
