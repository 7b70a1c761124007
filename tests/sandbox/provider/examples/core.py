"""Inputs of what a workspace stands on."""

from __future__ import annotations

from tests.sandbox.provider.examples.common import GROUP, IDENTITY, Examples

EXAMPLES: Examples = {
    "resources:ResourceGroup": {**GROUP, "location": "eastus2", "tags": {"a": "b"}},
    "resources:Deployment": {
        **GROUP,
        "deploymentName": "d",
        "properties": {"mode": "Incremental", "template": {"resources": []}, "parameters": {"p": {"value": 1}}},
    },
    "storage:StorageAccount": {
        **GROUP,
        "accountName": "sa1",
        "location": "eastus2",
        "kind": "StorageV2",
        "sku": {"name": "Standard_LRS"},
        "identity": {"type": "SystemAssigned"},
        "enableHttpsTrafficOnly": True,
        "enableNfsV3": False,
        "allowSharedKeyAccess": False,
        "minimumTlsVersion": "TLS1_2",
        "networkRuleSet": {
            "bypass": "AzureServices",
            "defaultAction": "Deny",
            "ipRules": [{"iPAddressOrRange": "1.2.3.4", "action": "Allow"}],
            "virtualNetworkRules": [{"virtualNetworkResourceId": "/subscriptions/s/x"}],
        },
        "encryption": {"keySource": "Microsoft.Storage", "services": {"blob": {"enabled": True, "keyType": "Account"}}},
    },
    "keyvault:Vault": {
        **GROUP,
        "vaultName": "kv1",
        "location": "eastus2",
        "properties": {
            "tenantId": "00000000-0000-0000-0000-000000000000",
            "sku": {"family": "A", "name": "standard"},
            "enableRbacAuthorization": True,
            "softDeleteRetentionInDays": 7,
            "createMode": "default",
            "networkAcls": {"bypass": "AzureServices", "defaultAction": "Allow", "ipRules": [{"value": "1.2.3.4"}]},
        },
    },
    "operationalinsights:Workspace": {
        **GROUP,
        "workspaceName": "law1",
        "location": "eastus2",
        "sku": {"name": "PerGB2018"},
        "retentionInDays": 30,
        "workspaceCapping": {"dailyQuotaGb": 1},
        "features": {"disableLocalAuth": True},
        "identity": IDENTITY,
    },
    "applicationinsights:Component": {
        **GROUP,
        "resourceName": "ai",
        "location": "eastus2",
        "kind": "web",
        "applicationType": "web",
        "flowType": "Bluefield",
        "requestSource": "rest",
        "workspaceResourceId": "/subscriptions/s/x",
        "ingestionMode": "LogAnalytics",
        "samplingPercentage": 100,
        "disableLocalAuth": True,
        "publicNetworkAccessForQuery": "Enabled",
    },
    "authorization:RoleAssignment": {
        "scope": "/subscriptions/s/resourceGroups/rg",
        "roleAssignmentName": "00000000-0000-0000-0000-000000000000",
        "principalId": "00000000-0000-0000-0000-000000000000",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/d",
    },
    "authorization:RoleDefinition": {
        "scope": "/subscriptions/s",
        "roleDefinitionId": "d",
        "roleName": "Llama",
        "roleType": "CustomRole",
        "assignableScopes": ["/subscriptions/s"],
        "permissions": [{"actions": ["*/read"], "notActions": ["*/delete"]}],
    },
}
