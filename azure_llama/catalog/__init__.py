"""What Azure offers: Llama models, GPU sizes, regions, and in modules of their own `limits`, `names` and `roles`.

Plain facts, each with the key of its source and that source's date; what is unknown is None, and is neither a yes
nor a no. Importing is cheap: data are read on first use, and the three modules (`from azure_llama.catalog import
limits`) by who needs them.
"""

from __future__ import annotations

from azure_llama.catalog.asset_ids import AssetId, parse_asset_id
from azure_llama.catalog.azure_regions import Region, find_region, regions
from azure_llama.catalog.gpu import (
    GpuSize,
    QuotaFamily,
    cores_needed,
    find_gpu_size,
    find_quota_family,
    gpu_sizes,
    quota_families,
    quota_family_name,
    same_quota_family,
)
from azure_llama.catalog.lifecycle import Lifecycle, Stage
from azure_llama.catalog.llama_models import (
    Model,
    UnknownModelError,
    UnknownVersionError,
    find_model,
    model,
    models,
    serverless_models,
)
from azure_llama.catalog.offerings import Foundry, Managed, MinSpec, Offer, Route, Serverless
from azure_llama.catalog.provenance import Source, source, sources
from azure_llama.catalog.ranges import Range
from azure_llama.documents.spelling import nearest

__all__ = [
    "AssetId",
    "Foundry",
    "GpuSize",
    "Lifecycle",
    "Managed",
    "MinSpec",
    "Model",
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
    "find_gpu_size",
    "find_model",
    "find_quota_family",
    "find_region",
    "gpu_sizes",
    "model",
    "models",
    "nearest",
    "parse_asset_id",
    "quota_families",
    "quota_family_name",
    "regions",
    "same_quota_family",
    "serverless_models",
    "source",
    "sources",
]
