"""Estimates the monthly cost of a stack from dated prices.

For whoever shows it:

    from azure_llama import pricing

    found = pricing.estimate(settings)      # settings of `azure_llama.settings.load`; needs no network
    print(pricing.as_lines(found))          # text; as_markdown(found) for a comment; as_json(found) for a program
    found.monthly                           # Range(low, high) in US dollars of the known lines; None when none is
    found.by_use                            # the lines whose price is known and whose use was not stated
    found.unknown                           # the lines without a price: never counted as 0, always to be shown

`estimate(settings, volumes=..., prices=...)` takes the tokens that each serverless endpoint handles in a month, and
prices from elsewhere: `azure_llama.pricing.live.live_prices` asks the Azure Retail Prices API. It is imported by who
needs it, since it brings an HTTP client.
"""

from __future__ import annotations

from azure_llama.pricing.book import CataloguePrices, PriceBook
from azure_llama.pricing.estimates import CURRENCY, HOURS_PER_MONTH, Estimate, Kind, Line, Volume
from azure_llama.pricing.reports import as_json, as_lines, as_markdown, summary
from azure_llama.pricing.stack import estimate, paid_by_token

__all__ = [
    "CURRENCY",
    "HOURS_PER_MONTH",
    "CataloguePrices",
    "Estimate",
    "Kind",
    "Line",
    "PriceBook",
    "Volume",
    "as_json",
    "as_lines",
    "as_markdown",
    "estimate",
    "paid_by_token",
    "summary",
]
