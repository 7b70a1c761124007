"""Dependencies of an Azure ML workspace: storage account, key vault, logs, Application Insights, container registry."""

from __future__ import annotations

from pulumi import Input
from pulumi_azure_native import applicationinsights, containerregistry, keyvault, operationalinsights, storage

from azure_llama_components import in_place
from azure_llama_components.placement import Placement

VAULT = "Microsoft.KeyVault/vaults"
STORAGE_ACCOUNT = "Microsoft.Storage/storageAccounts"
APPLICATION_INSIGHTS = "Microsoft.Insights/components"
LOG_ANALYTICS = "Microsoft.OperationalInsights/workspaces"
VAULT_FIXED = in_place.Fixed(
    what="key vault",
    properties={
        "softDeleteDays": in_place.at("properties", "softDeleteRetentionInDays", default=90),
        "purgeProtection": in_place.at("properties", "enablePurgeProtection", default=False, may_be_set=True),
    },
    recipe="Write the old value again (`encryption: {create: true}` protects from purging too); a workspace of another"
    " name gets a vault of its own.",
)
_VAULT_CLOSED = keyvault.NetworkRuleSetArgs(
    # The workspace itself comes as a trusted service: a vault without that exception is closed to it.
    default_action=keyvault.NetworkRuleAction.DENY,
    bypass=keyvault.NetworkRuleBypassOptions.AZURE_SERVICES,
)
REGISTRY = "Microsoft.ContainerRegistry/registries"


def storage_account(
    name: str, account_name: str, place: Placement, *, keys: bool = True, closed: bool = False
) -> storage.StorageAccount:
    """The account for code, logs and data.

    Args:
        name: Required. Logical name.
        account_name: Required. Name in Azure.
        place: Required.
        keys: Optional. Whether its keys are good for anything; without them it takes Entra tokens alone.
        closed: Optional. Whether it answers private endpoints and Azure's trusted services alone.
    """
    return storage.StorageAccount(
        name,
        account_name=account_name,
        **place.tracked,
        kind=storage.Kind.STORAGE_V2,
        sku=storage.SkuArgs(name=storage.SkuName.STANDARD_LRS),
        minimum_tls_version=storage.MinimumTlsVersion.TLS1_2,
        enable_https_traffic_only=True,
        allow_blob_public_access=False,
        allow_shared_key_access=None if keys else False,
        default_to_o_auth_authentication=None if keys else True,
        network_rule_set=storage.NetworkRuleSetArgs(
            default_action=storage.DefaultAction.DENY, bypass=storage.Bypass.AZURE_SERVICES
        )
        if closed
        else None,
        opts=place.options(),
    )


def key_vault(
    name: str,
    vault_name: str,
    place: Placement,
    *,
    tenant_id: str,
    soft_delete_days: int,
    purge_protection: bool = False,
    closed: bool = False,
) -> keyvault.Vault:
    """The vault for the workspace's secrets; who may read them is a matter of roles.

    Args:
        name: Required. Logical name.
        vault_name: Required. Name in Azure.
        place: Required.
        tenant_id: Required. The directory whose roles count.
        soft_delete_days: Required. 7-90 days that a deleted vault keeps its name. Azure does not change it later.
        purge_protection: Optional. Whether nobody can delete it permanently before. Azure does not take it back.
        closed: Optional. Whether it answers private endpoints and Azure's trusted services alone.
    """
    return keyvault.Vault(
        name,
        vault_name=vault_name,
        **place.tracked,
        properties=keyvault.VaultPropertiesArgs(
            tenant_id=tenant_id,
            sku=keyvault.SkuArgs(family=keyvault.SkuFamily.A, name=keyvault.SkuName.STANDARD),
            enable_rbac_authorization=True,
            enable_soft_delete=True,
            soft_delete_retention_in_days=soft_delete_days,
            # Azure does not take `false`, so that off is unset.
            enable_purge_protection=True if purge_protection else None,
            network_acls=_VAULT_CLOSED if closed else None,
        ),
        opts=place.options(hooks=VAULT_FIXED.hook(f"{name}-keeps")),
    )


def log_analytics(name: str, workspace_name: str, place: Placement, *, log_days: int) -> operationalinsights.Workspace:
    """Where logs and metrics are kept, for 30-730 days."""
    return operationalinsights.Workspace(
        name,
        workspace_name=workspace_name,
        **place.tracked,
        sku=operationalinsights.WorkspaceSkuArgs(name=operationalinsights.WorkspaceSkuNameEnum.PER_GB2018),
        retention_in_days=log_days,
        opts=place.options(),
    )


def application_insights(
    name: str, component_name: str, place: Placement, *, logs: Input[str]
) -> applicationinsights.Component:
    """Traces of the endpoints, kept in Log Analytics (its ARM id is `logs`)."""
    return applicationinsights.Component(
        name,
        resource_name_=component_name,
        **place.tracked,
        kind="web",
        application_type=applicationinsights.ApplicationType.WEB,
        ingestion_mode=applicationinsights.IngestionMode.LOG_ANALYTICS,
        workspace_resource_id=logs,
        opts=place.options(),
    )


def container_registry(
    name: str, registry_name: str, place: Placement, *, closed: bool = False
) -> containerregistry.Registry:
    """The registry for images that the workspace builds. Password sign-in is disabled.

    Args:
        name: Required. Logical name.
        registry_name: Required. Name in Azure.
        place: Required.
        closed: Optional. Whether it answers private endpoints and Azure's trusted services alone, which takes the
            Premium tier.
    """
    return containerregistry.Registry(
        name,
        registry_name=registry_name,
        **place.tracked,
        sku=containerregistry.SkuArgs(
            name=containerregistry.SkuName.PREMIUM if closed else containerregistry.SkuName.STANDARD
        ),
        admin_user_enabled=False,
        public_network_access=containerregistry.PublicNetworkAccess.DISABLED if closed else None,
        network_rule_bypass_options=containerregistry.NetworkRuleBypassOptions.AZURE_SERVICES if closed else None,
        opts=place.options(),
    )
