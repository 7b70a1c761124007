"""The body of a Microsoft.Storage/storageAccounts PUT (contract 2024-01-01)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from azure_llama_sandbox.arm.contract import ABSENT, ExtendedLocation, Identity, Located, Strict


class ImmutabilityPolicy(Strict):
    """`immutableStorageWithVersioning.immutabilityPolicy`."""

    allow_protected_append_writes: bool = ABSENT
    immutability_period_since_creation_in_days: int = Field(ABSENT, ge=1, le=146_000)
    state: str = ABSENT


class ImmutableStorage(Strict):
    """`immutableStorageWithVersioning`."""

    enabled: bool = ABSENT
    immutability_policy: ImmutabilityPolicy = ABSENT


class ActiveDirectory(Strict):
    """`azureFilesIdentityBasedAuthentication.activeDirectoryProperties`."""

    domain_guid: str
    domain_name: str
    account_type: str = ABSENT
    azure_storage_sid: str = ABSENT
    domain_sid: str = ABSENT
    forest_name: str = ABSENT
    net_bios_domain_name: str = ABSENT
    sam_account_name: str = ABSENT


class FilesAuthentication(Strict):
    """`azureFilesIdentityBasedAuthentication`."""

    directory_service_options: str
    active_directory_properties: ActiveDirectory = ABSENT
    default_share_permission: str = ABSENT


class CustomDomain(Strict):
    """`customDomain`."""

    name: str
    use_sub_domain_name: bool = ABSENT


class EncryptionIdentity(Strict):
    """`encryption.identity`."""

    federated_identity_client_id: str = ABSENT
    user_assigned_identity: str = ABSENT


class EncryptionKey(Strict):
    """`encryption.keyvaultproperties`."""

    keyname: str = ABSENT
    keyvaulturi: str = ABSENT
    keyversion: str = ABSENT


class EncryptionService(Strict):
    """One of `encryption.services`."""

    enabled: bool = ABSENT
    key_type: str = ABSENT


class EncryptionServices(Strict):
    """`encryption.services`."""

    blob: EncryptionService = ABSENT
    file: EncryptionService = ABSENT
    queue: EncryptionService = ABSENT
    table: EncryptionService = ABSENT


class Encryption(Strict):
    """`encryption`."""

    identity: EncryptionIdentity = ABSENT
    key_source: str = ABSENT
    keyvaultproperties: EncryptionKey = ABSENT
    require_infrastructure_encryption: bool = ABSENT
    services: EncryptionServices = ABSENT


class IpRule(Strict):
    """One of `networkAcls.ipRules`."""

    value: str
    action: Literal["Allow"] = ABSENT


class ResourceAccessRule(Strict):
    """One of `networkAcls.resourceAccessRules`."""

    resource_id: str = ABSENT
    tenant_id: str = ABSENT


class SubnetRule(Strict):
    """One of `networkAcls.virtualNetworkRules`."""

    id: str
    action: Literal["Allow"] = ABSENT
    state: str = ABSENT


class NetworkRules(Strict):
    """`networkAcls`."""

    default_action: Literal["Allow", "Deny"]
    bypass: str = ABSENT
    ip_rules: list[IpRule] = ABSENT
    resource_access_rules: list[ResourceAccessRule] = ABSENT
    virtual_network_rules: list[SubnetRule] = ABSENT


class KeyPolicy(Strict):
    """`keyPolicy`."""

    key_expiration_period_in_days: int


class RoutingPreference(Strict):
    """`routingPreference`."""

    publish_internet_endpoints: bool = ABSENT
    publish_microsoft_endpoints: bool = ABSENT
    routing_choice: str = ABSENT


class SasPolicy(Strict):
    """`sasPolicy`."""

    expiration_action: str
    sas_expiration_period: str


class AccountProperties(Strict):
    """`properties`."""

    access_tier: Literal["Hot", "Cool", "Premium", "Cold"] = ABSENT
    allow_blob_public_access: bool = ABSENT
    allow_cross_tenant_replication: bool = ABSENT
    allow_shared_key_access: bool = ABSENT
    allowed_copy_scope: str = ABSENT
    azure_files_identity_based_authentication: FilesAuthentication = ABSENT
    custom_domain: CustomDomain = ABSENT
    default_to_o_auth_authentication: bool = Field(ABSENT, alias="defaultToOAuthAuthentication")
    dns_endpoint_type: str = ABSENT
    enable_extended_groups: bool = ABSENT
    encryption: Encryption = ABSENT
    immutable_storage_with_versioning: ImmutableStorage = ABSENT
    is_hns_enabled: bool = ABSENT
    is_local_user_enabled: bool = ABSENT
    is_nfs_v3_enabled: bool = Field(ABSENT, alias="isNfsV3Enabled")
    is_sftp_enabled: bool = ABSENT
    key_policy: KeyPolicy = ABSENT
    large_file_shares_state: str = ABSENT
    minimum_tls_version: str = ABSENT
    network_acls: NetworkRules = ABSENT
    public_network_access: str = ABSENT
    routing_preference: RoutingPreference = ABSENT
    sas_policy: SasPolicy = ABSENT
    supports_https_traffic_only: bool = ABSENT


class AccountSku(Strict):
    """`sku`."""

    name: str


class AccountBody(Located):
    """A PUT's body."""

    kind: str
    sku: AccountSku
    extended_location: ExtendedLocation = ABSENT
    identity: Identity = ABSENT
    properties: AccountProperties = ABSENT
