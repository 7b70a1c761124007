"""What `diagnostics` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.diagnostics import RULE
from tests.policies.cases import UNKNOWN, Case, Given, given, group, online_endpoint, workspace

ID = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-llama"
VAULT = given("keyvault:Vault", "vault", {"vaultName": "kv-llama"})
DEPLOYED = given("keyvault:Vault", "vault", {"vaultName": "kv-llama"}, outputs={"id": ID})


def _of(target: object, name: str = "logs", **rest: object) -> Given:
    return given("monitor:DiagnosticSetting", name, {"resourceUri": target}, **rest)


CASES = [
    Case("of its output", [VAULT, _of(UNKNOWN, comes_from={"resourceUri": [VAULT]})], {"vault": Outcome.PASSED}),
    Case("of its id", [DEPLOYED, _of(ID.upper())], {"vault": Outcome.PASSED}),
    Case("of a part of it", [DEPLOYED, _of(f"{ID}/secrets/default")], {"vault": Outcome.PASSED}),
    Case("of its name", [VAULT, _of(ID)], {"vault": Outcome.PASSED}),
    Case("of another vault", [DEPLOYED, _of(ID + "-2")], {"vault": Outcome.VIOLATED}),
    Case("of another name", [VAULT, _of("/vaults/other")], {"vault": Outcome.VIOLATED}),
    Case(
        "of another's output", [VAULT, _of(UNKNOWN, comes_from={"resourceUri": [group()]})], {"vault": Outcome.VIOLATED}
    ),
    Case(
        "the second setting is its own",
        [DEPLOYED, _of(ID + "-2", "a"), _of(ID, "b")],
        {"vault": Outcome.PASSED},
    ),
    Case(
        "one has one, and the next has none",
        [VAULT, given("keyvault:Vault", "without", {"vaultName": "kv-2"}), _of(ID)],
        {"vault": Outcome.PASSED, "without": Outcome.VIOLATED},
    ),
    Case("none", [VAULT], {"vault": Outcome.VIOLATED}),
    Case("a workspace, too", [workspace()], {"ws": Outcome.VIOLATED}),
    Case("a managed endpoint, too", [online_endpoint()], {"llama": Outcome.VIOLATED}),
    Case("a storage account, too", [given("storage:StorageAccount", "st", {})], {"st": Outcome.VIOLATED}),
    Case("of who knows what", [VAULT, _of(UNKNOWN)], {"vault": Outcome.NOT_SEEN}),
    Case(
        "of who knows what, but there is another",
        [VAULT, _of(UNKNOWN, "a"), _of(ID, "b")],
        {"vault": Outcome.PASSED},
    ),
    Case("a resource group", [group()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
