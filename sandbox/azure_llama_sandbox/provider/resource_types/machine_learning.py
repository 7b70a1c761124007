"""Rows of Microsoft.MachineLearningServices."""

from __future__ import annotations

from azure_llama_sandbox.provider.resource_type import Autoname, ResourceType
from azure_llama_sandbox.provider.resource_types.common import GROUP, IDENTITY, READ_ONLY
from azure_llama_sandbox.provider.shapes import shape
from azure_llama_sandbox.provider.validation import Limit

_ML = GROUP + "/providers/Microsoft.MachineLearningServices/workspaces/{workspaceName}"
_ML_VERSION = "2025-12-01"
_ML_CHILD = r"^[a-zA-Z0-9][a-zA-Z0-9\-_]{0,254}$"
_ML_NAME = r"^[a-zA-Z0-9][a-zA-Z0-9_-]{2,32}$"
_SAID = Limit(least=1, pattern="[a-zA-Z0-9_]")
_ML_SKU = "sku{name! capacity:int family size tier}"
_ML_TRACKED = f"{IDENTITY} kind location! {_ML_SKU} tags:map systemData- azureApiVersion- type-"

ROWS = (
    ResourceType(
        pulumi_type="machinelearningservices:Workspace",
        path=_ML,
        api_version=_ML_VERSION,
        shape=shape(f"""
            resourceGroupName!+ workspaceName!+ kind location {IDENTITY} {_ML_SKU} tags:map systemData- {READ_ONLY}
            allowPublicAccessWhenBehindVnet:bool applicationInsights associatedWorkspaces:list containerRegistry
            description
            discoveryUrl enableDataIsolation:bool enableServiceSideCMKEncryption:bool friendlyName hbiWorkspace:bool
            hubResourceId
            imageBuildCompute keyVault primaryUserAssignedIdentity provisionNetworkNow:bool publicNetworkAccess
            storageAccount systemDatastoresAuthMode v1LegacyMode:bool
            encryption{{
                status! keyVaultProperties!{{keyIdentifier! keyVaultArmId! identityClientId}} cosmosDbResourceId
                identity{{userAssignedIdentity}} searchAccountResourceId storageAccountResourceId}}
            featureStoreSettings{{
                computeRuntime{{sparkRuntimeVersion}} offlineStoreConnectionName onlineStoreConnectionName}}
            managedNetwork{{
                enableNetworkMonitor:bool firewallSku isolationMode managedNetworkKind outboundRules:map
                status{{sparkReady:bool status}} firewallPublicIpAddress- networkId-}}
            serverlessComputeSettings{{serverlessComputeCustomSubnet serverlessComputeNoPublicIP:bool}}
            serviceManagedResourcesSettings{{cosmosDb{{collectionsThroughput:int}}}}
            sharedPrivateLinkResources[
                name groupId=properties.groupId privateLinkResourceId=properties.privateLinkResourceId
                requestMessage=properties.requestMessage status=properties.status]
            workspaceHubConfig{{additionalWorkspaceStorageAccounts:list defaultWorkspaceResourceGroup}}
            mlFlowTrackingUri- notebookInfo- privateEndpointConnections- privateLinkCount- provisioningState-
            serviceProvisionedResourceGroup- storageHnsEnabled- tenantId- workspaceId-"""),
        create_only=frozenset(),
        limits={
            "workspaceName": Limit(pattern=_ML_NAME),
            "encryption.keyVaultProperties.keyIdentifier": _SAID,
            "encryption.keyVaultProperties.keyVaultArmId": _SAID,
        },
    ),
    ResourceType(
        pulumi_type="machinelearningservices:MarketplaceSubscription",
        path=_ML + "/marketplaceSubscriptions/{name}",
        api_version=_ML_VERSION,
        shape=shape("""
            resourceGroupName!+ workspaceName!+ name! azureApiVersion- systemData- type-
            properties!{modelId! marketplacePlan- marketplaceSubscriptionStatus- provisioningState-}"""),
        autoname=Autoname.COPY,
        limits={"name": Limit(pattern=_ML_CHILD), "properties.modelId": _SAID},
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
        limits={"name": Limit(pattern="^[a-zA-Z][a-zA-Z0-9-]{0,51}$")},
    ),
    ResourceType(
        pulumi_type="machinelearningservices:OnlineEndpoint",
        path=_ML + "/onlineEndpoints/{endpointName}",
        api_version=_ML_VERSION,
        shape=shape(f"""
            resourceGroupName!+ workspaceName!+ endpointName!+ name- {_ML_TRACKED}
            properties!{{
                authMode! compute description keys+:map mirrorTraffic:map properties:map publicNetworkAccess traffic:map
                provisioningState- scoringUri- swaggerUri-}}"""),
        limits={"endpointName": Limit(pattern=_ML_CHILD)},
    ),
    ResourceType(
        pulumi_type="machinelearningservices:OnlineDeployment",
        path=_ML + "/onlineEndpoints/{endpointName}/deployments/{deploymentName}",
        api_version=_ML_VERSION,
        shape=shape(f"""
            resourceGroupName!+ workspaceName!+ endpointName!+ deploymentName!+ name- {_ML_TRACKED}
            properties!{{* endpointComputeType! provisioningState-}}"""),
        autoname=Autoname.COPY,
        limits={"deploymentName": Limit(pattern=_ML_CHILD)},
    ),
    ResourceType(
        pulumi_type="machinelearningservices:EnvironmentVersion",
        path=_ML + "/environments/{name}/versions/{version}",
        api_version=_ML_VERSION,
        shape=shape("""
            resourceGroupName!+ workspaceName!+ name! version+ systemData- azureApiVersion- type-
            properties!{
                autoRebuild build{contextUri! dockerfilePath} condaFile description image isAnonymous:bool
                inferenceConfig{
                    livenessRoute{path! port!:int} readinessRoute{path! port!:int} scoringRoute{path! port!:int}
                    startupRoute{path! port!:int}}
                isArchived:bool osType properties:map stage tags:map environmentType- provisioningState-}"""),
        autoname=Autoname.COPY,
        limits={"name": Limit(pattern=_ML_CHILD)},
    ),
    ResourceType(
        pulumi_type="machinelearningservices:WorkspaceConnection",
        path=_ML + "/connections/{connectionName}",
        api_version=_ML_VERSION,
        shape=shape(f"""
            resourceGroupName!+ workspaceName!+ connectionName!+ systemData- {READ_ONLY}
            properties!{{* authType! credentials+ createdByWorkspaceArmId- group-}}"""),
        autoname=Autoname.COPY,
        limits={"connectionName": Limit(pattern=_ML_NAME)},
    ),
    ResourceType(
        pulumi_type="machinelearningservices:Compute",
        path=_ML + "/computes/{computeName}",
        api_version=_ML_VERSION,
        shape=shape(f"""
            resourceGroupName!+ workspaceName!+ computeName!+ {IDENTITY} location {_ML_SKU} tags:map systemData-
            {READ_ONLY}
            properties{{* computeType! createdOn- isAttachedCompute- modifiedOn- provisioningErrors-
                provisioningState-}}"""),
        # The pattern of computeName has a lookahead, which Go does not know: azure-native skips it.
        create_only=frozenset(),
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
