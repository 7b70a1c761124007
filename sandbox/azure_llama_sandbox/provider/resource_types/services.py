"""Rows of other resources that a workspace uses: identities, registries."""

from __future__ import annotations

from azure_llama_sandbox.provider.resource_type import ResourceType
from azure_llama_sandbox.provider.resource_types.common import GROUP, READ_ONLY
from azure_llama_sandbox.provider.shapes import shape
from azure_llama_sandbox.provider.validation import Limit

ROWS = (
    ResourceType(
        pulumi_type="managedidentity:UserAssignedIdentity",
        path=GROUP + "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}",
        api_version="2023-01-31",
        shape=shape(f"""
            resourceGroupName!+ resourceName!+ location! tags:map systemData- {READ_ONLY}
            clientId- principalId- tenantId-"""),
    ),
    ResourceType(
        pulumi_type="containerregistry:Registry",
        path=GROUP + "/providers/Microsoft.ContainerRegistry/registries/{registryName}",
        api_version="2023-01-01-preview",
        shape=shape(f"""
            resourceGroupName!+ registryName!+ sku!{{name! tier-}} location! tags:map systemData- {READ_ONLY}
            identity{{principalId tenantId type userAssignedIdentities{{*}}}} adminUserEnabled:bool
            anonymousPullEnabled:bool
            dataEndpointEnabled:bool networkRuleBypassOptions publicNetworkAccess zoneRedundancy
            encryption{{
                status keyVaultProperties{{
                    identity keyIdentifier keyRotationEnabled- lastKeyRotationTimestamp- versionedKeyIdentifier-}}}}
            networkRuleSet{{defaultAction! ipRules[iPAddressOrRange=value! action]}}
            policies{{
                azureADAuthenticationAsArmPolicy{{status}} exportPolicy{{status}} quarantinePolicy{{status}}
                retentionPolicy{{days:int status lastUpdatedTime-}} trustPolicy{{status type}}
                softDeletePolicy{{retentionDays:int status lastUpdatedTime-}}}}
            creationDate- dataEndpointHostNames- loginServer- privateEndpointConnections- provisioningState-
            status-"""),
        limits={"registryName": Limit(pattern="^[a-zA-Z0-9]{5,50}$")},
        schema_defaults={
            "adminUserEnabled": False,
            "anonymousPullEnabled": False,
            "networkRuleBypassOptions": "AzureServices",
            "publicNetworkAccess": "Enabled",
            "zoneRedundancy": "Disabled",
        },
    ),
)
