"""The ARM request that azure-native makes of a resource's inputs: which type and version, and with what body."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pulumi.runtime import rpc

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
        renamed=(("enableHttpsTrafficOnly", "supportsHttpsTrafficOnly"), ("networkRuleSet", "networkAcls")),
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
    "machinelearningservices:Compute": ArmType(f"{_ML}/computes", "2025-12-01", _path("workspaceName", "computeName")),
    "machinelearningservices:ManagedNetworkSettingsRule": ArmType(
        f"{_ML}/outboundRules", "2025-12-01", _path("workspaceName", "ruleName")
    ),
    "authorization:RoleAssignment": ArmType(
        "Microsoft.Authorization/roleAssignments",
        "2022-04-01",
        frozenset({"scope", "roleAssignmentName"}),
        flat=True,
    ),
    "authorization:RoleDefinition": ArmType(
        "Microsoft.Authorization/roleDefinitions",
        "2022-05-01-preview",
        frozenset({"scope", "roleDefinitionId"}),
        flat=True,
        renamed=(("roleType", "type"),),
    ),
    "authorization:ManagementLockByScope": ArmType(
        "Microsoft.Authorization/locks", "2020-05-01", frozenset({"scope", "lockName"}), flat=True
    ),
    "consumption:Budget": ArmType(
        "Microsoft.Consumption/budgets", "2024-08-01", frozenset({"scope", "budgetName"}), flat=True
    ),
    "containerregistry:Registry": ArmType(
        "Microsoft.ContainerRegistry/registries", "2023-01-01-preview", _path("registryName"), flat=True
    ),
    "keyvault:Key": ArmType("Microsoft.KeyVault/vaults/keys", "2024-11-01", _path("vaultName", "keyName")),
    "managedidentity:UserAssignedIdentity": ArmType(
        "Microsoft.ManagedIdentity/userAssignedIdentities", "2023-01-31", _path("resourceName")
    ),
    "monitor:DiagnosticSetting": ArmType(
        "Microsoft.Insights/diagnosticSettings", "2021-05-01-preview", frozenset({"resourceUri", "name"}), flat=True
    ),
    "network:PrivateEndpoint": ArmType(
        "Microsoft.Network/privateEndpoints", "2024-05-01", _path("privateEndpointName"), flat=True
    ),
    "network:PrivateDnsZoneGroup": ArmType(
        "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
        "2024-05-01",
        _path("privateEndpointName", "privateDnsZoneGroupName"),
        flat=True,
    ),
    "network:VirtualNetwork": ArmType(
        "Microsoft.Network/virtualNetworks", "2024-05-01", _path("virtualNetworkName"), flat=True
    ),
    "network:Subnet": ArmType(
        "Microsoft.Network/virtualNetworks/subnets", "2024-05-01", _path("virtualNetworkName", "subnetName"), flat=True
    ),
    "privatedns:PrivateZone": ArmType(
        "Microsoft.Network/privateDnsZones", "2024-06-01", _path("privateZoneName"), flat=True
    ),
    "privatedns:VirtualNetworkLink": ArmType(
        "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
        "2024-06-01",
        _path("privateZoneName", "virtualNetworkLinkName"),
        flat=True,
    ),
    "monitor:AutoscaleSetting": ArmType(
        "Microsoft.Insights/autoscalesettings", "2021-05-01-preview", _path("autoscaleSettingName"), flat=True
    ),
    "keyvault:Secret": ArmType("Microsoft.KeyVault/vaults/secrets", "2024-11-01", _path("vaultName", "secretName")),
    "cognitiveservices:Account": ArmType("Microsoft.CognitiveServices/accounts", "2025-06-01", _path("accountName")),
    "cognitiveservices:Deployment": ArmType(
        "Microsoft.CognitiveServices/accounts/deployments", "2025-06-01", _path("accountName", "deploymentName")
    ),
    "machinelearningservices:WorkspaceConnection": ArmType(
        f"{_ML}/connections", "2025-12-01", _path("workspaceName", "connectionName")
    ),
}

_EXPIRY = {"expires": "exp", "notBefore": "nbf"}
"""What azure-native calls the times of a secret, and ARM."""

_BELOW = {
    "network:PrivateEndpoint": "privateLinkServiceConnections",
    "network:PrivateDnsZoneGroup": "privateDnsZoneConfigs",
}
"""Lists whose entries azure-native shows flat, and ARM has under `properties` but for their names."""


def put(resource: Registration) -> tuple[str, str, dict[str, Any]]:
    """Type, api-version and body of the PUT that creates a resource."""
    arm = TYPES[resource.type.removeprefix("azure-native:")]
    inputs = {name: _sent(value) for name, value in resource.inputs.items() if name not in arm.path}
    if isinstance(identities := inputs.get("identity", {}).get("userAssignedIdentities"), list):
        inputs["identity"] = inputs["identity"] | {"userAssignedIdentities": {each: {} for each in identities}}
    if arm.name.endswith("vaults/secrets"):
        times = inputs["properties"]["attributes"]
        inputs["properties"]["attributes"] = {_EXPIRY.get(name, name): value for name, value in times.items()}
    if not arm.flat:
        return arm.name, arm.version, inputs
    if entries := _BELOW.get(resource.type.removeprefix("azure-native:")):
        inputs[entries] = [
            {"name": entry["name"], "properties": {key: value for key, value in entry.items() if key != "name"}}
            for entry in inputs[entries]
        ]
    renamed = dict(arm.renamed)
    top = _ENVELOPE - arm.inside
    body: dict[str, Any] = {name: value for name, value in inputs.items() if name in top}
    body["properties"] = {renamed.get(name, name): value for name, value in inputs.items() if name not in top}
    return arm.name, arm.version, body


def _sent(value: Any) -> Any:
    """A value as it goes to Azure: without the marks of what is secret."""
    if rpc.is_rpc_secret(value):
        return _sent(rpc.unwrap_rpc_secret(value))
    return {name: _sent(each) for name, each in value.items()} if isinstance(value, dict) else value
