"""Rows of Microsoft.MachineLearningServices."""

from __future__ import annotations

from azure_llama_sandbox.provider.resource_type import Autoname, ResourceType
from azure_llama_sandbox.provider.resource_types.common import GROUP, IDENTITY, READ_ONLY
from azure_llama_sandbox.provider.shapes import shape

_ML = GROUP + "/providers/Microsoft.MachineLearningServices/workspaces/{workspaceName}"
_ML_VERSION = "2025-12-01"
_ML_CHILD = r"^[a-zA-Z0-9][a-zA-Z0-9\-_]{0,254}$"
_ML_NAME = r"^[a-zA-Z0-9][a-zA-Z0-9_-]{2,32}$"
_ML_SKU = "sku{name! capacity family size tier}"
_ML_TRACKED = f"{IDENTITY} kind location! {_ML_SKU} tags systemData- azureApiVersion- type-"

ROWS = (
    ResourceType(
        pulumi_type="machinelearningservices:Workspace",
        path=_ML,
        api_version=_ML_VERSION,
        shape=shape(f"""
            resourceGroupName!+ workspaceName!+ kind location {IDENTITY} {_ML_SKU} tags systemData- {READ_ONLY}
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
            resourceGroupName!+ workspaceName!+ connectionName!+ systemData- {READ_ONLY}
            properties!{{* authType! credentials+ createdByWorkspaceArmId- group-}}"""),
        autoname=Autoname.COPY,
        patterns={"connectionName": _ML_NAME},
    ),
    ResourceType(
        pulumi_type="machinelearningservices:Compute",
        path=_ML + "/computes/{computeName}",
        api_version=_ML_VERSION,
        shape=shape(f"""
            resourceGroupName!+ workspaceName!+ computeName!+ {IDENTITY} location {_ML_SKU} tags systemData- {READ_ONLY}
            properties{{* computeType! createdOn- isAttachedCompute- modifiedOn- provisioningErrors-
                provisioningState-}}"""),
        patterns={"computeName": r"^[a-zA-Z](?![a-zA-Z0-9-]*-\d+$)[a-zA-Z0-9\-]{2,23}$"},
        delete_query={"underlyingResourceAction": "Delete"},
    ),
    ResourceType(
        pulumi_type="machinelearningservices:ManagedNetworkSettingsRule",
        path=_ML + "/outboundRules/{ruleName}",
        api_version=_ML_VERSION,
        shape=shape(f"""
            resourceGroupName!+ workspaceName!+ ruleName!+ systemData- {READ_ONLY}
            properties!{{* type! errorInformation- parentRuleNames-}}"""),
    ),
)
