"""Every key of the settings reaches what it is about."""

from __future__ import annotations

import json
from functools import cache
from types import SimpleNamespace
from typing import Any

import pulumi

from azure_llama.settings import Settings, load
from azure_llama_components import make_access, make_budget, make_locks, make_workspace
from azure_llama_components.endpoint import CALLER
from azure_llama_components.network import HostRule, PrivateEndpointRule, ServiceTagRule, SubnetArgs
from azure_llama_components.stack import workspace_args
from azure_llama_components.workspace_args import ExistingWorkspaceArgs, WorkspaceArgs
from tests.catalogs import PACKAGE
from tests.components.mocked import IDS, SUBSCRIPTION, Recorded, run

GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg"
SOMEONE = "00000000-0000-0000-0000-0000000000aa"
SUBNET = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/n/subnets/s"
VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv"
ZONE = f"{GROUP}/providers/Microsoft.Network/privateDnsZones/privatelink.api.azureml.ms"
WORKSPACE = f"{GROUP}/providers/Microsoft.MachineLearningServices/workspaces/theirs"
ENDPOINTS = {"chat": f"{WORKSPACE}/serverlessEndpoints/chat"}

FULL: dict[str, Any] = {
    "workspace": {
        "name": "llama-max",
        "kind": "Default",
        "resourceGroup": "rg-llama",
        "names": {"keyVault": "kv-llama-max", "storageAccount": "stllama"},
        "description": "all of it",
        "friendlyName": "Llama",
        "network": {
            "publicNetworkAccess": "Disabled",
            "isolationMode": "AllowOnlyApprovedOutbound",
            "firewallSku": "Basic",
            "outboundRules": {
                "pypi": {"type": "FQDN", "destination": "*.example.com"},
                "vault": {"type": "PrivateEndpoint", "resourceId": VAULT, "subresource": "vault"},
                "monitor": {"type": "ServiceTag", "serviceTag": "AzureMonitor", "protocol": "TCP", "ports": "443"},
            },
            "privateEndpoint": {"subnetId": SUBNET, "dnsZoneIds": [ZONE]},
        },
        "encryption": {"create": True},
        "identity": {"type": "UserAssigned"},
        "systemDatastoresAuthMode": "Identity",
        "containerRegistry": True,
        "imageBuildCompute": "cpu-cluster",
        "diagnostics": False,
        "logDays": 90,
        "softDeleteDays": 80,
        "purgeProtection": True,
        "lock": "CanNotDelete",
        "computeInstances": {
            "ci-one": {
                "vmSize": "Standard_DS3_v2",
                "idleMinutes": 30,
                "assignedUser": {"objectId": SOMEONE, "tenantId": SOMEONE},
            }
        },
    },
    "access": {
        "customRole": {"name": "Deployer", "assignTo": {"team": {"principalId": SOMEONE, "principalType": "Group"}}},
        "callers": {"app": {"principalId": SOMEONE, "principalType": "ServicePrincipal"}},
    },
    "budget": {
        "amount": 100,
        "marketplaceAmount": 50,
        "startDate": "2026-12-01",
        "thresholds": [90],
        "forecastThresholds": [100],
        "contacts": ["someone@example.com"],
        "contactRoles": ["Owner"],
    },
    "tags": {"owner": "team"},
    "requiredTags": ["owner"],
}


def components() -> dict[str, Any]:
    """What roles need of the components of the endpoints."""
    return {name: SimpleNamespace(arm_id=id_, caller_role=CALLER) for name, id_ in ENDPOINTS.items()}


def settings(**changed: Any) -> Settings:
    stack = {key: value for key, value in (FULL | changed).items() if value is not None}
    config = {"azure-native:location": "eastus2"} | {f"azure-llama:{k}": json.dumps(v) for k, v in stack.items()}
    return load(config, PACKAGE)


@cache
def full() -> Recorded:
    asked = settings()

    def program() -> None:
        workspace = make_workspace(asked)
        access = make_access(
            asked, workspace, endpoints=components(), after=[workspace], content_safety_id=f"{GROUP}/providers/x/y/z"
        )
        pulumi.export("access", {name: each.outputs for name, each in access.items()})
        pulumi.export("budget", make_budget(asked, workspace))
        make_locks(asked, workspace, endpoints={}, after=[])

    recorded = run(program)
    assert recorded.error is None
    return recorded


def test_every_key_of_the_workspace_is_an_argument() -> None:
    asked = settings().workspace
    assert asked is not None
    args = workspace_args(asked, location="eastus2", tags={"owner": "team"})
    assert isinstance(args, WorkspaceArgs)
    untouched = WorkspaceArgs(name="x", location="y")
    same = [name for name in vars(args) if getattr(args, name) == getattr(untouched, name)]
    assert same == ["hub_id"]
    network = args.network
    assert network.outbound_rules == {
        "pypi": HostRule(destination="*.example.com"),
        "vault": PrivateEndpointRule(resource_id=VAULT, subresource="vault"),
        "monitor": ServiceTagRule(service_tag="AzureMonitor", protocol="TCP", ports="443"),
    }
    assert network.private_endpoint == SubnetArgs(subnet_id=SUBNET, dns_zone_ids=(ZONE,))
    assert (network.closed, network.isolated, network.firewall_sku) == (True, True, "Basic")
    assert args.compute_instances["ci-one"].idle_minutes == 30


def test_a_hub_and_a_workspace_that_exist_are_led_to() -> None:
    own = settings(workspace={"name": "llama-dev", "hub": WORKSPACE}).workspace
    assert own is not None
    args = workspace_args(own, location="eastus2", tags={})
    assert isinstance(args, WorkspaceArgs)
    assert args.hub_id == WORKSPACE
    theirs = settings(workspace={"id": WORKSPACE}).workspace
    assert theirs is not None
    assert workspace_args(theirs, location="eastus2", tags={}) == ExistingWorkspaceArgs(
        id=WORKSPACE, location="eastus2"
    )


def test_names_of_ones_own_are_used() -> None:
    recorded = full()
    assert recorded.one("keyvault:Vault").inputs["vaultName"] == "kv-llama-max"
    assert recorded.one("storage:StorageAccount").inputs["accountName"] == "stllama"
    assert {each.inputs["resourceGroupName"] for each in recorded.of("machinelearningservices:Workspace")} == {
        "rg-llama"
    }


def test_what_people_read_is_on_the_workspace() -> None:
    workspace = full().one("machinelearningservices:Workspace").inputs
    assert (workspace["description"], workspace["friendlyName"]) == ("all of it", "Llama")


def test_days_and_protection() -> None:
    properties = full().one("keyvault:Vault").inputs["properties"]
    assert (properties["softDeleteRetentionInDays"], properties["enablePurgeProtection"]) == (80, True)
    assert full().one("operationalinsights:Workspace").inputs["retentionInDays"] == 90
    assert full().of("DiagnosticSetting") == []


def test_the_roles_are_given() -> None:
    recorded = full()
    names = [each.inputs["roleName"] for each in recorded.of("RoleDefinition")]
    assert all(name.startswith("Deployer (") for name in names)
    assert len(names) == 3
    given = {each.name: each.inputs for each in recorded.of("RoleAssignment")}
    assert given["callers.app.chat"]["scope"] == ENDPOINTS["chat"]
    assert given["callers.app..content-safety"]["scope"] == f"{GROUP}/providers/x/y/z"
    assert given["deployer-workspace-team"]["principalType"] == "Group"
    assert set(recorded.outputs["access"]) == {"deployerRole", "callers"}


def test_the_budgets_are_on_the_resource_group() -> None:
    for each in full().of("consumption:Budget"):
        assert each.inputs["scope"] == f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-llama"
        assert each.inputs["budgetName"].startswith("budget-llama-max-")
        assert set(each.inputs["notifications"]) == {"Actual-90", "Forecasted-100"}
        assert "llama-max-workspace" in each.depends_on
    assert full().outputs["budget"]["marketplaceAmount"] == 50


def test_locks_come_after_everything_in_the_workspace() -> None:
    recorded = full()
    locks = recorded.of("ManagementLockByScope")
    assert len(locks) == 4
    assert all({"llama-max-key", "llama-max-files", "llama-max-workspace"} <= each.depends_on for each in locks)


def test_nothing_is_made_that_was_not_asked_for() -> None:
    asked = settings(access=None, budget=None, workspace={"name": "llama-dev"})
    made: list[Any] = []

    def program() -> None:
        workspace = make_workspace(asked)
        made.append(make_access(asked, workspace, endpoints=components(), after=[]))
        made.append(make_budget(asked, workspace))
        make_locks(asked, workspace, endpoints={}, after=[])

    recorded = run(program)
    assert made == [{}, None]
    for kind in ("RoleDefinition", "RoleAssignment", "consumption:Budget", "ManagementLockByScope", "Compute"):
        assert recorded.of(kind) == [], kind


def test_a_workspace_that_exists_has_nothing_of_ours_to_lock() -> None:
    asked = settings(workspace={"id": WORKSPACE}, access=None, budget=None)
    seen: list[Any] = []

    def program() -> None:
        seen.append(make_workspace(asked))
        make_locks(asked, seen[0], endpoints={}, after=[])

    recorded = run(program)
    assert seen[0].id == WORKSPACE
    assert [each.type for each in recorded.resources] == ["azure-llama:index:Workspace"]
    assert IDS not in str(recorded.sent)
