"""The body of a Microsoft.Network/virtualNetworks/subnets PUT (contract 2024-05-01)."""

from __future__ import annotations

from pydantic import Field

from azure_llama_sandbox.arm.contract import ABSENT, Strict
from azure_llama_sandbox.arm.network.envelopes import Child, Embedded, Part, SubResource
from azure_llama_sandbox.arm.network.security_body import NetworkSecurityGroupProperties


class ApplicationGatewayIPConfigurationProperties(Strict):
    """`applicationGatewayIPConfigurations[].properties`."""

    subnet: SubResource = ABSENT


class ApplicationGatewayIPConfiguration(Part):
    """`applicationGatewayIPConfigurations[]`."""

    properties: ApplicationGatewayIPConfigurationProperties = ABSENT


class ServiceDelegationProperties(Strict):
    """`delegations[].properties`."""

    service_name: str = ABSENT


class Delegation(Child):
    """`delegations[]`."""

    properties: ServiceDelegationProperties = ABSENT


class IpamPoolPrefixAllocation(Strict):
    """`ipamPoolPrefixAllocations[]`."""

    number_of_ip_addresses: str = ABSENT
    pool: SubResource = ABSENT


class NetworkSecurityGroup(Embedded):
    """`networkSecurityGroup`."""

    properties: NetworkSecurityGroupProperties = ABSENT


class RouteProperties(Strict):
    """`routeTable.properties.routes[].properties`."""

    next_hop_type: str
    address_prefix: str = ABSENT
    next_hop_ip_address: str = ABSENT


class Route(Child):
    """`routeTable.properties.routes[]`."""

    properties: RouteProperties = ABSENT


class RouteTableProperties(Strict):
    """`routeTable.properties`."""

    disable_bgp_route_propagation: bool = ABSENT
    routes: list[Route] = ABSENT


class RouteTable(Embedded):
    """`routeTable`."""

    properties: RouteTableProperties = ABSENT


class ServiceEndpointPolicyDefinitionProperties(Strict):
    """`serviceEndpointPolicies[].properties.serviceEndpointPolicyDefinitions[].properties`."""

    description: str = ABSENT
    service: str = ABSENT
    service_resources: list[str] = ABSENT


class ServiceEndpointPolicyDefinition(Child):
    """`serviceEndpointPolicies[].properties.serviceEndpointPolicyDefinitions[]`."""

    properties: ServiceEndpointPolicyDefinitionProperties = ABSENT


class ServiceEndpointPolicyProperties(Strict):
    """`serviceEndpointPolicies[].properties`."""

    contextual_service_endpoint_policies: list[str] = ABSENT
    service_alias: str = ABSENT
    service_endpoint_policy_definitions: list[ServiceEndpointPolicyDefinition] = ABSENT


class ServiceEndpointPolicy(Embedded):
    """`serviceEndpointPolicies[]`."""

    properties: ServiceEndpointPolicyProperties = ABSENT


class ServiceEndpointProperties(Strict):
    """`serviceEndpoints[]`."""

    locations: list[str] = ABSENT
    network_identifier: SubResource = ABSENT
    service: str = ABSENT


class SubnetProperties(Strict):
    """`properties`."""

    address_prefix: str = ABSENT
    address_prefixes: list[str] = ABSENT
    application_gateway_ip_configurations: list[ApplicationGatewayIPConfiguration] = Field(
        ABSENT, alias="applicationGatewayIPConfigurations"
    )
    default_outbound_access: bool = ABSENT
    delegations: list[Delegation] = ABSENT
    ip_allocations: list[SubResource] = ABSENT
    ipam_pool_prefix_allocations: list[IpamPoolPrefixAllocation] = ABSENT
    nat_gateway: SubResource = ABSENT
    network_security_group: NetworkSecurityGroup = ABSENT
    private_endpoint_network_policies: str = ABSENT
    private_link_service_network_policies: str = ABSENT
    route_table: RouteTable = ABSENT
    service_endpoint_policies: list[ServiceEndpointPolicy] = ABSENT
    service_endpoints: list[ServiceEndpointProperties] = ABSENT
    sharing_scope: str = ABSENT


class SubnetBody(Strict):
    """A PUT's body."""

    properties: SubnetProperties = ABSENT
