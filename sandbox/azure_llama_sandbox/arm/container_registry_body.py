"""The body of a Microsoft.ContainerRegistry/registries PUT (contract 2023-01-01-preview)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from azure_llama_sandbox.arm.contract import ABSENT, Located, Strict


class Sku(Strict):
    """`sku`."""

    name: str


class UserIdentityProperties(Strict):
    """`identity.userAssignedIdentities.<name>`."""

    client_id: str = ABSENT
    principal_id: str = ABSENT


class IdentityProperties(Strict):
    """`identity`."""

    principal_id: str = ABSENT
    tenant_id: str = ABSENT
    type: Literal["SystemAssigned", "UserAssigned", "SystemAssigned, UserAssigned", "None"] = ABSENT
    user_assigned_identities: dict[str, UserIdentityProperties] = ABSENT


class KeyVaultProperties(Strict):
    """`encryption.keyVaultProperties`."""

    identity: str = ABSENT
    key_identifier: str = ABSENT


class EncryptionProperty(Strict):
    """`encryption`."""

    key_vault_properties: KeyVaultProperties = ABSENT
    status: str = ABSENT


class IPRule(Strict):
    """`networkRuleSet.ipRules[]`."""

    value: str
    action: str = ABSENT


class NetworkRuleSet(Strict):
    """`networkRuleSet`."""

    default_action: str
    ip_rules: list[IPRule] = ABSENT


class Policy(Strict):
    """One of `policies` that is on or off."""

    status: str = ABSENT


class RetentionPolicy(Policy):
    """`policies.retentionPolicy`."""

    days: int = ABSENT


class SoftDeletePolicy(Policy):
    """`policies.softDeletePolicy`."""

    retention_days: int = ABSENT


class TrustPolicy(Policy):
    """`policies.trustPolicy`."""

    type: str = ABSENT


class Policies(Strict):
    """`policies`."""

    azure_ad_authentication_as_arm_policy: Policy = Field(ABSENT, alias="azureADAuthenticationAsArmPolicy")
    export_policy: Policy = ABSENT
    quarantine_policy: Policy = ABSENT
    retention_policy: RetentionPolicy = ABSENT
    soft_delete_policy: SoftDeletePolicy = ABSENT
    trust_policy: TrustPolicy = ABSENT


class RegistryProperties(Strict):
    """`properties`."""

    admin_user_enabled: bool = ABSENT
    anonymous_pull_enabled: bool = ABSENT
    data_endpoint_enabled: bool = ABSENT
    encryption: EncryptionProperty = ABSENT
    network_rule_bypass_options: str = ABSENT
    network_rule_set: NetworkRuleSet = ABSENT
    policies: Policies = ABSENT
    public_network_access: str = ABSENT
    zone_redundancy: str = ABSENT


class RegistryBody(Located):
    """A PUT's body."""

    sku: Sku
    identity: IdentityProperties = ABSENT
    properties: RegistryProperties = ABSENT
