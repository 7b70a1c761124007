"""API versions of requests: for a type that azure-native deploys, the version that it sends."""

from __future__ import annotations

SUBSCRIPTIONS = "2022-12-01"
PROVIDERS = "2021-04-01"
PERMISSIONS = "2022-04-01"
RESOURCE_GROUPS = "2024-03-01"
MACHINE_LEARNING = "2025-12-01"
KEY_VAULT = "2024-11-01"
STORAGE = "2024-01-01"
CONTAINER_REGISTRY = "2023-07-01"
COGNITIVE_SERVICES = "2025-06-01"
API_MANAGEMENT = "2024-05-01"
BILLING = "2024-04-01"
QUOTA = "2025-09-01"

_BY_TYPE = {
    "Microsoft.ApiManagement": API_MANAGEMENT,
    "Microsoft.CognitiveServices": COGNITIVE_SERVICES,
    "Microsoft.ContainerRegistry": CONTAINER_REGISTRY,
    "Microsoft.Insights/actionGroups": "2024-10-01-preview",
    "Microsoft.Insights/autoscalesettings": "2021-05-01-preview",
    "Microsoft.Insights/components": "2020-02-02",
    "Microsoft.Insights/diagnosticSettings": "2021-05-01-preview",
    "Microsoft.Insights/metricAlerts": "2018-03-01",
    "Microsoft.Insights/scheduledQueryRules": "2025-01-01-preview",
    "Microsoft.Authorization/locks": "2020-05-01",
    "Microsoft.Authorization/roleAssignments": "2022-04-01",
    "Microsoft.Authorization/roleDefinitions": "2022-05-01-preview",
    "Microsoft.Consumption": "2024-08-01",
    "Microsoft.CostManagement": "2024-08-01",
    "Microsoft.KeyVault": KEY_VAULT,
    "Microsoft.MachineLearningServices": MACHINE_LEARNING,
    "Microsoft.ManagedIdentity": "2023-01-31",
    "Microsoft.Network": "2024-05-01",
    "Microsoft.Network/privateDnsZones": "2024-06-01",
    "Microsoft.OperationalInsights": "2023-09-01",
    "Microsoft.Resources": RESOURCE_GROUPS,
    "Microsoft.Storage": STORAGE,
}


def of_type(type_: str) -> str | None:
    """The version that azure-native sends for an ARM type; None for a type that this package does not deploy.

    Args:
        type_: Required. `Microsoft.Network/privateDnsZones/virtualNetworkLinks`.
    """
    parts = type_.split("/")
    return next((_BY_TYPE[name] for end in (2, 1) if (name := "/".join(parts[:end])) in _BY_TYPE), None)
