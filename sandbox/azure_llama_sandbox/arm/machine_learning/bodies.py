"""Bodies of Microsoft.MachineLearningServices PUTs, deployments apart (contract 2025-12-01)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from azure_llama_sandbox.arm.contract import ABSENT, Identity, MachineLearning, Sku, Strict, Tagged

Text = Annotated[str, Field(min_length=1, pattern="[a-zA-Z0-9_]")]
"""A text that is not empty."""


class ComputeRuntime(Strict):
    """`featureStoreSettings.computeRuntime`."""

    spark_runtime_version: str = ABSENT


class FeatureStore(Strict):
    """`featureStoreSettings`."""

    compute_runtime: ComputeRuntime = ABSENT
    offline_store_connection_name: str = ABSENT
    online_store_connection_name: str = ABSENT


class CmkIdentity(Strict):
    """`encryption.identity`."""

    user_assigned_identity: str = ABSENT


class CmkKey(Strict):
    """`encryption.keyVaultProperties`."""

    key_identifier: Text
    key_vault_arm_id: Text
    identity_client_id: str = ABSENT


class Encryption(Strict):
    """`encryption`."""

    key_vault_properties: CmkKey
    status: str
    cosmos_db_resource_id: str = ABSENT
    identity: CmkIdentity = ABSENT
    search_account_resource_id: str = ABSENT
    storage_account_resource_id: str = ABSENT


class _Rule(Strict):
    category: str = ABSENT
    status: str = ABSENT


class FqdnRule(_Rule):
    """An outbound rule for a host name."""

    type: Literal["FQDN"]
    destination: str = ABSENT


class PrivateEndpointDestination(Strict):
    """`destination` of an outbound private endpoint."""

    service_resource_id: str = ABSENT
    spark_enabled: bool = ABSENT
    spark_status: str = ABSENT
    subresource_target: str = ABSENT


class PrivateEndpointRule(_Rule):
    """An outbound rule for a private endpoint."""

    type: Literal["PrivateEndpoint"]
    destination: PrivateEndpointDestination = ABSENT
    fqdns: list[str] = ABSENT


class ServiceTagDestination(Strict):
    """`destination` of an outbound service tag."""

    action: str = ABSENT
    address_prefixes: list[str] = ABSENT
    port_ranges: str = ABSENT
    protocol: str = ABSENT
    service_tag: str = ABSENT


class ServiceTagRule(_Rule):
    """An outbound rule for a service tag."""

    type: Literal["ServiceTag"]
    destination: ServiceTagDestination = ABSENT


class NetworkStatus(Strict):
    """`managedNetwork.status`."""

    spark_ready: bool = ABSENT
    status: str = ABSENT


class ManagedNetwork(Strict):
    """`managedNetwork`."""

    enable_network_monitor: bool = ABSENT
    firewall_sku: str = ABSENT
    isolation_mode: str = ABSENT
    managed_network_kind: str = ABSENT
    outbound_rules: dict[
        str, Annotated[FqdnRule | PrivateEndpointRule | ServiceTagRule, Field(discriminator="type")]
    ] = ABSENT
    status: NetworkStatus = ABSENT


class OutboundRuleBody(Strict):
    """An outbound rule's PUT."""

    properties: Annotated[FqdnRule | PrivateEndpointRule | ServiceTagRule, Field(discriminator="type")]


class ServerlessCompute(Strict):
    """`serverlessComputeSettings`."""

    serverless_compute_custom_subnet: str = ABSENT
    serverless_compute_no_public_ip: bool = Field(ABSENT, alias="serverlessComputeNoPublicIP")


class CosmosDb(Strict):
    """`serviceManagedResourcesSettings.cosmosDb`."""

    collections_throughput: int = ABSENT


class ServiceManagedResources(Strict):
    """`serviceManagedResourcesSettings`."""

    cosmos_db: CosmosDb = ABSENT


class PrivateLinkProperties(Strict):
    """`sharedPrivateLinkResources[].properties`."""

    group_id: str = ABSENT
    private_link_resource_id: str = ABSENT
    request_message: str = ABSENT
    status: str = ABSENT


class PrivateLink(Strict):
    """One of `sharedPrivateLinkResources`."""

    name: str = ABSENT
    properties: PrivateLinkProperties = ABSENT


class HubConfig(Strict):
    """`workspaceHubConfig`."""

    additional_workspace_storage_accounts: list[str] = ABSENT
    default_workspace_resource_group: str = ABSENT


class WorkspaceProperties(Strict):
    """`properties` of a workspace."""

    allow_public_access_when_behind_vnet: bool = ABSENT
    application_insights: str = ABSENT
    associated_workspaces: list[str] = ABSENT
    container_registry: str = ABSENT
    description: str = ABSENT
    discovery_url: str = ABSENT
    enable_data_isolation: bool = ABSENT
    enable_service_side_cmk_encryption: bool = Field(ABSENT, alias="enableServiceSideCMKEncryption")
    encryption: Encryption = ABSENT
    feature_store_settings: FeatureStore = ABSENT
    friendly_name: str = ABSENT
    hbi_workspace: bool = ABSENT
    hub_resource_id: str = ABSENT
    image_build_compute: str = ABSENT
    key_vault: str = ABSENT
    managed_network: ManagedNetwork = ABSENT
    primary_user_assigned_identity: str = ABSENT
    provision_network_now: bool = ABSENT
    public_network_access: str = ABSENT
    serverless_compute_settings: ServerlessCompute = ABSENT
    service_managed_resources_settings: ServiceManagedResources = ABSENT
    shared_private_link_resources: list[PrivateLink] = ABSENT
    storage_account: str = ABSENT
    system_datastores_auth_mode: str = ABSENT
    v1_legacy_mode: bool = Field(ABSENT, alias="v1LegacyMode")
    workspace_hub_config: HubConfig = ABSENT


class WorkspaceBody(Tagged):
    """A workspace's PUT."""

    properties: WorkspaceProperties
    identity: Identity = ABSENT
    kind: str = ABSENT
    location: str = ABSENT
    sku: Sku = ABSENT


class SubscriptionProperties(Strict):
    """`properties` of a marketplace subscription."""

    model_id: Text


class SubscriptionBody(Strict):
    """A marketplace subscription's PUT."""

    properties: SubscriptionProperties


class ContentSafety(Strict):
    """`contentSafety`."""

    content_safety_status: str


class ModelSettings(Strict):
    """`modelSettings`."""

    model_id: str = ABSENT


class ServerlessProperties(Strict):
    """`properties` of a serverless endpoint."""

    auth_mode: str
    content_safety: ContentSafety = ABSENT
    model_settings: ModelSettings = ABSENT


class ServerlessBody(MachineLearning):
    """A serverless endpoint's PUT."""

    properties: ServerlessProperties


class EndpointKeys(Strict):
    """`keys`."""

    primary_key: str = ABSENT
    secondary_key: str = ABSENT


class EndpointProperties(Strict):
    """`properties` of a managed endpoint."""

    auth_mode: str
    compute: str = ABSENT
    description: str = ABSENT
    keys: EndpointKeys = ABSENT
    mirror_traffic: dict[str, int] = ABSENT
    properties: dict[str, str] = ABSENT
    public_network_access: str = ABSENT
    traffic: dict[str, int] = ABSENT


class EndpointBody(MachineLearning):
    """A managed endpoint's PUT."""

    properties: EndpointProperties
