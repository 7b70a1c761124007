"""Current prices from Azure, with the dated prices as a fallback."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import httpx

from azure_llama.arm import ArmError
from azure_llama.catalog import Catalog, Range, Source
from azure_llama.pricing.book import CataloguePrices, PriceBook, Quote, quote
from azure_llama.pricing.estimates import Estimate
from azure_llama.pricing.retail import RetailPrices

SOURCE = "Azure Retail Prices API, asked directly"

Machine = tuple[str, str]
"""A VM size and a region."""
Tokens = tuple[str, str, str | None]
"""A model, a region and the scope of the meter; None for every one that may be billed."""
_METERS = {"global": "glbl", "data zone": "Dzone", "regional": "regnl"}
"""What the names of meters have for a scope."""


class Questions:
    """A price book without prices, which records the look-ups."""

    notes: tuple[str, ...] = ()

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self.machines: dict[Machine, None] = {}
        self.models: dict[Tokens, None] = {}

    def vm(self, size: str, region: str) -> Quote | None:
        """See `PriceBook`."""
        known = self._catalog.find_gpu_size(size)
        self.machines[(known.name if known else size, region)] = None
        return None

    def tokens(self, model: str, region: str, scope: str | None = None) -> tuple[Quote, Quote] | None:
        """See `PriceBook`."""
        self.models[(model, region, scope)] = None
        return None

    def unit(self, sku: str) -> Quote | None:
        """See `PriceBook`. Does not query the Retail Prices API: the meter that a region bills is unknown."""
        return None

    def supporting(self, kind: str, region: str) -> Quote | None:
        """See `PriceBook`. Does not query the Retail Prices API: the dated prices apply."""
        return None


class LivePrices:
    """Prices that Azure gave today, and those of another book for the rest.

    Attributes:
        notes: What could not be asked, and why.
    """

    def __init__(
        self,
        machines: dict[Machine, Quote],
        models: dict[Tokens, tuple[Quote, Quote]],
        notes: Iterable[str],
        rest: PriceBook,
    ) -> None:
        self._machines = {(size.casefold(), region): found for (size, region), found in machines.items()}
        self._models = models
        self._rest = rest
        self.notes = tuple(dict.fromkeys((*notes, *rest.notes)))

    def vm(self, size: str, region: str) -> Quote | None:
        """See `PriceBook`."""
        return self._machines.get((size.casefold(), region)) or self._rest.vm(size, region)

    def tokens(self, model: str, region: str, scope: str | None = None) -> tuple[Quote, Quote] | None:
        """See `PriceBook`."""
        return self._models.get((model, region, scope)) or self._rest.tokens(model, region, scope)

    def unit(self, sku: str) -> Quote | None:
        """See `PriceBook`."""
        return self._rest.unit(sku)

    def supporting(self, kind: str, region: str) -> Quote | None:
        """See `PriceBook`."""
        return self._rest.supporting(kind, region)


def live_prices(
    asking: Callable[[PriceBook], Estimate],
    catalog: Catalog,
    *,
    now: datetime | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
) -> LivePrices:
    """Ask the Retail Prices API for everything that an estimate needs, side by side.

    What cannot be had keeps its dated price, and the book's notes say so: this never fails for want of a network.

    Args:
        asking: Required. Makes the estimate with a book: `lambda book: estimate(settings, prices=book)`.
        catalog: Required. The catalogue with the dated prices.
        now: Optional. The moment that a price must hold at (UTC).
        transport: Optional. For tests.
    """
    questions = Questions(catalog)
    asking(questions)
    return asyncio.run(_asked(questions, catalog, now or datetime.now(UTC), transport))


async def _asked(
    questions: Questions, catalog: Catalog, now: datetime, transport: httpx.AsyncBaseTransport | None
) -> LivePrices:
    source = Source("retail-prices-live", SOURCE, now.date().isoformat(), "document")
    notes: list[str] = []
    async with RetailPrices(now=now, transport=transport) as retail:

        async def machine(size: str, region: str) -> Quote | None:
            try:
                usd = await retail.vm(size, region)
            except ArmError as error:
                notes.append(_kept(error))
                return None
            if usd is None:
                notes.append(
                    f"The Retail Prices API has no price of {size} in {region} today; a dated one may be used."
                )
                return None
            return Quote(Range(usd, usd), (source,))

        async def meters(region: str) -> dict[str, float]:
            try:
                return await retail.llama_meters(region)
            except ArmError as error:
                notes.append(_kept(error))
                return {}

        regions = list(dict.fromkeys(region for _, region, _ in questions.models))
        found = await asyncio.gather(*(machine(*each) for each in questions.machines))
        listed = dict(zip(regions, await asyncio.gather(*(meters(each) for each in regions)), strict=True))
    machines = {key: each for key, each in zip(questions.machines, found, strict=True) if each}
    models = {}
    for model, region, scope in questions.models:
        quotes = _tokens((model, region, scope), listed[region], source, catalog)
        if quotes:
            models[(model, region, scope)] = quotes
        elif listed[region]:
            notes.append(f"The Retail Prices API has no meter of {model} in {region} today; a dated price may be used.")
    return LivePrices(machines, models, notes, CataloguePrices(catalog))


def _kept(error: ArmError) -> str:
    return f"No live prices ({error.reason}): {error}. Dated prices are used instead."


def _tokens(asked: Tokens, meters: dict[str, float], source: Source, catalog: Catalog) -> tuple[Quote, Quote] | None:
    """The live meters of a model, and beside them the dated list price of the marketplace, which no API lists.

    For one scope, the meters of that scope alone.
    """
    model, region, scope = asked
    stub, mark = catalog.meter(model), "" if scope is None else f"{_METERS.get(scope, scope)} "
    sides = []
    for side, short in (("input", "Inp"), ("output", "Outp")):
        amounts = [usd for name, usd in meters.items() if stub and name.startswith(f"{stub} {short} {mark}")]
        if not amounts:
            return None
        dated = catalog.token_price(model, region)
        listed = getattr(dated, side).only("marketplace") if dated and scope is None else None
        found = Quote(Range(min(amounts), max(amounts)), (source,))
        if listed:
            beside = quote(listed, catalog)
            whole = found.usd.including(beside.usd.low).including(beside.usd.high)
            found = Quote(whole, (*found.sources, *beside.sources))
        sides.append(found)
    return sides[0], sides[1]
