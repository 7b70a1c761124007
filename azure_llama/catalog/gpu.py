"""GPU sizes of virtual machines, and the cores of quota that they cost on managed online endpoints."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from azure_llama.catalog.ranges import Range
from azure_llama.catalog.rows import remembered, rows

ONLINE_COMPUTE = "mir"
"""Among a size's `supportedComputeTypes`: managed online endpoints can use it (an inference from the example)."""


@dataclass(frozen=True)
class GpuSize:
    """A VM size with GPUs.

    Attributes:
        name: As ARM takes it: `Standard_NC24ads_A100_v4`.
        vcpus: Virtual CPUs, the unit of quota.
        memory_gb: GB of main memory, as Azure's size page prints it; None when unknown.
        gpu: Make and model.
        gpus: GPUs in one VM; a fraction where VMs share one.
        gpu_memory_gb: GB of each GPU, or of the VM's share of one.
        compute_capability: NVIDIA's figure: 8.0 and above do bfloat16, 8.9 and above FP8 (general knowledge).
        infiniband: Whether VMs of it are joined by InfiniBand.
        temp_disk_gib: GiB of the temporary disk; None when unknown.
        managed_online: Whether Azure ML lists it for managed online endpoints.
        quota_family: Name of the `QuotaFamily` that its cores count against in Azure ML; None when unknown.
        compute_quota_family: The same in Microsoft.Compute, which is another quota; None when unknown.
        reserve_exempt: Whether Azure ML skips the 20 % reserve for upgrades; None when unknown.
        lifecycle: `withdrawn` is listed, but priced in no region.
        retired: The day that it was retired; None when it was not, or when the day is unknown.
        lifecycle_source: Key of the source of both.
        note: What else to know.
        meter_regions: Regions with a retail price, which is no proof that it can be deployed there; where a team's
            overlay has Azure ML's own answer for a region, that answer.
        prices: USD an hour, Linux, pay as you go, by region; low and high where two readings differ.
        source: Key of the source.
        as_of: Its date.
    """

    name: str
    vcpus: int
    memory_gb: float | None
    gpu: str
    gpus: float
    gpu_memory_gb: float
    compute_capability: float
    infiniband: bool
    temp_disk_gib: int | None
    managed_online: bool | None
    quota_family: str | None
    compute_quota_family: str | None
    reserve_exempt: bool | None
    lifecycle: Literal["current", "retired", "withdrawn"]
    retired: date | None
    lifecycle_source: str
    note: str | None
    meter_regions: frozenset[str]
    prices: Mapping[str, Range]
    source: str
    as_of: str

    @property
    def total_gpu_memory_gb(self) -> float:
        """GB of all its GPUs together."""
        return self.gpu_memory_gb * max(self.gpus, 1)


def cores_needed(size: GpuSize, instances: int) -> int | None:
    """Cores of Azure ML quota that a managed deployment takes.

    A fifth is reserved on top for upgrades and recovery unless the size is exempt: `ceil(1.2 * instances) * vcpus`
    (source `quota-arithmetic-2023-12`). Both the family's limit and the region's total must have them.

    Args:
        size: Required. The size.
        instances: Required. How many, 0 or more; with autoscale, the maximum.

    Returns:
        None when it is unknown whether the size is exempt.

    Raises:
        ValueError: instances is negative.
    """
    if instances < 0:
        raise ValueError(f"instances is {instances}; give 0 or more.")
    if size.reserve_exempt is None:
        return None
    counted = instances if size.reserve_exempt else (6 * instances + 4) // 5
    return counted * size.vcpus


@remembered
def gpu_sizes() -> tuple[GpuSize, ...]:
    """All GPU sizes, the smallest series first."""
    meters: dict[str, frozenset[str]] = {}
    for row in rows("gpu_meters"):
        meters |= dict.fromkeys(row["sizes"], frozenset(row["regions"]))
    prices: dict[str, dict[str, Range]] = {}
    for row in rows("gpu_prices"):
        known = prices.setdefault(row["size"], {})
        for region, usd in row["usd_per_hour"].items():
            known[region] = known[region].including(usd) if region in known else Range(usd, usd)
    return tuple(
        GpuSize(
            **row
            | {
                "quota_family": quota_family_name(row["quota_family"]) if row["quota_family"] else None,
                "retired": None if row["retired"] is None else date.fromisoformat(row["retired"]),
                "meter_regions": meters.get(row["name"], frozenset()),
                "prices": prices.get(row["name"], {}),
            }
        )
        for row in rows("gpu_sizes")
    )


@remembered
def _by_name() -> dict[str, GpuSize]:
    return {size.name.casefold(): size for size in gpu_sizes()}


def find_gpu_size(text: str) -> GpuSize | None:
    """The size of a name, in any letter case; None when it is not in the catalogue."""
    return _by_name().get(text.casefold())


@dataclass(frozen=True)
class QuotaFamily:
    """A family of sizes that share one limit of cores.

    Attributes:
        name: Short id, as the usages API sends it in `name.value`.
        quota_name: The words that the usages API sends in `name.localizedValue`.
        other_names: Names of it that differ in more than spelling: of Microsoft.Compute, and of Azure's documentation.
        source: Key of the source.
        as_of: Its date.
    """

    name: str
    quota_name: str
    other_names: tuple[str, ...]
    source: str
    as_of: str


@remembered
def quota_families() -> tuple[QuotaFamily, ...]:
    """All GPU families that Azure ML lists."""
    return tuple(QuotaFamily(**row | {"other_names": tuple(row["other_names"])}) for row in rows("quota_families"))


def family_spelling(text: str) -> str:
    """What is left of a family's name without case, spaces, punctuation and the words that all names share."""
    key = re.sub(r"[^a-z0-9]", "", text.lower()).removeprefix("standard")
    return re.sub(r"family(vcpus|clusterdedicatedvcpus|clusterlowpriorityvcpus)?$", "", key)


@remembered
def _families_by_spelling() -> dict[str, QuotaFamily]:
    named = ((each, (each.name, each.quota_name, *each.other_names)) for each in quota_families())
    return {family_spelling(name): each for each, names in named for name in names}


def find_quota_family(text: str) -> QuotaFamily | None:
    """The GPU family of any of its names, which differ in case, spaces and spelling from one API to the next.

    None is unknown quota: neither zero nor enough.
    """
    return _families_by_spelling().get(family_spelling(text))


def quota_family_name(text: str) -> str:
    """The catalogue's name of a family, given any of its names; the text itself when the catalogue does not have it."""
    known = find_quota_family(text)
    return known.name if known else text


def same_quota_family(one: str, other: str) -> bool:
    """Whether two names are of one family, be it in the catalogue or not."""
    return family_spelling(quota_family_name(one)) == family_spelling(quota_family_name(other)) != ""
