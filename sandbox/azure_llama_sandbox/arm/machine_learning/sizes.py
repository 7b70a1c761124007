"""VM sizes and their quota, as managed deployments use them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from azure_llama.catalog import GpuSize, cores_needed, limits
from azure_llama.documents.spelling import fold
from azure_llama_sandbox.arm.machine_learning import shared_quota
from azure_llama_sandbox.arm.machine_learning.common import COMPUTE, DEPLOYMENT, ENDPOINT, NAMESPACE
from azure_llama_sandbox.facts import CATALOG
from azure_llama_sandbox.store import Store
from azure_llama_sandbox.world import SUBSCRIPTION, World

QUOTA = f"{NAMESPACE}/locations/quotas"
TOTAL = "TotalDedicatedCores"
TOTAL_WORDS = "Total Cluster Dedicated Regional vCPUs"
DEFAULT_SIZE = "Standard_F4s_v2"
"""Of a deployment that names none."""

# Azure starts GPU families at 0. A sandbox in which nothing can be deployed teaches nothing, one without limits teaches
# the wrong thing: two of the largest machines of a family fit.
FAMILY_CORES = 192
TOTAL_CORES = limits.DEDICATED_CORES.high


@dataclass(frozen=True, slots=True)
class Size:
    """A VM size.

    Attributes:
        name, vcpus, gpus, memory_gb: Required. What it is.
        family: Required. Short id of the quota family.
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
        gpu = CATALOG.find_gpu_size(self.name)
        known = cores_needed(gpu, instances) if gpu else None
        return known if known is not None else (6 * instances + 4) // 5 * self.vcpus


# The CPU families of the recorded usages, and the CPU sizes in the quota messages that users posted; the catalogue has
# those with GPUs alone.
_CPU_FAMILIES = {f"standard{name}Family": f"Standard {name} Family" for name in ("D", "DSv2", "DSv3", "FSv2")}
_CPU = tuple(
    Size(f"Standard_{name}", vcpus, 0, memory, f"standard{family}Family", exempt=False)
    for name, vcpus, memory, family in (
        ("DS3_v2", 4, 14, "DSv2"),
        ("F4s_v2", 4, 8, "FSv2"),
        ("F16s_v2", 16, 32, "FSv2"),
    )
)


def _gpu(size: GpuSize) -> Size | None:
    if size.quota_family is None or not size.managed_online:
        return None
    return Size(
        size.name, size.vcpus, size.gpus, size.memory_gb or 0, size.quota_family, exempt=bool(size.reserve_exempt)
    )


def _withdrawn(size: GpuSize, today: date) -> bool:
    return size.lifecycle == "withdrawn" or (size.retired is not None and today >= size.retired)


def sizes(region: str, world: World) -> list[Size]:
    """The sizes that Azure ML offers in a region today: priced there, not retired, and not withheld."""
    today, withheld = world.clock.today(), world.conditions().withheld_sizes(region)
    gpus = (size for size in CATALOG.gpu_sizes if region in size.meter_regions and not _withdrawn(size, today))
    found = [*_CPU, *(size for size in map(_gpu, gpus) if size)]
    return [size for size in found if size.name.lower() not in withheld]


def find_size(name: str, region: str, world: World) -> Size | None:
    """The size of a name; None when it cannot be used there and then."""
    return next((size for size in sizes(region, world) if size.name.lower() == name.lower()), None)


def families() -> dict[str, str]:
    """All quota families in Azure's order: short id, and the words for it."""
    cpu = {name: f"{words} Cluster Dedicated vCPUs" for name, words in _CPU_FAMILIES.items()}
    return cpu | {family.name: family.quota_name for family in CATALOG.quota_families}


def words(family: str) -> str:
    """Azure's display name of a family, or of the total."""
    return TOTAL_WORDS if family == TOTAL else families()[family]


def find_family(text: str) -> str | None:
    """The short id of a family, or of all of them together, by any of its names."""
    if fold(text) in (fold(TOTAL), fold(TOTAL_WORDS)):
        return TOTAL
    return next((name for name in families() if CATALOG.same_quota_family(name, text)), None)


def quota_id(region: str, family: str) -> str:
    """The store key of a changed limit."""
    name = family.replace(" ", "_")
    return f"/subscriptions/{SUBSCRIPTION}/providers/{NAMESPACE}/locations/{region}/quotas/{name}"


def limit(store: Store, region: str, family: str) -> int:
    """Cores: of a family, or of all of them together."""
    changed = store.get(quota_id(region, family))
    if changed is not None:
        return int(changed.body["limit"])
    return TOTAL_CORES if family == TOTAL else FAMILY_CORES


def usage(store: Store, region: str, *, without: str = "") -> dict[str, int]:
    """Cores in use by family, and of all of them together under `TOTAL`; `without` the resource of an id."""
    used = dict.fromkeys((*families(), TOTAL), 0)
    for id_, where, family, cores in _holdings(store):
        if where == region and id_.lower() != without.lower():
            used[family] += cores
            used[TOTAL] += cores
    return used


def clusters(store: Store, region: str) -> int:
    """The resources that count as clusters in a region: compute instances and managed deployments."""
    return sum(each.body["location"] == region for type_ in (DEPLOYMENT, COMPUTE) for each in store.of_type(type_))


def _holdings(store: Store) -> Iterator[tuple[str, str, str, int]]:
    """Id, region, family and cores of all that holds quota: the reserve is for managed deployments alone."""
    shared = tuple(f"{each.id.lower()}/" for each in store.of_type(ENDPOINT) if shared_quota.uses(each))
    for deployment in store.of_type(DEPLOYMENT):
        size = _any_size(deployment.properties["instanceType"])
        if size is not None and not deployment.id.lower().startswith(shared):
            cores = size.cores(deployment.body["sku"]["capacity"])
            yield deployment.id, deployment.body["location"], size.family, cores
    for compute in store.of_type(COMPUTE):
        size = _any_size(compute.properties["properties"]["vmSize"])
        if size is not None:
            yield compute.id, compute.body["location"], size.family, size.vcpus


def _any_size(name: str) -> Size | None:
    gpu = CATALOG.find_gpu_size(name)
    return _gpu(gpu) if gpu else next((size for size in _CPU if size.name.lower() == name.lower()), None)
