"""The catalogue of what Azure offers: Llama models, GPU sizes, regions; also the modules `limits`, `names` and `roles`.

Plain facts, each with the key of its source and that source's date; what is unknown is None, and is neither a yes
nor a no. `Catalog.package()` has the package's own, `Catalog.of_project(folder)` those of a project.

Importing is cheap: data are read on first use, and the three modules (`from azure_llama.catalog import limits`) by who
needs them.
"""

from __future__ import annotations

from azure_llama.catalog.asset_ids import AssetId, parse_asset_id
from azure_llama.catalog.azure_regions import Region
from azure_llama.catalog.catalog import Catalog
from azure_llama.catalog.gpu import GpuSize, QuotaFamily, cores_needed
from azure_llama.catalog.kinds import EndpointKind, Meter
from azure_llama.catalog.lifecycle import Lifecycle, Stage
from azure_llama.catalog.llama_models import Model, ModelReference, UnknownModelError, UnknownVersionError
from azure_llama.catalog.offerings import Foundry, Managed, MinSpec, Offer, Route, Serverless
from azure_llama.catalog.provenance import Source
from azure_llama.catalog.ranges import Range
from azure_llama.documents.spelling import nearest

__all__ = [
    "AssetId",
    "Catalog",
    "EndpointKind",
    "Foundry",
    "GpuSize",
    "Lifecycle",
    "Managed",
    "Meter",
    "MinSpec",
    "Model",
    "ModelReference",
    "Offer",
    "QuotaFamily",
    "Range",
    "Region",
    "Route",
    "Serverless",
    "Source",
    "Stage",
    "UnknownModelError",
    "UnknownVersionError",
    "cores_needed",
    "nearest",
    "parse_asset_id",
]
