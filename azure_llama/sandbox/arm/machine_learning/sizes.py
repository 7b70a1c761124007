"""VM sizes and their quota, as managed deployments use them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from azure_llama.catalog import (
    GpuSize,
    cores_needed,
    find_gpu_size,
    find_quota_family,
    gpu_sizes,
    limits,
    quota_families,
)
from azure_llama.sandbox.arm.machine_learning.common import DEPLOYMENT, NAMESPACE
from azure_llama.sandbox.store import Store
from azure_llama.sandbox.world import SUBSCRIPTION

QUOTA = f"{NAMESPACE}/locations/quotas"
REGIONAL = "Total Cluster Dedicated Regional vCPUs"
DEFAULT_SIZE = "Standard_F4s_v2"
"""Of a deployment that names none."""

# Azure starts GPU families at 0. A sandbox in which nothing can be deployed teaches nothing, one without limits teaches
# the wrong thing: two of the largest machines of a family fit.
FAMILY_CORES = 192
REGIONAL_CORES = limits.DEDICATED_CORES.high


@dataclass(frozen=True, slots=True)
class Size:
    """A VM size.

    Attributes:
        name, vcpus, gpus, memory_gb: Required. What it is.
        family: Required. The quota family, as the usages API prints it.
        exempt: Required. Whether Azure skips the 20 % reserve.
    """

    name: str
    vcpus: int
    gpus: float
    memory_gb: float
    family: str
    exempt: bool

    def cores(self, instances: int) -> int:
        """Cores of quota that so many instances take."""
        gpu = find_gpu_size(self.name)
        known = cores_needed(gpu, instances) if gpu else None
        return known if known is not None else (6 * instances + 4) // 5 * self.vcpus


# The CPU sizes in the quota messages that users posted; the catalogue has GPU sizes alone.
_CPU = tuple(
    Size(f"Standard_{name}", vcpus, 0, memory, f"Standard {family} Family Cluster Dedicated vCPUs", exempt=False)
    for name, vcpus, memory, family in (
        ("DS3_v2", 4, 14, "DSv2"),
        ("F4s_v2", 4, 8, "FSv2"),
        ("F16s_v2", 16, 32, "FSv2"),
    )
)


def _gpu(size: GpuSize) -> Size | None:
    family = find_quota_family(size.quota_family) if size.quota_family else None
    if family is None or not size.managed_online:
        return None
    return Size(
        size.name, size.vcpus, size.gpus, size.memory_gb or 0, family.quota_name, exempt=bool(size.reserve_exempt)
    )


def _withdrawn(size: GpuSize, today: date) -> bool:
    return size.lifecycle == "withdrawn" or (size.retired is not None and today >= size.retired)


def sizes(region: str, today: date) -> list[Size]:
    """The sizes that managed deployments can use in a region on a day: priced there and not retired."""
    gpus = (size for size in gpu_sizes() if region in size.meter_regions and not _withdrawn(size, today))
    return [*_CPU, *(size for size in map(_gpu, gpus) if size)]


def find_size(name: str, region: str, today: date) -> Size | None:
    """The size of a name; None when a managed deployment cannot use it there and then."""
    return next((size for size in sizes(region, today) if size.name.lower() == name.lower()), None)


def families() -> list[str]:
    """All quota families."""
    return sorted({size.family for size in _CPU} | {family.quota_name for family in quota_families()})


def quota_id(region: str, family: str) -> str:
    """Where the store keeps a limit that was changed."""
    name = family.replace(" ", "_")
    return f"/subscriptions/{SUBSCRIPTION}/providers/{NAMESPACE}/locations/{region}/quotas/{name}"


def limit(store: Store, region: str, family: str) -> int:
    """Cores: of a family, or of the region."""
    changed = store.get(quota_id(region, family))
    if changed is not None:
        return int(changed.body["limit"])
    return REGIONAL_CORES if family == REGIONAL else FAMILY_CORES


def usage(store: Store, region: str, *, without: str = "") -> dict[str, int]:
    """Cores in use by family, and of the region under `REGIONAL`; `without` the deployment of an id."""
    used = dict.fromkeys((*families(), REGIONAL), 0)
    for deployment in store.of_type(DEPLOYMENT):
        if deployment.body["location"] != region or deployment.id.lower() == without.lower():
            continue
        cores = deployment.body["sku"]["capacity"]
        size = _any_size(deployment.properties["instanceType"])
        if size is not None:
            used[size.family] += size.cores(cores)
            used[REGIONAL] += size.cores(cores)
    return used


def _any_size(name: str) -> Size | None:
    gpu = find_gpu_size(name)
    return _gpu(gpu) if gpu else next((size for size in _CPU if size.name.lower() == name.lower()), None)
