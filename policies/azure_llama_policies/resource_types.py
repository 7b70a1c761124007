"""Type tokens of the resources that rules look at."""

from __future__ import annotations

from typing import Final

from azure_llama.catalog.kinds import FOUNDRY, MANAGED, SERVERLESS

STACK: Final = "pulumi:pulumi:Stack"

WORKSPACE: Final = "azure-native:machinelearningservices:Workspace"
SERVERLESS_ENDPOINT: Final = f"azure-native:{SERVERLESS.endpoint_type}"
MARKETPLACE_SUBSCRIPTION: Final = "azure-native:machinelearningservices:MarketplaceSubscription"
ONLINE_ENDPOINT: Final = f"azure-native:{MANAGED.endpoint_type}"
ONLINE_DEPLOYMENT: Final = "azure-native:machinelearningservices:OnlineDeployment"
COMPUTE: Final = "azure-native:machinelearningservices:Compute"

RESOURCE_GROUP: Final = "azure-native:resources:ResourceGroup"
TEMPLATE: Final = "azure-native:resources:Deployment"

STORAGE_ACCOUNT: Final = "azure-native:storage:StorageAccount"
BLOB_CONTAINER: Final = "azure-native:storage:BlobContainer"
VAULT: Final = "azure-native:keyvault:Vault"
REGISTRY: Final = "azure-native:containerregistry:Registry"
COGNITIVE_ACCOUNT: Final = f"azure-native:{FOUNDRY.endpoint_type}"
"""Of every kind of Azure AI service: a Foundry account is one of kind `AIServices`."""
FOUNDRY_DEPLOYMENT: Final = "azure-native:cognitiveservices:Deployment"
FOUNDRY_FILTER: Final = "azure-native:cognitiveservices:RaiPolicy"
LOG_ANALYTICS: Final = "azure-native:operationalinsights:Workspace"
APPLICATION_INSIGHTS: Final = "azure-native:applicationinsights:Component"

API_MANAGEMENT: Final = "azure-native:apimanagement:ApiManagementService"
BACKEND: Final = "azure-native:apimanagement:Backend"
PRODUCT_POLICY: Final = "azure-native:apimanagement:ProductPolicy"

DIAGNOSTIC_SETTING: Final = "azure-native:monitor:DiagnosticSetting"
AUTOSCALE_SETTING: Final = "azure-native:monitor:AutoscaleSetting"
BUDGETS: Final = frozenset({"azure-native:consumption:Budget", "azure-native:costmanagement:Budget"})

ROLE_DEFINITION: Final = "azure-native:authorization:RoleDefinition"
LOCK_OF_GROUP: Final = "azure-native:authorization:ManagementLockAtResourceGroupLevel"
LOCK_OF_RESOURCE: Final = "azure-native:authorization:ManagementLockAtResourceLevel"
LOCK_BY_SCOPE: Final = "azure-native:authorization:ManagementLockByScope"
LOCKS: Final = frozenset({LOCK_OF_GROUP, LOCK_OF_RESOURCE, LOCK_BY_SCOPE})
