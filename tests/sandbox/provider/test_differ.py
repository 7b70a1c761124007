"""What an update would do, and what Azure changed behind the program's back."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi.runtime.proto.provider_pb2 import DiffResponse, PropertyDiff

from azure_llama_sandbox.provider.differ import covers, diff, drifted
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
        ({"tags": {"team": "a", "cost center": "x"}}, {'tags["cost center"]': KIND.ADD}),
        ({"tags": {"team": "a", "a.b": "x"}}, {'tags["a.b"]': KIND.ADD}),
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
        ("keyvault:Vault", "location", True),
        ("keyvault:Vault", "vaultName", True),
        ("operationalinsights:Workspace", "location", True),
        ("applicationinsights:Component", "resourceName", True),
        ("applicationinsights:Component", "workspaceResourceId", False),
        ("machinelearningservices:Workspace", "location", True),
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


def test_case_does_not_count_in_resource_ids() -> None:
    vault = "/subscriptions/S/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv"
    of = "machinelearningservices:Workspace"
    assert changed({"keyVault": vault}, {"keyVault": vault.lower()}, of=of).changes == DiffResponse.DIFF_NONE
    assert changed({"kind": "Hub"}, {"kind": "hub"}, of=of).changes == DiffResponse.DIFF_SOME


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
    ("ignore", "left"),
    [
        ([], {"properties.traffic.blue", "tags.team", 'tags["a.b"]', "location"}),
        (["properties"], {"tags.team", 'tags["a.b"]', "location"}),
        (["properties.traffic", "tags.team"], {'tags["a.b"]', "location"}),
        (["properties.traffic.green", "tag"], {"properties.traffic.blue", "tags.team", 'tags["a.b"]', "location"}),
        (['tags["a.b"]', "tags['team']", 'tags["team"]', "location", "properties[*]"], set()),
    ],
)
def test_the_engine_names_changes_that_do_not_count(ignore: list[str], left: set[str]) -> None:
    new = {
        **ENDPOINT,
        "properties": {"authMode": "Key", "traffic": {"blue": 90}},
        "tags": {"team": "b", "a.b": "x"},
        "location": "westus",
    }
    row = RESOURCE_TYPES["azure-native:machinelearningservices:OnlineEndpoint"]
    response = diff(row, ENDPOINT, {}, new, ignore)
    assert set(kinds(response)) == left
    assert bool(response.changes == DiffResponse.DIFF_SOME) is bool(left)
    assert list(response.replaces) == (["location"] if "location" in left else [])


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
        # spellings stay the program's
        ({"location": "East US 2"}, {"location": "eastus2"}, {"location": "East US 2"}, {"location": "East US 2"}),
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


def test_covers() -> None:
    present = {"location": "eastus2", "tags": {"a": "b", "c": "d"}, "l": [{"x": 1, "y": 2}], "n": 1}
    assert covers(present, {"location": "East US 2", "tags": {"a": "b"}, "l": [{"x": 1}]})
    assert not covers(present, {"tags": {"a": "z"}})
    assert not covers(present, {"l": [{"x": 1}, {"x": 2}]})
    assert not covers(present, {"missing": 1})


@pytest.mark.parametrize(
    ("ignored", "left"),
    [
        (["properties"], {"tags.team"}),
        (["properties.traffic"], {"properties.authMode", "tags.team"}),
        (["properties.traf", "tag"], {"properties.authMode", "properties.traffic.blue", "tags.team"}),
        (["properties", "tags"], set()),
    ],
)
def test_ignored_paths_are_no_change(ignored: list[str], left: set[str]) -> None:
    new = {**ENDPOINT, "properties": {"authMode": "AADToken", "traffic": {"blue": 90}}, "tags": {"team": "b"}}
    row = RESOURCE_TYPES["azure-native:machinelearningservices:OnlineEndpoint"]
    response = diff(row, ENDPOINT, {}, new, ignored)
    assert set(response.detailedDiff) == left
    assert (response.changes == DiffResponse.DIFF_SOME) == bool(left)


def test_an_ignored_path_may_name_every_item() -> None:
    old = {"rules": [{"etag": "1", "id": "a"}]}
    new = {"rules": [{"etag": "2", "id": "b"}]}
    row = RESOURCE_TYPES["azure-native:machinelearningservices:OnlineEndpoint"]
    assert set(diff(row, old, {}, new, ["rules[*].etag"]).detailedDiff) == {"rules[0].id"}
