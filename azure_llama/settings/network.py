"""The workspace's network: its private endpoint, its managed network, and what that may reach."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from azure_llama.catalog import names
from azure_llama.settings import checks, ids
from azure_llama.settings.base import StrictModel, in_each, relation
from azure_llama.settings.problems import Violation, show
from azure_llama.settings.values import Access
from azure_llama.settings.wire import KEY_VAULT, STORAGE_ACCOUNT, decides

LONGEST_PREFIX = 27
"""The smallest own network: /27 has room for the endpoint's addresses beside the 5 that Azure keeps in a subnet."""

_LAST_PORT = 65535
_PORT = r"[0-9]{1,5}(-[0-9]{1,5})?"
_PORTS = re.compile(rf"\*|{_PORT}(,{_PORT})*", re.ASCII)
_RULE_KEYS = {
    "FQDN": ("destination",),
    "PrivateEndpoint": ("resourceId", "subresource"),
    "ServiceTag": ("serviceTag", "protocol", "ports"),
}
"""The keys of an outbound rule of each type."""


def _address_space(text: str) -> str:
    """Addresses for a virtual network of the stack's own."""
    example = "set one such as '10.40.0.0/16'"
    try:
        network = IPv4Network(text, strict=False)
    except ValueError:
        raise Violation("is not a range of IPv4 addresses", example).error from None
    if str(network) != text:
        rule = "is not the first address of its range"
        raise Violation(rule, f"set {str(network)!r}", str(network)).error
    if not network.is_private:
        raise Violation("is not a range of private addresses (RFC 1918)", example).error
    if network.prefixlen > LONGEST_PREFIX:
        raise Violation("is too small for a subnet of private endpoints", f"set /{LONGEST_PREFIX} or larger").error
    return text


def _ports(text: str) -> str:
    """Ports of an outbound rule, as ARM writes them."""
    numbers = [int(number) for number in re.findall(r"[0-9]+", text)] if _PORTS.fullmatch(text) else [_LAST_PORT + 1]
    if all(0 < number <= _LAST_PORT for number in numbers):
        return text
    raise Violation("is not a list of ports", "write them as '443', '80,443', '8080-8090' or '*'").error


_fqdn = checks.matching(
    r"(\*\.)?([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}",
    "is not a host name",
    "set one such as 'example.com' or '*.example.com', without https://",
)
_service_tag = checks.matching(
    r"[A-Za-z][A-Za-z0-9]*(\.[A-Za-z0-9]+)?", "is not the name of a service tag", "set one such as 'AzureMonitor'"
)
_subnet = ids.arm_id("Microsoft.Network/virtualNetworks/subnets", "a subnet", in_region=True)
_zone = ids.arm_id("Microsoft.Network/privateDnsZones", "a private DNS zone")
RuleName = Annotated[str, AfterValidator(checks.named(names.OUTBOUND_RULE))]


class OutboundRuleSettings(StrictModel):
    """A destination outside the managed network that it may reach.

    Attributes:
        type: Required. `FQDN` and `ServiceTag` only with `AllowOnlyApprovedOutbound`.
        destination: Conditional. Required for `FQDN`: a host name such as `example.com`, or `*.example.com`.
        resource_id: Conditional. Required for `PrivateEndpoint`: the ARM id of the resource to reach.
        subresource: Conditional. Required for `PrivateEndpoint`: the part of the resource, such as `blob`.
        service_tag: Conditional. Required for `ServiceTag`: a group of Azure's addresses, such as `AzureMonitor`.
        protocol: Conditional. Required for `ServiceTag`.
        ports: Conditional. Required for `ServiceTag`, in quotes: `"443"`, `"80,443"`, `"8080-8090"` or `"*"`.
    """

    type: Literal["FQDN", "PrivateEndpoint", "ServiceTag"] = Field(description="FQDN, PrivateEndpoint or ServiceTag")
    destination: Annotated[str, AfterValidator(_fqdn)] | None = None
    resource_id: Annotated[str, AfterValidator(ids.any_arm_id)] | None = None
    subresource: str | None = None
    service_tag: Annotated[str, AfterValidator(_service_tag)] | None = None
    protocol: Literal["TCP", "UDP", "ICMP", "*"] | None = None
    ports: Annotated[str, AfterValidator(_ports)] | None = None

    @relation
    def _has_the_keys_of_its_type(self) -> Iterator[Violation]:
        set_keys = self.set_keys()
        for type_, keys in _RULE_KEYS.items():
            for key in keys:
                if type_ == self.type and key not in set_keys:
                    remedy = f"set it: a rule of type {type_} has {' and '.join(keys)}"
                    yield Violation("is missing", remedy, at=(key,), shown="")
                elif type_ != self.type and key in set_keys:
                    rule = f"is a key of rules of type {type_}, and this rule is of type {self.type}"
                    yield Violation(rule, "remove it", at=(key,), shown="")


class PrivateEndpointSettings(StrictModel):
    """An address in a virtual network, of a workspace or a Foundry account.

    Attributes:
        subnet_id: Conditional. ARM id of a subnet that exists. Required unless `address_space` is set.
        address_space: Conditional. Private addresses, /27 or larger, for a virtual network of the stack's own. Required
            unless `subnet_id` is set.
        dns_zone_ids: Optional. ARM ids of private DNS zones that exist. Otherwise those of the target are created and
            linked: two of a workspace, three of a Foundry account.
    """

    subnet_id: Annotated[str, AfterValidator(_subnet)] | None = None
    address_space: Annotated[str, AfterValidator(_address_space)] | None = None
    dns_zone_ids: list[Annotated[str, AfterValidator(_zone)]] = Field(default_factory=list)

    @relation
    def _is_in_one_network(self) -> Iterator[Violation]:
        keys = self.set_keys() & {"subnetId", "addressSpace"}
        if len(keys) == 2:
            rule = "cannot be combined with subnetId: it creates a network, and subnetId names one that exists"
            yield Violation(rule, "remove one of them", at=("addressSpace",), shown="")
        elif not keys:
            yield Violation(
                "has no network", "set subnetId, or addressSpace for a network of the stack's own", shown=""
            )


class NetworkSettings(StrictModel):
    """Who reaches the workspace, and what its machines reach.

    Attributes:
        public_network_access: Optional. `Disabled`: the workspace answers only through private endpoints. Storage
            account, key vault and registry (then Premium) answer only Azure's trusted services.
        isolation_mode: Optional. What the machines may reach: `Disabled` (no managed network), `AllowInternetOutbound`
            or `AllowOnlyApprovedOutbound`. Azure does not go back to `Disabled`. The network is created with the
            workspace, since endpoints are rejected without it.
        firewall_sku: Optional. The SKU of the firewall that host names need. Only with `AllowOnlyApprovedOutbound`.
        outbound_rules: Optional. What the managed network may reach, by name.
        private_endpoint: Optional. An address of the workspace (of the hub, for its projects too) in a virtual network.
    """

    public_network_access: Annotated[
        Access,
        decides("publicNetworkAccess"),
        decides("publicNetworkAccess", STORAGE_ACCOUNT),
        decides("networkRuleSet", STORAGE_ACCOUNT),
        decides("properties.publicNetworkAccess", KEY_VAULT),
        decides("properties.networkAcls", KEY_VAULT),
    ] = "Enabled"
    isolation_mode: Annotated[
        Literal["Disabled", "AllowInternetOutbound", "AllowOnlyApprovedOutbound"],
        decides("managedNetwork.isolationMode"),
    ] = "Disabled"
    firewall_sku: Annotated[Literal["Standard", "Basic"] | None, decides("managedNetwork.firewallSku")] = None
    outbound_rules: dict[RuleName, OutboundRuleSettings] = Field(default_factory=dict)
    private_endpoint: PrivateEndpointSettings | None = None

    @relation
    def _rules_need_a_managed_network(self) -> Iterator[Violation]:
        if self.isolation_mode == "Disabled" and self.outbound_rules:
            rule = "require a managed network, and isolationMode is Disabled"
            remedy = "set isolationMode: AllowOnlyApprovedOutbound, or remove them"
            yield Violation(rule, remedy, at=("outboundRules",), shown="")

    @relation
    def _firewall_needs_approved_outbound(self) -> Iterator[Violation]:
        if self.firewall_sku is not None and self.isolation_mode != "AllowOnlyApprovedOutbound":
            rule = f"requires isolationMode: AllowOnlyApprovedOutbound, and it is {show(self.isolation_mode)}"
            yield Violation(rule, "remove it", at=("firewallSku",), shown="")

    @relation
    def _internet_needs_no_rules(self) -> Iterator[Violation]:
        def check(rule: OutboundRuleSettings) -> Iterator[Violation]:
            if rule.type != "PrivateEndpoint":
                text = "is redundant: with AllowInternetOutbound, Azure accepts rules of type PrivateEndpoint only"
                remedy = "remove it, or set isolationMode: AllowOnlyApprovedOutbound"
                yield Violation(text, remedy, shown="")

        if self.isolation_mode == "AllowInternetOutbound":
            yield from in_each("outboundRules", self.outbound_rules, check)
