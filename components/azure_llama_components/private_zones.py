"""Private DNS zones that several private endpoints of a stack have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pulumi import ComponentResource, Input, Output, Resource, ResourceOptions
from pulumi_azure_native import privatedns


class PrivateZones(ComponentResource):
    """Private DNS zones, each linked once to every virtual network that has an endpoint.

    A zone's name is unique in a resource group, so that the endpoints of a stack share its zones.

    Attributes:
        ids: ARM ids of the zones, by name.
        outputs: The same.
    """

    def __init__(
        self,
        name: str,
        *,
        zones: Sequence[str],
        resource_group_name: str,
        tags: Mapping[str, str],
        depends_on: Sequence[Resource],
    ) -> None:
        super().__init__("azure-llama:index:PrivateZones", name, {})
        self._name, self._group, self._tags = name, resource_group_name, dict(tags)
        self._zones = {
            zone: privatedns.PrivateZone(
                f"{name}-{zone}",
                private_zone_name=zone,
                resource_group_name=resource_group_name,
                location="global",
                tags=self._tags,
                opts=ResourceOptions(parent=self, depends_on=list(depends_on), delete_before_replace=False),
            )
            for zone in zones
        }
        self._linked: set[str] = set()
        self.ids: dict[str, Input[str]] = {zone: made.id for zone, made in self._zones.items()}
        self.outputs: dict[str, Any] = dict(self.ids)
        self.register_outputs(self.outputs)

    def link(self, network: str, network_id: Input[str]) -> None:
        """Link all zones to a virtual network, unless they are.

        Args:
            network: Required. Name of the network, a plain value.
            network_id: Required. Its ARM id.
        """
        if network.casefold() in self._linked:
            return
        self._linked.add(network.casefold())
        for zone, made in self._zones.items():
            privatedns.VirtualNetworkLink(
                f"{self._name}-{zone}-{network}",
                virtual_network_link_name=network,
                private_zone_name=zone,
                resource_group_name=self._group,
                location="global",
                tags=self._tags,
                registration_enabled=False,
                virtual_network=privatedns.SubResourceArgs(id=Output.from_input(network_id)),
                opts=ResourceOptions(parent=self, depends_on=[made], delete_before_replace=False),
            )
