"""Rows of Microsoft.Storage."""

from __future__ import annotations

from azure_llama_sandbox.provider.resource_type import Autoname, ResourceType
from azure_llama_sandbox.provider.resource_types.common import GROUP, IDENTITY, READ_ONLY
from azure_llama_sandbox.provider.shapes import shape

_ENCRYPTED = "enabled keyType lastEnabledTime-"

ROWS = (
    ResourceType(
        pulumi_type="storage:StorageAccount",
        path=GROUP + "/providers/Microsoft.Storage/storageAccounts/{accountName}",
        api_version="2024-01-01",
        shape=shape(f"""
            resourceGroupName!+ accountName!+ kind! location! sku!{{name! tier-}} tags {IDENTITY} {READ_ONLY}
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
        pulumi_type="storage:BlobContainer",
        path=GROUP
        + "/providers/Microsoft.Storage/storageAccounts/{accountName}/blobServices/default/containers/{containerName}",
        api_version="2024-01-01",
        shape=shape(f"""
            resourceGroupName!+ accountName!+ containerName!+ etag- {READ_ONLY}
            defaultEncryptionScope denyEncryptionScopeOverride enableNfsV3AllSquash enableNfsV3RootSquash
            immutableStorageWithVersioning{{enabled migrationState- timeStamp-}} metadata publicAccess
            deleted- deletedTime- hasImmutabilityPolicy- hasLegalHold- immutabilityPolicy- lastModifiedTime-
            leaseDuration- leaseState- leaseStatus- legalHold- remainingRetentionDays- version-"""),
        autoname=Autoname.COPY,
        create_only=frozenset(),
        patterns={"containerName": "^[a-z0-9$-]{3,63}$"},
    ),
)
