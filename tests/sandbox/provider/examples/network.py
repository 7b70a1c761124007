"""Inputs of networks, private endpoints and private DNS."""

from __future__ import annotations

from tests.sandbox.provider.examples.common import GROUP, Examples

NETWORK = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network"
VIRTUAL_NETWORK = f"{NETWORK}/virtualNetworks/vnet"
RULE = {
    "name": "https",
    "priority": 100,
    "direction": "Inbound",
    "access": "Allow",
    "protocol": "Tcp",
    "sourceAddressPrefix": "VirtualNetwork",
    "sourcePortRange": "*",
    "destinationAddressPrefix": "*",
    "destinationPortRanges": ["443", "8443"],
}

EXAMPLES: Examples = {
    "network:VirtualNetwork": {
        **GROUP,
        "virtualNetworkName": "vnet",
        "location": "eastus2",
        "addressSpace": {"addressPrefixes": ["10.40.0.0/16"]},
        "dhcpOptions": {"dnsServers": ["10.40.0.4"]},
        "subnets": [
            {
                "name": "one",
                "addressPrefix": "10.40.0.0/24",
                "networkSecurityGroup": {"id": f"{NETWORK}/networkSecurityGroups/nsg"},
                "delegations": [{"name": "d", "serviceName": "Microsoft.Web/serverFarms"}],
                "serviceEndpoints": [{"service": "Microsoft.Storage", "locations": ["eastus2"]}],
            }
        ],
    },
    "network:Subnet": {
        **GROUP,
        "virtualNetworkName": "vnet",
        "subnetName": "two",
        "name": "two",
        "addressPrefix": "10.40.1.0/24",
        "privateEndpointNetworkPolicies": "Disabled",
        "networkSecurityGroup": {"id": f"{NETWORK}/networkSecurityGroups/nsg"},
    },
    "network:NetworkSecurityGroup": {
        **GROUP,
        "networkSecurityGroupName": "nsg",
        "location": "eastus2",
        "securityRules": [RULE],
    },
    "network:PrivateEndpoint": {
        **GROUP,
        "privateEndpointName": "pe",
        "location": "eastus2",
        "subnet": {"id": f"{VIRTUAL_NETWORK}/subnets/two"},
        "customNetworkInterfaceName": "pe-nic",
        "privateLinkServiceConnections": [
            {
                "name": "vault",
                "groupIds": ["vault"],
                "privateLinkServiceId": "/subscriptions/s/kv",
                "requestMessage": "",
            }
        ],
        "ipConfigurations": [
            {"name": "ip", "groupId": "vault", "memberName": "default", "privateIPAddress": "10.40.1.10"}
        ],
    },
    "network:PrivateDnsZoneGroup": {
        **GROUP,
        "privateEndpointName": "pe",
        "privateDnsZoneGroupName": "default",
        "name": "default",
        "privateDnsZoneConfigs": [{"name": "vault", "privateDnsZoneId": f"{NETWORK}/privateDnsZones/z"}],
    },
    "privatedns:PrivateZone": {
        **GROUP,
        "privateZoneName": "privatelink.vaultcore.azure.net",
        "location": "global",
        "tags": {"a": "b"},
    },
    "privatedns:VirtualNetworkLink": {
        **GROUP,
        "privateZoneName": "privatelink.vaultcore.azure.net",
        "virtualNetworkLinkName": "vnet",
        "location": "global",
        "registrationEnabled": False,
        "virtualNetwork": {"id": VIRTUAL_NETWORK},
    },
}
