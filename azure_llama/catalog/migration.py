"""Maps a model on a serverless endpoint to its replacement on a Foundry account."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from azure_llama.catalog.foundry import FoundryModel

if TYPE_CHECKING:
    from azure_llama.catalog.catalog import Catalog
    from azure_llama.catalog.llama_models import ModelReference

SKU = "GlobalStandard"
"""What is paid by the token, as serverless endpoints are."""


@dataclass(frozen=True)
class FoundryTarget:
    """A model that takes the place of another.

    Attributes:
        row: Required. Its newest version that is offered.
        regions: Required. Where it is offered on `SKU`.
        same: Required. Whether it is the same model.
    """

    row: FoundryModel
    regions: frozenset[str]
    same: bool


def foundry_target(catalog: Catalog, reference: ModelReference, region: str, on: date) -> FoundryTarget | None:
    """The model to deploy on a Foundry account instead of a serverless endpoint of a model.

    The model itself comes first, then the replacements that Microsoft names. A version that the region offers comes
    before a newer one that it does not.

    Args:
        catalog: Required. The catalogue.
        reference: Required. The model of the serverless endpoint.
        region: Required. ARM name of the region.
        on: Required. The day (UTC): what is retired on it is left out.

    Returns:
        None when no source offers any of them.
    """
    own = reference.name
    names = (own, *(reference.model.lifecycle.replacements if reference.model else ()))
    for name in names:
        targets = [FoundryTarget(*each, same=name == own) for each in _offered(catalog, name, on)]
        if targets:
            return next((each for each in targets if region in each.regions), targets[0])
    return None


def _offered(catalog: Catalog, name: str, on: date) -> Iterator[tuple[FoundryModel, frozenset[str]]]:
    """The versions of a model that are offered, the newest first, and where."""
    table = catalog.foundry
    publisher = table.format_of(name)
    for version in reversed(table.versions(publisher, name) if publisher else ()):
        row = table.model(publisher or "", name, version)
        offer = table.offer(publisher or "", name, version, SKU)
        if row and offer and offer.regions and (row.retired is None or row.retired > on):
            yield row, offer.regions
