"""Rows of Microsoft.Storage."""

from __future__ import annotations

from azure_llama_sandbox.provider.resource_type import Autoname, ResourceType
from azure_llama_sandbox.provider.resource_types.common import GROUP, IDENTITY, READ_ONLY
from azure_llama_sandbox.provider.shapes import shape
from azure_llama_sandbox.provider.validation import Limit

_ENCRYPTED = "enabled:bool keyType lastEnabledTime-"

ROWS = (
    ResourceType(
        pulumi_type="storage:StorageAccount",
        path=GROUP + "/providers/Microsoft.Storage/storageAccounts/{accountName}",
        api_version="2024-01-01",
        shape=shape(f"""
            resourceGroupName!+ accountName!+ kind! location! sku!{{name! tier-}} tags:map {IDENTITY} {READ_ONLY}
            extendedLocation{{name type}} accessTier allowBlobPublicAccess:bool allowCrossTenantReplication:bool
            allowSharedKeyAccess:bool allowedCopyScope customDomain{{name! useSubDomainName:bool}}
            defaultToOAuthAuthentication:bool
            dnsEndpointType enableExtendedGroups:bool enableHttpsTrafficOnly=supportsHttpsTrafficOnly:bool
            enableNfsV3=isNfsV3Enabled:bool isHnsEnabled:bool isLocalUserEnabled:bool isSftpEnabled:bool
            largeFileSharesState
            minimumTlsVersion publicNetworkAccess keyPolicy{{keyExpirationPeriodInDays!:int}}
            sasPolicy{{expirationAction! sasExpirationPeriod!}}
            routingPreference{{publishInternetEndpoints:bool publishMicrosoftEndpoints:bool routingChoice}}
            azureFilesIdentityBasedAuthentication{{
                directoryServiceOptions! defaultSharePermission
                activeDirectoryProperties{{
                    domainGuid! domainName! accountType azureStorageSid domainSid forestName netBiosDomainName
                    samAccountName}}
            }}
            encryption{{
                keySource requireInfrastructureEncryption:bool
                encryptionIdentity=identity{{
                    encryptionFederatedIdentityClientId=federatedIdentityClientId
                    encryptionUserAssignedIdentity=userAssignedIdentity}}
                keyVaultProperties=keyvaultproperties{{
                    keyName=keyname keyVaultUri=keyvaulturi keyVersion=keyversion
                    currentVersionedKeyExpirationTimestamp- currentVersionedKeyIdentifier- lastKeyRotationTimestamp-}}
                services{{blob{{{_ENCRYPTED}}} file{{{_ENCRYPTED}}} queue{{{_ENCRYPTED}}} table{{{_ENCRYPTED}}}}}
            }}
            immutableStorageWithVersioning{{
                enabled:bool
                immutabilityPolicy{{
                    allowProtectedAppendWrites:bool immutabilityPeriodSinceCreationInDays:int state}}
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
        limits={
            "accountName": Limit(pattern="^[a-z0-9]{3,24}$"),
            "immutableStorageWithVersioning.immutabilityPolicy.immutabilityPeriodSinceCreationInDays": Limit(1, 146000),
        },
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
            defaultEncryptionScope denyEncryptionScopeOverride:bool enableNfsV3AllSquash:bool enableNfsV3RootSquash:bool
            immutableStorageWithVersioning{{enabled:bool migrationState- timeStamp-}} metadata:map publicAccess
            deleted- deletedTime- hasImmutabilityPolicy- hasLegalHold- immutabilityPolicy- lastModifiedTime-
            leaseDuration- leaseState- leaseStatus- legalHold- remainingRetentionDays- version-"""),
        autoname=Autoname.COPY,
        create_only=frozenset(),
        limits={"containerName": Limit(pattern="^[a-z0-9$-]{3,63}$")},
    ),
)
