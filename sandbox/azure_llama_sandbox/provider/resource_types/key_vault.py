"""Rows of Microsoft.KeyVault."""

from __future__ import annotations

from azure_llama_sandbox.provider.resource_type import Autoname, ResourceType
from azure_llama_sandbox.provider.resource_types.common import GROUP, READ_ONLY
from azure_llama_sandbox.provider.shapes import shape
from azure_llama_sandbox.provider.validation import Limit

ROWS = (
    ResourceType(
        pulumi_type="keyvault:Vault",
        path=GROUP + "/providers/Microsoft.KeyVault/vaults/{vaultName}",
        api_version="2024-11-01",
        shape=shape(f"""
            resourceGroupName!+ vaultName!+ location! tags:map systemData- {READ_ONLY}
            properties!{{
                sku!{{family! name!}} tenantId! createMode+ enablePurgeProtection:bool enableRbacAuthorization:bool
                enableSoftDelete:bool enabledForDeployment:bool enabledForDiskEncryption:bool
                enabledForTemplateDeployment:bool
                publicNetworkAccess softDeleteRetentionInDays:int vaultUri-
                accessPolicies[objectId!& tenantId!& applicationId permissions!&{{certificates:list keys:list
                secrets:list storage:list}}]
                networkAcls{{
                    bypass defaultAction ipRules[value!] virtualNetworkRules[id!
                    ignoreMissingVnetServiceEndpoint:bool]}}
                hsmPoolResourceId- privateEndpointConnections- provisioningState-
            }}"""),
        create_only=frozenset(),
        limits={"vaultName": Limit(pattern="^[a-zA-Z0-9-]{3,24}$")},
        shared=(("properties", "accessPolicies"),),
    ),
    ResourceType(
        pulumi_type="keyvault:Key",
        path=GROUP + "/providers/Microsoft.KeyVault/vaults/{vaultName}/keys/{keyName}",
        api_version="2024-11-01",
        # What goes in is an object `properties`, what comes out is flat.
        shape=shape(f"""
            resourceGroupName!+ vaultName!+ keyName!+ tags:map location- {READ_ONLY}
            properties!+{{
                attributes{{enabled:bool exp exportable:bool nbf}} curveName keyOps:list keySize:int kty
                releasePolicy=release_policy{{contentType data}}
                rotationPolicy{{
                    attributes{{expiryTime}}
                    lifetimeActions[action{{type}} trigger{{timeAfterCreate timeBeforeExpiry}}]}}}}
            attributes=properties.attributes- curveName=properties.curveName- keyOps=properties.keyOps-
            keySize=properties.keySize- keyUri=properties.keyUri- keyUriWithVersion=properties.keyUriWithVersion-
            kty=properties.kty- releasePolicy=properties.release_policy- rotationPolicy=properties.rotationPolicy-"""),
        autoname=Autoname.COPY,
        create_only=frozenset(),
        limits={"keyName": Limit(pattern="^[a-zA-Z0-9-]{1,127}$")},
        in_vault="keys",
    ),
    ResourceType(
        pulumi_type="keyvault:Secret",
        path=GROUP + "/providers/Microsoft.KeyVault/vaults/{vaultName}/secrets/{secretName}",
        api_version="2024-11-01",
        shape=shape(f"""
            resourceGroupName!+ vaultName!+ secretName!+ tags:map location- {READ_ONLY}
            properties!{{
                attributes{{enabled:bool expires=exp:int notBefore=nbf:int created- updated-}} contentType value
                secretUri- secretUriWithVersion-}}"""),
        autoname=Autoname.COPY,
        create_only=frozenset(),
        limits={"secretName": Limit(pattern="^[a-zA-Z0-9-]{1,127}$")},
        in_vault="secrets",
    ),
)
