"""Microsoft.Network/privateEndpoints and their DNS zone groups (contract 2024-05-01)."""

from __future__ import annotations

import uuid
from ipaddress import ip_network
from typing import Any

from azure_llama_sandbox.arm import access, private_links, verbs
from azure_llama_sandbox.arm.calls import Call
from azure_llama_sandbox.arm.errors import bad_request
from azure_llama_sandbox.arm.kinds import location_of
from azure_llama_sandbox.arm.network.common import NetworkChild, NetworkKind, etag, name_rule, referenced
from azure_llama_sandbox.arm.network.dns_entries import entries
from azure_llama_sandbox.arm.network.private_endpoint_body import PrivateEndpointBody, ZoneGroupBody
from azure_llama_sandbox.arm.network.types import INTERFACE, SUBNET, ZONE, ZONE_GROUP
from azure_llama_sandbox.arm.private_links import PRIVATE_ENDPOINT
from azure_llama_sandbox.store import Resource, Store
from azure_llama_sandbox.world import World

Body = dict[str, Any]
_FIRST_FREE = 4
"""Azure keeps the first four addresses of a subnet."""
_RECORD_SECONDS = 10


class PrivateEndpoint(NetworkKind):
    """A network interface in a subnet that leads to one resource.

    It names the DNS entries that have to be made (`customDnsConfigs`) until a zone group makes them: the list is empty
    from then on, which a refresh finds.
    """

    type = PRIVATE_ENDPOINT
    contract = PrivateEndpointBody
    names = name_rule("a private endpoint", 64)
    patchable = frozenset()

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The endpoint. Its owner may lead to the target, so that the connection is approved at once."""
        given = call.properties
        given.pop("customDnsConfigs", None)
        subnet = _subnet(call, existing)
        _check_connections(given)
        guid = existing.properties["resourceGuid"] if existing else str(uuid.uuid4())
        interface = given.get("customNetworkInterfaceName") or f"{call.id.name}.nic.{guid}"
        properties: Body = {
            "customNetworkInterfaceName": "",
            "ipConfigurations": [],
            **{name: [] for name in private_links.LISTS},
            **given,
            "subnet": {"id": subnet.id},
            "networkInterfaces": [{"id": f"{call.id.group_id}/providers/{INTERFACE}/{interface}"}],
            "resourceGuid": guid,
        }
        for name in private_links.LISTS:
            properties[name] = [
                self._connection(call, each, index, name) for index, each in enumerate(given.get(name) or [])
            ]
        return self.new(call, existing, properties, etag=etag())

    def _connection(self, call: Call, given: Body, index: int, list_name: str) -> Body:
        properties = given.get("properties") or {}
        path = f"properties.{list_name}[{index}].properties"
        target = referenced(call, properties.get("privateLinkServiceId"), f"{path}.privateLinkServiceId")
        verbs.KINDS[target.type.lower()].check_link(call.world, target)
        groups, offered = properties.get("groupIds") or [], _groups(target)
        if len(groups) != 1 or str(groups[0]).lower() not in {each.lower() for each in offered}:
            # Azure's code for it is unknown; this one is the sandbox's.
            raise bad_request(
                f"'{path}.groupIds' is {groups}; an endpoint leads to one of {', '.join(offered) or 'nothing'} of"
                f" {target.type}.",
                target=f"{path}.groupIds",
                code="PrivateEndpointGroupIdInvalid",
            )
        manual = list_name == private_links.LISTS[1]
        if not manual:
            access.require_linked(call, f"{target.type}/privateEndpointConnectionsApproval/action", target.id)
        state = {
            "status": "Pending" if manual else "Approved",
            "description": "Awaiting approval" if manual else "Auto-approved",
            "actionsRequired": "None",
        }
        id_ = f"{call.id.text}/{list_name}/{given.get('name', '')}"
        filled = {"requestMessage": "", **properties, "provisioningState": "Succeeded"}
        return {
            "name": given.get("name", ""),
            "id": id_,
            "etag": etag(),
            "type": f"{PRIVATE_ENDPOINT}/{list_name}",
            "properties": filled | {"privateLinkServiceConnectionState": state},
        }

    def stored(self, call: Call, resource: Resource) -> None:
        """Its network interface holds an address in the subnet."""
        id_ = resource.properties["networkInterfaces"][0]["id"]
        if call.store.get(id_) is None:
            address = _asked_address(resource) or _free_address(call.store, resource.properties["subnet"]["id"])
            ip = {"privateIPAddress": address, "subnet": resource.properties["subnet"]}
            body = {
                "id": id_,
                "name": id_.rsplit("/", 1)[-1],
                "type": INTERFACE,
                "location": resource.body["location"],
                "properties": {"ipConfigurations": [{"name": "privateEndpointIpConfig", "properties": ip}]},
            }
            call.store.put(Resource(id_, INTERFACE, body, {}, call.now, call.now))

    def removed(self, world: World, resource: Resource, when: float, *, purge: bool) -> None:
        """The network interface goes with it."""
        world.store.delete(resource.properties["networkInterfaces"][0]["id"])

    def show(self, world: World, resource: Resource) -> Body:
        """With the DNS entries to make by hand: none as soon as a zone group makes them."""
        grouped = bool(world.store.below(resource.id, ZONE_GROUP))
        names = [] if grouped else entries(world.store, resource)
        address = _address(world.store, resource)
        configs = [{"fqdn": f"{each.record}.{each.domain}", "ipAddresses": [address]} for each in names]
        return resource.body | {"properties": resource.properties | {"customDnsConfigs": configs}}


def _subnet(call: Call, existing: Resource | None) -> Resource:
    """The subnet that the endpoint is in, and stays in."""
    path = "properties.subnet.id"
    subnet = referenced(call, (call.properties.get("subnet") or {}).get("id"), path, type_=SUBNET)
    network = subnet.id.rsplit("/subnets/", 1)[0]
    referenced(call, network, path, region=location_of(call.body))
    access.require_linked(call, f"{SUBNET}/join/action", subnet.id)
    if existing is not None and existing.properties["subnet"]["id"].lower() != subnet.id.lower():
        # Azure's code for it is unknown; this one is the sandbox's.
        raise bad_request(
            f"The subnet of the private endpoint {call.id.name} cannot be changed after creation.",
            target="properties.subnet",
            code="PrivateEndpointSubnetCannotBeChanged",
        )
    return subnet


def _check_connections(given: Body) -> None:
    connections = list(private_links.asked(given))
    if len(connections) != 1:
        # Azure's code for it is unknown; this one is the sandbox's.
        raise bad_request(
            f"A private endpoint needs exactly one connection in one of {', '.join(private_links.LISTS)};"
            f" it has {len(connections)}.",
            target="properties.privateLinkServiceConnections",
            code="PrivateLinkServiceConnectionMissing",
        )


class ZoneGroup(NetworkChild):
    """The private DNS zones that a private endpoint is entered in."""

    type = ZONE_GROUP
    contract = ZoneGroupBody
    names = name_rule("a private DNS zone group")

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The group, of which an endpoint has one."""
        endpoint = call.parent
        assert endpoint is not None
        others = [
            each for each in call.store.below(endpoint.id, ZONE_GROUP) if each.name.lower() != call.id.name.lower()
        ]
        if others:
            # Azure's code for it is unknown; this one is the sandbox's.
            raise bad_request(
                f"The private endpoint {endpoint.name} has the DNS zone group {others[0].name} already.",
                code="PrivateDnsZoneGroupExists",
            )
        configs = []
        for index, each in enumerate(call.properties.get("privateDnsZoneConfigs") or []):
            path = f"properties.privateDnsZoneConfigs[{index}].properties.privateDnsZoneId"
            given = each.get("properties") or {}
            zone = referenced(call, given.get("privateDnsZoneId"), path, type_=ZONE)
            records = _records(call.store, endpoint, zone.name)
            id_ = f"{call.id.text}/privateDnsZoneConfigs/{each.get('name', '')}"
            properties = {**given, "provisioningState": "Succeeded", "recordSets": records}
            configs.append({**each, "id": id_, "etag": etag(), "properties": properties})
        return self.new(call, existing, {"privateDnsZoneConfigs": configs}, etag=etag())

    def region(self, call: Call, resource: Resource) -> str:
        """The endpoint's."""
        endpoint = call.parent
        return str(endpoint.body["location"]) if endpoint else super().region(call, resource)


def _groups(target: Resource) -> tuple[str, ...]:
    kind = verbs.KINDS.get(target.type.lower())
    return kind.link_groups if kind is not None else ()


def _asked_address(endpoint: Resource) -> str | None:
    given = (each.get("properties") or {} for each in endpoint.properties["ipConfigurations"])
    return next((each["privateIPAddress"] for each in given if each.get("privateIPAddress")), None)


def _held(interface: Resource) -> Body:
    held: Body = interface.properties["ipConfigurations"][0]["properties"]
    return held


def _free_address(store: Store, subnet_id: str) -> str:
    subnet = store.get(subnet_id)
    assert subnet is not None
    text = subnet.properties.get("addressPrefix") or subnet.properties["addressPrefixes"][0]
    held = [_held(each) for each in store.of_type(INTERFACE)]
    taken = {each["privateIPAddress"] for each in held if each["subnet"]["id"].lower() == subnet.id.lower()}
    addresses = ip_network(text)
    for offset in range(_FIRST_FREE, addresses.num_addresses - 1):
        if str(addresses[offset]) not in taken:
            return str(addresses[offset])
    raise bad_request(
        f"Subnet {subnet.name} with address prefix {text} does not have enough capacity for 1 IP addresses.",
        target="properties.subnet",
        code="SubnetIsFull",
    )


def _address(store: Store, endpoint: Resource) -> str:
    interface = store.get(endpoint.properties["networkInterfaces"][0]["id"])
    return str(_held(interface)["privateIPAddress"]) if interface is not None else ""


def _records(store: Store, endpoint: Resource, zone: str) -> list[Body]:
    """The A records that a zone gets."""
    return [
        {
            "recordType": "A",
            "recordSetName": each.record,
            "fqdn": f"{each.record}.{each.zone}",
            "ttl": _RECORD_SECONDS,
            "provisioningState": "Succeeded",
            "ipAddresses": [_address(store, endpoint)],
        }
        for each in entries(store, endpoint)
        if each.zone == zone.lower()
    ]
