"""Creates the lines of an estimate from a stack's settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime

from azure_llama.catalog import Meter, Range
from azure_llama.pricing.book import CataloguePrices, PriceBook
from azure_llama.pricing.estimates import HOURS_PER_MONTH, Estimate, Line, Volume
from azure_llama.pricing.kinds import KINDS, EndpointEstimate
from azure_llama.pricing.lines import Context, machine, supporting
from azure_llama.settings import NetworkSettings, Settings, WorkspaceSettings


def estimate(
    settings: Settings,
    *,
    volumes: Mapping[str, Volume] | None = None,
    use: Mapping[str, float] | None = None,
    prices: PriceBook | None = None,
    today: date | None = None,
    kinds: Mapping[str, EndpointEstimate] = KINDS,
) -> Estimate:
    """The cost of a stack in a month of 730 hours.

    Args:
        settings: Required. The stack's settings.
        volumes: Optional. Tokens a month by serverless endpoint, or by Foundry deployment (`ACCOUNT/DEPLOYMENT`).
            Without one, its tokens have a price a million and no amount.
        use: Optional. What the stack uses in a month of a supporting resource that is paid by use, by its key in
            `catalog.prices.SUPPORTING`, in the unit of its price: `{"logAnalytics": 10}` is 10 gigabytes.
        prices: Optional. Where prices are looked up; the dated prices of the settings' catalogue by default.
        today: Optional. The day of the estimate (UTC).
        kinds: Optional. How the endpoints of each kind are estimated, by its name.

    Raises:
        KeyError: `volumes` names an endpoint that the stack does not have.
    """
    stated = volumes or {}
    for name in stated.keys() - set(paid_by_token(settings)):
        raise KeyError(name)
    prices = prices or CataloguePrices(settings.catalog)
    lines = [
        *(
            line
            for endpoint in settings.endpoints()
            for line in kinds[endpoint.kind.name](endpoint, settings.location, stated, prices)
        ),
        *_supporting(settings, Context(settings.location, prices, use or {})),
    ]
    return Estimate(settings.location, today or datetime.now(UTC).date(), tuple(lines), prices.notes)


def paid_by_token(settings: Settings) -> list[str]:
    """Names of a stack's endpoints and Foundry deployments whose volume can be stated."""
    endpoints = (endpoint for endpoint in settings.endpoints() if endpoint.kind.meter is Meter.TOKENS)
    return [name for endpoint in endpoints for name in endpoint.settings.names_by_token(endpoint.name)]


def _supporting(settings: Settings, context: Context) -> Iterator[Line]:
    """What the stack has around its endpoints. What exists already is paid for whether or not the stack is."""
    workspace = settings.workspace
    if workspace is not None and workspace.id is None:
        yield from _workspace(workspace, context)
    gateway = settings.gateway
    if gateway is not None and gateway.id is None:
        yield supporting("gateway", f"gateway{gateway.sku}", context, gateway.capacity)
    callers = [endpoint.kind.name for endpoint in settings.endpoints() if endpoint.settings.needs_content_safety]
    if callers:
        yield supporting(", ".join(dict.fromkeys(callers)), "contentSafety", context)


def _workspace(workspace: WorkspaceSettings, context: Context) -> Iterator[Line]:
    closed = workspace.network.public_network_access == "Disabled"
    if workspace.hub is None:
        for kind in ("storageAccount", "keyVault", "logAnalytics", "applicationInsights"):
            yield supporting("workspace", kind, context)
        if workspace.container_registry:
            kind = "containerRegistryPremium" if closed else "containerRegistry"
            yield supporting("workspace.containerRegistry", kind, context)
    yield from _network(workspace.network, context)
    for name, instance in workspace.compute_instances.items():
        where = f"workspace.computeInstances.{name}"
        note = f"it stops after {instance.idle_minutes} minutes without work"
        hours = Range(0, HOURS_PER_MONTH)
        yield machine(where, "", instance.vm_size, context.region, hours, context.prices, note)
        if instance.public_ip:
            yield supporting(where, "publicIp", context)


def _network(network: NetworkSettings, context: Context) -> Iterator[Line]:
    if network.private_endpoint:
        yield supporting("workspace.network.privateEndpoint", "privateEndpoint", context)
        if not network.private_endpoint.dns_zone_ids:
            yield supporting("workspace.network.privateEndpoint", "privateDnsZones", context)
    kinds = [rule.type for rule in network.outbound_rules.values()]
    if private := kinds.count("PrivateEndpoint"):
        yield supporting("workspace.network.outboundRules", "privateEndpoint", context, private)
    if network.isolation_mode == "AllowOnlyApprovedOutbound" and "FQDN" in kinds:
        kind = "firewallBasic" if network.firewall_sku == "Basic" else "firewall"
        yield supporting("workspace.network.outboundRules", kind, context)
