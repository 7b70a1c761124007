"""A private endpoint of a workspace or an account, with its DNS zones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from typing import Any

from pulumi import ComponentResource, Input, Resource, ResourceHookBinding, ResourceOptions
from pulumi_azure_native import network, privatedns

from azure_llama_components import in_place
from azure_llama_components.network import SubnetArgs
from azure_llama_components.placement import waits_for
from azure_llama_components.private_zones import PrivateZones

GROUP = "amlworkspace"
"""The part of a workspace that an endpoint leads to: all of it."""
ZONES = ("privatelink.api.azureml.ms", "privatelink.notebooks.azure.net")
"""The private DNS zones of a workspace: its API, and the notebooks of its compute instances."""
SUBNET = "private-endpoints"
_MOVE = "Remove the private endpoint from the configuration, run `pulumi up`, and add it with its new network."
FIXED = in_place.Fixed(
    what="private endpoint",
    properties={
        "subnetId": in_place.at("subnet", "id"),
        "target": in_place.at("privateLinkServiceConnections", 0, "privateLinkServiceId"),
    },
    recipe=_MOVE,
)
NETWORK_FIXED = in_place.Fixed(
    what="virtual network",
    properties={"addressSpace": in_place.at("addressSpace", "addressPrefixes")},
    recipe=_MOVE,
)
_LONGEST_SUBNET = 24
"""A /24 is enough for endpoints; the rest of the network is left to others."""


@dataclass(frozen=True, kw_only=True)
class PrivateEndpointArgs:
    """Arguments of a private endpoint.

    Attributes:
        name: Required. 2-64 letters, digits, dashes, dots and underscores.
        resource_group_name: Required.
        location: Required. ARM name of the region, that of the virtual network.
        target_id: Required. ARM id of the workspace (of the hub, for its projects too) or of the account.
        subnet: Required. Where it is.
        virtual_network_name: Conditional. Of a network of the stack's own; required with `subnet.address_space`.
        tags: Optional. On every resource that takes some.
        group: Optional. The part of the target that it leads to.
        zones: Optional. DNS zones that it shares with other endpoints; zones of its own when None.
    """

    name: str
    resource_group_name: str
    location: str
    target_id: Input[str]
    subnet: SubnetArgs
    virtual_network_name: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    group: str = GROUP
    zones: PrivateZones | None = None


class PrivateEndpoint(ComponentResource):
    """A private endpoint with its DNS zones, and on request with a virtual network of its own.

    Attributes:
        resource: The endpoint itself.
        subnet_id: ARM id of the subnet that it is in.
        outputs: id, subnetId.
    """

    def __init__(self, name: str, args: PrivateEndpointArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("azure-llama:index:PrivateEndpoint", name, {}, opts)
        self._name, self._args, self._after = name, args, waits_for(opts)
        self.subnet_id, network_id, made = self._subnet()
        self.resource = network.PrivateEndpoint(
            name,
            private_endpoint_name=args.name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            tags=dict(args.tags),
            # As a plain map: the class would add policies of its own, which a reference does not have.
            subnet={"id": self.subnet_id},
            private_link_service_connections=[
                network.PrivateLinkServiceConnectionArgs(
                    name=args.name, private_link_service_id=args.target_id, group_ids=[args.group]
                )
            ],
            opts=self._options(
                *made,
                hooks=FIXED.hook(f"{name}-keeps"),
                # Azure lists its names here until a zone group has them.
                ignore_changes=["customDnsConfigs"],
            ),
        )
        zones = self._zones(network_id)
        network.PrivateDnsZoneGroup(
            f"{name}-zones",
            private_dns_zone_group_name="default",
            private_endpoint_name=args.name,
            resource_group_name=args.resource_group_name,
            private_dns_zone_configs=[
                network.PrivateDnsZoneConfigArgs(name=zone.replace(".", "-"), private_dns_zone_id=id_)
                for zone, id_ in zones.items()
            ],
            opts=self._options(self.resource),
        )
        self.outputs: dict[str, Any] = {"id": self.resource.id, "subnetId": self.subnet_id}
        self.register_outputs(self.outputs)

    def _options(
        self, *depends_on: Resource, hooks: ResourceHookBinding | None = None, ignore_changes: list[str] | None = None
    ) -> ResourceOptions:
        return ResourceOptions(
            parent=self,
            depends_on=[*self._after, *depends_on],
            delete_before_replace=False,
            hooks=hooks,
            ignore_changes=ignore_changes,
        )

    def _subnet(self) -> tuple[Input[str], Input[str], list[Resource]]:
        """The subnet's ARM id, its network's, and what of both is the stack's own."""
        args = self._args
        if args.subnet.subnet_id is not None:
            return args.subnet.subnet_id, args.subnet.subnet_id.rsplit("/subnets/", 1)[0], []
        if args.subnet.address_space is None or not args.virtual_network_name:
            raise ValueError("SubnetArgs takes subnet_id, or address_space with the name of the virtual network")
        whole = IPv4Network(args.subnet.address_space)
        part = next(whole.subnets(new_prefix=max(whole.prefixlen, _LONGEST_SUBNET)))
        own = network.VirtualNetwork(
            f"{self._name}-network",
            virtual_network_name=args.virtual_network_name,
            resource_group_name=args.resource_group_name,
            location=args.location,
            tags=dict(args.tags),
            address_space=network.AddressSpaceArgs(address_prefixes=[str(whole)]),
            opts=self._options(hooks=NETWORK_FIXED.hook(f"{self._name}-network-keeps")),
        )
        subnet = network.Subnet(
            f"{self._name}-subnet",
            subnet_name=SUBNET,
            virtual_network_name=args.virtual_network_name,
            resource_group_name=args.resource_group_name,
            address_prefix=str(part),
            default_outbound_access=False,
            private_endpoint_network_policies=network.VirtualNetworkPrivateEndpointNetworkPolicies.ENABLED,
            opts=self._options(own),
        )
        return subnet.id, own.id, [own, subnet]

    def _zones(self, network_id: Input[str]) -> dict[str, Input[str]]:
        """ARM ids of the DNS zones by name: those that exist, or the stack's own, linked to the network."""
        args = self._args
        if args.subnet.dns_zone_ids:
            return {id_.rsplit("/", 1)[1]: id_ for id_ in args.subnet.dns_zone_ids}
        if args.zones is not None:
            subnet_id = args.subnet.subnet_id
            args.zones.link(subnet_id.split("/")[8] if subnet_id else args.virtual_network_name, network_id)
            return args.zones.ids
        zones: dict[str, Input[str]] = {}
        for zone in ZONES:
            own = privatedns.PrivateZone(
                f"{self._name}-{zone}",
                private_zone_name=zone,
                resource_group_name=args.resource_group_name,
                location="global",
                tags=dict(args.tags),
                opts=self._options(),
            )
            privatedns.VirtualNetworkLink(
                f"{self._name}-{zone}-link",
                virtual_network_link_name=args.name,
                private_zone_name=zone,
                resource_group_name=args.resource_group_name,
                location="global",
                tags=dict(args.tags),
                registration_enabled=False,
                virtual_network=privatedns.SubResourceArgs(id=network_id),
                opts=self._options(own),
            )
            zones[zone] = own.id
        return zones
