"""From a stack's settings to everything in it that costs money."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime

from azure_llama.catalog import Range
from azure_llama.catalog.limits import SHARED_QUOTA_HOURS
from azure_llama.catalog.prices import SUPPORTING
from azure_llama.pricing.book import CataloguePrices, PriceBook
from azure_llama.pricing.estimates import HOURS_PER_MONTH, Estimate, Kind, Line, Volume
from azure_llama.settings import DeploymentSettings, ManagedSettings, ServerlessSettings, Settings, WorkspaceSettings

_MILLION = 1e6


def estimate(
    settings: Settings,
    *,
    volumes: Mapping[str, Volume] | None = None,
    prices: PriceBook | None = None,
    today: date | None = None,
) -> Estimate:
    """What a stack costs in a month of 730 hours.

    Args:
        settings: Required. The stack's settings.
        volumes: Optional. Tokens a month by serverless endpoint. Without one, an endpoint's tokens have a price a
            million and no amount.
        prices: Optional. Where prices are looked up; the dated prices of the settings' catalogue by default.
        today: Optional. The day of the estimate (UTC).

    Raises:
        KeyError: `volumes` names an endpoint that the stack does not have.
    """
    stated = volumes or {}
    for name in stated:
        if name not in settings.serverless:
            raise KeyError(name)
    prices = prices or CataloguePrices(settings.catalog)
    lines = [
        *(
            line
            for name, asked in settings.serverless.items()
            for line in _serverless(name, asked, settings.location, stated.get(name), prices)
        ),
        *(
            _deployment(f"managed.{name}.deployments.{key}", asked, deployment, settings.location, prices)
            for name, asked in settings.managed.items()
            for key, deployment in asked.deployments.items()
        ),
        *_supporting(settings, prices),
    ]
    return Estimate(settings.location, today or datetime.now(UTC).date(), tuple(lines), prices.notes)


def _serverless(
    name: str, asked: ServerlessSettings, region: str, volume: Volume | None, prices: PriceBook
) -> Iterator[Line]:
    where = f"serverless.{name}"
    model = asked.catalog_model
    quotes = prices.tokens(model.name, region) if model else None
    tokens = (None, None) if volume is None else (volume.input_tokens, volume.output_tokens)
    for index, side in enumerate(("input", "output")):
        quote = quotes[index] if quotes else None
        count = tokens[index]
        notes = []
        if quote is None:
            notes.append("no price of its tokens is known; state it in llama-catalog.yaml, or try --live")
        if count is None:
            notes.append("volume not stated")
        yield Line(
            Kind.TOKENS,
            where,
            f"{side} tokens of {asked.model} in {region}",
            None if count is None else Range(count / _MILLION, count / _MILLION),
            "million tokens",
            quote.usd if quote else None,
            quote.sources if quote else (),
            "; ".join(notes) or None,
        )
    yield _month(where, "serverlessEndpoint", prices)


def _deployment(
    where: str, asked: ManagedSettings, deployment: DeploymentSettings, region: str, prices: PriceBook
) -> Line:
    scaling = deployment.autoscale
    fewest = deployment.instances
    if scaling:
        fewest = min(scaling.minimum, *(each.instances for each in scaling.schedules.values()), scaling.maximum)
    count = Range(fewest, deployment.most_instances)
    span = f"{count.low:g}" if count.low == count.high else f"{count.low:g} to {count.high:g}"
    hours = min(HOURS_PER_MONTH, SHARED_QUOTA_HOURS.low) if asked.shared_quota else HOURS_PER_MONTH
    note = f"Azure deletes it after {hours} hours" if asked.shared_quota else None
    used = Range(count.low * hours, count.high * hours)
    return _machine(where, f"{span} x ", deployment.vm_size, region, used, prices, note)


def _machine(
    where: str, prefix: str, size: str, region: str, hours: Range, prices: PriceBook, note: str | None = None
) -> Line:
    quote = prices.vm(size, region)
    unknown = f"no price of {size} in {region} is known; state it in llama-catalog.yaml, or try --live"
    return Line(
        Kind.COMPUTE,
        where,
        f"{prefix}{size} in {region}",
        hours,
        "hour",
        quote.usd if quote else None,
        quote.sources if quote else (),
        "; ".join(each for each in (note, None if quote else unknown) if each) or None,
    )


def _month(where: str, kind: str, prices: PriceBook, count: int = 1) -> Line:
    quote = prices.monthly(kind)
    return Line(
        Kind.SUPPORT,
        where,
        SUPPORTING[kind] if count == 1 else f"{count} x {SUPPORTING[kind]}",
        Range(count, count),
        "month",
        quote.usd if quote else None,
        quote.sources if quote else (),
        None if quote else "no dated price is known",
    )


def _supporting(settings: Settings, prices: PriceBook) -> Iterator[Line]:
    """What the stack has around its endpoints. What exists already is paid for whether or not the stack is."""
    workspace = settings.workspace
    if workspace.id is None:
        yield from _workspace(workspace, settings.location, prices)
    if settings.has_content_safety:
        yield _month("managed", "contentSafety", prices)


def _workspace(workspace: WorkspaceSettings, region: str, prices: PriceBook) -> Iterator[Line]:
    if workspace.hub is None:
        for kind in ("storageAccount", "keyVault", "logAnalytics", "applicationInsights"):
            yield _month("workspace", kind, prices)
        if workspace.container_registry:
            yield _month("workspace.containerRegistry", "containerRegistry", prices)
    network = workspace.network
    if network.private_endpoint:
        yield _month("workspace.network.privateEndpoint", "privateEndpoint", prices)
        if not network.private_endpoint.dns_zone_ids:
            yield _month("workspace.network.privateEndpoint", "privateDnsZones", prices)
    kinds = [rule.type for rule in network.outbound_rules.values()]
    if private := kinds.count("PrivateEndpoint"):
        yield _month("workspace.network.outboundRules", "privateEndpoint", prices, private)
    if network.isolation_mode == "AllowOnlyApprovedOutbound" and "FQDN" in kinds:
        yield _month("workspace.network.outboundRules", "firewall", prices)
    for name, instance in workspace.compute_instances.items():
        where = f"workspace.computeInstances.{name}"
        note = f"it stops after {instance.idle_minutes} minutes without work"
        yield _machine(where, "", instance.vm_size, region, Range(0, HOURS_PER_MONTH), prices, note)
        if instance.public_ip:
            yield _month(where, "publicIp", prices)
