"""The body of a Microsoft.Network/virtualNetworks PUT (contract 2024-05-01)."""

from __future__ import annotations

from azure_llama_sandbox.arm.contract import ABSENT, ExtendedLocation, Strict, Tracked
from azure_llama_sandbox.arm.network.envelopes import Child, SubResource
from azure_llama_sandbox.arm.network.subnet_body import IpamPoolPrefixAllocation, SubnetProperties


class AddressSpace(Strict):
    """`addressSpace`."""

    address_prefixes: list[str] = ABSENT
    ipam_pool_prefix_allocations: list[IpamPoolPrefixAllocation] = ABSENT


class VirtualNetworkBgpCommunities(Strict):
    """`bgpCommunities`."""

    virtual_network_community: str


class DhcpOptions(Strict):
    """`dhcpOptions`."""

    dns_servers: list[str] = ABSENT


class VirtualNetworkEncryption(Strict):
    """`encryption`."""

    enabled: bool
    enforcement: str = ABSENT


class Subnet(Child):
    """`subnets[]`."""

    properties: SubnetProperties = ABSENT


class VirtualNetworkPeeringProperties(Strict):
    """`virtualNetworkPeerings[].properties`."""

    allow_forwarded_traffic: bool = ABSENT
    allow_gateway_transit: bool = ABSENT
    allow_virtual_network_access: bool = ABSENT
    do_not_verify_remote_gateways: bool = ABSENT
    enable_only_i_pv6_peering: bool = ABSENT
    local_address_space: AddressSpace = ABSENT
    local_subnet_names: list[str] = ABSENT
    local_virtual_network_address_space: AddressSpace = ABSENT
    peer_complete_vnets: bool = ABSENT
    peering_state: str = ABSENT
    peering_sync_level: str = ABSENT
    remote_address_space: AddressSpace = ABSENT
    remote_bgp_communities: VirtualNetworkBgpCommunities = ABSENT
    remote_subnet_names: list[str] = ABSENT
    remote_virtual_network: SubResource = ABSENT
    remote_virtual_network_address_space: AddressSpace = ABSENT
    use_remote_gateways: bool = ABSENT


class VirtualNetworkPeering(Child):
    """`virtualNetworkPeerings[]`."""

    properties: VirtualNetworkPeeringProperties = ABSENT


class VirtualNetworkProperties(Strict):
    """`properties`."""

    address_space: AddressSpace = ABSENT
    bgp_communities: VirtualNetworkBgpCommunities = ABSENT
    ddos_protection_plan: SubResource = ABSENT
    dhcp_options: DhcpOptions = ABSENT
    enable_ddos_protection: bool = ABSENT
    enable_vm_protection: bool = ABSENT
    encryption: VirtualNetworkEncryption = ABSENT
    flow_timeout_in_minutes: int = ABSENT
    ip_allocations: list[SubResource] = ABSENT
    private_endpoint_v_net_policies: str = ABSENT
    subnets: list[Subnet] = ABSENT
    virtual_network_peerings: list[VirtualNetworkPeering] = ABSENT


class VirtualNetworkBody(Tracked):
    """A PUT's body."""

    extended_location: ExtendedLocation = ABSENT
    properties: VirtualNetworkProperties = ABSENT
