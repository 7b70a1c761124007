"""The regions of public Azure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Region:
    """A region.

    Attributes:
        name: As ARM takes it: `eastus2`.
        display_name: As people read it: `East US 2`.
        geography: The boundary of data residency: `United States`.
        geography_group: `US`, `Europe`, `Asia Pacific`, ...
        location: City or state.
        pair: ARM name of the paired region, which need not be in the catalogue; None when it has none.
        zones: Whether it has availability zones.
        source: Key of the source.
        as_of: Its date.
    """

    name: str
    display_name: str
    geography: str
    geography_group: str
    location: str
    pair: str | None
    zones: bool
    source: str
    as_of: str
