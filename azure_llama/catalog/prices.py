"""What Azure asks for an hour of a virtual machine and for a million tokens: dated readings, in US dollars."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from azure_llama.catalog.ranges import Range
from azure_llama.catalog.rows import remembered, rows


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
        unit: What one costs so much: `hour`, `million tokens` or `month`.
        readings: At least one.
    """

    unit: str
    readings: tuple[Reading, ...]

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


@dataclass(frozen=True)
class TokenPrice:
    """What a model's tokens cost on a serverless endpoint, a million.

    Attributes:
        input: Tokens of prompts.
        output: Tokens of answers.
    """

    input: Price
    output: Price


SUPPORTING = {
    "storageAccount": "storage account",
    "keyVault": "key vault",
    "logAnalytics": "Log Analytics workspace, by the gigabyte that it takes in",
    "applicationInsights": "Application Insights, by the gigabyte that it takes in",
    "containerRegistry": "container registry",
    "contentSafety": "Azure AI Content Safety account, by the text that it reads",
    "privateEndpoint": "private endpoint",
    "privateDnsZones": "private DNS zones",
    "firewall": "firewall of the managed network",
    "publicIp": "public address of a compute instance",
    "serverlessEndpoint": "serverless endpoint's charge by the minute, beside its tokens",
}
"""What a stack has beside machines and tokens. Each of them costs money, and no dated price of any is known."""


@remembered
def _vm_readings() -> dict[tuple[str, str], list[Reading]]:
    found: dict[tuple[str, str], list[Reading]] = {}
    for row in rows("gpu_prices"):
        for region, usd in row["usd_per_hour"].items():
            reading = Reading(usd, row["source"], row["as_of"])
            found.setdefault((row["size"].casefold(), region), []).append(reading)
    return found


def vm_price(size: str, region: str) -> Price | None:
    """The retail price of an hour of a VM: Linux, pay as you go.

    Args:
        size: Required. The VM size, in any letter case.
        region: Required. ARM name of the region.

    Returns:
        None when unknown, which is neither free nor not offered.
    """
    return Price.of("hour", _vm_readings().get((size.casefold(), region), ()))


def token_price(model: str, region: str) -> TokenPrice | None:
    """The list price of a million tokens of a model on a serverless endpoint.

    Microsoft does not say which meter a serverless endpoint of Azure ML is billed on (the ones of Foundry, global, by
    data zone or by region, or the older ones of the marketplace), so every one that holds in the region is a reading.

    Args:
        model: Required. Name of the catalogue's model, in any letter case.
        region: Required. ARM name of the region.

    Returns:
        None when unknown.
    """
    held = [
        row
        for row in rows("token_prices")
        if row["model"].casefold() == model.casefold()
        and (row["regions"] is None or region in row["regions"])
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


def priced_machines() -> list[tuple[str, str]]:
    """Every VM size and region with a price, as the catalogue writes them."""
    listed = ((row["size"], region) for row in rows("gpu_prices") for region in row["usd_per_hour"])
    return list(dict.fromkeys(listed))


def meter(model: str) -> str | None:
    """What the meters of a model's tokens begin with in the Retail Prices API; None when it has none that is known."""
    named = (row["meter"] for row in rows("token_prices") if row["model"].casefold() == model.casefold())
    return next((str(name) for name in named if name), None)


def monthly_price(kind: str) -> Price | None:
    """What one supporting resource costs in a month.

    Args:
        kind: Required. A key of `SUPPORTING`.

    Returns:
        None when unknown: the package knows none, and a team's overlay may state what it pays.
    """
    held = [row for row in rows("monthly_prices") if row["kind"] == kind]
    return Price.of("month", (Reading(row["usd_per_month"], row["source"], row["as_of"]) for row in held))
