"""Bodies of Microsoft.Network/privateEndpoints and of their DNS zone groups (contract 2024-05-01)."""

from __future__ import annotations

from pydantic import Field

from azure_llama_sandbox.arm.contract import ABSENT, ExtendedLocation, Strict, Tracked
from azure_llama_sandbox.arm.network.envelopes import Part
from azure_llama_sandbox.arm.network.security_body import ApplicationSecurityGroup
from azure_llama_sandbox.arm.network.virtual_network_body import Subnet


class CustomDnsConfigProperties(Strict):
    """`customDnsConfigs[]`."""

    fqdn: str = ABSENT
    ip_addresses: list[str] = ABSENT


class PrivateEndpointIPConfigurationProperties(Strict):
    """`ipConfigurations[].properties`."""

    group_id: str = ABSENT
    member_name: str = ABSENT
    private_ip_address: str = Field(ABSENT, alias="privateIPAddress")


class PrivateEndpointIPConfiguration(Strict):
    """`ipConfigurations[]`."""

    name: str = ABSENT
    properties: PrivateEndpointIPConfigurationProperties = ABSENT


class PrivateLinkServiceConnectionState(Strict):
    """`manualPrivateLinkServiceConnections[].properties.privateLinkServiceConnectionState`."""

    actions_required: str = ABSENT
    description: str = ABSENT
    status: str = ABSENT


class PrivateLinkServiceConnectionProperties(Strict):
    """`manualPrivateLinkServiceConnections[].properties`."""

    group_ids: list[str] = ABSENT
    private_link_service_connection_state: PrivateLinkServiceConnectionState = ABSENT
    private_link_service_id: str = ABSENT
    request_message: str = ABSENT


class PrivateLinkServiceConnection(Part):
    """`manualPrivateLinkServiceConnections[]`."""

    properties: PrivateLinkServiceConnectionProperties = ABSENT


class PrivateEndpointProperties(Strict):
    """`properties`."""

    application_security_groups: list[ApplicationSecurityGroup] = ABSENT
    custom_dns_configs: list[CustomDnsConfigProperties] = ABSENT
    custom_network_interface_name: str = ABSENT
    ip_configurations: list[PrivateEndpointIPConfiguration] = ABSENT
    manual_private_link_service_connections: list[PrivateLinkServiceConnection] = ABSENT
    private_link_service_connections: list[PrivateLinkServiceConnection] = ABSENT
    subnet: Subnet = ABSENT


class PrivateEndpointBody(Tracked):
    """A PUT's body."""

    extended_location: ExtendedLocation = ABSENT
    properties: PrivateEndpointProperties = ABSENT


class PrivateDnsZoneProperties(Strict):
    """`privateDnsZoneConfigs[].properties`."""

    private_dns_zone_id: str = ABSENT


class PrivateDnsZoneConfig(Strict):
    """`privateDnsZoneConfigs[]`."""

    name: str = ABSENT
    properties: PrivateDnsZoneProperties = ABSENT


class PrivateDnsZoneGroupProperties(Strict):
    """`properties`."""

    private_dns_zone_configs: list[PrivateDnsZoneConfig] = ABSENT


class ZoneGroupBody(Strict):
    """A PUT's body."""

    properties: PrivateDnsZoneGroupProperties = ABSENT
