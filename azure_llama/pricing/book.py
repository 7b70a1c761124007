"""Price books: the interface for price look-ups, and its implementation on the catalogue."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from azure_llama.catalog import Catalog, Range, Source
from azure_llama.catalog.prices import Price


@dataclass(frozen=True)
class Quote:
    """A price and where it is from.

    Attributes:
        usd: US dollars a unit; low and high where sources differ.
        sources: At least one, each with the date of its reading.
        unit: What one costs so much: `hour`, `million tokens`, `month`, or a unit of use such as `gigabyte`.
        included: Units a month without charge; the subscription's other stacks may have used them.
    """

    usd: Range
    sources: tuple[Source, ...]
    unit: str = ""
    included: float = 0


class PriceBook(Protocol):
    """Something that knows prices in US dollars. None is unknown, never free."""

    @property
    def notes(self) -> tuple[str, ...]:
        """Notes about all of its prices."""

    def vm(self, size: str, region: str) -> Quote | None:
        """An hour of a VM: Linux, pay as you go."""

    def tokens(self, model: str, region: str, scope: str | None = None) -> tuple[Quote, Quote] | None:
        """A million tokens of a model of the catalogue: of prompts, and of answers.

        Args:
            model: Required. The model.
            region: Required. ARM name of the region.
            scope: Optional. The scope of the meter, as `Reading` has it; every one that may be billed when None.
        """

    def unit(self, sku: str) -> Quote | None:
        """An hour of a provisioned throughput unit on a SKU of Foundry deployments."""

    def supporting(self, kind: str, region: str) -> Quote | None:
        """A unit of one supporting resource, by its kind in `azure_llama.catalog.prices.SUPPORTING`."""


def quote(price: Price, catalog: Catalog) -> Quote:
    """A price of a catalogue with its sources in full."""
    read = (replace(catalog.sources[reading.source], as_of=reading.as_of) for reading in price.readings)
    return Quote(price.range, tuple(dict.fromkeys(read)), price.unit, price.included)


@dataclass(frozen=True)
class CataloguePrices:
    """The dated prices of a catalogue.

    Attributes:
        catalog: Required. The catalogue.
    """

    catalog: Catalog
    notes: tuple[str, ...] = ()

    def vm(self, size: str, region: str) -> Quote | None:
        """See `PriceBook`."""
        price = self.catalog.vm_price(size, region)
        return quote(price, self.catalog) if price else None

    def tokens(self, model: str, region: str, scope: str | None = None) -> tuple[Quote, Quote] | None:
        """See `PriceBook`."""
        price = self.catalog.token_price(model, region)
        sides = (price.input.of_scope(scope), price.output.of_scope(scope)) if price else (None, None)
        return (quote(sides[0], self.catalog), quote(sides[1], self.catalog)) if sides[0] and sides[1] else None

    def unit(self, sku: str) -> Quote | None:
        """See `PriceBook`."""
        price = self.catalog.unit_price(sku)
        return quote(price, self.catalog) if price else None

    def supporting(self, kind: str, region: str) -> Quote | None:
        """See `PriceBook`."""
        price = self.catalog.supporting_price(kind, region)
        return quote(price, self.catalog) if price else None
