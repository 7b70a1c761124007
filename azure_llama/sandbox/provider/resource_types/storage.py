"""Rows of Microsoft.Storage."""

from __future__ import annotations

from azure_llama.sandbox.provider.resource_type import ResourceType
from azure_llama.sandbox.provider.resource_types.common import GROUP, IDENTITY, READ_ONLY
from azure_llama.sandbox.provider.shapes import shape

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
)
