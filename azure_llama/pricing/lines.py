"""Lines of an estimate: tokens, VMs and monthly charges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from azure_llama.catalog import Range
from azure_llama.catalog.llama_models import ModelReference
from azure_llama.catalog.prices import SUPPORTING, UNITS_PER_MONTH
from azure_llama.pricing.book import PriceBook
from azure_llama.pricing.estimates import HOURS_PER_MONTH, Kind, Line, Volume

_MILLION = 1e6


@dataclass(frozen=True)
class Context:
    """The common inputs of all lines of an estimate.

    Attributes:
        region: ARM name of the stack's region.
        prices: Where prices are looked up.
        use: What the stack uses of its supporting resources in a month, by a key of `SUPPORTING`, in the price's unit.
    """

    region: str
    prices: PriceBook
    use: Mapping[str, float] = field(default_factory=dict)


def tokens(
    place: str,
    model: ModelReference,
    region: str,
    volume: Volume | None,
    prices: PriceBook,
    scope: str | None = None,
) -> Iterator[Line]:
    """The tokens of prompts and of answers.

    Args:
        place: Required. The place in the stack's configuration that asks for them.
        model: Required. The model.
        region: Required. ARM name of the region.
        volume: Required. Tokens a month; None when they were not stated.
        prices: Required. Where prices are looked up.
        scope: Optional. The scope of the meter, when it is known which one is billed.
    """
    quotes = prices.tokens(model.model.name, region, scope) if model.model else None
    counts = (None, None) if volume is None else (volume.input_tokens, volume.output_tokens)
    for index, side in enumerate(("input", "output")):
        quote = quotes[index] if quotes else None
        count = counts[index]
        notes = []
        if quote is None:
            notes.append("no price of its tokens is known; state it in llama-catalog.yaml, or try --live")
        if count is None:
            notes.append("volume not stated")
        yield Line(
            Kind.TOKENS,
            place,
            f"{side} tokens of {model.text} in {region}",
            None if count is None else Range(count / _MILLION, count / _MILLION),
            "million tokens",
            quote.usd if quote else None,
            quote.sources if quote else (),
            "; ".join(notes) or None,
        )


def machine(
    place: str, prefix: str, size: str, region: str, hours: Range, prices: PriceBook, note: str | None = None
) -> Line:
    """The hours of a VM size, `prefix` before its name."""
    quote = prices.vm(size, region)
    unknown = f"no price of {size} in {region} is known; state it in llama-catalog.yaml, or try --live"
    return Line(
        Kind.COMPUTE,
        place,
        f"{prefix}{size} in {region}",
        hours,
        "hour",
        quote.usd if quote else None,
        quote.sources if quote else (),
        "; ".join(each for each in (note, None if quote else unknown) if each) or None,
    )


def units(place: str, sku: str, capacity: int, region: str, prices: PriceBook) -> Line:
    """The hours of the provisioned throughput units of a deployment, which are billed without any call, too."""
    quote, hours = prices.unit(sku), capacity * HOURS_PER_MONTH
    return Line(
        Kind.UNITS,
        place,
        f"{capacity} provisioned throughput units of {sku} in {region}",
        Range(hours, hours),
        "unit hour",
        quote.usd if quote else None,
        quote.sources if quote else (),
        None if quote else "no dated price is known",
    )


def supporting(place: str, kind: str, context: Context, count: int = 1) -> Line:
    """A supporting resource, by its key in `SUPPORTING`: by the month, or by its use where that is stated.

    Args:
        place: Required. The place in the stack's configuration that asks for it.
        kind: Required. A key of `SUPPORTING`.
        context: Required. The region, the prices and the use a month by kind.
        count: Optional. How many the stack has.
    """
    quote = context.prices.supporting(kind, context.region)
    note = None if quote else f"no dated price is known in {context.region}; state it in llama-catalog.yaml"
    quantity: Range | None = None
    if quote and quote.unit in UNITS_PER_MONTH:
        quantity = Range(count * UNITS_PER_MONTH[quote.unit], count * UNITS_PER_MONTH[quote.unit])
    elif quote and kind in context.use:
        quantity = Range(max(0, context.use[kind] - quote.included), context.use[kind])
    elif quote:
        note = f"by use, which is not stated: --use {kind}=NUMBER"
    return Line(
        Kind.SUPPORT,
        place,
        SUPPORTING[kind] if count == 1 else f"{count} x {SUPPORTING[kind]}",
        quantity,
        quote.unit if quote else "month",
        quote.usd if quote else None,
        quote.sources if quote else (),
        note,
    )
