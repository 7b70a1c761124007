"""A customer-managed key for a workspace's data."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi import Input, Resource
from pulumi_azure_native import keyvault
from pulumi_azure_native import machinelearningservices as ml

from azure_llama_components.identity import UserAssignedIdentity
from azure_llama_components.placement import Placement

KEY_NAME = "workspace"
_READS_KEYS = "Key Vault Crypto Service Encryption User"


@dataclass(frozen=True, kw_only=True)
class EncryptionArgs:
    """The key of a workspace. Azure takes it when the workspace is created, and moves it to no other vault later.

    Attributes:
        create: Conditional. Make a key in the workspace's own vault, which is then protected from purging; the
            workspace's identity has to be user-assigned, since it must be let to the key first. Required unless the
            other two.
        key_vault_id: Conditional. ARM id of the vault of a key that exists; with `key_identifier`.
        key_identifier: Conditional. `https://<vault>.vault.azure.net/keys/<name>/<version>`; with `key_vault_id`.
    """

    create: bool = False
    key_vault_id: str | None = None
    key_identifier: str | None = None


@dataclass(frozen=True, kw_only=True)
class OwnVault:
    """The workspace's own vault: its name, its ARM id as a plain value, and itself."""

    name: str
    id: str
    resource: keyvault.Vault


def encryption(
    name: str, place: Placement, args: EncryptionArgs, vault: OwnVault, identity: UserAssignedIdentity | None
) -> tuple[ml.EncryptionPropertyArgs, list[Resource]]:
    """The workspace's encryption settings, and the resources that they depend on.

    Raises:
        ValueError: the arguments name no key, or ask for a new one without a user-assigned identity.
    """
    if args.create and identity is None:
        raise ValueError(
            "a key of the workspace's own needs a user-assigned identity: IdentityArgs(type='UserAssigned')"
        )
    needed: list[Resource] = []
    identifier: Input[str]
    if args.create:
        key = _key(f"{name}-key", place, vault)
        vault_id, identifier = vault.id, key.key_uri_with_version
        needed.append(key)
    elif args.key_vault_id and args.key_identifier:
        vault_id, identifier = args.key_vault_id, args.key_identifier
    else:
        raise ValueError("EncryptionArgs takes create=True, or key_vault_id and key_identifier")
    if identity is not None:
        identity.give(f"{name}-key-reader", place, scope=vault_id, role=_READS_KEYS, after=vault.resource)
        needed.extend(identity.depends_on)
    return (
        ml.EncryptionPropertyArgs(
            status=ml.EncryptionStatus.ENABLED,
            key_vault_properties=ml.KeyVaultPropertiesArgs(key_vault_arm_id=vault_id, key_identifier=identifier),
            identity=ml.IdentityForCmkArgs(user_assigned_identity=identity.id) if identity else None,
        ),
        needed,
    )


def _key(name: str, place: Placement, vault: OwnVault) -> keyvault.Key:
    return keyvault.Key(
        name,
        key_name=KEY_NAME,
        vault_name=vault.name,
        resource_group_name=place.resource_group_name,
        tags=dict(place.tags),
        properties=keyvault.KeyPropertiesArgs(
            kty=keyvault.JsonWebKeyType.RSA,
            key_size=3072,
            key_ops=[keyvault.JsonWebKeyOperation.WRAP_KEY, keyvault.JsonWebKeyOperation.UNWRAP_KEY],
        ),
        # azure-native deletes a key at the vault itself, where owning the subscription gives no right to; and a vault
        # takes its keys along.
        opts=place.options(vault.resource, deleted_with=vault.resource),
    )
