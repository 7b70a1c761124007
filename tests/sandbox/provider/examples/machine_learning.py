"""Inputs of Azure ML resources."""

from __future__ import annotations

from tests.sandbox.provider.examples.common import GROUP, IDENTITY, Examples

MODEL = "azureml://registries/azureml-meta/models/Llama-3.3-70B-Instruct"
CHILD = {**GROUP, "workspaceName": "project"}

EXAMPLES: Examples = {
    "machinelearningservices:Workspace": {
        **CHILD,
        "location": "eastus2",
        "kind": "Hub",
        "identity": IDENTITY,
        "sku": {"name": "Basic", "tier": "Basic"},
        "storageAccount": "/subscriptions/s/sa",
        "keyVault": "/subscriptions/s/kv",
        "managedNetwork": {"isolationMode": "AllowInternetOutbound"},
        "sharedPrivateLinkResources": [{"name": "n", "groupId": "g", "privateLinkResourceId": "/subscriptions/s/p"}],
        "workspaceHubConfig": {"defaultWorkspaceResourceGroup": "/subscriptions/s/g"},
    },
    "machinelearningservices:MarketplaceSubscription": {**CHILD, "name": "llama", "properties": {"modelId": MODEL}},
    "machinelearningservices:ServerlessEndpoint": {
        **CHILD,
        "name": "llama",
        "location": "eastus2",
        "sku": {"name": "Consumption"},
        "properties": {
            "authMode": "Key",
            "modelSettings": {"modelId": MODEL},
            "contentSafety": {"contentSafetyStatus": "Enabled"},
        },
    },
    "machinelearningservices:OnlineEndpoint": {
        **CHILD,
        "endpointName": "ep",
        "location": "eastus2",
        "identity": {"type": "SystemAssigned"},
        "properties": {"authMode": "AADToken", "traffic": {"blue": 90, "green": 10}, "publicNetworkAccess": "Enabled"},
    },
    "machinelearningservices:OnlineDeployment": {
        **CHILD,
        "endpointName": "ep",
        "deploymentName": "blue",
        "location": "eastus2",
        "sku": {"name": "Default", "tier": "Standard", "capacity": 1},
        "properties": {
            "endpointComputeType": "Managed",
            "instanceType": "Standard_NC24ads_A100_v4",
            "model": f"{MODEL}/versions/4",
            "requestSettings": {"requestTimeout": "PT180S", "maxConcurrentRequestsPerInstance": 1},
            "livenessProbe": {"failureThreshold": 30, "initialDelay": "PT600S", "period": "PT10S"},
            "scaleSettings": {"scaleType": "Default"},
        },
    },
    "machinelearningservices:EnvironmentVersion": {
        **CHILD,
        "name": "vllm",
        "version": "1",
        "properties": {
            "image": "vllm/vllm-openai:v0.11.0",
            "osType": "Linux",
            "inferenceConfig": {
                "livenessRoute": {"path": "/health", "port": 8000},
                "readinessRoute": {"path": "/health", "port": 8000},
                "scoringRoute": {"path": "/score", "port": 8000},
            },
        },
    },
    "machinelearningservices:WorkspaceConnection": {
        **CHILD,
        "connectionName": "llama",
        "properties": {
            "authType": "ApiKey",
            "category": "Serverless",
            "target": "https://x",
            "credentials": {"key": "k"},
        },
    },
    "machinelearningservices:Compute": {
        **CHILD,
        "computeName": "ci-one",
        "location": "eastus2",
        "identity": {"type": "SystemAssigned"},
        "properties": {
            "computeType": "ComputeInstance",
            "disableLocalAuth": True,
            "properties": {
                "vmSize": "Standard_DS3_v2",
                "idleTimeBeforeShutdown": "PT60M",
                "enableNodePublicIp": False,
                "personalComputeInstanceSettings": {"assignedUser": {"objectId": "o", "tenantId": "t"}},
            },
        },
    },
    "machinelearningservices:ManagedNetworkSettingsRule": {
        **CHILD,
        "ruleName": "pypi",
        "properties": {"type": "FQDN", "category": "UserDefined", "destination": "*.example.com"},
    },
}
