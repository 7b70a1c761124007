"""The resource types that the provider serves: one row each. One more type is one more row.

Source: signatures and docstrings of the azure-native 3.29.0 SDK, ARM's published request bodies. Automatic names,
replacements and shared lists as azure-native has them; name patterns from the service's API description.
"""

from __future__ import annotations

from typing import Final

from azure_llama.sandbox.provider.resource_type import Autoname, ResourceType
from azure_llama.sandbox.provider.shapes import shape

_GROUP = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}"
_ML = _GROUP + "/providers/Microsoft.MachineLearningServices/workspaces/{workspaceName}"
_ML_VERSION = "2025-12-01"
_ML_CHILD = r"^[a-zA-Z0-9][a-zA-Z0-9\-_]{0,254}$"
_ML_NAME = r"^[a-zA-Z0-9][a-zA-Z0-9_-]{2,32}$"

_READ_ONLY = "azureApiVersion- name- type-"
_IDENTITY = "identity{type! userAssignedIdentities# principalId- tenantId-}"
_ML_SKU = "sku{name! capacity family size tier}"
_ML_TRACKED = f"{_IDENTITY} kind location! {_ML_SKU} tags systemData- azureApiVersion- type-"
_ENCRYPTED = "enabled keyType lastEnabledTime-"

_ROWS = (
    ResourceType(
        pulumi_type="resources:ResourceGroup",
        path="/subscriptions/{subscriptionId}/resourcegroups/{resourceGroupName}",
        api_version="2024-03-01",
        shape=shape(f"resourceGroupName!+ location! managedBy tags properties- {_READ_ONLY}"),
        patterns={"resourceGroupName": r"^[-\w\._\(\)]{1,90}$"},
    ),
    ResourceType(
        pulumi_type="resources:Deployment",
        path="/subscriptions/{subscriptionId}/resourcegroups/{resourceGroupName}"
        "/providers/Microsoft.Resources/deployments/{deploymentName}",
        api_version="2024-03-01",
        shape=shape(f"""
            resourceGroupName!+ deploymentName!+ location tags {_READ_ONLY}
            properties!{{
                mode! template+ parameters expressionEvaluationOptions+
                debugSetting{{detailLevel}} onErrorDeployment{{type deploymentName provisioningState-}}
                parametersLink{{uri! contentVersion}} templateLink{{uri id relativePath queryString contentVersion}}
                correlationId- dependencies- duration- error- outputResources- outputs- providers- provisioningState-
                templateHash- timestamp- validatedResources-
            }}"""),
        default_location=False,
        patterns={"deploymentName": r"^[-\w\._\(\)]{1,64}$"},
    ),
    ResourceType(
        pulumi_type="storage:StorageAccount",
        path=_GROUP + "/providers/Microsoft.Storage/storageAccounts/{accountName}",
        api_version="2024-01-01",
        shape=shape(f"""
            resourceGroupName!+ accountName!+ kind! location! sku!{{name! tier-}} tags {_IDENTITY} {_READ_ONLY}
            extendedLocation{{name type}} accessTier allowBlobPublicAccess allowCrossTenantReplication
            allowSharedKeyAccess allowedCopyScope customDomain{{name! useSubDomainName}} defaultToOAuthAuthentication
            dnsEndpointType enableExtendedGroups enableHttpsTrafficOnly=supportsHttpsTrafficOnly
            enableNfsV3=isNfsV3Enabled isHnsEnabled isLocalUserEnabled isSftpEnabled largeFileSharesState
            minimumTlsVersion publicNetworkAccess keyPolicy{{keyExpirationPeriodInDays!}}
            sasPolicy{{expirationAction! sasExpirationPeriod!}}
            routingPreference{{publishInternetEndpoints publishMicrosoftEndpoints routingChoice}}
            azureFilesIdentityBasedAuthentication{{
                directoryServiceOptions! defaultSharePermission
                activeDirectoryProperties{{
                    domainGuid! domainName! accountType azureStorageSid domainSid forestName netBiosDomainName
                    samAccountName}}
            }}
            encryption{{
                keySource requireInfrastructureEncryption
                encryptionIdentity=identity{{
                    encryptionFederatedIdentityClientId=federatedIdentityClientId
                    encryptionUserAssignedIdentity=userAssignedIdentity}}
                keyVaultProperties=keyvaultproperties{{
                    keyName=keyname keyVaultUri=keyvaulturi keyVersion=keyversion
                    currentVersionedKeyExpirationTimestamp- currentVersionedKeyIdentifier- lastKeyRotationTimestamp-}}
                services{{blob{{{_ENCRYPTED}}} file{{{_ENCRYPTED}}} queue{{{_ENCRYPTED}}} table{{{_ENCRYPTED}}}}}
            }}
            immutableStorageWithVersioning{{
                enabled
                immutabilityPolicy{{
                    allowProtectedAppendWrites immutabilityPeriodSinceCreationInDays state}}
            }}
            networkRuleSet=networkAcls{{
                defaultAction! bypass ipRules[iPAddressOrRange=value! action] resourceAccessRules[resourceId tenantId]
                virtualNetworkRules[virtualNetworkResourceId=id! action state]
            }}
            accountMigrationInProgress- blobRestoreStatus- creationTime- failoverInProgress- geoReplicationStats-
            isSkuConversionBlocked- keyCreationTime- lastGeoFailoverTime- primaryEndpoints- primaryLocation-
            privateEndpointConnections- provisioningState- secondaryEndpoints- secondaryLocation- statusOfPrimary-
            statusOfSecondary- storageAccountSkuConversionStatus-"""),
        create_only=frozenset({"location", "isHnsEnabled"}),
        patterns={"accountName": "^[a-z0-9]{3,24}$"},
        defaults={
            "networkRuleSet": {
                "bypass": "AzureServices",
                "defaultAction": "Allow",
                "ipRules": [],
                "virtualNetworkRules": [],
            }
        },
    ),
    ResourceType(
        pulumi_type="keyvault:Vault",
        path=_GROUP + "/providers/Microsoft.KeyVault/vaults/{vaultName}",
        api_version="2024-11-01",
        shape=shape(f"""
            resourceGroupName!+ vaultName!+ location! tags systemData- {_READ_ONLY}
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
    ResourceType(
        pulumi_type="operationalinsights:Workspace",
        path=_GROUP + "/providers/Microsoft.OperationalInsights/workspaces/{workspaceName}",
        api_version="2023-09-01",
        shape=shape(f"""
            resourceGroupName!+ workspaceName!+ location! tags {_IDENTITY} systemData- etag- {_READ_ONLY}
            sku{{name! capacityReservationLevel lastSkuUpdate-}} retentionInDays forceCmkForQuery
            publicNetworkAccessForIngestion publicNetworkAccessForQuery defaultDataCollectionRuleResourceId
            workspaceCapping{{dailyQuotaGb dataIngestionStatus- quotaNextResetTime-}}
            features{{
                clusterResourceId disableLocalAuth enableDataExport enableLogAccessUsingOnlyResourcePermissions
                immediatePurgeDataOn30Days unifiedSentinelBillingOnly-}}
            createdDate- customerId- modifiedDate- privateLinkScopedResources- provisioningState-"""),
        inner=frozenset({"sku"}),
        patterns={"workspaceName": "^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$"},
    ),
    ResourceType(
        pulumi_type="applicationinsights:Component",
        path=_GROUP + "/providers/Microsoft.Insights/components/{resourceName}",
        api_version="2020-02-02",
        shape=shape(f"""
            resourceGroupName!+ resourceName!+ kind! location! tags etag- {_READ_ONLY}
            applicationType=Application_Type! flowType=Flow_Type requestSource=Request_Source
            disableIpMasking=DisableIpMasking disableLocalAuth=DisableLocalAuth hockeyAppId=HockeyAppId
            forceCustomerStorageForProfiler=ForceCustomerStorageForProfiler ingestionMode=IngestionMode
            immediatePurgeDataOn30Days=ImmediatePurgeDataOn30Days retentionInDays=RetentionInDays
            samplingPercentage=SamplingPercentage workspaceResourceId=WorkspaceResourceId
            publicNetworkAccessForIngestion publicNetworkAccessForQuery
            appId=AppId- applicationId=ApplicationId- connectionString=ConnectionString- creationDate=CreationDate-
            hockeyAppToken=HockeyAppToken- instrumentationKey=InstrumentationKey- laMigrationDate=LaMigrationDate-
            privateLinkScopedResources=PrivateLinkScopedResources- tenantId=TenantId- provisioningState-"""),
    ),
    ResourceType(
        pulumi_type="machinelearningservices:Workspace",
        path=_ML,
        api_version=_ML_VERSION,
        shape=shape(f"""
            resourceGroupName!+ workspaceName!+ kind location {_IDENTITY} {_ML_SKU} tags systemData- {_READ_ONLY}
            allowPublicAccessWhenBehindVnet applicationInsights associatedWorkspaces containerRegistry description
            discoveryUrl enableDataIsolation enableServiceSideCMKEncryption friendlyName hbiWorkspace hubResourceId
            imageBuildCompute keyVault primaryUserAssignedIdentity provisionNetworkNow publicNetworkAccess
            storageAccount systemDatastoresAuthMode v1LegacyMode
            encryption{{
                status! keyVaultProperties!{{keyIdentifier! keyVaultArmId! identityClientId}} cosmosDbResourceId
                identity{{userAssignedIdentity}} searchAccountResourceId storageAccountResourceId}}
            featureStoreSettings{{
                computeRuntime{{sparkRuntimeVersion}} offlineStoreConnectionName onlineStoreConnectionName}}
            managedNetwork{{
                enableNetworkMonitor firewallSku isolationMode managedNetworkKind outboundRules
                status{{sparkReady status}} firewallPublicIpAddress- networkId-}}
            serverlessComputeSettings{{serverlessComputeCustomSubnet serverlessComputeNoPublicIP}}
            serviceManagedResourcesSettings{{cosmosDb{{collectionsThroughput}}}}
            sharedPrivateLinkResources[
                name groupId=properties.groupId privateLinkResourceId=properties.privateLinkResourceId
                requestMessage=properties.requestMessage status=properties.status]
            workspaceHubConfig{{additionalWorkspaceStorageAccounts defaultWorkspaceResourceGroup}}
            mlFlowTrackingUri- notebookInfo- privateEndpointConnections- privateLinkCount- provisioningState-
            serviceProvisionedResourceGroup- storageHnsEnabled- tenantId- workspaceId-"""),
        patterns={"workspaceName": _ML_NAME},
    ),
    ResourceType(
        pulumi_type="machinelearningservices:MarketplaceSubscription",
        path=_ML + "/marketplaceSubscriptions/{name}",
        api_version=_ML_VERSION,
        shape=shape("""
            resourceGroupName!+ workspaceName!+ name! azureApiVersion- systemData- type-
            properties!{modelId! marketplacePlan- marketplaceSubscriptionStatus- provisioningState-}"""),
        autoname=Autoname.COPY,
        patterns={"name": _ML_CHILD},
    ),
    ResourceType(
        pulumi_type="machinelearningservices:ServerlessEndpoint",
        path=_ML + "/serverlessEndpoints/{name}",
        api_version=_ML_VERSION,
        shape=shape(f"""
            resourceGroupName!+ workspaceName!+ name! {_ML_TRACKED}
            properties!{{
                authMode! contentSafety{{contentSafetyStatus!}} modelSettings{{modelId!}}
                endpointState- inferenceEndpoint- marketplaceSubscriptionId- provisioningState-}}"""),
        autoname=Autoname.COPY,
        patterns={"name": "^[a-zA-Z][a-zA-Z0-9-]{0,51}$"},
    ),
    ResourceType(
        pulumi_type="machinelearningservices:OnlineEndpoint",
        path=_ML + "/onlineEndpoints/{endpointName}",
        api_version=_ML_VERSION,
        shape=shape(f"""
            resourceGroupName!+ workspaceName!+ endpointName!+ name- {_ML_TRACKED}
            properties!{{
                authMode! compute description keys+ mirrorTraffic properties publicNetworkAccess traffic
                provisioningState- scoringUri- swaggerUri-}}"""),
        patterns={"endpointName": _ML_CHILD},
    ),
    ResourceType(
        pulumi_type="machinelearningservices:OnlineDeployment",
        path=_ML + "/onlineEndpoints/{endpointName}/deployments/{deploymentName}",
        api_version=_ML_VERSION,
        shape=shape(f"""
            resourceGroupName!+ workspaceName!+ endpointName!+ deploymentName!+ name- {_ML_TRACKED}
            properties!{{* endpointComputeType! provisioningState-}}"""),
        autoname=Autoname.COPY,
        patterns={"deploymentName": _ML_CHILD},
    ),
    ResourceType(
        pulumi_type="machinelearningservices:WorkspaceConnection",
        path=_ML + "/connections/{connectionName}",
        api_version=_ML_VERSION,
        shape=shape(f"""
            resourceGroupName!+ workspaceName!+ connectionName!+ systemData- {_READ_ONLY}
            properties!{{* authType! credentials+ createdByWorkspaceArmId- group-}}"""),
        autoname=Autoname.COPY,
        patterns={"connectionName": _ML_NAME},
    ),
    ResourceType(
        pulumi_type="authorization:RoleAssignment",
        path="/{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
        api_version="2022-04-01",
        shape=shape(f"""
            scope! roleAssignmentName!+ principalId! roleDefinitionId! principalType condition conditionVersion
            delegatedManagedIdentityResourceId description {_READ_ONLY}
            systemData- createdBy- createdOn- updatedBy- updatedOn-"""),
        autoname=Autoname.UUID,
        create_only=frozenset({"principalId"}),
    ),
    ResourceType(
        pulumi_type="authorization:RoleDefinition",
        path="/{scope}/providers/Microsoft.Authorization/roleDefinitions/{roleDefinitionId}",
        api_version="2022-05-01-preview",
        shape=shape(f"""
            scope!+ roleDefinitionId!+ roleName roleType=type description assignableScopes
            permissions[actions notActions dataActions notDataActions condition- conditionVersion-] {_READ_ONLY}
            systemData- createdBy- createdOn- updatedBy- updatedOn-"""),
        autoname=Autoname.UUID,
        create_only=frozenset(),
    ),
)

RESOURCE_TYPES: Final = {f"azure-native:{row.pulumi_type}": row for row in _ROWS}
"""Rows by Pulumi type, e.g. `azure-native:keyvault:Vault`."""
