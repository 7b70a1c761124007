"""Network access to a workspace and from its computes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pulumi import Resource
from pulumi_azure_native import machinelearningservices as ml

from azure_llama_components.placement import Placement


@dataclass(frozen=True, kw_only=True)
class HostRule:
    """Machines may reach a host.

    Attributes:
        destination: Required. Its name, `*.` in front for all below it.
    """

    destination: str


@dataclass(frozen=True, kw_only=True)
class PrivateEndpointRule:
    """An outbound rule to an Azure resource over a managed private endpoint.

    Attributes:
        resource_id: Required. Its ARM id.
        subresource: Required. Which part of it, such as `blob`.
    """

    resource_id: str
    subresource: str


@dataclass(frozen=True, kw_only=True)
class ServiceTagRule:
    """Machines may reach the addresses of an Azure service.

    Attributes:
        service_tag: Required. `AzureMonitor`, say.
        protocol: Required. `TCP`, `UDP`, `ICMP` or `*`.
        ports: Required. `443`, `80,443`, `8080-8090` or `*`.
    """

    service_tag: str
    protocol: str
    ports: str


OutboundRule = HostRule | PrivateEndpointRule | ServiceTagRule


@dataclass(frozen=True, kw_only=True)
class SubnetArgs:
    """Where a private endpoint is.

    Attributes:
        subnet_id: Conditional. ARM id of a subnet that exists; required unless `address_space`.
        address_space: Conditional. Private addresses, /27 or larger, for a virtual network of the stack's own; required
            unless `subnet_id`.
        dns_zone_ids: Optional. ARM ids of private DNS zones that exist; the stack's own when empty.
    """

    subnet_id: str | None = None
    address_space: str | None = None
    dns_zone_ids: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class NetworkArgs:
    """The network of a workspace.

    Attributes:
        public_network_access: Optional. Whether it answers outside private endpoints. `Disabled` also closes storage
            account, vault and registry, but for Azure's trusted services.
        isolation_mode: Optional. What the machines may reach: `Disabled` (no managed network), `AllowInternetOutbound`
            or `AllowOnlyApprovedOutbound`. Azure does not go back to `Disabled`.
        firewall_sku: Optional. `Standard` or `Basic`, with `AllowOnlyApprovedOutbound`; Azure's default when None.
        outbound_rules: Optional. By name. Without the internet any kind; with it private endpoints alone.
        private_endpoint: Optional. An address of the workspace in a virtual network.
    """

    public_network_access: Literal["Enabled", "Disabled"] = "Enabled"
    isolation_mode: Literal["Disabled", "AllowInternetOutbound", "AllowOnlyApprovedOutbound"] = "Disabled"
    firewall_sku: Literal["Standard", "Basic"] | None = None
    outbound_rules: Mapping[str, OutboundRule] = field(default_factory=dict)
    private_endpoint: SubnetArgs | None = None

    @property
    def closed(self) -> bool:
        """Whether nothing here answers the public network."""
        return self.public_network_access == "Disabled"

    @property
    def isolated(self) -> bool:
        """Whether there is a managed network."""
        return self.isolation_mode != "Disabled"


def managed_network(args: NetworkArgs) -> ml.ManagedNetworkSettingsArgs | None:
    """The `managedNetwork` of a workspace, without its rules: Azure adds rules of its own to that map, and a workspace
    that stated all of them would drift. They are resources, one each."""
    if not args.isolated:
        return None
    return ml.ManagedNetworkSettingsArgs(isolation_mode=args.isolation_mode, firewall_sku=args.firewall_sku)


def outbound_rules(
    name: str, workspace_name: str, place: Placement, rules: Mapping[str, OutboundRule], after: Resource
) -> list[Resource]:
    """The rules of a workspace's managed network.

    Args:
        name: Required. Logical name of the workspace.
        workspace_name: Required. Its name in Azure.
        place: Required.
        rules: Required. By name.
        after: Required. The workspace itself.
    """
    made: list[Resource] = []
    for rule_name, rule in rules.items():
        made.append(
            ml.ManagedNetworkSettingsRule(
                f"{name}-outbound-{rule_name}",
                rule_name=rule_name,
                resource_group_name=place.resource_group_name,
                workspace_name=workspace_name,
                properties=_properties(rule),
                # One after the other: Azure refuses a second change of a workspace while the first is under way.
                opts=place.options(after, *made[-1:]),
            )
        )
    return made


def _properties(
    rule: OutboundRule,
) -> ml.FqdnOutboundRuleArgs | ml.PrivateEndpointOutboundRuleArgs | ml.ServiceTagOutboundRuleArgs:
    match rule:
        case HostRule():
            return ml.FqdnOutboundRuleArgs(type="FQDN", destination=rule.destination)
        case PrivateEndpointRule():
            return ml.PrivateEndpointOutboundRuleArgs(
                type="PrivateEndpoint",
                destination=ml.PrivateEndpointDestinationArgs(
                    service_resource_id=rule.resource_id, subresource_target=rule.subresource, spark_enabled=False
                ),
            )
        case ServiceTagRule():
            return ml.ServiceTagOutboundRuleArgs(
                type="ServiceTag",
                destination=ml.ServiceTagDestinationArgs(
                    action=ml.RuleAction.ALLOW,
                    service_tag=rule.service_tag,
                    protocol=rule.protocol,
                    port_ranges=rule.ports,
                ),
            )
