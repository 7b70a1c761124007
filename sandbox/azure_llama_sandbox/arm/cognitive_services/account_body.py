"""The body of a Microsoft.CognitiveServices/accounts PUT (contract 2025-06-01)."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field

from azure_llama_sandbox.arm.contract import ABSENT, Empty, Strict, Tracked


class AccountIdentity(Strict):
    """`identity`."""

    type: Literal["None", "SystemAssigned", "UserAssigned", "SystemAssigned, UserAssigned"] = ABSENT
    user_assigned_identities: dict[str, Empty] = ABSENT


class UserOwnedAmlWorkspace(Strict):
    """`amlWorkspace`."""

    identity_client_id: str = ABSENT
    resource_id: str = ABSENT


class ApiProperties(Strict):
    """`apiProperties`: others than these are let through."""

    model_config = ConfigDict(extra="allow")

    aad_client_id: str = Field(ABSENT, max_length=500)
    aad_tenant_id: str = Field(ABSENT, max_length=500)
    event_hub_connection_string: str = Field(
        ABSENT,
        pattern=r"^( *)Endpoint=sb://(.*);( *)SharedAccessKeyName=(.*);( *)SharedAccessKey=(.*)$",
        max_length=1000,
    )
    qna_azure_search_endpoint_id: str = ABSENT
    qna_azure_search_endpoint_key: str = ABSENT
    qna_runtime_endpoint: str = ABSENT
    statistics_enabled: bool = ABSENT
    storage_account_connection_string: str = Field(
        ABSENT,
        pattern=r"^(( *)DefaultEndpointsProtocol=(http|https)( *);( *))?AccountName=(.*)AccountKey=(.*)"
        r"EndpointSuffix=(.*)$",
        max_length=1000,
    )
    super_user: str = Field(ABSENT, max_length=500)
    website_name: str = Field(ABSENT, max_length=500)


class KeyVaultProperties(Strict):
    """`encryption.keyVaultProperties`."""

    identity_client_id: str = ABSENT
    key_name: str = ABSENT
    key_vault_uri: str = ABSENT
    key_version: str = ABSENT


class Encryption(Strict):
    """`encryption`."""

    key_source: str = ABSENT
    key_vault_properties: KeyVaultProperties = ABSENT


class RegionSetting(Strict):
    """`locations.regions[]`."""

    customsubdomain: str = ABSENT
    name: str = ABSENT
    value: int = ABSENT


class MultiRegionSettings(Strict):
    """`locations`."""

    regions: list[RegionSetting] = ABSENT
    routing_method: str = ABSENT


class IpRule(Strict):
    """`networkAcls.ipRules[]`."""

    value: str


class VirtualNetworkRule(Strict):
    """`networkAcls.virtualNetworkRules[]`."""

    id: str
    ignore_missing_vnet_service_endpoint: bool = ABSENT
    state: str = ABSENT


class NetworkRuleSet(Strict):
    """`networkAcls`."""

    bypass: str = ABSENT
    default_action: str = ABSENT
    ip_rules: list[IpRule] = ABSENT
    virtual_network_rules: list[VirtualNetworkRule] = ABSENT


class NetworkInjection(Strict):
    """`networkInjections[]`."""

    scenario: str = ABSENT
    subnet_arm_id: str = ABSENT
    use_microsoft_managed_network: bool = ABSENT


class RaiMonitorConfig(Strict):
    """`raiMonitorConfig`."""

    adx_storage_resource_id: str = ABSENT
    identity_client_id: str = ABSENT


class UserOwnedStorage(Strict):
    """`userOwnedStorage[]`."""

    identity_client_id: str = ABSENT
    resource_id: str = ABSENT


class AccountProperties(Strict):
    """`properties`."""

    allow_project_management: bool = ABSENT
    allowed_fqdn_list: list[str] = ABSENT
    aml_workspace: UserOwnedAmlWorkspace = ABSENT
    api_properties: ApiProperties = ABSENT
    associated_projects: list[str] = ABSENT
    custom_sub_domain_name: str = ABSENT
    default_project: str = ABSENT
    disable_local_auth: bool = ABSENT
    dynamic_throttling_enabled: bool = ABSENT
    encryption: Encryption = ABSENT
    locations: MultiRegionSettings = ABSENT
    migration_token: str = ABSENT
    network_acls: NetworkRuleSet = ABSENT
    network_injections: list[NetworkInjection] = ABSENT
    public_network_access: str = ABSENT
    rai_monitor_config: RaiMonitorConfig = ABSENT
    restore: bool = ABSENT
    restrict_outbound_network_access: bool = ABSENT
    user_owned_storage: list[UserOwnedStorage] = ABSENT


class Sku(Strict):
    """`sku`."""

    name: str
    capacity: int = ABSENT
    family: str = ABSENT
    size: str = ABSENT
    tier: str = ABSENT


class AccountBody(Tracked):
    """A PUT's body."""

    identity: AccountIdentity = ABSENT
    kind: str = ABSENT
    properties: AccountProperties = ABSENT
    sku: Sku = ABSENT
