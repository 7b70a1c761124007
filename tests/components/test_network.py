from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from azure_llama_components import (
    HostRule,
    NetworkArgs,
    PrivateEndpointRule,
    ServiceTagRule,
    SubnetArgs,
    Workspace,
    WorkspaceArgs,
)
from azure_llama_components.network import OutboundRule
from tests.components.arm import put
from tests.components.mocked import IDS, SUBSCRIPTION, Recorded, run

NETWORK = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-net/providers/Microsoft.Network/virtualNetworks/hub-net"
SEARCH = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-ai/providers/Microsoft.Search/searchServices/s"
RULES: dict[str, OutboundRule] = {
    "pypi": HostRule(destination="*.example.com"),
    "search": PrivateEndpointRule(resource_id=SEARCH, subresource="searchService"),
    "monitor": ServiceTagRule(service_tag="AzureMonitor", protocol="TCP", ports="443"),
}
CLOSED = NetworkArgs(
    public_network_access="Disabled",
    isolation_mode="AllowOnlyApprovedOutbound",
    firewall_sku="Standard",
    outbound_rules=RULES,
    private_endpoint=SubnetArgs(address_space="10.40.0.0/16"),
)


@cache
def workspace(network: str = "closed", kind: Any = "Project") -> Recorded:
    args = {
        "closed": CLOSED,
        "internet": NetworkArgs(isolation_mode="AllowInternetOutbound"),
        "theirs": NetworkArgs(
            private_endpoint=SubnetArgs(
                subnet_id=f"{NETWORK}/subnets/endpoints",
                dns_zone_ids=(f"{NETWORK.rsplit('/', 2)[0]}/privateDnsZones/privatelink.api.azureml.ms",),
            )
        ),
        "tiny": NetworkArgs(private_endpoint=SubnetArgs(address_space="10.40.0.64/27")),
        "open": NetworkArgs(),
    }[network]
    made = run(
        lambda: Workspace(
            "w",
            WorkspaceArgs(
                name="llama-dev", location="eastus2", kind=kind, tags={"a": "b"}, network=args, container_registry=True
            ),
        )
    )
    assert made.error is None
    return made


def test_the_managed_network_is_the_hubs_and_is_made_at_once() -> None:
    hub, project = workspace().of("machinelearningservices:Workspace")
    assert hub.inputs["managedNetwork"] == {
        "isolationMode": "AllowOnlyApprovedOutbound",
        "firewallSku": "Standard",
        "enableNetworkMonitor": False,
    }
    assert hub.inputs["provisionNetworkNow"] is True
    assert not {"managedNetwork", "provisionNetworkNow"} & project.inputs.keys()
    assert hub.inputs["publicNetworkAccess"] == project.inputs["publicNetworkAccess"] == "Disabled"


def test_a_managed_network_with_the_internet_has_no_firewall() -> None:
    hub, _ = workspace("internet").of("machinelearningservices:Workspace")
    assert "firewallSku" not in hub.inputs["managedNetwork"]
    assert hub.inputs["managedNetwork"]["isolationMode"] == "AllowInternetOutbound"


def test_without_a_managed_network_nothing_is_said_of_one() -> None:
    for each in workspace("open").of("machinelearningservices:Workspace"):
        assert not {"managedNetwork", "provisionNetworkNow"} & each.inputs.keys()
        assert each.inputs["publicNetworkAccess"] == "Enabled"


def test_each_rule_is_a_resource_of_the_hub_made_after_the_one_before() -> None:
    rules = workspace().of("ManagedNetworkSettingsRule")
    assert {each.inputs["ruleName"]: each.inputs["properties"] for each in rules} == {
        "pypi": {"type": "FQDN", "destination": "*.example.com"},
        "search": {
            "type": "PrivateEndpoint",
            "destination": {
                "serviceResourceId": SEARCH,
                "subresourceTarget": "searchService",
                "sparkEnabled": False,
            },
        },
        "monitor": {
            "type": "ServiceTag",
            "destination": {
                "serviceTag": "AzureMonitor",
                "protocol": "TCP",
                "portRanges": "443",
                "action": "Allow",
            },
        },
    }
    assert {each.inputs["workspaceName"] for each in rules} == {"llama-dev-hub"}
    assert [sorted(each.depends_on) for each in rules] == [
        ["w-group", "w-hub"],
        ["w-group", "w-hub", "w-hub-outbound-pypi"],
        ["w-group", "w-hub", "w-hub-outbound-search"],
    ]


def test_endpoints_wait_for_the_network() -> None:
    waited: list[list[str]] = []

    def program() -> None:
        made = Workspace("w", WorkspaceArgs(name="llama-dev", location="eastus2", kind="Default", network=CLOSED))
        waited.append([each._name for each in made.depends_on])

    assert run(program).error is None
    assert waited == [["w-workspace", *(f"w-workspace-outbound-{name}" for name in RULES), "w-endpoint"]]


@pytest.mark.parametrize(("network", "closed"), [("closed", True), ("open", False), ("internet", False)])
def test_a_closed_workspace_closes_what_it_stands_on(network: str, closed: bool) -> None:
    recorded = workspace(network)
    storage = recorded.one("storage:StorageAccount").inputs.get("networkRuleSet")
    vault = recorded.one("keyvault:Vault").inputs["properties"].get("networkAcls")
    expected = {"defaultAction": "Deny", "bypass": "AzureServices"} if closed else None
    assert storage == vault == expected
    registry = recorded.one("containerregistry:Registry").inputs
    assert registry["adminUserEnabled"] is False
    assert registry["sku"] == {"name": "Premium" if closed else "Standard"}
    assert registry["publicNetworkAccess"] == ("Disabled" if closed else "Enabled")


def test_the_private_endpoint_leads_to_the_hub_through_a_network_of_its_own() -> None:
    recorded = workspace()
    endpoint = recorded.one("network:PrivateEndpoint")
    assert endpoint.inputs["privateLinkServiceConnections"] == [
        {"name": "pe-llama-dev-hub", "privateLinkServiceId": IDS + "w-hub", "groupIds": ["amlworkspace"]}
    ]
    assert endpoint.inputs["subnet"] == {"id": IDS + "w-endpoint-subnet"}
    assert recorded.one("network:VirtualNetwork").inputs["addressSpace"] == {"addressPrefixes": ["10.40.0.0/16"]}
    subnet = recorded.one("network:Subnet").inputs
    assert (subnet["addressPrefix"], subnet["defaultOutboundAccess"]) == ("10.40.0.0/24", False)
    assert subnet["virtualNetworkName"] == "vnet-llama-dev"


def test_both_names_of_a_workspace_lead_to_the_endpoint() -> None:
    recorded = workspace()
    zones = {each.inputs["privateZoneName"]: each.name for each in recorded.of("privatedns:PrivateZone")}
    assert set(zones) == {"privatelink.api.azureml.ms", "privatelink.notebooks.azure.net"}
    for link in recorded.of("privatedns:VirtualNetworkLink"):
        assert link.inputs["virtualNetwork"] == {"id": IDS + "w-endpoint-network"}
        assert link.inputs["registrationEnabled"] is False
        assert zones[link.inputs["privateZoneName"]] in link.depends_on
    group = recorded.one("network:PrivateDnsZoneGroup").inputs
    assert {each["privateDnsZoneId"] for each in group["privateDnsZoneConfigs"]} == {
        IDS + name for name in zones.values()
    }


def test_a_network_that_is_smaller_than_a_subnet_is_one() -> None:
    assert workspace("tiny").one("network:Subnet").inputs["addressPrefix"] == "10.40.0.64/27"


def test_a_subnet_and_zones_that_exist_are_used() -> None:
    recorded = workspace("theirs", "Default")
    made = {each.type.split(":", 1)[1] for each in recorded.resources}
    assert not {"network:VirtualNetwork", "network:Subnet", "privatedns:PrivateZone"} & made
    endpoint = recorded.one("network:PrivateEndpoint").inputs
    assert endpoint["subnet"] == {"id": f"{NETWORK}/subnets/endpoints"}
    (zone,) = recorded.one("network:PrivateDnsZoneGroup").inputs["privateDnsZoneConfigs"]
    assert zone["name"] == "privatelink-api-azureml-ms"


def test_a_subnet_is_one_or_the_other() -> None:
    recorded = run(
        lambda: Workspace(
            "w",
            WorkspaceArgs(name="llama-dev", location="eastus2", network=NetworkArgs(private_endpoint=SubnetArgs())),
        )
    )
    assert "subnet_id, or address_space" in str(recorded.error)


@pytest.mark.parametrize("network", ["closed", "internet", "theirs", "tiny"])
@pytest.mark.parametrize("kind", ["Project", "Default"])
def test_bodies_keep_arms_contract(network: str, kind: str, contract_errors: Callable[..., list[str]]) -> None:
    made = [each for each in workspace(network, kind).resources if each.type.startswith("azure-native:")]
    assert [error for each in made for error in contract_errors(*put(each))] == []


def test_nothing_is_deleted_to_make_room() -> None:
    for each in workspace().resources:
        if each.type.startswith("azure-native:"):
            assert each.request.deleteBeforeReplaceDefined, each.type
            assert not each.request.deleteBeforeReplace, each.type
