"""Maps a resource of the program to its ARM type and id.

The paths are those that azure-native 3.29 sends; of the inputs of a resource, those in braces name a part of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from azure_llama.catalog.kinds import KINDS, EndpointKind

_PROVIDER = "azure-native:"
_PART = re.compile(r"\{(\w+)\}")
_ML = "Microsoft.MachineLearningServices/workspaces/{workspaceName}"
_APIM = "Microsoft.ApiManagement/service/{serviceName}"
_API = f"{_APIM}/apis/{{apiId}}"
_PRODUCT = f"{_APIM}/products/{{productId}}"

# Below the resource group, beside the endpoints, whose kinds have their own.
_IN_GROUP = {
    "apimanagement:Api": _API,
    "apimanagement:ApiDiagnostic": f"{_API}/diagnostics/{{diagnosticId}}",
    "apimanagement:ApiManagementService": _APIM,
    "apimanagement:ApiOperation": f"{_API}/operations/{{operationId}}",
    "apimanagement:ApiPolicy": f"{_API}/policies/{{policyId}}",
    "apimanagement:Backend": f"{_APIM}/backends/{{backendId}}",
    "apimanagement:Logger": f"{_APIM}/loggers/{{loggerId}}",
    "apimanagement:NamedValue": f"{_APIM}/namedValues/{{namedValueId}}",
    "apimanagement:Product": _PRODUCT,
    "apimanagement:ProductApiLink": f"{_PRODUCT}/apiLinks/{{apiLinkId}}",
    "apimanagement:ProductPolicy": f"{_PRODUCT}/policies/{{policyId}}",
    "apimanagement:Subscription": f"{_APIM}/subscriptions/{{sid}}",
    "applicationinsights:Component": "Microsoft.Insights/components/{resourceName}",
    "containerregistry:Registry": "Microsoft.ContainerRegistry/registries/{registryName}",
    "keyvault:Key": "Microsoft.KeyVault/vaults/{vaultName}/keys/{keyName}",
    "keyvault:Secret": "Microsoft.KeyVault/vaults/{vaultName}/secrets/{secretName}",
    "keyvault:Vault": "Microsoft.KeyVault/vaults/{vaultName}",
    "machinelearningservices:Compute": f"{_ML}/computes/{{computeName}}",
    "machinelearningservices:ManagedNetworkSettingsRule": f"{_ML}/outboundRules/{{ruleName}}",
    "machinelearningservices:MarketplaceSubscription": f"{_ML}/marketplaceSubscriptions/{{name}}",
    "machinelearningservices:Workspace": _ML,
    "machinelearningservices:WorkspaceConnection": f"{_ML}/connections/{{connectionName}}",
    "managedidentity:UserAssignedIdentity": "Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}",
    "monitor:ActionGroup": "Microsoft.Insights/actionGroups/{actionGroupName}",
    "monitor:AutoscaleSetting": "Microsoft.Insights/autoscalesettings/{autoscaleSettingName}",
    "monitor:MetricAlert": "Microsoft.Insights/metricAlerts/{ruleName}",
    "monitor:ScheduledQueryRule": "Microsoft.Insights/scheduledQueryRules/{ruleName}",
    "network:NetworkSecurityGroup": "Microsoft.Network/networkSecurityGroups/{networkSecurityGroupName}",
    "network:PrivateDnsZoneGroup": (
        "Microsoft.Network/privateEndpoints/{privateEndpointName}/privateDnsZoneGroups/{privateDnsZoneGroupName}"
    ),
    "network:PrivateEndpoint": "Microsoft.Network/privateEndpoints/{privateEndpointName}",
    "network:Subnet": "Microsoft.Network/virtualNetworks/{virtualNetworkName}/subnets/{subnetName}",
    "network:VirtualNetwork": "Microsoft.Network/virtualNetworks/{virtualNetworkName}",
    "operationalinsights:Workspace": "Microsoft.OperationalInsights/workspaces/{workspaceName}",
    "privatedns:PrivateZone": "Microsoft.Network/privateDnsZones/{privateZoneName}",
    "privatedns:VirtualNetworkLink": (
        "Microsoft.Network/privateDnsZones/{privateZoneName}/virtualNetworkLinks/{virtualNetworkLinkName}"
    ),
    "resources:Deployment": "Microsoft.Resources/deployments/{deploymentName}",
    "storage:BlobContainer": (
        "Microsoft.Storage/storageAccounts/{accountName}/blobServices/default/containers/{containerName}"
    ),
    "storage:StorageAccount": "Microsoft.Storage/storageAccounts/{accountName}",
}
# On a scope, which is an input itself.
_ON_SCOPE = {
    "authorization:ManagementLockByScope": ("scope", "Microsoft.Authorization/locks/{lockName}"),
    "authorization:RoleAssignment": ("scope", "Microsoft.Authorization/roleAssignments/{roleAssignmentName}"),
    "authorization:RoleDefinition": ("scope", "Microsoft.Authorization/roleDefinitions/{roleDefinitionId}"),
    "consumption:Budget": ("scope", "Microsoft.Consumption/budgets/{budgetName}"),
    "costmanagement:Budget": ("scope", "Microsoft.CostManagement/budgets/{budgetName}"),
    "monitor:DiagnosticSetting": ("resourceUri", "Microsoft.Insights/diagnosticSettings/{name}"),
}
_GROUP_TYPE = "Microsoft.Resources/resourceGroups"


@dataclass(frozen=True)
class Planned:
    """A resource of the program.

    Attributes:
        type: Required. ARM type: `Microsoft.Storage/storageAccounts`.
        id: Required. ARM id that it has or will have.
        pulumi_type: Optional. azure-native's type: `azure-native:storage:StorageAccount`.
        logical_name: Optional. Pulumi's name of it.
        guessed: Optional. Whether a part of the id is unknown: it depends on the outputs of another stack.
    """

    type: str
    id: str
    pulumi_type: str = field(default="", compare=False)
    logical_name: str = field(default="", compare=False)
    guessed: bool = field(default=False, compare=False)

    @property
    def name(self) -> str:
        """Its own name."""
        return self.id.rsplit("/", 1)[-1]

    @property
    def namespace(self) -> str:
        """Its resource provider."""
        return self.type.partition("/")[0]

    def is_a(self, type_: str) -> bool:
        """Whether it is of a type: ARM does not look at letter case."""
        return self.type.casefold() == type_.casefold()


def on_scope(pulumi_type: str) -> bool:
    """Whether a type's scope is an input: azure-native imports it without its leading slash, and then replaces it."""
    return pulumi_type.removeprefix(_PROVIDER) in _ON_SCOPE


def known(pulumi_type: str, kinds: Iterable[EndpointKind] = KINDS) -> bool:
    """Whether the ARM ids of a type of azure-native are known, be it an endpoint of one of the kinds or another one."""
    name = pulumi_type.removeprefix(_PROVIDER)
    return name == "resources:ResourceGroup" or name in _ON_SCOPE or name in _in_group(kinds)


def _in_group(kinds: Iterable[EndpointKind]) -> Mapping[str, str]:
    return _IN_GROUP | {type_: path for kind in kinds for type_, path in kind.resources.items()}


def is_azure(pulumi_type: str) -> bool:
    """Whether it is a resource of azure-native."""
    return pulumi_type.startswith(_PROVIDER)


def planned(
    resources: Iterable[tuple[str, str, Mapping[str, Any]]],
    subscription: str,
    group: str | None = None,
    kinds: Iterable[EndpointKind] = KINDS,
) -> list[Planned]:
    """The ARM ids of a program's resources.

    Args:
        resources: Required. Type (`azure-native:storage:StorageAccount`), Pulumi's name and inputs of each. An input
            that is no text (not known yet) is replaced: a name by Pulumi's name, a scope by the resource group.
        subscription: Required. Id of the subscription.
        group: Optional. Name of the resource group for those whose inputs do not say it; the first one declared
            when None.
        kinds: Optional. The kinds of endpoint.
    """
    in_group = _in_group(kinds)
    rows = [row for row in resources if is_azure(row[0]) and known(row[0], kinds)]
    declared = (props.get("resourceGroupName") for type_, _, props in rows if type_.endswith(":ResourceGroup"))
    home = group or next((each for each in declared if isinstance(each, str)), "unknown")
    ids = _ids(rows, in_group, f"/subscriptions/{subscription}", home)
    return [replace(each, pulumi_type=row[0], logical_name=row[1]) for row, each in zip(rows, ids, strict=True)]


def _ids(
    rows: list[tuple[str, str, Mapping[str, Any]]], in_group: Mapping[str, str], subscription: str, home: str
) -> Iterator[Planned]:
    for type_, name, props in rows:
        kind = type_.removeprefix(_PROVIDER)
        group = f"{subscription}/resourceGroups/{_text(props.get('resourceGroupName'), home)}"
        if kind == "resources:ResourceGroup":
            yield Planned(_GROUP_TYPE, group)
        elif kind in in_group:
            yield _planned(group, in_group[kind], name, props)
        else:
            scope_input, path = _ON_SCOPE[kind]
            scope = _text(props.get(scope_input), f"{subscription}/resourceGroups/{home}").rstrip("/")
            guessed = not isinstance(props.get(scope_input), str)
            yield replace(_planned(scope, path, name, props), guessed=guessed)


def _planned(scope: str, path: str, name: str, props: Mapping[str, Any]) -> Planned:
    filled = _PART.sub(lambda part: _text(props.get(part[1]), name), path)
    namespace, *rest = path.split("/")
    return Planned("/".join((namespace, *rest[::2])), f"{scope}/providers/{filled}")


def _text(value: Any, otherwise: str) -> str:
    return value if isinstance(value, str) and value else otherwise
