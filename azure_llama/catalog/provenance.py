"""Sources of the catalogue's facts. Every row of every data file names one of these sources."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """A document, a client or a list that a fact was read from.

    Attributes:
        key: What rows call it, such as `regions-2026-02`.
        title: The document, with its commit where it has one.
        as_of: Its date, ISO 8601, as exact as it is known: `2026-02-17`, `2024-11` or `2025`.
        kind: `document` (Microsoft's), `secondary` (another party's), `general` (checked against nothing) or
            `overlay` (the team's own).
    """

    key: str
    title: str
    as_of: str
    kind: str

    @property
    def official(self) -> bool:
        """Whether the source is Microsoft, or the team's overlay."""
        return self.kind in ("document", "overlay")
