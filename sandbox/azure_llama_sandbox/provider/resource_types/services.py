"""Rows of what a workspace uses beside its own: AI services, identities, registries."""

from __future__ import annotations

from azure_llama_sandbox.provider.resource_type import ResourceType
from azure_llama_sandbox.provider.resource_types.common import GROUP, READ_ONLY
from azure_llama_sandbox.provider.shapes import shape

ROWS = (
    ResourceType(
        pulumi_type="cognitiveservices:Account",
        path=GROUP + "/providers/Microsoft.CognitiveServices/accounts/{accountName}",
        api_version="2025-06-01",
        shape=shape(f"""
            resourceGroupName!+ accountName!+ kind location sku{{name! capacity family size tier}} tags
            identity{{type userAssignedIdentities# principalId- tenantId-}} etag- systemData- {READ_ONLY}
            properties{{
                allowProjectManagement allowedFqdnList amlWorkspace{{identityClientId resourceId}}
                apiProperties{{
                    aadClientId aadTenantId eventHubConnectionString qnaAzureSearchEndpointId
                    qnaAzureSearchEndpointKey qnaRuntimeEndpoint statisticsEnabled storageAccountConnectionString
                    superUser websiteName}}
                associatedProjects customSubDomainName defaultProject disableLocalAuth dynamicThrottlingEnabled
                encryption{{keySource keyVaultProperties{{identityClientId keyName keyVaultUri keyVersion}}}}
                locations{{regions[customsubdomain name value] routingMethod}} migrationToken
                networkAcls{{
                    bypass defaultAction ipRules[value!]
                    virtualNetworkRules[id! ignoreMissingVnetServiceEndpoint state]}}
                networkInjections[scenario subnetArmId useMicrosoftManagedNetwork] publicNetworkAccess
                raiMonitorConfig{{adxStorageResourceId identityClientId}} restore+ restrictOutboundNetworkAccess
                userOwnedStorage[identityClientId resourceId]
                abusePenalty- callRateLimit- capabilities- commitmentPlanAssociations- dateCreated- deletionDate-
                endpoint- endpoints- internalId- isMigrated- privateEndpointConnections- provisioningState-
                quotaLimit- scheduledPurgeDate- skuChangeInfo-}}"""),
        patterns={"accountName": r"^[a-zA-Z0-9][a-zA-Z0-9_.-]*$"},
    ),
    ResourceType(
        pulumi_type="managedidentity:UserAssignedIdentity",
        path=GROUP + "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}",
        api_version="2023-01-31",
        shape=shape(f"""
            resourceGroupName!+ resourceName!+ location! tags systemData- {READ_ONLY}
            clientId- principalId- tenantId-"""),
    ),
    ResourceType(
        pulumi_type="containerregistry:Registry",
        path=GROUP + "/providers/Microsoft.ContainerRegistry/registries/{registryName}",
        api_version="2023-01-01-preview",
        shape=shape(f"""
            resourceGroupName!+ registryName!+ sku!{{name! tier-}} location! tags systemData- {READ_ONLY}
            identity{{principalId tenantId type userAssignedIdentities{{*}}}} adminUserEnabled anonymousPullEnabled
            dataEndpointEnabled networkRuleBypassOptions publicNetworkAccess zoneRedundancy
            encryption{{
                status keyVaultProperties{{
                    identity keyIdentifier keyRotationEnabled- lastKeyRotationTimestamp- versionedKeyIdentifier-}}}}
            networkRuleSet{{defaultAction! ipRules[iPAddressOrRange=value! action]}}
            policies{{
                azureADAuthenticationAsArmPolicy{{status}} exportPolicy{{status}} quarantinePolicy{{status}}
                retentionPolicy{{days status lastUpdatedTime-}} trustPolicy{{status type}}
                softDeletePolicy{{retentionDays status lastUpdatedTime-}}}}
            creationDate- dataEndpointHostNames- loginServer- privateEndpointConnections- provisioningState-
            status-"""),
        patterns={"registryName": "^[a-zA-Z0-9]{5,50}$"},
    ),
)
