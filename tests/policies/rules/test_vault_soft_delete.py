"""What `vault-soft-delete` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.vault_soft_delete import RULE
from tests.policies.cases import UNKNOWN, Case, Given, given, workspace


def _with(**properties: object) -> list[Given]:
    return [given("keyvault:Vault", "vault", {"vaultName": "kv-llama", "properties": properties})]


CASES = [
    Case("on", _with(enableSoftDelete=True, softDeleteRetentionInDays=7), {"vault": Outcome.PASSED}),
    Case("left out", _with(), {"vault": Outcome.PASSED}),
    Case("the longest by default", _with(), {"vault": Outcome.PASSED}, config={"minimumDays": 90}),
    Case("off", _with(enableSoftDelete=False, softDeleteRetentionInDays=1), {"vault": Outcome.VIOLATED}),
    Case("a day too few", _with(softDeleteRetentionInDays=29), {"vault": Outcome.VIOLATED}, config={"minimumDays": 30}),
    Case(
        "just enough days", _with(softDeleteRetentionInDays=30), {"vault": Outcome.PASSED}, config={"minimumDays": 30}
    ),
    Case("unknown", _with(enableSoftDelete=UNKNOWN), {"vault": Outcome.NOT_SEEN}),
    Case("unknown days", _with(softDeleteRetentionInDays=UNKNOWN), {"vault": Outcome.NOT_SEEN}),
    Case("days that are no number", _with(softDeleteRetentionInDays="7"), {"vault": Outcome.NOT_SEEN}),
    Case("a workspace", [workspace()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
