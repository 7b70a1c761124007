"""What each kind of endpoint costs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from azure_llama.catalog import Range
from azure_llama.catalog.kinds import FOUNDRY, MANAGED, SERVERLESS
from azure_llama.catalog.limits import SHARED_QUOTA_HOURS
from azure_llama.pricing.book import PriceBook
from azure_llama.pricing.estimates import HOURS_PER_MONTH, Line, Volume
from azure_llama.pricing.lines import Context, machine, supporting, tokens
from azure_llama.settings import (
    DeploymentSettings,
    FoundrySettings,
    ManagedSettings,
    ServerlessSettings,
    StackEndpoint,
)

EndpointEstimate = Callable[[StackEndpoint[Any], str, Volume | None, PriceBook], Iterator[Line]]
"""The lines of an endpoint: of the endpoint, in a region, with the tokens a month where they were stated, at prices."""


def _serverless(
    endpoint: StackEndpoint[ServerlessSettings], region: str, volume: Volume | None, prices: PriceBook
) -> Iterator[Line]:
    yield from tokens(endpoint.place, endpoint.settings.reference, region, volume, prices)
    yield supporting(endpoint.place, "serverlessEndpoint", Context(region, prices))


def _foundry(
    endpoint: StackEndpoint[FoundrySettings], region: str, volume: Volume | None, prices: PriceBook
) -> Iterator[Line]:
    # The volume is stated for the account, so it is that of its deployments together; one model has it as its own.
    models = {deployment.model: deployment.reference for deployment in endpoint.settings.deployments.values()}
    for model in models.values():
        yield from tokens(endpoint.place, model, region, volume if len(models) == 1 else None, prices)


def _managed(
    endpoint: StackEndpoint[ManagedSettings], region: str, volume: Volume | None, prices: PriceBook
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
    used = Range(count.low * hours, count.high * hours)
    return machine(place, f"{span} x ", deployment.vm_size, region, used, prices, note)


KINDS: Mapping[str, EndpointEstimate] = {
    SERVERLESS.name: _serverless,
    MANAGED.name: _managed,
    FOUNDRY.name: _foundry,
}
"""By the name of the kind."""
