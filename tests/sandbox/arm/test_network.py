"""Virtual networks, subnets, security groups, private endpoints and private DNS."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.arm.around import (
    EVERYWHERE,
    HERE,
    LINK,
    NETWORK,
    NSG,
    PRIVATE_ENDPOINT,
    SUBNET,
    VNET,
    ZONE,
    ZONE_GROUP,
    link_body,
    private_endpoint_body,
    rule,
    subnet_body,
    vnet_body,
    zone_group_body,
)
from tests.sandbox.arm.cases import CASES
from tests.sandbox.arm.harness import GROUP, HUB, STORAGE, SUB, VAULT, Azure, account_body

GUEST_OBJECT = "00000000-0000-0000-0000-00000000000b"


@pytest.fixture
def net(azure: Azure) -> Azure:
    """With a network and a subnet."""
    azure.with_group()
    azure.put(VNET, vnet_body())
    azure.put(SUBNET, subnet_body())
    return azure


@pytest.fixture
def private(azure: Azure) -> Azure:
    """With a private endpoint of a vault, and a zone."""
    CASES["zone-group"].prepare(azure)
    return azure


def test_a_network_has_its_subnets_and_loses_those_that_a_put_leaves_out(net: Azure) -> None:
    assert [each["id"] for each in net.get(VNET)["properties"]["subnets"]] == [SUBNET]
    other = {"name": "other", **subnet_body("10.40.1.0/24")}
    net.put(VNET, vnet_body(other))
    assert net.refused("GET", SUBNET).status == 404
    assert [each["name"] for each in net.get(f"{VNET}/subnets")["value"]] == ["other"]
    net.put(VNET, vnet_body())
    assert net.get(VNET)["properties"]["subnets"] == []


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        (VNET, vnet_body(space="10.40.0.1/16"), "InvalidCIDRNotation"),
        (VNET, vnet_body(space="ten"), "InvalidAddressPrefixFormat"),
        (VNET, HERE | {"properties": {}}, "AddressSpaceMissing"),
        (VNET, vnet_body({"name": "a", **subnet_body("10.41.0.0/24")}), "NetcfgSubnetRangeOutsideVnet"),
        (
            VNET,
            vnet_body({"name": "a", **subnet_body()}, {"name": "b", **subnet_body("10.40.0.128/25")}),
            "NetcfgSubnetRangesOverlap",
        ),
        (VNET, vnet_body({"name": "a b", **subnet_body()}), "InvalidResourceName"),
        (f"{VNET}/subnets/more", subnet_body("10.0.0.0/24"), "NetcfgSubnetRangeOutsideVnet"),
        (f"{VNET}/subnets/more", subnet_body("10.40.0.0/25"), "NetcfgSubnetRangesOverlap"),
        (f"{VNET}/subnets/more", {"properties": {}}, "AddressPrefixMissing"),
        (
            f"{VNET}/subnets/more",
            subnet_body("10.40.1.0/24", networkSecurityGroup={"id": NSG}),
            "InvalidResourceReference",
        ),
        (NSG, HERE | {"properties": {"securityRules": [rule(priority=50)]}}, "SecurityRuleInvalidPriority"),
        (NSG, HERE | {"properties": {"securityRules": [rule("a"), rule("b")]}}, "SecurityRuleConflict"),
        (NSG, HERE | {"properties": {"securityRules": [rule(access="Perhaps")]}}, "BadRequest"),
        (NSG, HERE | {"properties": {"securityRules": [{"name": "x"}]}}, "InvalidRequestFormat"),
        (f"{NETWORK}/privateDnsZones/one", EVERYWHERE, "InvalidResourceName"),
    ],
)
def test_refusals(net: Azure, path: str, body: dict[str, Any], code: str) -> None:
    refusal = net.refused("PUT", path, body)
    assert (refusal.status, refusal.code) == (400, code)


def test_a_security_group_has_azures_own_rules_and_its_subnets(net: Azure) -> None:
    net.put(NSG, HERE | {"properties": {"securityRules": [rule("in"), rule("out", direction="Outbound")]}})
    net.put(SUBNET, subnet_body(networkSecurityGroup={"id": NSG}))
    found = net.get(NSG)["properties"]
    assert len(found["defaultSecurityRules"]) == 6
    assert found["subnets"] == [{"id": SUBNET}]
    assert found["securityRules"][0]["id"] == f"{NSG}/securityRules/in"
    assert net.refused("DELETE", NSG).code == "InUseNetworkSecurityGroupCannotBeDeleted"
    net.put(SUBNET, subnet_body())
    net.delete(NSG)


def test_a_private_endpoint_leads_to_its_target(private: Azure) -> None:
    made = private.get(PRIVATE_ENDPOINT)["properties"]
    connection = made["privateLinkServiceConnections"][0]["properties"]
    assert connection["privateLinkServiceConnectionState"]["status"] == "Approved"
    assert made["customDnsConfigs"] == [{"fqdn": "llama-vault.vault.azure.net", "ipAddresses": ["10.40.0.4"]}]
    seen = private.get(VAULT)["properties"]["privateEndpointConnections"]
    assert [each["properties"]["privateEndpoint"]["id"] for each in seen] == [PRIVATE_ENDPOINT]
    assert private.get(f"{VAULT}/privateEndpointConnections")["value"] == seen
    assert private.get(SUBNET)["properties"]["privateEndpoints"] == [{"id": PRIVATE_ENDPOINT}]
    private.delete(PRIVATE_ENDPOINT)
    assert private.get(VAULT)["properties"]["privateEndpointConnections"] == []


def test_a_zone_group_makes_the_entries_and_empties_the_endpoints_own_list(private: Azure) -> None:
    private.put(ZONE_GROUP, zone_group_body())
    config = private.get(ZONE_GROUP)["properties"]["privateDnsZoneConfigs"][0]["properties"]
    assert [(each["fqdn"], each["ipAddresses"]) for each in config["recordSets"]] == [
        ("llama-vault.privatelink.vaultcore.azure.net", ["10.40.0.4"])
    ]
    assert private.get(PRIVATE_ENDPOINT)["properties"]["customDnsConfigs"] == []
    refusal = private.refused("PUT", f"{PRIVATE_ENDPOINT}/privateDnsZoneGroups/second", zone_group_body())
    assert refusal.code == "PrivateDnsZoneGroupExists"
    gone = zone_group_body(ZONE.replace("vaultcore", "none"))
    assert private.refused("PUT", ZONE_GROUP, gone).code == "InvalidResourceReference"


def test_a_subnet_in_use_stays(private: Azure) -> None:
    for refusal in (
        private.refused("DELETE", SUBNET),
        private.refused("DELETE", VNET),
        private.refused("PUT", VNET, vnet_body()),
    ):
        assert (refusal.status, refusal.code) == (400, "InUseSubnetCannotBeDeleted")
        assert PRIVATE_ENDPOINT in refusal.message
    assert private.refused("PUT", SUBNET, subnet_body("10.40.2.0/24")).code == "InUsePrefixCannotBeDeleted"
    private.put(SUBNET, subnet_body(privateEndpointNetworkPolicies="Enabled"))


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (private_endpoint_body(subnet=f"{VNET}/subnets/none"), "InvalidResourceReference"),
        (private_endpoint_body() | {"location": "westus3"}, "InvalidResourceReference"),
        (private_endpoint_body(target=STORAGE), "InvalidResourceReference"),
        (private_endpoint_body(group="blob"), "PrivateEndpointGroupIdInvalid"),
        (HERE | {"properties": {"subnet": {"id": SUBNET}}}, "PrivateLinkServiceConnectionMissing"),
    ],
)
def test_private_endpoints_are_refused(azure: Azure, body: dict[str, Any], code: str) -> None:
    CASES["private-endpoint"].prepare(azure)
    refusal = azure.refused("PUT", PRIVATE_ENDPOINT, body)
    assert (refusal.status, refusal.code) == (400, code)


@pytest.mark.parametrize("group", ["blob", "file", "dfs"])
def test_accounts_and_workspaces_take_private_endpoints(net: Azure, group: str) -> None:
    net.put(STORAGE, account_body())
    net.put(PRIVATE_ENDPOINT, private_endpoint_body(STORAGE, group))
    fqdn = net.get(PRIVATE_ENDPOINT)["properties"]["customDnsConfigs"][0]["fqdn"]
    assert fqdn == f"llamastore.{group}.core.windows.net"


def test_a_zone_group_of_a_storage_account_has_its_records(net: Azure) -> None:
    zone = f"{NETWORK}/privateDnsZones/privatelink.blob.core.windows.net"
    net.put(STORAGE, account_body())
    net.put(zone, EVERYWHERE)
    net.put(PRIVATE_ENDPOINT, private_endpoint_body(STORAGE, "blob"))
    net.put(ZONE_GROUP, zone_group_body(zone))
    records = net.get(ZONE_GROUP)["properties"]["privateDnsZoneConfigs"][0]["properties"]["recordSets"]
    assert [(each["fqdn"], each["ipAddresses"]) for each in records] == [
        ("llamastore.privatelink.blob.core.windows.net", ["10.40.0.4"])
    ]


def test_a_workspace_has_two_names(hub: Azure) -> None:
    zones = [f"{NETWORK}/privateDnsZones/privatelink.{name}" for name in ("api.azureml.ms", "notebooks.azure.net")]
    for path, body in ((VNET, vnet_body()), (SUBNET, subnet_body()), *((zone, EVERYWHERE) for zone in zones)):
        hub.put(path, body)
    hub.put(PRIVATE_ENDPOINT, private_endpoint_body(HUB, "amlworkspace"))
    assert len(hub.get(PRIVATE_ENDPOINT)["properties"]["customDnsConfigs"]) == 2
    body = zone_group_body(zones[0])
    body["properties"]["privateDnsZoneConfigs"] += zone_group_body(zones[1])["properties"]["privateDnsZoneConfigs"]
    configs = hub.put(ZONE_GROUP, body)["properties"]["privateDnsZoneConfigs"]
    assert [len(each["properties"]["recordSets"]) for each in configs] == [1, 1]
    assert [each["id"] for each in hub.get(f"{GROUP}/resources")["value"] if each["id"] == PRIVATE_ENDPOINT]
    assert hub.get(HUB)["properties"]["privateEndpointConnections"]


def test_addresses_are_kept_and_given_once(net: Azure) -> None:
    net.put(STORAGE, account_body())
    paths = [f"{PRIVATE_ENDPOINT}-{part}" for part in ("blob", "file", "dfs")]
    for path, part in zip(paths, ("blob", "file", "dfs"), strict=True):
        net.put(path, private_endpoint_body(STORAGE, part))
    net.delete(paths[0])
    held = [net.get(path)["properties"]["customDnsConfigs"][0]["ipAddresses"] for path in paths[1:]]
    assert held == [["10.40.0.5"], ["10.40.0.6"]]
    net.put(paths[0], private_endpoint_body(STORAGE, "blob"))
    assert net.get(paths[0])["properties"]["customDnsConfigs"][0]["ipAddresses"] == ["10.40.0.4"]


def test_a_full_subnet_takes_no_more(net: Azure) -> None:
    net.put(STORAGE, account_body())
    small = f"{VNET}/subnets/small"
    net.put(small, subnet_body("10.40.9.0/29"))
    for number in range(3):
        net.put(f"{PRIVATE_ENDPOINT}-{number}", private_endpoint_body(STORAGE, "blob", small))
    refusal = net.refused("PUT", PRIVATE_ENDPOINT, private_endpoint_body(STORAGE, "blob", small))
    assert (refusal.status, refusal.code) == (400, "SubnetIsFull")
    assert net.refused("GET", PRIVATE_ENDPOINT).status == 404


def test_a_manual_connection_waits_for_approval(net: Azure) -> None:
    net.put(STORAGE, account_body())
    body = private_endpoint_body(STORAGE, "blob")
    properties = body["properties"]
    properties["manualPrivateLinkServiceConnections"] = properties.pop("privateLinkServiceConnections")
    net.put(PRIVATE_ENDPOINT, body)
    state = net.get(STORAGE)["properties"]["privateEndpointConnections"][0]["properties"]
    assert state["privateLinkServiceConnectionState"]["status"] == "Pending"


def test_the_subnet_of_an_endpoint_is_joined_with_a_right_and_never_changed(private: Azure) -> None:
    role = f"{SUB}/providers/Microsoft.Authorization/roleDefinitions/20000000-0000-0000-0000-000000000000"
    actions = ["Microsoft.Network/privateEndpoints/*"]
    private.put(
        role,
        {"properties": {"roleName": "x", "assignableScopes": [SUB], "permissions": [{"actions": actions}]}},
    )
    assignment = f"{GROUP}/providers/Microsoft.Authorization/roleAssignments/10000000-0000-0000-0000-000000000000"
    private.put(assignment, {"properties": {"principalId": GUEST_OBJECT, "roleDefinitionId": role}})
    refusal = private.refused("PUT", PRIVATE_ENDPOINT, private_endpoint_body(), who="guest")
    assert (refusal.status, refusal.code) == (403, "LinkedAuthorizationFailed")
    assert "Microsoft.Network/virtualNetworks/subnets/join/action" in refusal.message
    more = [*actions, "Microsoft.Network/virtualNetworks/subnets/join/action"]
    properties = {"roleName": "x", "assignableScopes": [SUB], "permissions": [{"actions": more}]}
    private.put(role, {"properties": properties})
    refusal = private.refused("PUT", PRIVATE_ENDPOINT, private_endpoint_body(), who="guest")
    assert "Microsoft.KeyVault/vaults/privateEndpointConnectionsApproval/action" in refusal.message
    private.put(f"{VNET}/subnets/two", subnet_body("10.40.1.0/24"))
    refusal = private.refused("PUT", PRIVATE_ENDPOINT, private_endpoint_body(subnet=f"{VNET}/subnets/two"))
    assert refusal.code == "PrivateEndpointSubnetCannotBeChanged"


def test_zones_and_links(net: Azure) -> None:
    net.put(ZONE, EVERYWHERE)
    net.put(LINK, link_body())
    assert net.get(ZONE)["properties"]["numberOfVirtualNetworkLinks"] == 1
    assert net.get(LINK)["properties"]["virtualNetworkLinkState"] == "Completed"
    assert net.refused("DELETE", ZONE).code == "CannotDeleteResource"
    assert net.refused("PUT", f"{ZONE}/virtualNetworkLinks/second", link_body()).status == 400
    assert net.refused("PUT", LINK, link_body(VNET.replace("llama-net", "none"))).code == "InvalidResourceReference"
    net.delete(LINK)
    net.delete(ZONE)


def test_a_hub_is_no_subnet(hub: Azure) -> None:
    hub.put(VNET, vnet_body())
    hub.put(SUBNET, subnet_body())
    hub.put(PRIVATE_ENDPOINT, private_endpoint_body())
    assert hub.refused("PUT", PRIVATE_ENDPOINT, private_endpoint_body(subnet=HUB)).code == "InvalidResourceReference"
