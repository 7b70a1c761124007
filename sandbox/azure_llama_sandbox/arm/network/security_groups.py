"""Microsoft.Network/networkSecurityGroups (contract 2024-05-01)."""

from __future__ import annotations

import uuid
from typing import Any

from azure_llama_sandbox.arm.calls import Call
from azure_llama_sandbox.arm.contract import one_of
from azure_llama_sandbox.arm.errors import bad_request
from azure_llama_sandbox.arm.network.common import NetworkKind, child_entry, etag, in_use, name_rule
from azure_llama_sandbox.arm.network.security_body import SecurityGroupBody
from azure_llama_sandbox.arm.network.types import SECURITY_GROUP, SUBNET
from azure_llama_sandbox.store import Resource
from azure_llama_sandbox.world import World

_LOWEST, _HIGHEST = 100, 4096
_PROTOCOLS = ("*", "Tcp", "Udp", "Icmp", "Esp", "Ah")

# Name, priority, source, destination, access; three each way, the same in every group.
_DEFAULTS = (
    ("Inbound", "AllowVnetInBound", 65000, "VirtualNetwork", "VirtualNetwork", "Allow"),
    ("Inbound", "AllowAzureLoadBalancerInBound", 65001, "AzureLoadBalancer", "*", "Allow"),
    ("Inbound", "DenyAllInBound", 65500, "*", "*", "Deny"),
    ("Outbound", "AllowVnetOutBound", 65000, "VirtualNetwork", "VirtualNetwork", "Allow"),
    ("Outbound", "AllowInternetOutBound", 65001, "*", "Internet", "Allow"),
    ("Outbound", "DenyAllOutBound", 65500, "*", "*", "Deny"),
)


class SecurityGroup(NetworkKind):
    """A network security group."""

    type = SECURITY_GROUP
    contract = SecurityGroupBody
    names = name_rule("a network security group")

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The group."""
        given = call.properties
        rules = given.get("securityRules") or []
        _check(rules)
        type_ = f"{SECURITY_GROUP}/securityRules"
        properties = {
            **{key: value for key, value in given.items() if key != "flushConnection"},
            "securityRules": [child_entry(call.id.text, "securityRules", type_, rule) for rule in rules],
            "defaultSecurityRules": _defaults(call.id.text, existing),
            "resourceGuid": existing.properties["resourceGuid"] if existing else str(uuid.uuid4()),
        }
        return self.new(call, existing, properties, etag=etag())

    def check_delete(self, call: Call, resource: Resource) -> None:
        """Refuse while a subnet uses it."""
        subnets = _subnets(call.world, resource)
        if subnets:
            raise in_use(
                "InUseNetworkSecurityGroupCannotBeDeleted", f"Network security group {resource.id}", ", ".join(subnets)
            )

    def show(self, world: World, resource: Resource) -> dict[str, Any]:
        """With the subnets that use it."""
        subnets = [{"id": id_} for id_ in _subnets(world, resource)]
        more = {"subnets": subnets} if subnets else {}
        return resource.body | {"properties": resource.properties | more}


def _subnets(world: World, group: Resource) -> list[str]:
    return [
        subnet.id
        for subnet in world.store.of_type(SUBNET)
        if str((subnet.properties.get("networkSecurityGroup") or {}).get("id", "")).lower() == group.id.lower()
    ]


def _check(rules: list[dict[str, Any]]) -> None:
    seen: dict[tuple[str, int], str] = {}
    for index, rule in enumerate(rules):
        path = f"properties.securityRules[{index}]"
        name, of = rule.get("name"), rule.get("properties")
        if not name or not of:
            raise bad_request(f"'{path}' needs a name and properties.", target=path, code="InvalidRequestFormat")
        one_of(of["access"], f"{path}.properties.access", ("Allow", "Deny"), machine_learning=False)
        one_of(of["direction"], f"{path}.properties.direction", ("Inbound", "Outbound"), machine_learning=False)
        one_of(of["protocol"], f"{path}.properties.protocol", _PROTOCOLS, machine_learning=False)
        if not _LOWEST <= of["priority"] <= _HIGHEST:
            raise bad_request(
                f"Security rule has invalid Priority. Value provided: {of['priority']} Allowed range"
                f" {_LOWEST}-{_HIGHEST}.",
                target=f"{path}.properties.priority",
                code="SecurityRuleInvalidPriority",
            )
        key = (of["direction"].lower(), of["priority"])
        if key in seen:
            raise bad_request(
                f"Security rule {seen[key]} conflicts with rule {name}. Rules cannot have the same Priority and"
                " Direction.",
                target=path,
                code="SecurityRuleConflict",
            )
        seen[key] = name


def _defaults(group: str, existing: Resource | None) -> list[dict[str, Any]]:
    if existing is not None:
        kept: list[dict[str, Any]] = existing.properties["defaultSecurityRules"]
        return kept
    type_ = f"{SECURITY_GROUP}/defaultSecurityRules"
    ports = {"sourcePortRange": "*", "destinationPortRange": "*", "protocol": "*"}
    return [
        child_entry(
            group,
            "defaultSecurityRules",
            type_,
            {
                "name": name,
                "properties": ports
                | {
                    "priority": priority,
                    "direction": direction,
                    "access": access,
                    "sourceAddressPrefix": source,
                    "destinationAddressPrefix": destination,
                },
            },
        )
        for direction, name, priority, source, destination, access in _DEFAULTS
    ]
