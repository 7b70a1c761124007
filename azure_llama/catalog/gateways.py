"""The API Management SKUs for a gateway of models, with their regions and limitations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_V2_REGIONS = (
    *("australiacentral", "australiaeast", "australiasoutheast", "brazilsouth", "canadacentral", "centralindia"),
    *("centralus", "eastasia", "eastus", "eastus2", "francecentral", "germanywestcentral", "italynorth", "japaneast"),
    *("koreacentral", "northcentralus", "northeurope", "norwayeast", "southafricanorth", "southcentralus"),
    *("southindia", "swedencentral", "switzerlandnorth", "uaenorth", "uksouth", "ukwest", "westeurope", "westus"),
    "westus2",
)


@dataclass(frozen=True)
class GatewaySku:
    """A SKU of API Management.

    Attributes:
        name: As ARM spells it.
        most_units: The largest capacity; None when unknown.
        regions: ARM names of the regions that have it; None where it is in nearly all of them.
        has_sla: Whether Microsoft promises its availability.
        missing: What a gateway of models needs and it does not have, as the end of a sentence; None for a usable one.
        source: Key of the source.
        as_of: Its date.
    """

    name: str
    most_units: int | None
    regions: tuple[str, ...] | None
    has_sla: bool
    source: str
    as_of: str
    missing: str | None = None

    def is_in(self, region: str) -> bool:
        """Whether a region has it, as far as is known."""
        return self.regions is None or region in self.regions


_V2 = ("apim-regions-2025-11", "2025-11-11")
_CLASSIC = ("apim-breakers-2024-01", "2024-01-09")

SKUS: Mapping[str, GatewaySku] = {
    sku.name: sku
    for sku in (
        GatewaySku("BasicV2", 10, _V2_REGIONS, True, *_V2),
        GatewaySku("StandardV2", 10, _V2_REGIONS, True, *_V2),
        GatewaySku("Developer", 1, None, False, *_CLASSIC),
        GatewaySku("Premium", None, None, True, *_CLASSIC),
        GatewaySku("Consumption", 0, None, True, *_CLASSIC, "has no circuit breaker and no token limits"),
    )
}
"""By name."""
USABLE = tuple(name for name, sku in SKUS.items() if sku.missing is None)
"""Those that a gateway can have."""
DOMAIN = "azure-api.net"
"""Where services have their host names."""
RETENTION_HOURS = 48
"""How long a deleted service keeps its name."""
