"""Rows of Microsoft.KeyVault."""

from __future__ import annotations

from azure_llama.sandbox.provider.resource_type import ResourceType
from azure_llama.sandbox.provider.resource_types.common import GROUP, READ_ONLY
from azure_llama.sandbox.provider.shapes import shape

ROWS = (
    ResourceType(
        pulumi_type="keyvault:Vault",
        path=GROUP + "/providers/Microsoft.KeyVault/vaults/{vaultName}",
        api_version="2024-11-01",
        shape=shape(f"""
            resourceGroupName!+ vaultName!+ location! tags systemData- {READ_ONLY}
            properties!{{
                sku!{{family! name!}} tenantId! createMode+ enablePurgeProtection enableRbacAuthorization
                enableSoftDelete enabledForDeployment enabledForDiskEncryption enabledForTemplateDeployment
                publicNetworkAccess softDeleteRetentionInDays vaultUri-
                accessPolicies[objectId! tenantId! applicationId permissions!{{certificates keys secrets storage}}]
                networkAcls{{
                    bypass defaultAction ipRules[value!] virtualNetworkRules[id! ignoreMissingVnetServiceEndpoint]}}
                hsmPoolResourceId- privateEndpointConnections- provisioningState-
            }}"""),
        patterns={"vaultName": "^[a-zA-Z0-9-]{3,24}$"},
        shared=(("properties", "accessPolicies"),),
    ),
)
