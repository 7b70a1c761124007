"""GPU sizes of virtual machines, and the cores of quota that they cost on managed online endpoints."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from azure_llama.catalog.ranges import Range
from azure_llama.catalog.rows import Row

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
    def serves(self) -> bool:
        """Whether a new managed deployment can be made on it: Azure ML lists it for that, and Azure still sells it."""
        return self.managed_online is True and self.lifecycle == "current"

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


def build_sizes(rows: Callable[[str], Iterable[Row]], family_name: Callable[[str], str]) -> tuple[GpuSize, ...]:
    """The GPU sizes of a catalogue's rows.

    Args:
        rows: Required. Returns the rows of a data file.
        family_name: Required. Returns the catalogue's name of a quota family.
    """
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
                "quota_family": family_name(row["quota_family"]) if row["quota_family"] else None,
                "retired": None if row["retired"] is None else date.fromisoformat(row["retired"]),
                "meter_regions": meters.get(row["name"], frozenset()),
                "prices": prices.get(row["name"], {}),
            }
        )
        for row in rows("gpu_sizes")
    )


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

    @property
    def names(self) -> tuple[str, ...]:
        """All its names."""
        return (self.name, self.quota_name, *self.other_names)


def family_spelling(text: str) -> str:
    """A family's name normalized: without case, spaces, punctuation and the words that all names share."""
    key = re.sub(r"[^a-z0-9]", "", text.lower()).removeprefix("standard")
    return re.sub(r"family(vcpus|clusterdedicatedvcpus|clusterlowpriorityvcpus)?$", "", key)
