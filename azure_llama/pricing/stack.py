"""From a stack's settings to everything in it that costs money."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime

from azure_llama.catalog import Range, find_model
from azure_llama.catalog.prices import SUPPORTING
from azure_llama.pricing.book import CATALOGUE, PriceBook
from azure_llama.pricing.estimates import HOURS_PER_MONTH, Estimate, Kind, Line, Volume
from azure_llama.settings import DeploymentSettings, ServerlessSettings, Settings

_MILLION = 1e6


def estimate(
    settings: Settings,
    *,
    volumes: Mapping[str, Volume] | None = None,
    prices: PriceBook = CATALOGUE,
    today: date | None = None,
) -> Estimate:
    """What a stack costs in a month of 730 hours.

    Args:
        settings: Required. The stack's settings.
        volumes: Optional. Tokens a month by serverless endpoint. Without one, an endpoint's tokens have a price a
            million and no amount.
        prices: Optional. Where prices are looked up; the catalogue's dated ones unless given.
        today: Optional. The day of the estimate (UTC).

    Raises:
        KeyError: `volumes` names an endpoint that the stack does not have.
    """
    stated = volumes or {}
    for name in stated:
        if name not in settings.serverless:
            raise KeyError(name)
    lines = [
        *(
            line
            for name, asked in settings.serverless.items()
            for line in _serverless(name, asked, settings.location, stated.get(name), prices)
        ),
        *(
            _deployment(f"managed.{name}.deployments.{key}", deployment, settings.location, prices)
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
    model = find_model(asked.model)
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


def _instances(deployment: DeploymentSettings) -> Range:
    return Range(deployment.instances, deployment.instances)


def _deployment(where: str, deployment: DeploymentSettings, region: str, prices: PriceBook) -> Line:
    instances = _instances(deployment)
    span = f"{instances.low:g}" if instances.low == instances.high else f"{instances.low:g} to {instances.high:g}"
    return _machine(where, f"{span} x ", deployment.vm_size, region, instances, prices)


def _machine(where: str, prefix: str, size: str, region: str, count: Range, prices: PriceBook) -> Line:
    quote = prices.vm(size, region)
    return Line(
        Kind.COMPUTE,
        where,
        f"{prefix}{size} in {region}",
        Range(count.low * HOURS_PER_MONTH, count.high * HOURS_PER_MONTH),
        "hour",
        quote.usd if quote else None,
        quote.sources if quote else (),
        None if quote else f"no price of {size} in {region} is known; state it in llama-catalog.yaml, or try --live",
    )


def _month(where: str, kind: str, prices: PriceBook, note: str | None = None) -> Line:
    quote = prices.monthly(kind)
    return Line(
        Kind.SUPPORT,
        where,
        SUPPORTING[kind],
        Range(1, 1),
        "month",
        quote.usd if quote else None,
        quote.sources if quote else (),
        note or (None if quote else "no dated price is known"),
    )


def _supporting(settings: Settings, prices: PriceBook) -> Iterator[Line]:
    for kind in ("storageAccount", "keyVault", "logAnalytics", "applicationInsights"):
        yield _month("workspace", kind, prices)
