"""Rows of Microsoft.CognitiveServices."""

from __future__ import annotations

from azure_llama_sandbox.provider.resource_type import ResourceType
from azure_llama_sandbox.provider.resource_types.common import GROUP, READ_ONLY
from azure_llama_sandbox.provider.shapes import shape
from azure_llama_sandbox.provider.validation import Limit

_ACCOUNT = GROUP + "/providers/Microsoft.CognitiveServices/accounts/{accountName}"
_VERSION = "2025-06-01"
_NAME = r"^[a-zA-Z0-9][a-zA-Z0-9_.-]*$"
_SKU = "sku{name! capacity:int family size tier}"
_IDENTITY = "identity{type userAssignedIdentities# principalId- tenantId-}"

ROWS = (
    ResourceType(
        pulumi_type="cognitiveservices:Account",
        path=_ACCOUNT,
        api_version=_VERSION,
        shape=shape(f"""
            resourceGroupName!+ accountName!+ kind location {_SKU} tags:map
            {_IDENTITY} etag- systemData- {READ_ONLY}
            properties{{
                allowProjectManagement:bool allowedFqdnList:list amlWorkspace{{identityClientId resourceId}}
                apiProperties{{
                    aadClientId aadTenantId eventHubConnectionString qnaAzureSearchEndpointId
                    qnaAzureSearchEndpointKey qnaRuntimeEndpoint statisticsEnabled:bool storageAccountConnectionString
                    superUser websiteName}}
                associatedProjects:list customSubDomainName defaultProject disableLocalAuth:bool
                dynamicThrottlingEnabled:bool
                encryption{{keySource keyVaultProperties{{identityClientId keyName keyVaultUri keyVersion}}}}
                locations{{regions[customsubdomain name value:number] routingMethod}} migrationToken
                networkAcls{{
                    bypass defaultAction ipRules[value!]
                    virtualNetworkRules[id! ignoreMissingVnetServiceEndpoint:bool state]}}
                networkInjections[scenario subnetArmId useMicrosoftManagedNetwork:bool] publicNetworkAccess
                raiMonitorConfig{{adxStorageResourceId identityClientId}} restore+:bool
                restrictOutboundNetworkAccess:bool
                userOwnedStorage[identityClientId resourceId]
                abusePenalty- callRateLimit- capabilities- commitmentPlanAssociations- dateCreated- deletionDate-
                endpoint- endpoints- internalId- isMigrated- privateEndpointConnections- provisioningState-
                quotaLimit- scheduledPurgeDate- skuChangeInfo-}}"""),
        limits={
            "accountName": Limit(pattern=_NAME),
            "properties.apiProperties.eventHubConnectionString": Limit(
                most=1000, pattern="^( *)Endpoint=sb://(.*);( *)SharedAccessKeyName=(.*);( *)SharedAccessKey=(.*)$"
            ),
            "properties.apiProperties.storageAccountConnectionString": Limit(
                most=1000,
                pattern="^(( *)DefaultEndpointsProtocol=(http|https)( *);( *))?AccountName=(.*)AccountKey=(.*)"
                "EndpointSuffix=(.*)$",
            ),
            **{
                f"properties.apiProperties.{name}": Limit(most=500)
                for name in ("aadClientId", "aadTenantId", "superUser", "websiteName")
            },
        },
    ),
    ResourceType(
        pulumi_type="cognitiveservices:Deployment",
        path=_ACCOUNT + "/deployments/{deploymentName}",
        api_version=_VERSION,
        shape=shape(f"""
            resourceGroupName!+ accountName!+ deploymentName!+ {_SKU} tags:map etag- systemData- {READ_ONLY}
            properties{{
                capacitySettings{{designatedCapacity:int priority:int}} currentCapacity:int
                model{{format name publisher source sourceAccount version callRateLimit-}} parentDeploymentName
                raiPolicyName scaleSettings{{capacity:int scaleType activeCapacity-}} spilloverDeploymentName
                versionUpgradeOption
                callRateLimit- capabilities- dynamicThrottlingEnabled- provisioningState- rateLimits-}}"""),
        limits={"accountName": Limit(pattern=_NAME)},
    ),
    ResourceType(
        pulumi_type="cognitiveservices:Project",
        path=_ACCOUNT + "/projects/{projectName}",
        api_version=_VERSION,
        shape=shape(f"""
            resourceGroupName!+ accountName!+ projectName!+ location {_IDENTITY} tags:map etag- systemData- {READ_ONLY}
            properties{{description displayName endpoints- isDefault- provisioningState-}}"""),
        limits={"accountName": Limit(pattern=_NAME), "projectName": Limit(pattern=_NAME)},
    ),
    ResourceType(
        pulumi_type="cognitiveservices:RaiPolicy",
        path=_ACCOUNT + "/raiPolicies/{raiPolicyName}",
        api_version=_VERSION,
        shape=shape(f"""
            resourceGroupName!+ accountName!+ raiPolicyName!+ tags:map etag- systemData- {READ_ONLY}
            properties!{{
                basePolicyName contentFilters[action+ blocking:bool enabled:bool name severityThreshold source]
                customBlocklists[blocking:bool blocklistName source] mode type-
                safetyProviders+[blocking:bool safetyProviderName source]}}"""),
        limits={"accountName": Limit(pattern=_NAME)},
    ),
)
