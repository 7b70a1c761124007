"""The types of Microsoft.Network that the sandbox emulates."""

from __future__ import annotations

VIRTUAL_NETWORK = "Microsoft.Network/virtualNetworks"
SUBNET = f"{VIRTUAL_NETWORK}/subnets"
INTERFACE = "Microsoft.Network/networkInterfaces"
SECURITY_GROUP = "Microsoft.Network/networkSecurityGroups"
ZONE_GROUP = "Microsoft.Network/privateEndpoints/privateDnsZoneGroups"
ZONE = "Microsoft.Network/privateDnsZones"
LINK = f"{ZONE}/virtualNetworkLinks"
