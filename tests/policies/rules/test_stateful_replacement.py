"""What `stateful-replacement` says."""

from __future__ import annotations

import pytest

from azure_llama_policies.rule import Outcome
from azure_llama_policies.rules.stateful_replacement import RULE
from tests.policies.cases import UNKNOWN, Case, Given, given, group, workspace

RG = "/subscriptions/s/resourceGroups/rg"
ID = f"{RG}/providers/Microsoft.KeyVault/vaults/kv-llama"
INPUTS = {"vaultName": "kv-llama", "resourceGroupName": "rg"}
VAULT = given("keyvault:Vault", "vault", INPUTS)
DEPLOYED = given("keyvault:Vault", "vault", INPUTS, outputs={"id": ID})


def _scope(scope: object, level: object = "CanNotDelete", **rest: object) -> Given:
    inputs = {"level": level, "scope": scope}
    return given("authorization:ManagementLockByScope", "lock", inputs, **rest)


def _group(name: object, level: object = "CanNotDelete") -> Given:
    return given(
        "authorization:ManagementLockAtResourceGroupLevel", "lock", {"level": level, "resourceGroupName": name}
    )


def _resource(name: object) -> Given:
    return given("authorization:ManagementLockAtResourceLevel", "lock", {"level": "ReadOnly", "resourceName": name})


CASES = [
    Case("protected", [given("keyvault:Vault", "vault", INPUTS, protect=True)], {"vault": Outcome.PASSED}),
    Case("not protected", [VAULT], {"vault": Outcome.VIOLATED}),
    Case("a workspace", [workspace()], {}),
    Case("a storage account, too", [given("storage:StorageAccount", "st", {})], {"st": Outcome.VIOLATED}),
    Case("its group is locked", [VAULT, _group("RG")], {"vault": Outcome.PASSED}),
    Case("another group is locked", [VAULT, _group("other")], {"vault": Outcome.VIOLATED}),
    Case("a lock that locks nothing", [VAULT, _group("rg", "NotSpecified")], {"vault": Outcome.VIOLATED}),
    Case("it is locked by name", [VAULT, _resource("KV-llama")], {"vault": Outcome.PASSED}),
    Case("another is locked by name", [VAULT, _resource("other")], {"vault": Outcome.VIOLATED}),
    Case("its output is locked", [VAULT, _scope(UNKNOWN, comes_from={"scope": [VAULT]})], {"vault": Outcome.PASSED}),
    Case(
        "its group's output is locked",
        [VAULT, group(), _scope(UNKNOWN, comes_from={"scope": [group()]})],
        {"vault": Outcome.PASSED},
    ),
    Case(
        "another group's output is locked",
        [VAULT, group("other"), _scope(UNKNOWN, comes_from={"scope": [group("other")]})],
        {"vault": Outcome.VIOLATED},
    ),
    Case(
        "another's output is locked",
        [VAULT, workspace(), _scope(UNKNOWN, comes_from={"scope": [workspace()]})],
        {"vault": Outcome.VIOLATED},
    ),
    Case(
        "something of no interest is locked",
        [VAULT, _scope(UNKNOWN, comes_from={"scope": [given("x:Y", "y", {})]})],
        {"vault": Outcome.VIOLATED},
    ),
    Case("its id is locked", [DEPLOYED, _scope(ID.upper())], {"vault": Outcome.PASSED}),
    Case("its group's id is locked", [DEPLOYED, _scope(RG)], {"vault": Outcome.PASSED}),
    Case("a group whose name begins alike is locked", [DEPLOYED, _scope(f"{RG}2")], {"vault": Outcome.VIOLATED}),
    Case("a group whose name is shorter is locked", [DEPLOYED, _scope(RG[:-1])], {"vault": Outcome.VIOLATED}),
    Case("its id is locked before it is there", [VAULT, _scope(ID, "readonly")], {"vault": Outcome.PASSED}),
    Case("its group's id is locked before it is there", [VAULT, _scope(RG)], {"vault": Outcome.PASSED}),
    Case("another id is locked before it is there", [VAULT, _scope(ID + "2")], {"vault": Outcome.VIOLATED}),
    Case(
        "the same name in another group is locked before it is there",
        [VAULT, _scope(ID.replace("/rg/", "/rg2/"))],
        {"vault": Outcome.VIOLATED},
    ),
    Case("who knows what is locked", [VAULT, _scope(UNKNOWN)], {"vault": Outcome.NOT_SEEN}),
    Case("a lock of an unknown level", [VAULT, _group("rg", UNKNOWN)], {"vault": Outcome.NOT_SEEN}),
    Case(
        "one is protected, and the other unseen",
        [given("keyvault:Vault", "a", INPUTS, protect=True), given("keyvault:Vault", "b", INPUTS), _scope(UNKNOWN)],
        {"a": Outcome.PASSED, "b": Outcome.NOT_SEEN},
    ),
    Case(
        "two are unseen",
        [given("keyvault:Vault", "a", INPUTS), given("keyvault:Vault", "b", INPUTS), _scope(UNKNOWN)],
        {"a": Outcome.NOT_SEEN, "b": Outcome.NOT_SEEN},
    ),
    Case("a resource group", [group()], {}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case) -> None:
    case.check(RULE)
