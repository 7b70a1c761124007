"""The cost of each kind of endpoint."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from azure_llama.catalog import Range
from azure_llama.catalog.foundry import MARKETPLACE
from azure_llama.catalog.kinds import FOUNDRY, MANAGED, SERVERLESS
from azure_llama.catalog.limits import SHARED_QUOTA_HOURS
from azure_llama.pricing.book import PriceBook
from azure_llama.pricing.estimates import HOURS_PER_MONTH, Line, Volume
from azure_llama.pricing.lines import Context, machine, supporting, tokens, units
from azure_llama.settings import (
    DeploymentSettings,
    FoundrySettings,
    ManagedSettings,
    ServerlessSettings,
    StackEndpoint,
)

EndpointEstimate = Callable[[StackEndpoint[Any], str, Mapping[str, Volume], PriceBook], Iterator[Line]]
"""The lines of an endpoint in a region, with the tokens a month that were stated by name, at prices."""

_SCOPES = {"GlobalStandard": "global", "DataZoneStandard": "data zone", "Standard": "regional"}
"""SKUs of Foundry deployments to the scope of their meters; the price of the others is unknown."""


def _serverless(
    endpoint: StackEndpoint[ServerlessSettings], region: str, volumes: Mapping[str, Volume], prices: PriceBook
) -> Iterator[Line]:
    yield from tokens(endpoint.place, endpoint.settings.reference, region, volumes.get(endpoint.name), prices)
    yield supporting(endpoint.place, "serverlessEndpoint", Context(region, prices))


def _foundry(
    endpoint: StackEndpoint[FoundrySettings], region: str, volumes: Mapping[str, Volume], prices: PriceBook
) -> Iterator[Line]:
    for name, deployment in endpoint.settings.deployments.items():
        place = endpoint.machine_place(name)
        if deployment.paid_by_unit:
            yield units(place, deployment.sku, deployment.capacity, region, prices)
            continue
        row = deployment.catalog_row
        sold = row is not None and row.seller == MARKETPLACE
        scope = "marketplace" if sold else _SCOPES.get(deployment.sku, deployment.sku)
        volume = volumes.get(f"{endpoint.name}/{name}")
        yield from tokens(place, deployment.reference, region, volume, prices, scope)


def _managed(
    endpoint: StackEndpoint[ManagedSettings], region: str, volumes: Mapping[str, Volume], prices: PriceBook
) -> Iterator[Line]:
    for name, deployment in endpoint.settings.deployments.items():
        yield _deployment(endpoint.machine_place(name), endpoint.settings, deployment, region, prices)


def _deployment(
    place: str, asked: ManagedSettings, deployment: DeploymentSettings, region: str, prices: PriceBook
) -> Line:
    scaling = deployment.autoscale
    fewest = deployment.instances
    if scaling:
        fewest = min(scaling.minimum, *(each.instances for each in scaling.schedules.values()), scaling.maximum)
    count = Range(fewest, deployment.most_instances)
    span = f"{count.low:g}" if count.low == count.high else f"{count.low:g} to {count.high:g}"
    hours = min(HOURS_PER_MONTH, SHARED_QUOTA_HOURS.low) if asked.shared_quota else HOURS_PER_MONTH
    note = f"Azure deletes it after {hours} hours" if asked.shared_quota else None
    if asked.stopped or deployment.stopped:
        hours, note = 0, "stopped: no machine is billed"
    used = Range(count.low * hours, count.high * hours)
    return machine(place, f"{span} x ", deployment.vm_size, region, used, prices, note)


KINDS: Mapping[str, EndpointEstimate] = {
    SERVERLESS.name: _serverless,
    MANAGED.name: _managed,
    FOUNDRY.name: _foundry,
}
"""By the name of the kind."""
