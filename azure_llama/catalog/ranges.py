"""Figures on which two sources may disagree."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Range:
    """The lowest and the highest value of all sources; equal where they agree."""

    low: float
    high: float

    def including(self, value: float) -> Range:
        """The range widened to hold a value."""
        return Range(min(self.low, value), max(self.high, value))
