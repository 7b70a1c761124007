"""What an update would do, and what Azure changed behind the program's back."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi.runtime.proto.provider_pb2 import DiffResponse, PropertyDiff

from azure_llama_sandbox.provider.differ import diff, drifted
from azure_llama_sandbox.provider.resource_types import RESOURCE_TYPES
from azure_llama_sandbox.provider.values import UNKNOWN

ENDPOINT: dict[str, Any] = {
    "resourceGroupName": "rg",
    "workspaceName": "ws",
    "endpointName": "ep",
    "location": "eastus2",
    "properties": {"authMode": "Key", "traffic": {"blue": 100}},
    "tags": {"team": "a"},
    "azureApiVersion": "2025-12-01",
}
KIND = PropertyDiff.Kind


def changed(
    old: dict[str, Any], new: dict[str, Any], of: str = "machinelearningservices:OnlineEndpoint"
) -> DiffResponse:
    return diff(RESOURCE_TYPES[f"azure-native:{of}"], old, {}, new)


def kinds(response: DiffResponse) -> dict[str, Any]:
    return {path: detail.kind for path, detail in response.detailedDiff.items()}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"tags": {"team": "b"}}, {"tags.team": KIND.UPDATE}),
        ({"tags": {"team": "a", "cost center": "x"}}, {"tags.cost center": KIND.ADD}),
        ({"tags": {"team": "a", "a.b": "x"}}, {"tags.a.b": KIND.ADD}),
        ({"tags": None}, {"tags": KIND.DELETE}),
        ({"kind": "x"}, {"kind": KIND.ADD}),
        ({"properties": {"authMode": "Key", "traffic": {"blue": 90, "green": 10}}},
         {"properties.traffic.blue": KIND.UPDATE, "properties.traffic.green": KIND.ADD}),
        ({"properties": UNKNOWN}, {"properties": KIND.UPDATE}),
        ({"azureApiVersion": "2024-10-01"}, {"azureApiVersion": KIND.UPDATE}),
    ],
)  # fmt: skip
def test_updates_in_place(change: dict[str, Any], expected: dict[str, Any]) -> None:
    new = {name: value for name, value in {**ENDPOINT, **change}.items() if value is not None}
    response = changed(ENDPOINT, new)
    assert response.changes == DiffResponse.DIFF_SOME
    assert kinds(response) == expected
    assert list(response.diffs) == list(change)
    assert list(response.replaces) == []
    assert not response.deleteBeforeReplace


@pytest.mark.parametrize("name", ["resourceGroupName", "workspaceName", "endpointName", "location"])
@pytest.mark.parametrize("value", ["other", UNKNOWN])
def test_what_names_or_places_a_resource_replaces_it(name: str, value: Any) -> None:
    response = changed(ENDPOINT, {**ENDPOINT, name: value})
    assert kinds(response) == {name: KIND.UPDATE_REPLACE}
    assert list(response.replaces) == [name]
    assert response.deleteBeforeReplace


@pytest.mark.parametrize(
    ("pulumi_type", "name", "replaces"),
    [
        ("storage:StorageAccount", "isHnsEnabled", True),
        ("storage:StorageAccount", "minimumTlsVersion", False),
        ("resources:ResourceGroup", "location", True),
        ("keyvault:Vault", "location", False),
        ("keyvault:Vault", "vaultName", True),
        ("operationalinsights:Workspace", "location", True),
        ("applicationinsights:Component", "resourceName", True),
        ("applicationinsights:Component", "workspaceResourceId", False),
        ("machinelearningservices:Workspace", "location", False),
        ("machinelearningservices:Workspace", "keyVault", False),
        ("machinelearningservices:MarketplaceSubscription", "name", True),
        ("machinelearningservices:ServerlessEndpoint", "location", True),
        ("machinelearningservices:OnlineDeployment", "endpointName", True),
        ("machinelearningservices:OnlineDeployment", "sku", False),
        ("machinelearningservices:WorkspaceConnection", "connectionName", True),
        ("resources:Deployment", "deploymentName", True),
        ("resources:Deployment", "properties", False),
        ("authorization:RoleAssignment", "principalId", True),
        ("authorization:RoleAssignment", "scope", True),
        ("authorization:RoleAssignment", "description", False),
        ("network:VirtualNetwork", "location", True),
        ("network:VirtualNetwork", "addressSpace", False),
        ("network:Subnet", "virtualNetworkName", True),
        ("network:Subnet", "addressPrefix", False),
        ("network:NetworkSecurityGroup", "securityRules", False),
        ("network:PrivateEndpoint", "subnet", True),
        ("network:PrivateEndpoint", "privateLinkServiceConnections", False),
        ("network:PrivateDnsZoneGroup", "privateEndpointName", True),
        ("network:PrivateDnsZoneGroup", "privateDnsZoneConfigs", False),
        ("privatedns:PrivateZone", "privateZoneName", True),
        ("privatedns:VirtualNetworkLink", "virtualNetwork", False),
        ("cognitiveservices:Account", "accountName", True),
        ("cognitiveservices:Account", "properties", False),
        ("managedidentity:UserAssignedIdentity", "location", True),
        ("containerregistry:Registry", "registryName", True),
        ("containerregistry:Registry", "sku", False),
        ("keyvault:Key", "keyName", True),
        ("keyvault:Key", "properties", False),
        ("keyvault:Secret", "vaultName", True),
        ("keyvault:Secret", "properties", False),
        ("storage:BlobContainer", "containerName", True),
        ("storage:BlobContainer", "publicAccess", False),
        ("monitor:DiagnosticSetting", "resourceUri", True),
        ("monitor:DiagnosticSetting", "logs", False),
        ("monitor:AutoscaleSetting", "location", True),
        ("monitor:AutoscaleSetting", "profiles", False),
        ("monitor:ActionGroup", "emailReceivers", False),
        ("monitor:ActionGroup", "location", False),
        ("machinelearningservices:Compute", "location", False),
        ("network:NetworkSecurityGroup", "location", False),
        ("network:PrivateEndpoint", "location", False),
        ("applicationinsights:Component", "applicationType", True),
        ("applicationinsights:Component", "location", True),
        ("monitor:MetricAlert", "ruleName", True),
        ("monitor:ScheduledQueryRule", "criteria", False),
        ("consumption:Budget", "scope", True),
        ("consumption:Budget", "amount", False),
        ("authorization:ManagementLockByScope", "scope", True),
        ("authorization:ManagementLockByScope", "level", False),
        ("authorization:PolicyAssignment", "policyDefinitionId", False),
        ("authorization:RoleDefinition", "roleDefinitionId", True),
        ("authorization:RoleDefinition", "roleName", False),
    ],
)
def test_which_changes_replace(pulumi_type: str, name: str, replaces: bool) -> None:
    response = changed({name: "a"}, {name: "b"}, of=pulumi_type)
    assert list(response.diffs) == [name]
    assert list(response.replaces) == ([name] if replaces else [])


def test_a_random_name_lets_the_replacement_come_first() -> None:
    old = {**ENDPOINT, "__createBeforeDelete": True}
    response = changed(old, {**ENDPOINT, "location": "westus"})
    assert list(response.replaces) == ["location"]
    assert not response.deleteBeforeReplace


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"location": "East US 2"},
        {"properties": {"authMode": "Key", "traffic": {"blue": 100.0}}},
        {"__createBeforeDelete": True},
    ],
)
def test_spellings_of_the_same_are_no_change(change: dict[str, Any]) -> None:
    response = changed(ENDPOINT, {**ENDPOINT, **change})
    assert response.changes == DiffResponse.DIFF_NONE
    assert kinds(response) == {}


def test_case_counts_in_resource_ids_but_not_in_a_resource_groups_name() -> None:
    vault = "/subscriptions/S/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv"
    of = "machinelearningservices:Workspace"
    assert kinds(changed({"keyVault": vault}, {"keyVault": vault.lower()}, of=of)) == {"keyVault": KIND.UPDATE}
    assert changed({"resourceGroupName": "RG"}, {"resourceGroupName": "rg"}, of=of).changes == DiffResponse.DIFF_NONE
    nested = changed({"properties": {"location": "East US"}}, {"properties": {"location": "eastus"}}, of=of)
    assert nested.changes == DiffResponse.DIFF_SOME


def test_a_default_that_is_added_is_no_change() -> None:
    of = "applicationinsights:Component"
    default = changed({}, {"ingestionMode": "LogAnalytics"}, of=of)
    assert default.changes == DiffResponse.DIFF_NONE
    assert not default.detailedDiff["ingestionMode"].inputDiff
    assert changed({}, {"ingestionMode": "ApplicationInsights"}, of=of).changes == DiffResponse.DIFF_SOME
    assert changed({"ingestionMode": "x"}, {"ingestionMode": "LogAnalytics"}, of=of).changes == DiffResponse.DIFF_SOME


def test_order_does_not_count_in_a_list_whose_items_have_identifiers() -> None:
    def vault(*policies: dict[str, Any]) -> dict[str, Any]:
        return {"properties": {"accessPolicies": list(policies)}}

    def policy(owner: str, **more: str) -> dict[str, Any]:
        return {"tenantId": "t", "objectId": owner, "permissions": {"keys": ["get"]}, **more}

    def differences(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
        return kinds(changed(old, new, of="keyvault:Vault"))

    a, b, path = policy("a"), policy("b"), "properties.accessPolicies"
    assert differences(vault(a, b), vault(b, a)) == {}
    assert differences(vault(a, b), vault(b)) == {f"{path}[0]": KIND.DELETE}
    assert differences(vault(a), vault(b, a)) == {f"{path}[0]": KIND.ADD}
    changed_policy = policy("a", applicationId="x")
    assert differences(vault(a, b), vault(b, changed_policy)) == {f"{path}[1].applicationId": KIND.ADD}


def test_what_is_inside_an_input_that_replaces() -> None:
    def endpoint(**subnet: str) -> dict[str, Any]:
        return {"subnet": subnet}

    response = changed(endpoint(id="a"), endpoint(id="b", name="n"), of="network:PrivateEndpoint")
    assert kinds(response) == {"subnet.id": KIND.UPDATE_REPLACE, "subnet.name": KIND.ADD}
    assert list(response.replaces) == ["subnet.id"]


def test_after_an_import_what_azure_has_already_is_no_reason_to_replace() -> None:
    row = RESOURCE_TYPES["azure-native:storage:StorageAccount"]
    state = {"isHnsEnabled": True, "azureApiVersion": "2024-01-01"}
    response = diff(row, {}, state, {"isHnsEnabled": True, "azureApiVersion": "2024-01-01"})
    assert kinds(response) == {"isHnsEnabled": KIND.ADD}
    assert list(response.replaces) == []


def test_lists_are_compared_item_by_item() -> None:
    old = {"permissions": [{"actions": ["a", "b"]}]}
    new = {"permissions": [{"actions": ["a", "c"]}, {"actions": []}]}
    assert kinds(changed(old, new, of="authorization:RoleDefinition")) == {
        "permissions[0].actions[1]": KIND.UPDATE,
        "permissions[1]": KIND.ADD,
    }


@pytest.mark.parametrize(
    ("inputs", "before", "after", "expected"),
    [
        # what the service fills in was there before
        ({"a": 1}, {"a": 1, "default": 2}, {"a": 1, "default": 2}, {"a": 1}),
        # changed, added, removed behind the program's back
        ({"a": 1}, {"a": 1}, {"a": 5}, {"a": 5}),
        ({"tags": {"x": "1"}}, {"tags": {"x": "1"}}, {"tags": {"x": "1", "y": "2"}}, {"tags": {"x": "1", "y": "2"}}),
        ({"tags": {"x": "1", "y": "2"}}, {"tags": {"x": "1", "y": "2"}}, {"tags": {"x": "1"}}, {"tags": {"x": "1"}}),
        ({"a": 1}, {"a": 1, "default": 2}, {"a": 1, "default": 3}, {"a": 1, "default": 3}),
        ({"a": 1}, {"a": 1}, {"a": 1, "b": {"c": 1}}, {"a": 1, "b": {"c": 1}}),
        # what Azure never returns stays
        ({"keys": "k", "a": 1}, {"a": 1}, {"a": 2}, {"keys": "k", "a": 2}),
        # items that did not change have Azure's spelling, too
        ({"l": ["X", "y"]}, {"l": ["x", "y"]}, {"l": ["x", "z"]}, {"l": ["x", "z"]}),
        ({"l": [{"a": 1}]}, {"l": [{"a": 1, "d": 1}]}, {"l": [{"a": 2, "d": 1}]}, {"l": [{"a": 2}]}),
        (
            {"l": [{"a": 1}]},
            {"l": [{"a": 1, "d": 1}]},
            {"l": [{"a": 1, "d": 1}, {"a": 3}]},
            {"l": [{"a": 1}, {"a": 3}]},
        ),
    ],
)
def test_drift(inputs: Any, before: Any, after: Any, expected: Any) -> None:
    assert drifted(inputs, before, after) == expected
