"""Prices of VMs, tokens and supporting resources: dated readings, in US dollars."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from azure_llama.catalog.gateways import USABLE
from azure_llama.catalog.ranges import Range
from azure_llama.catalog.rows import Row


@dataclass(frozen=True)
class Reading:
    """One reading of a price.

    Attributes:
        usd: US dollars, 0 or more.
        source: Key of the source.
        as_of: The day that it was read.
        scope: Of token meters alone: `global`, `data zone`, `regional`, `marketplace`, or `stated` by a team.
    """

    usd: float
    source: str
    as_of: str
    scope: str | None = None


@dataclass(frozen=True)
class Price:
    """Every reading of one price. Which of several is billed is unknown, so none is left out.

    Attributes:
        unit: What one costs so much: `hour`, `million tokens`, `month`, or a unit of use such as `gigabyte`.
        readings: At least one.
        included: Units a month without charge; the subscription's other stacks may have used them.
    """

    unit: str
    readings: tuple[Reading, ...]
    included: float = 0

    @classmethod
    def of(cls, unit: str, readings: Iterable[Reading]) -> Self | None:
        """The price of some readings; None when there are none."""
        found = tuple(readings)
        return cls(unit, found) if found else None

    @property
    def range(self) -> Range:
        """The lowest and the highest reading, in US dollars a unit."""
        amounts = [reading.usd for reading in self.readings]
        return Range(min(amounts), max(amounts))

    def only(self, scope: str) -> Self | None:
        """The readings of one scope; None when there are none."""
        return self.of(self.unit, (reading for reading in self.readings if reading.scope == scope))

    def of_scope(self, scope: str | None) -> Self | None:
        """The readings of one scope, or those that a team states in its place; all of them for None."""
        return self if scope is None else self.only("stated") or self.only(scope)


@dataclass(frozen=True)
class TokenPrice:
    """The price of a million tokens of a model on a serverless endpoint.

    Attributes:
        input: Tokens of prompts.
        output: Tokens of answers.
    """

    input: Price
    output: Price


SUPPORTING = {
    "storageAccount": "storage account, by the gigabyte of blobs that it stores, without its operations",
    "keyVault": "key vault, by its operations",
    "logAnalytics": "Log Analytics workspace, by the gigabyte that it takes in",
    "applicationInsights": "Application Insights, by the gigabyte that it takes in",
    "containerRegistry": "container registry",
    "containerRegistryPremium": "container registry, SKU Premium",
    "contentSafety": "Azure AI Content Safety account, by the text that it reads",
    "privateEndpoint": "private endpoint, without its traffic",
    "privateDnsZones": "private DNS zones, without their queries",
    "firewall": "firewall of the managed network, without its traffic",
    "firewallBasic": "firewall of the managed network, SKU Basic, without its traffic",
    "publicIp": "public address of a compute instance",
    **{f"gateway{sku}": f"API Management service of a gateway, SKU {sku}, by the unit" for sku in USABLE},
    "serverlessEndpoint": "serverless endpoint's charge by the minute, beside its tokens",
}
"""What a stack has beside machines and tokens, by the key that an overlay and `cost --use` take. Each costs money."""

UNITS_PER_MONTH = {"hour": 730.0, "day": 730 / 24, "zone": 2.0, "month": 1.0}
"""Units that a resource has in a month whatever its use. A private endpoint of a workspace needs two DNS zones."""


def vm_readings(rows: Iterable[Row]) -> dict[tuple[str, str], list[Reading]]:
    """The readings of an hour of a VM, by its size in lower case and the region."""
    found: dict[tuple[str, str], list[Reading]] = {}
    for row in rows:
        for region, usd in row["usd_per_hour"].items():
            reading = Reading(usd, row["source"], row["as_of"])
            found.setdefault((row["size"].casefold(), region), []).append(reading)
    return found


def token_price(rows: Iterable[Row], region: str) -> TokenPrice | None:
    """The price of a model's tokens in a region, from the model's rows; None when unknown."""
    held = [
        row
        for row in rows
        if (row["regions"] is None or region in row["regions"])
        and region not in row.get("not_in", ())  # a team's overlay states it
    ]
    sides = [
        Price.of(
            "million tokens",
            (Reading(row[f"{side}_usd_per_million"], row["source"], row["as_of"], row["scope"]) for row in held),
        )
        for side in ("input", "output")
    ]
    return TokenPrice(sides[0], sides[1]) if sides[0] and sides[1] else None


def unit_price(rows: Iterable[Row], sku: str) -> Price | None:
    """The price of an hour of a provisioned throughput unit on a SKU; None when unknown.

    For one that differs by region, its readings are the lowest and the highest.
    """
    held = (row for row in rows if row["sku"] == sku)
    return Price.of("hour", (Reading(row["usd_per_hour"], row["source"], row["as_of"]) for row in held))


def supporting_price(rows: Iterable[Row], kind: str, region: str) -> Price | None:
    """The price of a supporting resource in a region; None when unknown.

    Readings of the region go before those that state no region.

    Args:
        rows: Required. The rows of `supporting_prices`.
        kind: Required. A key of `SUPPORTING`.
        region: Required. ARM name of the region.
    """
    own = [row for row in rows if row["kind"] == kind]
    held = [row for row in own if region in (row["regions"] or ())] or [row for row in own if row["regions"] is None]
    if not held:
        return None
    readings = tuple(Reading(row["usd"], row["source"], row["as_of"]) for row in held)
    return Price(held[0]["unit"], readings, held[0].get("included", 0))
