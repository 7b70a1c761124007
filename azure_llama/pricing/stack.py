"""From a stack's settings to everything in it that costs money."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime

from azure_llama.catalog import Meter, Range
from azure_llama.pricing.book import CataloguePrices, PriceBook
from azure_llama.pricing.estimates import HOURS_PER_MONTH, Estimate, Line, Volume
from azure_llama.pricing.kinds import KINDS, EndpointEstimate
from azure_llama.pricing.lines import machine, month
from azure_llama.settings import Settings, WorkspaceSettings


def estimate(
    settings: Settings,
    *,
    volumes: Mapping[str, Volume] | None = None,
    prices: PriceBook | None = None,
    today: date | None = None,
    kinds: Mapping[str, EndpointEstimate] = KINDS,
) -> Estimate:
    """What a stack costs in a month of 730 hours.

    Args:
        settings: Required. The stack's settings.
        volumes: Optional. Tokens a month by serverless endpoint, or by Foundry deployment (`ACCOUNT/DEPLOYMENT`).
            Without one, its tokens have a price a million and no amount.
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
        *_supporting(settings, prices),
    ]
    return Estimate(settings.location, today or datetime.now(UTC).date(), tuple(lines), prices.notes)


def paid_by_token(settings: Settings) -> list[str]:
    """Names of a stack's endpoints and Foundry deployments whose volume can be stated."""
    endpoints = (endpoint for endpoint in settings.endpoints() if endpoint.kind.meter is Meter.TOKENS)
    return [name for endpoint in endpoints for name in endpoint.settings.names_by_token(endpoint.name)]


def _supporting(settings: Settings, prices: PriceBook) -> Iterator[Line]:
    """What the stack has around its endpoints. What exists already is paid for whether or not the stack is."""
    workspace = settings.workspace
    if workspace is not None and workspace.id is None:
        yield from _workspace(workspace, settings.location, prices)
    callers = [endpoint.kind.name for endpoint in settings.endpoints() if endpoint.settings.needs_content_safety]
    if callers:
        yield month(", ".join(dict.fromkeys(callers)), "contentSafety", prices)


def _workspace(workspace: WorkspaceSettings, region: str, prices: PriceBook) -> Iterator[Line]:
    if workspace.hub is None:
        for kind in ("storageAccount", "keyVault", "logAnalytics", "applicationInsights"):
            yield month("workspace", kind, prices)
        if workspace.container_registry:
            yield month("workspace.containerRegistry", "containerRegistry", prices)
    network = workspace.network
    if network.private_endpoint:
        yield month("workspace.network.privateEndpoint", "privateEndpoint", prices)
        if not network.private_endpoint.dns_zone_ids:
            yield month("workspace.network.privateEndpoint", "privateDnsZones", prices)
    kinds = [rule.type for rule in network.outbound_rules.values()]
    if private := kinds.count("PrivateEndpoint"):
        yield month("workspace.network.outboundRules", "privateEndpoint", prices, private)
    if network.isolation_mode == "AllowOnlyApprovedOutbound" and "FQDN" in kinds:
        yield month("workspace.network.outboundRules", "firewall", prices)
    for name, instance in workspace.compute_instances.items():
        where = f"workspace.computeInstances.{name}"
        note = f"it stops after {instance.idle_minutes} minutes without work"
        yield machine(where, "", instance.vm_size, region, Range(0, HOURS_PER_MONTH), prices, note)
        if instance.public_ip:
            yield month(where, "publicIp", prices)
