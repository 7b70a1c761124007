"""Rows of Microsoft.Network."""

from __future__ import annotations

from azure_llama_sandbox.provider.resource_type import Autoname, ResourceType
from azure_llama_sandbox.provider.resource_types.common import GROUP, READ_ONLY, inner
from azure_llama_sandbox.provider.shapes import shape

_NETWORK = GROUP + "/providers/Microsoft.Network"
_VERSION = "2024-05-01"
_DNS_VERSION = "2024-06-01"

_ADDRESSES = "{addressPrefixes:list ipamPoolPrefixAllocations[* numberOfIpAddresses allocatedAddressPrefixes-]}"
_COMMUNITIES = "{virtualNetworkCommunity! regionalCommunity-}"
# What a subnet says of another resource is that resource's id; azure-native would take all of it.
_REFERENCE = "{* id}"
_ASG = "[id location tags:map etag- name- type- " + inner("provisioningState- resourceGuid-") + "]"
_RULE = "id name type etag " + inner(f"""
    access! direction! priority!:int protocol! description provisioningState
    destinationAddressPrefix destinationAddressPrefixes:list destinationApplicationSecurityGroups{_ASG}
    destinationPortRange destinationPortRanges:list sourceAddressPrefix sourceAddressPrefixes:list
    sourceApplicationSecurityGroups{_ASG} sourcePortRange sourcePortRanges:list""")
_GATEWAY = "[id name etag- type- " + inner("subnet{id} provisioningState-") + "]"
_DELEGATION = "[id name type etag " + inner("actions:list serviceName provisioningState-") + "]"
_SUBNET = f"""
    addressPrefix addressPrefixes:list defaultOutboundAccess:bool ipAllocations[id] natGateway{{id}}
    networkSecurityGroup{_REFERENCE} routeTable{_REFERENCE} serviceEndpointPolicies[* id]
    ipamPoolPrefixAllocations[* numberOfIpAddresses allocatedAddressPrefixes-]
    applicationGatewayIPConfigurations{_GATEWAY} delegations{_DELEGATION}
    privateEndpointNetworkPolicies privateLinkServiceNetworkPolicies sharingScope
    serviceEndpoints[locations:list networkIdentifier{{id}} provisioningState service]"""
_SUBNET_INSIDE = "id name type etag " + inner(f"""{_SUBNET}
    provisioningState privateEndpoints- ipConfigurations- ipConfigurationProfiles- purpose- serviceGateway+:map
    resourceNavigationLinks[*] serviceAssociationLinks[*]""")
_PEERING = "id name type etag- " + inner(f"""
    allowForwardedTraffic:bool allowGatewayTransit:bool allowVirtualNetworkAccess:bool doNotVerifyRemoteGateways:bool
    enableOnlyIPv6Peering:bool localAddressSpace{_ADDRESSES} localSubnetNames:list peerCompleteVnets:bool peeringState
    localVirtualNetworkAddressSpace{_ADDRESSES} peeringSyncLevel remoteAddressSpace{_ADDRESSES}
    remoteBgpCommunities{_COMMUNITIES} remoteSubnetNames:list remoteVirtualNetwork{{id}} useRemoteGateways:bool
    remoteVirtualNetworkAddressSpace{_ADDRESSES} provisioningState- remoteVirtualNetworkEncryption- resourceGuid-""")
_CONNECTION = "id name etag- type- " + inner("""
    groupIds:list privateLinkServiceConnectionState{actionsRequired description status} privateLinkServiceId
    requestMessage provisioningState-""")
_IP = "name etag- type- " + inner("groupId memberName privateIPAddress")
_ZONE = "name " + inner("privateDnsZoneId recordSets-")

ROWS = (
    ResourceType(
        pulumi_type="network:VirtualNetwork",
        path=_NETWORK + "/virtualNetworks/{virtualNetworkName}",
        api_version=_VERSION,
        shape=shape(f"""
            resourceGroupName!+ virtualNetworkName!+ location extendedLocation{{name type}} tags:map etag- {READ_ONLY}
            addressSpace{_ADDRESSES} bgpCommunities{_COMMUNITIES} ddosProtectionPlan{{id}}
            dhcpOptions{{dnsServers:list}}
            enableDdosProtection:bool enableVmProtection:bool encryption{{enabled!:bool enforcement}}
            flowTimeoutInMinutes:int
            ipAllocations[id] privateEndpointVNetPolicies
            subnets[{_SUBNET_INSIDE}]
            virtualNetworkPeerings[{_PEERING}]
            flowLogs- provisioningState- resourceGuid-"""),
        shared=(("properties", "subnets"), ("properties", "virtualNetworkPeerings")),
        schema_defaults={"enableDdosProtection": False, "enableVmProtection": False},
    ),
    ResourceType(
        pulumi_type="network:Subnet",
        path=_NETWORK + "/virtualNetworks/{virtualNetworkName}/subnets/{subnetName}",
        api_version=_VERSION,
        shape=shape(f"""
            resourceGroupName!+ virtualNetworkName!+ subnetName!+ name type azureApiVersion- etag- {_SUBNET}
            ipConfigurationProfiles- ipConfigurations- privateEndpoints- provisioningState- purpose-
            resourceNavigationLinks- serviceAssociationLinks-"""),
        autoname=Autoname.COPY,
        create_only=frozenset(),
        schema_defaults={
            "privateEndpointNetworkPolicies": "Disabled",
            "privateLinkServiceNetworkPolicies": "Enabled",
        },
    ),
    ResourceType(
        pulumi_type="network:NetworkSecurityGroup",
        path=_NETWORK + "/networkSecurityGroups/{networkSecurityGroupName}",
        api_version=_VERSION,
        shape=shape(f"""
            resourceGroupName!+ networkSecurityGroupName!+ location tags:map etag- {READ_ONLY}
            flushConnection:bool securityRules[{_RULE}] defaultSecurityRules-[{_RULE}] flowLogs- networkInterfaces-
            provisioningState- resourceGuid- subnets-"""),
        shared=(("properties", "securityRules"),),
        create_only=frozenset(),
    ),
    ResourceType(
        pulumi_type="network:PrivateEndpoint",
        path=_NETWORK + "/privateEndpoints/{privateEndpointName}",
        api_version=_VERSION,
        shape=shape(f"""
            resourceGroupName!+ privateEndpointName!+ location extendedLocation{{name type}} tags:map etag- {READ_ONLY}
            applicationSecurityGroups{_ASG} customDnsConfigs[fqdn ipAddresses:list] customNetworkInterfaceName
            ipConfigurations[{_IP}]
            manualPrivateLinkServiceConnections[{_CONNECTION}] privateLinkServiceConnections[{_CONNECTION}]
            subnet{{{_SUBNET_INSIDE}}} networkInterfaces- provisioningState-"""),
        create_only=frozenset({"subnet"}),
    ),
    ResourceType(
        pulumi_type="network:PrivateDnsZoneGroup",
        path=_NETWORK + "/privateEndpoints/{privateEndpointName}/privateDnsZoneGroups/{privateDnsZoneGroupName}",
        api_version=_VERSION,
        shape=shape(f"""
            resourceGroupName!+ privateEndpointName!+ privateDnsZoneGroupName!+ name azureApiVersion- etag-
            privateDnsZoneConfigs[{_ZONE}] provisioningState-"""),
        autoname=Autoname.COPY,
    ),
    ResourceType(
        pulumi_type="privatedns:PrivateZone",
        path=_NETWORK + "/privateDnsZones/{privateZoneName}",
        api_version=_DNS_VERSION,
        shape=shape(f"""
            resourceGroupName!+ privateZoneName!+ location tags:map etag- systemData- {READ_ONLY}
            internalId- maxNumberOfRecordSets- maxNumberOfVirtualNetworkLinks-
            maxNumberOfVirtualNetworkLinksWithRegistration- numberOfRecordSets- numberOfVirtualNetworkLinks-
            numberOfVirtualNetworkLinksWithRegistration- provisioningState-"""),
    ),
    ResourceType(
        pulumi_type="privatedns:VirtualNetworkLink",
        path=_NETWORK + "/privateDnsZones/{privateZoneName}/virtualNetworkLinks/{virtualNetworkLinkName}",
        api_version=_DNS_VERSION,
        shape=shape(f"""
            resourceGroupName!+ privateZoneName!+ virtualNetworkLinkName!+ location tags:map etag- systemData-
            {READ_ONLY}
            registrationEnabled:bool resolutionPolicy virtualNetwork{{id}} provisioningState-
            virtualNetworkLinkState-"""),
        autoname=Autoname.COPY,
    ),
)
