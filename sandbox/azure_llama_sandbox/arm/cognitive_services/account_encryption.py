"""An account's customer-managed encryption key."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from azure_llama_sandbox.arm.errors import ArmError, bad_request
from azure_llama_sandbox.arm.key_vault import VAULT
from azure_llama_sandbox.store import Store

_PATH = "properties.encryption.keyVaultProperties"
_OF_A_VAULT = "Microsoft.KeyVault"


def check(store: Store, encryption: dict[str, Any] | None) -> None:
    """Refuse a key that its vault does not have.

    Raises:
        ArmError: 400. Azure's code for it is unknown; this one is the sandbox's.
    """
    if (encryption or {}).get("keySource") != _OF_A_VAULT:
        return
    given = (encryption or {}).get("keyVaultProperties") or {}
    host = urlsplit(str(given.get("keyVaultUri", ""))).hostname or ""
    vault = next((each for each in store.of_type(VAULT) if each.name.lower() == host.partition(".")[0]), None)
    if vault is None:
        raise _refuse(f"The vault '{given.get('keyVaultUri')}' was not found.", "keyVaultUri")
    if store.get(f"{vault.id}/keys/{given.get('keyName')}") is None:
        raise _refuse(f"The vault '{vault.name}' has no key '{given.get('keyName')}'. Create it first.", "keyName")


def _refuse(message: str, key: str) -> ArmError:
    return bad_request(message, target=f"{_PATH}.{key}", code="InvalidEncryptionSettings")
