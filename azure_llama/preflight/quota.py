"""Azure ML core quota: limits and usage in Azure, and the cores that the plan needs."""

from __future__ import annotations

import math
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from azure_llama.catalog import Catalog, cores_needed
from azure_llama.documents.spelling import fold
from azure_llama.preflight.plan import Plan

TOTAL = "TotalDedicatedCores"
REGIONAL = "Total Cluster Dedicated Regional vCPUs"
_OTHER_POOLS = ("/workspaces/", "/workspace/", "/computes/", "totalclusters", "lowpriority")
"""In a row's type or names: it counts clusters or low-priority cores, or breaks the same cores down once more."""


@dataclass(frozen=True)
class Usage:
    """Dedicated cores of a family, or of all families together: a row of the usages API.

    Attributes:
        name: Required. Short id: the catalogue's name of a family, Azure's for one that it does not have, or
            `TotalDedicatedCores`.
        shown: Required. The words that Azure prints.
        used, limit: Required. Cores; a limit of -1 is none.
    """

    name: str
    shown: str
    used: int
    limit: int

    @property
    def left(self) -> int | None:
        """Cores that are free; None when there is no limit."""
        return None if self.limit < 0 else self.limit - self.used


@dataclass(frozen=True)
class Usages:
    """The dedicated cores of a region.

    Attributes:
        families: Required. By `Usage.name`.
        total: Required. All families together; None when Azure does not list it.
        others: Required. Names of rows that could not be read.
        catalog: Required. The catalogue that families are looked up in.
    """

    families: Mapping[str, Usage]
    total: Usage | None
    others: tuple[str, ...]
    catalog: Catalog

    def family(self, name: str) -> Usage | None:
        """The row of a family, by any of its names; None when Azure does not list it."""
        return next((usage for key, usage in self.families.items() if self.catalog.same_quota_family(key, name)), None)


def is_total(name: str) -> bool:
    """Whether a name is that of all families together."""
    return fold(name) in (fold(TOTAL), fold(REGIONAL))


def read_usages(rows: Iterable[Mapping[str, Any]], catalog: Catalog) -> Usages:
    """The rows of the usages API.

    Azure sends a family's short id in `name.value`, its words in `name.localizedValue`, and the kind of row in `type`:
    `.../vmFamily/dedicatedCores/usages`, `.../totalDedicatedCores/usages`. A row without a type is read by its name.
    """
    families: dict[str, Usage] = {}
    total: Usage | None = None
    others: list[str] = []
    for row in rows:
        kind, names = str(row.get("type") or row.get("id") or ""), _names(row)
        everything = re.sub(r"[ _]", "", " ".join((kind, *names)).casefold())
        if not names or any(pool in everything for pool in _OTHER_POOLS):
            continue
        shown, used, limit = " ".join(names[0].split()), _number(row.get("currentValue")), _number(row.get("limit"))
        name = _family_name(kind, names, catalog)
        if used is None or limit is None:
            others.append(shown)
        elif "/totaldedicatedcores/" in kind.casefold() or any(map(is_total, names)):
            total = Usage(TOTAL, shown, used, limit)
        elif name is None:
            others.append(shown)
        else:
            families.setdefault(name, Usage(name, shown, used, limit))
    return Usages(families, total, tuple(others), catalog)


def _names(row: Mapping[str, Any]) -> list[str]:
    """Names of a row, the words first."""
    name = row.get("name")
    found = [name.get("localizedValue"), name.get("value")] if isinstance(name, Mapping) else [name]
    return [str(each) for each in (*found, str(row.get("id") or "").rsplit("/", 1)[-1]) if each]


def _family_name(kind: str, names: list[str], catalog: Catalog) -> str | None:
    """The family of a row: of the catalogue by any name, another one by its short id if the type says it is one."""
    known = next((found for found in map(catalog.find_quota_family, names) if found), None)
    if known is not None:
        return known.name
    return names[min(1, len(names) - 1)] if "/vmfamily/" in kind.casefold() else None


def _number(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        return int(value) if re.fullmatch(r"-?[0-9]{1,18}", value) else None
    return int(value) if isinstance(value, int | float) and math.isfinite(value) else None


@dataclass(frozen=True)
class Need:
    """The quota that a deployment needs.

    Attributes:
        where: Required. `managed.llama-8b.deployments.blue`.
        family: Required. Its quota family, as in `Usage.name`; None when unknown.
        cores: Required. Cores in all; None when it is not known whether a fifth is reserved on top.
        held: Required. Cores of the same family that the deployment has already.
        how: Required. How the figure comes about.
    """

    where: str
    family: str | None
    cores: int | None
    held: int
    how: str

    @property
    def more(self) -> int | None:
        """Cores beyond those it has."""
        return None if self.cores is None else max(self.cores - self.held, 0)


@dataclass(frozen=True)
class Existing:
    """A deployment that is there.

    Attributes:
        size: Required. Its VM size.
        instances: Required. How many.
        cores: Optional. What they take of the quota; None when that is not known.
    """

    size: str
    instances: int
    cores: int | None = None


def read_deployment(body: Mapping[str, Any], catalog: Catalog) -> Existing | None:
    """A deployment as ARM answers it; None when size or instances are missing."""
    properties, sku = body.get("properties"), body.get("sku")
    size = properties.get("instanceType") if isinstance(properties, Mapping) else None
    capacity = _number(sku.get("capacity")) if isinstance(sku, Mapping) else None
    if not size or capacity is None:
        return None
    known = catalog.find_gpu_size(str(size))
    return Existing(str(size), capacity, cores_needed(known, capacity) if known else None)


def needs(plan: Plan, existing: Mapping[str, Existing]) -> Iterator[Need]:
    """The cores that each managed deployment of the plan needs.

    Args:
        plan: Required.
        existing: Required. Those that are there, by `<endpoint>/<deployment>` in lower case.
    """
    for endpoint, name, deployment in plan.machines:
        if endpoint.settings.shares_quota:
            continue
        instances = deployment.most_instances
        size = deployment.gpu_size
        there = existing.get(f"{endpoint.name}/{name}".casefold())
        same = there is not None and there.size.casefold() == deployment.vm_size.casefold()
        yield Need(
            endpoint.machine_place(name),
            size.quota_family if size else None,
            cores_needed(size, instances) if size else None,
            (there.cores or 0) if there and same else 0,
            _how(deployment.vm_size, instances, size.reserve_exempt if size else None, bool(deployment.autoscale)),
        )


def compute_needs(plan: Plan, sizes: Mapping[str, Mapping[str, Any]], held: Container[str]) -> Iterator[Need]:
    """The cores that each compute instance of the plan needs, without a reserve.

    Args:
        plan: Required.
        sizes: Required. The rows of `vmSizes` of the region, by name in lower case.
        held: Required. Names, in lower case, of those that are there.
    """
    for name, instance in plan.settings.compute_instances.items():
        size, row = plan.catalog.find_gpu_size(instance.vm_size), sizes.get(instance.vm_size.casefold(), {})
        listed = row.get("family")
        family = size.quota_family if size else None
        if family is None and isinstance(listed, str) and listed:
            family = plan.catalog.quota_family_name(listed)
        cores = size.vcpus if size else _number(row.get("vCPUs"))
        own = (cores or 0) if name.casefold() in held else 0
        how = f"1 x {instance.vm_size}, a compute instance"
        yield Need(f"workspace.computeInstances.{name}", family, cores, own, how)


def _how(size: str, instances: int, exempt: bool | None, scaled: bool) -> str:
    counted = f"{instances} x {size}" + (" (the most that autoscale may ask for)" if scaled else "")
    return counted if exempt else f"{counted} with a fifth reserved for upgrades"
