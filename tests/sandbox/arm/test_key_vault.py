"""Vaults, and the names that stay taken when they are gone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.arm.harness import GROUP, SUB, VAULT, Azure, vault_body

DELETED = f"{SUB}/providers/Microsoft.KeyVault/locations/eastus2/deletedVaults/llama-vault"


@pytest.fixture
def vault(azure: Azure) -> Azure:
    azure.with_group()
    assert azure.call("PUT", VAULT, vault_body()).status_code == 200
    return azure


def test_a_vault(vault: Azure) -> None:
    made = vault.get(VAULT)["properties"]
    assert made["vaultUri"] == "https://llama-vault.vault.azure.net/"
    assert made["softDeleteRetentionInDays"] == 90
    assert made["enableRbacAuthorization"] is True
    assert vault.call("PUT", VAULT, vault_body()).status_code == 200
    patched = vault.call("PATCH", VAULT, {"tags": {"a": "b"}, "properties": {"publicNetworkAccess": "Disabled"}})
    assert patched.json()["properties"]["publicNetworkAccess"] == "Disabled"


def test_a_deleted_vault_keeps_its_name_until_it_is_purged(vault: Azure) -> None:
    vault.delete(VAULT)
    refusal = vault.refused("PUT", VAULT, vault_body())
    assert (refusal.status, refusal.code) == (409, "ConflictError")
    assert [each["name"] for each in vault.get(f"{SUB}/providers/Microsoft.KeyVault/deletedVaults")["value"]]
    assert vault.get(DELETED)["properties"]["vaultId"] == VAULT
    answer = vault.call("POST", f"{DELETED}/purge")
    assert answer.status_code == 202
    assert vault.refused("PUT", VAULT, vault_body()).status == 409
    assert vault.wait(answer).status_code == 204
    assert vault.refused("GET", DELETED).code == "DeletedVaultNotFound"
    assert vault.call("PUT", VAULT, vault_body()).status_code == 200


def test_a_deleted_vault_can_be_recovered(vault: Azure) -> None:
    vault.put(VAULT, vault_body() | {"tags": {"a": "b"}})
    vault.delete(VAULT)
    assert vault.call("PUT", VAULT, vault_body(createMode="recover")).status_code == 200
    assert "createMode" not in vault.get(VAULT)["properties"]
    assert vault.store.soft_deleted() == []


def test_nothing_to_recover(azure: Azure) -> None:
    azure.with_group()
    refusal = azure.refused("PUT", VAULT, vault_body(createMode="recover"))
    assert (refusal.status, refusal.code) == (404, "SoftDeletedVaultDoesNotExist")


def test_names_are_taken_in_the_whole_cloud(vault: Azure) -> None:
    other = f"{SUB}/resourceGroups/other"
    vault.put(other, {"location": "eastus2"})
    taken = VAULT.replace(GROUP, other)
    assert vault.refused("PUT", taken, vault_body()).code == "VaultAlreadyExists"
    vault.delete(VAULT)
    assert vault.refused("PUT", taken, vault_body()).code == "ConflictError"
    assert vault.refused("PUT", taken, vault_body(createMode="recover")).code == "SoftDeletedVaultDoesNotExist"


def test_purge_protection(azure: Azure) -> None:
    azure.with_group()
    azure.put(VAULT, vault_body(enablePurgeProtection=True))
    azure.delete(VAULT)
    assert azure.get(DELETED)["properties"]["purgeProtectionEnabled"] is True
    assert azure.refused("POST", f"{DELETED}/purge").status == 400


@pytest.mark.parametrize(
    ("properties", "target"),
    [
        ({"enablePurgeProtection": False}, "properties.enablePurgeProtection"),
        ({"enableSoftDelete": False}, "properties.enableSoftDelete"),
        ({"softDeleteRetentionInDays": 6}, "properties.softDeleteRetentionInDays"),
        ({"tenantId": "00000000-0000-0000-0000-000000000000"}, "properties.tenantId"),
        ({"enableRbacAuthorization": False}, "properties.accessPolicies"),
        ({"sku": {"name": "gold", "family": "A"}}, "properties.sku.name"),
        ({"tenantId": "mine"}, "properties.tenantId"),
    ],
)
def test_refusals(azure: Azure, properties: dict[str, Any], target: str) -> None:
    azure.with_group()
    refusal = azure.refused("PUT", VAULT, vault_body(**properties))
    assert (refusal.status, refusal.error["target"]) == (400, target)


def test_retention_is_set_once(vault: Azure) -> None:
    refusal = vault.refused("PUT", VAULT, vault_body(softDeleteRetentionInDays=7))
    assert "can't be modified" in refusal.message


@pytest.mark.parametrize("name", ["ab", "1vault", "a--b", "a-", "a" * 25])
def test_names(azure: Azure, name: str) -> None:
    azure.with_group()
    refusal = azure.refused("PUT", f"{GROUP}/providers/Microsoft.KeyVault/vaults/{name}", vault_body())
    assert (refusal.status, refusal.code) == (400, "VaultNameNotValid")
