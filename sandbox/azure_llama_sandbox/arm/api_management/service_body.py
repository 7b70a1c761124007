"""The body of a Microsoft.ApiManagement/service PUT (contract 2024-05-01)."""

from __future__ import annotations

from pydantic import Field

from azure_llama_sandbox.arm.contract import ABSENT, Empty, Strict


class Sku(Strict):
    """`properties.additionalLocations[].sku`."""

    capacity: int
    name: str


class Network(Strict):
    """`properties.additionalLocations[].virtualNetworkConfiguration`."""

    subnet_resource_id: str = Field(
        ABSENT,
        pattern=r"^/subscriptions/[^/]*/resourceGroups/[^/]*/providers/Microsoft.(ClassicNetwork|Network)"
        r"/virtualNetworks/[^/]*/subnets/[^/]*$",
    )


class AdditionalLocation(Strict):
    """`properties.additionalLocations[]`."""

    location: str
    sku: Sku
    disable_gateway: bool = ABSENT
    nat_gateway_state: str = ABSENT
    public_ip_address_id: str = ABSENT
    virtual_network_configuration: Network = ABSENT
    zones: list[str] = ABSENT


class ApiVersionConstraint(Strict):
    """`properties.apiVersionConstraint`."""

    min_api_version: str = ABSENT


class CertificateInformation(Strict):
    """`properties.certificates[].certificate`."""

    expiry: str
    subject: str
    thumbprint: str


class CertificateConfiguration(Strict):
    """`properties.certificates[]`."""

    store_name: str
    certificate: CertificateInformation = ABSENT
    certificate_password: str = ABSENT
    encoded_certificate: str = ABSENT


class ConfigurationApi(Strict):
    """`properties.configurationApi`."""

    legacy_api: str = ABSENT


class HostnameConfiguration(Strict):
    """`properties.hostnameConfigurations[]`."""

    host_name: str
    type: str
    certificate: CertificateInformation = ABSENT
    certificate_password: str = ABSENT
    certificate_source: str = ABSENT
    certificate_status: str = ABSENT
    default_ssl_binding: bool = ABSENT
    encoded_certificate: str = ABSENT
    identity_client_id: str = ABSENT
    key_vault_id: str = ABSENT
    negotiate_client_certificate: bool = ABSENT


class LinkState(Strict):
    """`properties.privateEndpointConnections[].properties.privateLinkServiceConnectionState`."""

    actions_required: str = ABSENT
    description: str = ABSENT
    status: str = ABSENT


class LinkProperties(Strict):
    """`properties.privateEndpointConnections[].properties`."""

    private_link_service_connection_state: LinkState
    private_endpoint: Empty = ABSENT


class Link(Strict):
    """`properties.privateEndpointConnections[]`."""

    id: str = ABSENT
    name: str = ABSENT
    properties: LinkProperties = ABSENT
    type: str = ABSENT


class ServiceProperties(Strict):
    """`properties`."""

    publisher_email: str = Field(max_length=100)
    publisher_name: str = Field(max_length=100)
    additional_locations: list[AdditionalLocation] = ABSENT
    api_version_constraint: ApiVersionConstraint = ABSENT
    certificates: list[CertificateConfiguration] = ABSENT
    configuration_api: ConfigurationApi = ABSENT
    custom_properties: dict[str, str] = ABSENT
    developer_portal_status: str = ABSENT
    disable_gateway: bool = ABSENT
    enable_client_certificate: bool = ABSENT
    hostname_configurations: list[HostnameConfiguration] = ABSENT
    legacy_portal_status: str = ABSENT
    nat_gateway_state: str = ABSENT
    notification_sender_email: str = Field(ABSENT, max_length=100)
    private_endpoint_connections: list[Link] = ABSENT
    public_ip_address_id: str = ABSENT
    public_network_access: str = ABSENT
    restore: bool = ABSENT
    virtual_network_configuration: Network = ABSENT
    virtual_network_type: str = ABSENT


class AssignedIdentity(Strict):
    """`identity.userAssignedIdentities.*`."""

    client_id: str = ABSENT
    principal_id: str = ABSENT


class ServiceIdentity(Strict):
    """`identity`."""

    type: str
    user_assigned_identities: dict[str, AssignedIdentity] = ABSENT


class ServiceBody(Strict):
    """A PUT's body."""

    location: str
    properties: ServiceProperties
    sku: Sku
    identity: ServiceIdentity = ABSENT
    tags: dict[str, str] = ABSENT
    zones: list[str] = ABSENT
