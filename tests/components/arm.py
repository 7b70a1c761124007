"""The ARM request that azure-native makes of a resource's inputs: which type and version, and with what body."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.components.mocked import Registration

_ML = "Microsoft.MachineLearningServices/workspaces"
_ENVELOPE = {"location", "tags", "identity", "kind", "sku", "properties"}


@dataclass(frozen=True)
class ArmType:
    """An ARM type: name, the version that azure-native 3.29 sends, what goes into the path, other names in the body."""

    name: str
    version: str
    path: frozenset[str]
    flat: bool = False
    inside: frozenset[str] = frozenset()
    renamed: tuple[tuple[str, str], ...] = ()


def _path(*names: str) -> frozenset[str]:
    return frozenset({"resourceGroupName", *names})


TYPES = {
    "resources:ResourceGroup": ArmType("Microsoft.Resources/resourceGroups", "2024-03-01", _path()),
    "resources:Deployment": ArmType("Microsoft.Resources/deployments", "2024-03-01", _path("deploymentName")),
    "storage:StorageAccount": ArmType(
        "Microsoft.Storage/storageAccounts",
        "2024-01-01",
        _path("accountName"),
        flat=True,
        renamed=(("enableHttpsTrafficOnly", "supportsHttpsTrafficOnly"),),
    ),
    "keyvault:Vault": ArmType("Microsoft.KeyVault/vaults", "2024-11-01", _path("vaultName")),
    "operationalinsights:Workspace": ArmType(
        "Microsoft.OperationalInsights/workspaces",
        "2023-09-01",
        _path("workspaceName"),
        flat=True,
        inside=frozenset({"sku"}),
    ),
    "applicationinsights:Component": ArmType(
        "Microsoft.Insights/components",
        "2020-02-02",
        _path("resourceName"),
        flat=True,
        renamed=(
            ("applicationType", "Application_Type"),
            ("flowType", "Flow_Type"),
            ("requestSource", "Request_Source"),
            ("workspaceResourceId", "WorkspaceResourceId"),
            ("ingestionMode", "IngestionMode"),
        ),
    ),
    "machinelearningservices:Workspace": ArmType(_ML, "2025-12-01", _path("workspaceName"), flat=True),
    "machinelearningservices:MarketplaceSubscription": ArmType(
        f"{_ML}/marketplaceSubscriptions", "2025-12-01", _path("workspaceName", "name")
    ),
    "machinelearningservices:ServerlessEndpoint": ArmType(
        f"{_ML}/serverlessEndpoints", "2025-12-01", _path("workspaceName", "name")
    ),
    "machinelearningservices:OnlineEndpoint": ArmType(
        f"{_ML}/onlineEndpoints", "2025-12-01", _path("workspaceName", "endpointName")
    ),
    "machinelearningservices:OnlineDeployment": ArmType(
        f"{_ML}/onlineEndpoints/deployments",
        "2025-12-01",
        _path("workspaceName", "endpointName", "deploymentName"),
    ),
}


def put(resource: Registration) -> tuple[str, str, dict[str, Any]]:
    """Type, api-version and body of the PUT that creates a resource."""
    arm = TYPES[resource.type.removeprefix("azure-native:")]
    inputs = {name: value for name, value in resource.inputs.items() if name not in arm.path}
    if not arm.flat:
        return arm.name, arm.version, inputs
    renamed = dict(arm.renamed)
    top = _ENVELOPE - arm.inside
    body: dict[str, Any] = {name: value for name, value in inputs.items() if name in top}
    body["properties"] = {renamed.get(name, name): value for name, value in inputs.items() if name not in top}
    return arm.name, arm.version, body
