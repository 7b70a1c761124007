"""Microsoft.Network/privateDnsZones and their links to virtual networks (contract 2024-06-01)."""

from __future__ import annotations

import base64
from http import HTTPStatus
from typing import Any

from azure_llama.catalog.names import NameRule
from azure_llama_sandbox.arm.calls import Call
from azure_llama_sandbox.arm.errors import ArmError, bad_request
from azure_llama_sandbox.arm.kinds import GLOBAL, Style
from azure_llama_sandbox.arm.network.common import NetworkKind, etag, name_rule, referenced
from azure_llama_sandbox.arm.network.dns_body import LinkBody, ZoneBody
from azure_llama_sandbox.arm.network.types import LINK, VIRTUAL_NETWORK, ZONE
from azure_llama_sandbox.store import Resource
from azure_llama_sandbox.world import World

_LABEL = r"[a-zA-Z0-9_]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?"


class DnsKind(NetworkKind):
    """A zone, or a link of one: both are in no region."""

    put = Style.ACCEPTED
    patch = Style.ACCEPTED
    locations = (GLOBAL,)


class Zone(DnsKind):
    """A private DNS zone."""

    type = ZONE
    contract = ZoneBody
    names = NameRule(
        "a private DNS zone",
        rf"{_LABEL}(\.{_LABEL}){{1,33}}",
        3,
        253,
        "2 to 34 labels of letters, digits, dashes and underscores, with dots between them",
        "azure-names-2020-02",
        "2020-02-11",
    )

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The zone."""
        properties = {
            "internalId": base64.b64encode(call.id.text.lower().encode()).decode(),
            "maxNumberOfRecordSets": 25000,
            "numberOfRecordSets": 1,
            "maxNumberOfVirtualNetworkLinks": 1000,
            "maxNumberOfVirtualNetworkLinksWithRegistration": 100,
        }
        return self.new(call, existing, properties, etag=etag())

    def check_delete(self, call: Call, resource: Resource) -> None:
        """Refuse while networks are linked to it."""
        links = call.store.below(resource.id, LINK)
        if links:
            raise ArmError(
                HTTPStatus.CONFLICT,
                "CannotDeleteResource",
                "Cannot delete resource while nested resources exist. Some existing nested resource IDs include:"
                f" '{links[0].id}'. Please delete all nested resources before deleting this resource.",
            )

    def show(self, world: World, resource: Resource) -> dict[str, Any]:
        """With the number of its links."""
        links = world.store.below(resource.id, LINK)
        counted = {
            "numberOfVirtualNetworkLinks": len(links),
            "numberOfVirtualNetworkLinksWithRegistration": sum(
                bool(e.properties["registrationEnabled"]) for e in links
            ),
        }
        return resource.body | {"properties": resource.properties | counted}


class Link(DnsKind):
    """A virtual network that a zone answers in."""

    type = LINK
    contract = LinkBody
    names = name_rule("a virtual network link")

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The link."""
        given = call.properties
        path = "properties.virtualNetwork.id"
        network = referenced(call, (given.get("virtualNetwork") or {}).get("id"), path, type_=VIRTUAL_NETWORK)
        if existing is not None and existing.properties["virtualNetwork"]["id"].lower() != network.id.lower():
            raise bad_request(
                f"The virtual network of the link '{call.id.name}' cannot be changed after creation.", target=path
            )
        zone = call.id.names[-2]
        for other in call.store.of_type(LINK):
            same_network = other.properties["virtualNetwork"]["id"].lower() == network.id.lower()
            same_zone = other.id.rsplit("/", 3)[1].lower() == zone.lower()
            if same_network and same_zone and other.id.lower() != call.id.text.lower():
                raise bad_request(
                    "A virtual network cannot be linked to multiple zones with overlapping namespaces. You tried to"
                    f" link virtual network with '{zone}' and '{zone}' zones.",
                    target=path,
                )
        properties = {
            "registrationEnabled": False,
            **({"resolutionPolicy": "Default"} if zone.startswith("privatelink.") else {}),
            **given,
            "virtualNetwork": {"id": network.id},
            "virtualNetworkLinkState": "Completed",
        }
        return self.new(call, existing, properties, etag=etag())
