"""The API versions that each resource type announces; the first is the one that its request contract describes.

The others are versions that official clients send to the type, or that recordings of Azure hold.
"""

from __future__ import annotations

_ML = "2025-12-01 2025-09-01 2025-06-01 2024-10-01 2024-04-01 2024-10-01-preview 2024-01-01-preview 2022-05-01"
_FOUNDRY = "2025-06-01 2025-09-01 2026-05-15-preview"
_COGNITIVE = f"{_FOUNDRY} 2024-10-01 2023-05-01"
_NETWORK = "2024-05-01 2024-01-01 2023-09-01"
_AUTHORIZATION = "2022-04-01 2018-07-01 2015-07-01"

_GATEWAY = "2024-05-01 2023-05-01-preview 2022-08-01"

_TABLE = {
    "Microsoft.Authorization/locks": "2020-05-01 2016-09-01",
    "Microsoft.Authorization/policyAssignments": "2025-01-01 2024-05-01 2023-04-01",
    "Microsoft.Authorization/roleAssignments": _AUTHORIZATION,
    "Microsoft.Authorization/roleDefinitions": f"2022-05-01-preview {_AUTHORIZATION}",
    "Microsoft.CognitiveServices/accounts": _COGNITIVE,
    "Microsoft.CognitiveServices/accounts/connections": _FOUNDRY,
    "Microsoft.CognitiveServices/accounts/deployments": _COGNITIVE,
    "Microsoft.CognitiveServices/accounts/projects": _FOUNDRY,
    "Microsoft.CognitiveServices/accounts/projects/connections": _FOUNDRY,
    "Microsoft.CognitiveServices/accounts/raiPolicies": _COGNITIVE,
    "Microsoft.Consumption/budgets": "2024-08-01 2023-05-01 2021-10-01",
    "Microsoft.ContainerRegistry/registries": "2023-01-01-preview 2023-07-01 2025-04-01",
    "Microsoft.Insights/actionGroups": "2024-10-01-preview 2023-01-01 2021-09-01",
    "Microsoft.Insights/autoscalesettings": "2021-05-01-preview 2022-10-01 2015-04-01",
    "Microsoft.Insights/components": "2020-02-02 2015-05-01",
    "Microsoft.Insights/diagnosticSettings": "2021-05-01-preview",
    "Microsoft.Insights/metricAlerts": "2018-03-01",
    "Microsoft.Insights/scheduledQueryRules": "2025-01-01-preview 2023-12-01 2022-06-15",
    "Microsoft.KeyVault/vaults": "2024-11-01 2023-07-01 2023-02-01",
    "Microsoft.KeyVault/vaults/keys": "2024-11-01 2023-07-01",
    "Microsoft.KeyVault/vaults/secrets": "2024-11-01 2023-07-01",
    "Microsoft.ManagedIdentity/userAssignedIdentities": "2023-01-31 2024-11-30",
    "Microsoft.Network/networkSecurityGroups": _NETWORK,
    "Microsoft.Network/privateDnsZones": "2024-06-01 2020-06-01",
    "Microsoft.Network/privateDnsZones/virtualNetworkLinks": "2024-06-01 2020-06-01",
    "Microsoft.Network/privateEndpoints": _NETWORK,
    "Microsoft.Network/privateEndpoints/privateDnsZoneGroups": _NETWORK,
    "Microsoft.Network/virtualNetworks": _NETWORK,
    "Microsoft.Network/virtualNetworks/subnets": _NETWORK,
    "Microsoft.OperationalInsights/workspaces": "2023-09-01 2025-02-01 2022-10-01",
    "Microsoft.Resources/deployments": "2024-03-01 2022-09-01 2021-04-01 2020-10-01",
    "Microsoft.Resources/subscriptions/resourceGroups": "2024-03-01 2021-04-01 2020-10-01",
    "Microsoft.Storage/storageAccounts": "2024-01-01 2023-05-01 2022-09-01",
    "Microsoft.Storage/storageAccounts/blobServices/containers": "2024-01-01 2023-05-01",
}
_BY_TYPE = {type_.lower(): tuple(versions.split()) for type_, versions in _TABLE.items()}


def announced(type_: str) -> tuple[str, ...]:
    """The API versions of a resource type, the contract's first."""
    lower = type_.lower()
    if lower.startswith("microsoft.machinelearningservices/"):
        return tuple(_ML.split())
    if lower.startswith("microsoft.apimanagement/"):
        return tuple(_GATEWAY.split())
    return _BY_TYPE[lower]
