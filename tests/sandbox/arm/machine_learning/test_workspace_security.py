"""A workspace's primary identity and its customer's key."""

from __future__ import annotations

from typing import Any

import pytest

from azure_llama_sandbox.store import Resource
from tests.sandbox.arm.harness import GROUP, HUB, STORAGE, VAULT, Azure, account_body, hub_body, vault_body

IDENTITY = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/llama"
KEY = "https://llama-vault.vault.azure.net/keys/workspace"
PRIMARY = "primaryUserAssignedIdentity"


@pytest.fixture
def protected(azure: Azure) -> Azure:
    """A group with a vault that is protected from purging, a key in it, and an identity."""
    azure.with_group()
    azure.put(STORAGE, account_body())
    azure.put(VAULT, vault_body(enablePurgeProtection=True))
    azure.put(IDENTITY, {"location": "eastus2"})
    key = f"{VAULT}/keys/workspace"
    azure.store.put(Resource(key, "Microsoft.KeyVault/vaults/keys", {"id": key, "name": "workspace"}))
    return azure


def encryption(identifier: str = KEY, vault: str = VAULT, status: str = "Enabled") -> dict[str, Any]:
    return {"status": status, "keyVaultProperties": {"keyIdentifier": identifier, "keyVaultArmId": vault}}


@pytest.mark.parametrize("identifier", [KEY, f"{KEY}/0123456789abcdef"])
def test_a_key_of_a_protected_vault(protected: Azure, identifier: str) -> None:
    body = hub_body(encryption=encryption(identifier))
    hub = protected.put(HUB, body)
    assert hub["properties"]["encryption"] == encryption(identifier)
    assert protected.put(HUB, hub_body())["properties"]["encryption"] == encryption(identifier)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (encryption(vault=STORAGE), "was not found"),
        (encryption("https://other.vault.azure.net/keys/workspace"), "a key of that vault is"),
        (encryption("workspace"), "a key of that vault is"),
        (encryption("https://llama-vault.vault.azure.net/keys/other"), "has no key 'other'"),
        (encryption(status="On"), "properties.encryption.status"),
    ],
)
def test_keys_refused(protected: Azure, given: dict[str, Any], words: str) -> None:
    refusal = protected.refused("PUT", HUB, hub_body(encryption=given))
    assert (refusal.status, refusal.code) == (400, "UserError")
    assert words in refusal.message


def test_a_vault_without_purge_protection(azure: Azure) -> None:
    azure.with_group()
    azure.put(STORAGE, account_body())
    azure.put(VAULT, vault_body())
    refusal = azure.refused("PUT", HUB, hub_body(encryption=encryption()))
    assert "no purge protection" in refusal.message


def test_a_key_is_not_added_later(protected: Azure) -> None:
    protected.put(HUB, hub_body())
    assert "cannot be added" in protected.refused("PUT", HUB, hub_body(encryption=encryption())).message


def user(type_: str, *ids: str) -> dict[str, Any]:
    return {"type": type_, "userAssignedIdentities": {id_: {} for id_ in ids}}


def test_a_workspace_with_an_identity_of_its_own(protected: Azure) -> None:
    body = hub_body(**{PRIMARY: IDENTITY}) | {"identity": user("UserAssigned", IDENTITY)}
    hub = protected.put(HUB, body)
    known = protected.get(IDENTITY)["properties"]
    (assigned,) = hub["identity"]["userAssignedIdentities"].values()
    assert assigned["principalId"] == known["principalId"]
    assert hub["properties"][PRIMARY] == IDENTITY


@pytest.mark.parametrize(
    ("primary", "identity"),
    [
        (None, user("UserAssigned", IDENTITY)),
        (f"{IDENTITY}-2", user("UserAssigned", IDENTITY)),
        (IDENTITY, {"type": "SystemAssigned"}),
    ],
)
def test_primary_identities_refused(protected: Azure, primary: str | None, identity: dict[str, Any]) -> None:
    body = hub_body(**({PRIMARY: primary} if primary else {})) | {"identity": identity}
    refusal = protected.refused("PUT", HUB, body)
    assert refusal.error["target"] == f"properties.{PRIMARY}"
