"""How long Azure offers a model on serverless endpoints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

NOTICE = timedelta(days=120)
"""The shortest announced end: 30 days as legacy, then 90 as deprecated (source `lifecycle-2026-02`)."""


class Stage(StrEnum):
    """The lifecycle stage of a model on a day.

    `LEGACY` still takes new deployments; `DEPRECATED` takes none and runs the old ones; `RETIRED` answers calls
    with 404. `UNKNOWN` is neither a yes nor a no.
    """

    GENERALLY_AVAILABLE = "generally-available"
    LEGACY = "legacy"
    DEPRECATED = "deprecated"
    RETIRED = "retired"
    UNKNOWN = "unknown"

    @property
    def takes_deployments(self) -> bool:
        """Whether it is known that new deployments are taken."""
        return self in (Stage.GENERALLY_AVAILABLE, Stage.LEGACY)


@dataclass(frozen=True)
class Lifecycle:
    """The published dates of a model, each in force from 00:00 UTC of its day.

    They bind serverless endpoints. Whether they bind managed compute too is unknown.

    Attributes:
        legacy: The first day as legacy; None when unknown.
        deprecated: The first day without new deployments; None when unknown.
        retired: The first day without answers; None when unknown.
        replacements: The models that Microsoft recommends instead, best first; they may be retired by now.
        source: Key of the source that says where the model stands; None when none says anything.
        retired_source: Key of the source of `retired`, which may be a lesser one.
        confirmed: Whether Microsoft itself published the retirement date, or the team states it in its overlay.
    """

    legacy: date | None
    deprecated: date | None
    retired: date | None
    replacements: tuple[str, ...]
    source: str | None
    retired_source: str | None
    confirmed: bool

    @property
    def replacement(self) -> str | None:
        """The first recommended replacement."""
        return self.replacements[0] if self.replacements else None

    def stage(self, on: date) -> Stage:
        """The lifecycle stage of the model on a day (UTC).

        `UNKNOWN` is the answer when no source says anything; from a retirement date on that only a secondary source
        gives; and in the 120 days before a published retirement whose earlier steps are not published, since the
        model must have left general availability somewhere in them.
        """
        if self.source is None:
            return Stage.UNKNOWN
        if self.retired is not None and on >= self.retired:
            return Stage.RETIRED if self.confirmed else Stage.UNKNOWN
        if self.deprecated is not None and on >= self.deprecated:
            return Stage.DEPRECATED
        if self.legacy is not None and on >= self.legacy:
            return Stage.LEGACY
        silent = self.legacy is None and self.deprecated is None
        if silent and self.retired is not None and self.confirmed and on >= self.retired - NOTICE:
            return Stage.UNKNOWN
        return Stage.GENERALLY_AVAILABLE
