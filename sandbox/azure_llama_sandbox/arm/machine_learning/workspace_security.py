"""A workspace's identity and its customer-managed encryption key."""

from __future__ import annotations

import re
from typing import Any

from azure_llama_sandbox.arm.calls import Call
from azure_llama_sandbox.arm.contract import one_of
from azure_llama_sandbox.arm.errors import ArmError, user_error
from azure_llama_sandbox.arm.key_vault import VAULT
from azure_llama_sandbox.arm.kinds import Body
from azure_llama_sandbox.store import Resource

_KEY = re.compile(r"https://(?P<vault>[a-zA-Z0-9-]+)\.vault\.azure\.net/keys/(?P<key>[a-zA-Z0-9-]+)(/[a-zA-Z0-9]*)?/?")


def check(call: Call, given: Body, identity: Body, existing: Resource | None, region: str) -> None:
    """Refuse a workspace whose primary identity or key is not what it must be.

    Args:
        call: Required.
        given: Required. The properties.
        identity: Required. As it will be.
        existing: Optional. The workspace as it is.
        region: Required. Its own.

    Raises:
        ArmError: 400.
    """
    _check_primary(given, identity, existing, region)
    if given.get("encryption"):
        _check_encryption(call, given["encryption"], existing, region)


def _check_primary(given: Body, identity: Body, existing: Resource | None, region: str) -> None:
    """That one must be named when there is no system identity is general knowledge of Azure."""
    path = "properties.primaryUserAssignedIdentity"
    before = existing.properties.get("primaryUserAssignedIdentity") if existing else None
    primary = given.get("primaryUserAssignedIdentity") or before
    assigned = {id_.lower() for id_ in identity.get("userAssignedIdentities") or {}}
    if primary and primary.lower() not in assigned:
        raise _refuse(f"'{path}' is '{primary}', which 'identity.userAssignedIdentities' does not hold.", region, path)
    if identity["type"] == "UserAssigned" and not primary:
        raise _refuse(
            f"A workspace whose identity is UserAssigned needs '{path}', one of 'identity.userAssignedIdentities'.",
            region,
            path,
        )


def _check_encryption(call: Call, encryption: Body, existing: Resource | None, region: str) -> None:
    """A key of the customer's own. That the vault must be protected from purging is documented; when it may change is
    general knowledge of Azure."""
    path = "properties.encryption"
    one_of(encryption["status"], f"{path}.status", ("Enabled", "Disabled"))
    key = encryption["keyVaultProperties"]
    if existing is not None:
        before = (existing.properties.get("encryption") or {}).get("keyVaultProperties", {})
        if str(before.get("keyVaultArmId", "")).lower() != key["keyVaultArmId"].lower():
            raise _refuse(
                f"'{path}' of the workspace '{existing.name}' cannot be added, or moved to another vault, later.",
                region,
                path,
            )
    vault_path, key_path = (f"{path}.keyVaultProperties.{each}" for each in ("keyVaultArmId", "keyIdentifier"))
    vault = call.store.get(key["keyVaultArmId"])
    if vault is None or vault.type != VAULT:
        raise _refuse(f"'{vault_path}' is '{key['keyVaultArmId']}', which was not found.", region, vault_path)
    if not vault.properties.get("enablePurgeProtection"):
        raise _refuse(
            f"The vault '{vault.name}' has no purge protection: a workspace takes a key of its own from a vault with"
            " soft delete and purge protection only. Set enablePurgeProtection on the vault.",
            region,
            vault_path,
        )
    match = _KEY.fullmatch(key["keyIdentifier"])
    if match is None or match["vault"].lower() != vault.name.lower():
        raise _refuse(
            f"'{key_path}' is '{key['keyIdentifier']}'; a key of that vault is"
            f" https://{vault.name.lower()}.vault.azure.net/keys/<name>[/<version>].",
            region,
            key_path,
        )
    if call.store.get(f"{vault.id}/keys/{match['key']}") is None:
        raise _refuse(f"The vault '{vault.name}' has no key '{match['key']}'. Create it first.", region, key_path)


def _refuse(message: str, region: str, target: str) -> ArmError:
    return user_error(message, "BadArgument", location=region, target=target)


_MAY_BE_EMPTY = ("imageBuildCompute", "primaryUserAssignedIdentity", "systemDatastoresAuthMode")


def without_placeholders(body: Any) -> Any:
    """A PUT's body without the texts and the disabled encryption that azure-ai-ml writes where it means none."""
    if not isinstance(body, dict) or not isinstance(body.get("properties"), dict):
        return body
    given = {key: value for key, value in body["properties"].items() if value != "" or key not in _MAY_BE_EMPTY}
    encryption = given.get("encryption")
    if isinstance(encryption, dict) and str(encryption.get("status")).lower() == "disabled":
        del given["encryption"]
    return body | {"properties": given}
