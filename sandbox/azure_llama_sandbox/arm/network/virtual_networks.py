"""Microsoft.Network/virtualNetworks and their subnets (contract 2024-05-01)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import replace
from http import HTTPStatus
from itertools import combinations
from typing import Any

from azure_llama.catalog import names
from azure_llama_sandbox.arm.calls import Call
from azure_llama_sandbox.arm.errors import ArmError, bad_request
from azure_llama_sandbox.arm.network.common import (
    Network,
    NetworkChild,
    NetworkKind,
    covers,
    etag,
    name_rule,
    prefix,
    referenced,
)
from azure_llama_sandbox.arm.network.subnet_body import SubnetBody
from azure_llama_sandbox.arm.network.types import SECURITY_GROUP, SUBNET, VIRTUAL_NETWORK
from azure_llama_sandbox.arm.network.virtual_network_body import VirtualNetworkBody
from azure_llama_sandbox.arm.private_links import PRIVATE_ENDPOINT
from azure_llama_sandbox.store import Resource, Store
from azure_llama_sandbox.world import World

Body = dict[str, Any]


class VirtualNetwork(NetworkKind):
    """A virtual network: its subnets are separate resources, and a PUT without them deletes them."""

    type = VIRTUAL_NETWORK
    contract = VirtualNetworkBody
    names = names.VIRTUAL_NETWORK

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The network."""
        given = call.properties
        subnets: list[Body] = given.pop("subnets", None) or []
        space = (given.get("addressSpace") or {}).get("addressPrefixes") or []
        path = "properties.addressSpace.addressPrefixes"
        if not space:
            # Azure's code for it is unknown; this one is the sandbox's.
            raise bad_request(f"'{path}' needs at least one address range.", target=path, code="AddressSpaceMissing")
        ranges = [prefix(text, path, of=call.id.name) for text in space]
        for subnet in subnets:
            _check_subnet(call, str(subnet.get("name") or ""), subnet.get("properties") or {}, call.id.name, ranges)
        _check_overlaps(
            call.id.name, {str(each.get("name")): _prefixes(each.get("properties") or {}) for each in subnets}
        )
        kept = {str(each.get("name")).lower() for each in subnets}
        for gone in call.store.below(call.id.text, SUBNET):
            if gone.name.lower() not in kept:
                require_unused(call.store, gone)
        properties = {
            "enableDdosProtection": False,
            "privateEndpointVNetPolicies": "Disabled",
            "virtualNetworkPeerings": [],
            **given,
            "resourceGuid": existing.properties["resourceGuid"] if existing else str(uuid.uuid4()),
        }
        return self.new(call, existing, properties, etag=etag())

    def stored(self, call: Call, resource: Resource) -> None:
        """The subnets are those of the body, and no others."""
        if call.method != "PUT":
            return
        subnets: list[Body] = call.properties.get("subnets") or []
        kept = {str(each.get("name")).lower() for each in subnets}
        for gone in call.store.below(resource.id, SUBNET):
            if gone.name.lower() not in kept:
                call.store.delete(gone.id)
        for each in subnets:
            about = call.about(
                replace(call.id, types=(*call.id.types, "subnets"), names=(*call.id.names, each["name"]))
            )
            before = call.store.get(about.id.text)
            subnet = _subnet(replace(about, body={"properties": each.get("properties") or {}}), before)
            subnet.properties["provisioningState"] = "Succeeded"
            call.store.put(subnet)

    def check_delete(self, call: Call, resource: Resource) -> None:
        """Refuse while something is in a subnet of it."""
        for subnet in call.store.below(resource.id, SUBNET):
            require_unused(call.store, subnet)

    def show(self, world: World, resource: Resource) -> Body:
        """With its subnets."""
        subnets = [_shown(world.store, each) for each in world.store.below(resource.id, SUBNET)]
        return resource.body | {"properties": resource.properties | {"subnets": subnets}}


class Subnet(NetworkChild):
    """A part of a virtual network's address space."""

    type = SUBNET
    contract = SubnetBody
    names = name_rule("a subnet")

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The subnet."""
        network = call.parent
        assert network is not None
        path = "properties.addressSpace.addressPrefixes"
        ranges = [prefix(each, path, of=network.name) for each in network.properties["addressSpace"]["addressPrefixes"]]
        _check_subnet(call, call.id.name, call.properties, network.name, ranges)
        beside = {
            each.name: _prefixes(each.properties)
            for each in call.store.below(network.id, SUBNET)
            if each.name.lower() != call.id.name.lower()
        }
        _check_overlaps(network.name, {**beside, call.id.name: _prefixes(call.properties)})
        changed = existing is not None and _prefixes(existing.properties) != _prefixes(call.properties)
        if existing is not None and changed:
            require_unused(call.store, existing, code="InUsePrefixCannotBeDeleted", verb="changed")
        return _subnet(call, existing)

    def check_delete(self, call: Call, resource: Resource) -> None:
        """Refuse while something is in it."""
        require_unused(call.store, resource)

    def region(self, call: Call, resource: Resource) -> str:
        """The network's."""
        network = call.store.get(resource.id.rsplit("/subnets/", 1)[0])
        return str(network.body["location"]) if network else super().region(call, resource)

    def show(self, world: World, resource: Resource) -> Body:
        """Including its child resources."""
        return _shown(world.store, resource)


def _subnet(call: Call, existing: Resource | None) -> Resource:
    properties = {
        "delegations": [],
        "privateEndpointNetworkPolicies": "Disabled",
        "privateLinkServiceNetworkPolicies": "Enabled",
        **call.properties,
    }
    return Subnet().new(call, existing, properties, etag=etag())


def _shown(store: Store, subnet: Resource) -> Body:
    inside = [{"id": each.id} for each in _inside(store, subnet)]
    more = {"privateEndpoints": inside} if inside else {}
    return subnet.body | {"properties": subnet.properties | more}


def _inside(store: Store, subnet: Resource) -> list[Resource]:
    endpoints = store.of_type(PRIVATE_ENDPOINT)
    return [each for each in endpoints if each.properties["subnet"]["id"].lower() == subnet.id.lower()]


def require_unused(
    store: Store, subnet: Resource, *, code: str = "InUseSubnetCannotBeDeleted", verb: str = "deleted"
) -> None:
    """Refuse to lose a subnet that something is in.

    Raises:
        ArmError: 400.
    """
    inside = _inside(store, subnet)
    if inside:
        raise ArmError(
            HTTPStatus.BAD_REQUEST,
            code,
            f"Subnet {subnet.name} is in use by {', '.join(each.id for each in inside)} and cannot be {verb}. In order"
            " to delete the subnet, delete all the resources within the subnet. See aka.ms/deletesubnet.",
        )


def _prefixes(properties: Body) -> tuple[str, ...]:
    single = properties.get("addressPrefix")
    return (*((single,) if single else ()), *(properties.get("addressPrefixes") or ()))


def _check_subnet(call: Call, name: str, properties: Body, network: str, ranges: Iterable[Network]) -> None:
    problem = Subnet.names.problem(name)
    if problem:
        raise bad_request(f"The name '{name}' {problem}.", target="name", code="InvalidResourceName")
    texts = _prefixes(properties)
    if not texts:
        # Azure's code for it is unknown; this one is the sandbox's.
        raise bad_request(
            f"Subnet '{name}' needs 'properties.addressPrefix' or 'properties.addressPrefixes'.",
            target="properties.addressPrefix",
            code="AddressPrefixMissing",
        )
    for text in texts:
        own = prefix(text, "properties.addressPrefix", of=name)
        if not any(covers(each, own) for each in ranges):
            raise bad_request(
                f"Subnet '{name}' is not valid because its IP address range is outside the IP address range of virtual"
                f" network '{network}'.",
                target="properties.addressPrefix",
                code="NetcfgSubnetRangeOutsideVnet",
            )
    group = (properties.get("networkSecurityGroup") or {}).get("id")
    if group is not None:
        referenced(call, group, "properties.networkSecurityGroup.id", type_=SECURITY_GROUP)


def _check_overlaps(network: str, subnets: dict[str, tuple[str, ...]]) -> None:
    ranges = [
        (name, prefix(text, "properties.addressPrefix", of=name)) for name, texts in subnets.items() for text in texts
    ]
    for (_, before), (name, after) in combinations(ranges, 2):
        if covers(before, after) or covers(after, before):
            raise bad_request(
                f"Subnet '{name}' is not valid because its IP address range overlaps with that of an existing subnet in"
                f" virtual network '{network}'.",
                target="properties.addressPrefix",
                code="NetcfgSubnetRangesOverlap",
            )
