"""The parts of an estimate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from azure_llama.catalog import Range, Source

HOURS_PER_MONTH = 730
"""Hours of a month, as Azure's own price tools count them."""
CURRENCY = "USD"


class Kind(StrEnum):
    """The subject of a line."""

    COMPUTE = "compute"
    TOKENS = "tokens"
    UNITS = "units"
    SUPPORT = "support"


def times(one: Range | None, other: Range | None) -> Range | None:
    """The product of two ranges of amounts; unknown when either is."""
    if one is None or other is None:
        return None
    return Range(one.low * other.low, one.high * other.high)


@dataclass(frozen=True)
class Volume:
    """Tokens that one endpoint handles in a month.

    Attributes:
        input_tokens: Tokens of prompts, 0 or more.
        output_tokens: Tokens of answers, 0 or more.
    """

    input_tokens: float
    output_tokens: float


@dataclass(frozen=True)
class Line:
    """One thing that costs money.

    Attributes:
        kind: What it is about.
        resource: The place in the stack's configuration that asks for it: `managed.llama-8b.deployments.blue`.
        what: What is paid for: `1 x Standard_NC24ads_A100_v4 in eastus2`.
        quantity: Units in a month; None when unknown.
        unit: What is counted: `hour`, `unit hour`, `million tokens`, `month`, or a unit of use such as `gigabyte`.
        price: US dollars a unit; low and high where sources differ, None when unknown.
        sources: Where the price is from, each with its date; empty when it is unknown.
        note: Why it is unknown, or what else to know.
    """

    kind: Kind
    resource: str
    what: str
    quantity: Range | None
    unit: str
    price: Range | None
    sources: tuple[Source, ...] = ()
    note: str | None = None

    @property
    def monthly(self) -> Range | None:
        """US dollars a month; None when unknown, which is never nothing."""
        return times(self.quantity, self.price)


@dataclass(frozen=True)
class Estimate:
    """The monthly cost of a stack, as far as prices are known.

    Attributes:
        region: ARM name of the stack's region.
        day: The day that it was made.
        lines: Everything that costs money, known or not, in the order of the configuration.
        notes: What to know about the whole: that live prices could not be had, for one.
        currency: Always `USD`.
    """

    region: str
    day: date
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()
    currency: str = CURRENCY

    @property
    def known(self) -> tuple[Line, ...]:
        """The lines with an amount."""
        return tuple(line for line in self.lines if line.monthly is not None)

    @property
    def by_use(self) -> tuple[Line, ...]:
        """The lines with a price and no amount: their use was not stated. `monthly` does not include them."""
        return tuple(line for line in self.lines if line.price is not None and line.monthly is None)

    @property
    def unknown(self) -> tuple[Line, ...]:
        """The lines without a price. The stack costs more than `monthly` by these and by `by_use`."""
        return tuple(line for line in self.lines if line.price is None)

    @property
    def monthly(self) -> Range | None:
        """US dollars a month of the known lines together; None when no line is known."""
        return total(self.lines)


def total(lines: Iterable[Line]) -> Range | None:
    """The known amounts of some lines together; None when none is known."""
    amounts = [line.monthly for line in lines if line.monthly is not None]
    if not amounts:
        return None
    return Range(sum(each.low for each in amounts), sum(each.high for each in amounts))
