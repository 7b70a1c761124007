"""Which metrics and log categories a resource type has: what facts and general knowledge of Azure name.

A type that is not here has none that the sandbox knows. That is not to say that Azure has none: what asks for one is
told so in the refusal.
"""

from __future__ import annotations

_ML = "microsoft.machinelearningservices/workspaces"
_LATENCIES = tuple(f"RequestLatency{part}" for part in ("_P50", "_P90", "_P95", "_P99"))

METRICS: dict[str, frozenset[str]] = {
    f"{_ML}/onlineendpoints": frozenset(
        {
            *("RequestsPerMinute", "RequestLatency", *_LATENCIES),
            *("ConnectionsActive", "NewConnectionsPerSecond", "NetworkBytes"),
            *("DataCollectionEventsPerMinute", "DataCollectionErrorsPerMinute"),
        }
    ),
    f"{_ML}/onlineendpoints/deployments": frozenset(
        {
            *("CpuUtilizationPercentage", "CpuMemoryUtilizationPercentage", "DiskUtilization", "DeploymentCapacity"),
            *("GpuUtilizationPercentage", "GpuMemoryUtilizationPercentage", "GpuEnergyJoules"),
            *("RequestsPerMinute", *_LATENCIES),
            *("DataCollectionEventsPerMinute", "DataCollectionErrorsPerMinute"),
        }
    ),
}
"""By type in lower case: names in the REST API. (Monitor reference of 2024-02-19 and 2026-07-13.)"""

LOGS: dict[str, frozenset[str]] = {
    f"{_ML}/onlineendpoints": frozenset(
        {"AmlOnlineEndpointTrafficLog", "AmlOnlineEndpointConsoleLog", "AmlOnlineEndpointEventLog"}
    ),
    _ML: frozenset(
        {
            *("AmlComputeClusterEvent", "AmlComputeClusterNodeEvent", "AmlComputeJobEvent"),
            *("AmlComputeCpuGpuUtilization", "AmlRunStatusChangedEvent", "AmlRunEvent"),
            *("ModelsChangeEvent", "ModelsReadEvent", "ModelsActionEvent"),
            *("DeploymentReadEvent", "DeploymentEventACI", "DeploymentEventAKS"),
            *("InferencingOperationACI", "InferencingOperationAKS"),
            *("EnvironmentChangeEvent", "EnvironmentReadEvent"),
            *("DataLabelChangeEvent", "DataLabelReadEvent", "ComputeInstanceEvent"),
            *("DataStoreChangeEvent", "DataStoreReadEvent", "DataSetChangeEvent", "DataSetReadEvent"),
            *("PipelineChangeEvent", "PipelineReadEvent", "RunEvent", "RunReadEvent"),
        }
    ),
    "microsoft.keyvault/vaults": frozenset({"AuditEvent", "AzurePolicyEvaluationDetails"}),
    # The account itself has metrics alone: its logs are those of `blobServices/default` and its siblings.
    "microsoft.storage/storageaccounts": frozenset(),
    "microsoft.storage/storageaccounts/blobservices": frozenset({"StorageRead", "StorageWrite", "StorageDelete"}),
    "microsoft.cognitiveservices/accounts": frozenset({"Audit", "RequestResponse", "Trace"}),
    "microsoft.containerregistry/registries": frozenset(
        {"ContainerRegistryRepositoryEvents", "ContainerRegistryLoginEvents"}
    ),
    "microsoft.network/networksecuritygroups": frozenset(
        {"NetworkSecurityGroupEvent", "NetworkSecurityGroupRuleCounter"}
    ),
    "microsoft.network/virtualnetworks": frozenset({"VMProtectionAlerts"}),
    "microsoft.operationalinsights/workspaces": frozenset({"Audit", "SummaryLogs"}),
}
"""By type in lower case: log categories that a diagnostic setting can send."""

NO_METRICS = frozenset({"microsoft.network/networksecuritygroups"})
"""Types with logs and without metrics."""

LOG_GROUPS = ("allLogs", "audit")
METRIC_CATEGORIES = ("AllMetrics", "Transaction", "Capacity")
