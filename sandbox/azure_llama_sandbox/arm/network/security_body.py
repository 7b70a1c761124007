"""The body of a Microsoft.Network/networkSecurityGroups PUT (contract 2024-05-01)."""

from __future__ import annotations

from azure_llama_sandbox.arm.contract import ABSENT, Empty, Strict, Tracked
from azure_llama_sandbox.arm.network.envelopes import Child, Embedded


class ApplicationSecurityGroup(Embedded):
    """`securityRules[].properties.destinationApplicationSecurityGroups[]`."""

    properties: Empty = ABSENT


class SecurityRuleProperties(Strict):
    """`securityRules[].properties`."""

    access: str
    direction: str
    priority: int
    protocol: str
    description: str = ABSENT
    destination_address_prefix: str = ABSENT
    destination_address_prefixes: list[str] = ABSENT
    destination_application_security_groups: list[ApplicationSecurityGroup] = ABSENT
    destination_port_range: str = ABSENT
    destination_port_ranges: list[str] = ABSENT
    source_address_prefix: str = ABSENT
    source_address_prefixes: list[str] = ABSENT
    source_application_security_groups: list[ApplicationSecurityGroup] = ABSENT
    source_port_range: str = ABSENT
    source_port_ranges: list[str] = ABSENT


class SecurityRule(Child):
    """`securityRules[]`."""

    properties: SecurityRuleProperties = ABSENT


class NetworkSecurityGroupProperties(Strict):
    """`properties`."""

    flush_connection: bool = ABSENT
    security_rules: list[SecurityRule] = ABSENT


class SecurityGroupBody(Tracked):
    """A PUT's body."""

    properties: NetworkSecurityGroupProperties = ABSENT
