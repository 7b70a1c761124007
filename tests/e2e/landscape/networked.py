"""A virtual network with an endpoint in it, and the names that lead there."""

from __future__ import annotations

from pulumi import Input, ResourceOptions
from pulumi_azure_native import keyvault, network, privatedns


def endpoint(rg: Input[str], vault: keyvault.Vault) -> network.PrivateEndpoint:
    """A private endpoint of a vault."""
    vnet, subnet = _networks(rg)
    zone = privatedns.PrivateZone(
        "zone", private_zone_name="privatelink.vaultcore.azure.net", location="global", resource_group_name=rg
    )
    privatedns.VirtualNetworkLink(
        "link",
        resource_group_name=rg,
        private_zone_name=zone.name,
        location="global",
        registration_enabled=False,
        virtual_network=privatedns.SubResourceArgs(id=vnet.id),
    )
    private = network.PrivateEndpoint(
        "endpoint",
        resource_group_name=rg,
        subnet=network.SubnetArgs(id=subnet.id),
        private_link_service_connections=[
            network.PrivateLinkServiceConnectionArgs(
                name="vault", group_ids=["vault"], private_link_service_id=vault.id
            )
        ],
        # Azure empties the list as soon as a zone group makes the entries.
        opts=ResourceOptions(ignore_changes=["customDnsConfigs"]),
    )
    network.PrivateDnsZoneGroup(
        "zones",
        private_dns_zone_group_name="default",
        resource_group_name=rg,
        private_endpoint_name=private.name,
        private_dns_zone_configs=[network.PrivateDnsZoneConfigArgs(name="vault", private_dns_zone_id=zone.id)],
    )
    return private


def _networks(rg: Input[str]) -> tuple[network.VirtualNetwork, network.Subnet]:
    nsg = network.NetworkSecurityGroup(
        "nsg",
        resource_group_name=rg,
        security_rules=[
            network.SecurityRuleArgs(
                name="https",
                priority=100,
                direction="Inbound",
                access="Allow",
                protocol="Tcp",
                source_address_prefix="VirtualNetwork",
                source_port_range="*",
                destination_address_prefix="*",
                destination_port_range="443",
            )
        ],
    )
    vnet = network.VirtualNetwork(
        "vnet",
        resource_group_name=rg,
        address_space=network.AddressSpaceArgs(address_prefixes=["10.40.0.0/16"]),
    )
    subnet = network.Subnet(
        "endpoints",
        resource_group_name=rg,
        virtual_network_name=vnet.name,
        address_prefix="10.40.0.0/24",
        network_security_group=network.NetworkSecurityGroupArgs(id=nsg.id),
    )
    return vnet, subnet
