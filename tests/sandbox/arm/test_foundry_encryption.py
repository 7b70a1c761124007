"""A Foundry account that is encrypted with a key of the customer's."""

from __future__ import annotations

from typing import Any

import pytest

from azure_llama_sandbox.store import Resource
from tests.sandbox.arm.around import FOUNDRY, foundry_body
from tests.sandbox.arm.harness import VAULT, Azure, vault_body


@pytest.mark.parametrize(
    ("vault", "key", "words"), [("llama-vault", "other", "no key 'other'"), ("other", "cmk", "was not found")]
)
def test_a_key_of_the_customer_has_to_exist(azure: Azure, vault: str, key: str, words: str) -> None:
    azure.with_group()
    azure.put(VAULT, vault_body(enablePurgeProtection=True))
    made = f"{VAULT}/keys/cmk"
    azure.store.put(Resource(made, "Microsoft.KeyVault/vaults/keys", {"id": made, "name": "cmk"}))

    def body(vault: str, key: str) -> dict[str, Any]:
        named = {"keyName": key, "keyVersion": "", "keyVaultUri": f"https://{vault}.vault.azure.net/"}
        return foundry_body(encryption={"keySource": "Microsoft.KeyVault", "keyVaultProperties": named})

    refusal = azure.refused("PUT", FOUNDRY, body(vault, key))
    assert (refusal.status, refusal.code) == (400, "InvalidEncryptionSettings")
    assert words in refusal.message
    azure.put(FOUNDRY, body("llama-vault", "cmk"))
