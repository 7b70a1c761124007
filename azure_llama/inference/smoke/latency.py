"""First-token latency of repeated streams: percentiles and a histogram."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from azure_llama.documents.bars import chart

PERCENTILES = (50, 90, 99)
_BUCKETS = 8
_STEPS = (1, 2, 5, 10)


@dataclass(frozen=True)
class Latency:
    """Seconds from a request to the first piece of text, of several streams.

    Attributes:
        seconds: Required. At least one.
    """

    seconds: tuple[float, ...]

    @cached_property
    def ordered(self) -> list[float]:
        """The shortest first."""
        return sorted(self.seconds)

    def percentile(self, share: float) -> float:
        """The smallest latency that so many percent of the streams do not exceed (nearest rank).

        Args:
            share: Required. Above 0, at most 100.
        """
        return self.ordered[math.ceil(share / 100 * len(self.ordered)) - 1]

    @property
    def figures(self) -> dict[str, float]:
        """Seconds by name: `min`, `p50`, `p90`, `p99`, `max`."""
        named = {f"p{share}": self.percentile(share) for share in PERCENTILES}
        return {"min": self.ordered[0], **named, "max": self.ordered[-1]}

    @property
    def buckets(self) -> list[tuple[float, float, int]]:
        """Lower bound, upper bound (not included) and number of streams, for every bucket between both ends."""
        width = _width(self.ordered[-1] - self.ordered[0])
        counts = Counter(math.floor(value / width) for value in self.ordered)
        edges = [index * width for index in range(min(counts), max(counts) + 2)]
        return [(low, high, counts[round(low / width)]) for low, high in pairwise(edges)]

    def lines(self) -> list[str]:
        """The percentiles in a line, and the histogram."""
        figures = ", ".join(f"{name} {value:.3f} s" for name, value in self.figures.items())
        digits = max(0, -math.floor(math.log10(_width(self.ordered[-1] - self.ordered[0]))))
        rows = [(f"{low:.{digits}f} - {high:.{digits}f} s", count, str(count)) for low, high, count in self.buckets]
        streams = f"{len(self.seconds)} stream{'' if len(self.seconds) == 1 else 's'}"
        return [f"first token of {streams}: {figures}", *(f"  {row}" for row in chart(rows))]


def latency(seconds: Iterable[float]) -> Latency | None:
    """The latency of some streams; None without a stream."""
    samples = tuple(seconds)
    return Latency(samples) if samples else None


def _width(span: float) -> float:
    """A round width with which at most 9 buckets hold a span."""
    least = max(span / _BUCKETS, 0.001)
    power = 10.0 ** math.floor(math.log10(least))
    return next(step * power for step in _STEPS if step * power >= least * (1 - 1e-9))
