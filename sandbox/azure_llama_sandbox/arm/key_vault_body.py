"""The body of a Microsoft.KeyVault/vaults PUT (contract 2024-11-01)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from azure_llama_sandbox.arm.contract import ABSENT, Located, Strict

_GUID = r"^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$"

Guid = Annotated[str, Field(pattern=_GUID, min_length=36, max_length=36)]
"""Of a tenant or an application."""


class Permissions(Strict):
    """`accessPolicies[].permissions`."""

    certificates: list[str] = ABSENT
    keys: list[str] = ABSENT
    secrets: list[str] = ABSENT
    storage: list[str] = ABSENT


class AccessPolicy(Strict):
    """One of `accessPolicies`."""

    object_id: str
    permissions: Permissions
    tenant_id: Guid
    application_id: Guid = ABSENT


class VaultIpRule(Strict):
    """One of `networkAcls.ipRules`."""

    value: str


class VaultSubnetRule(Strict):
    """One of `networkAcls.virtualNetworkRules`."""

    id: str
    ignore_missing_vnet_service_endpoint: bool = ABSENT


class VaultNetworkRules(Strict):
    """`networkAcls`."""

    bypass: str = ABSENT
    default_action: str = ABSENT
    ip_rules: list[VaultIpRule] = ABSENT
    virtual_network_rules: list[VaultSubnetRule] = ABSENT


class VaultSku(Strict):
    """`sku`."""

    family: str
    name: Literal["standard", "premium"]


class VaultProperties(Strict):
    """`properties`."""

    sku: VaultSku
    tenant_id: Guid
    access_policies: list[AccessPolicy] = ABSENT
    create_mode: Literal["recover", "default"] = ABSENT
    enable_purge_protection: bool = ABSENT
    enable_rbac_authorization: bool = ABSENT
    enable_soft_delete: bool = ABSENT
    enabled_for_deployment: bool = ABSENT
    enabled_for_disk_encryption: bool = ABSENT
    enabled_for_template_deployment: bool = ABSENT
    network_acls: VaultNetworkRules = ABSENT
    provisioning_state: str = ABSENT
    public_network_access: str = ABSENT
    soft_delete_retention_in_days: int = ABSENT
    vault_uri: str = ABSENT


class VaultBody(Located):
    """A PUT's body."""

    properties: VaultProperties
