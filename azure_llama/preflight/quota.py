"""Cores of Azure ML quota: what Azure says there is, and what the plan takes."""

from __future__ import annotations

import math
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from azure_llama.catalog import cores_needed, find_gpu_size, find_quota_family
from azure_llama.catalog.text import fold
from azure_llama.preflight.plan import Plan

REGIONAL = "Total Cluster Dedicated Regional vCPUs"
_REGIONAL_KEY = fold(REGIONAL)


@dataclass(frozen=True)
class Usage:
    """A row of the usages API.

    Attributes:
        name: Required. As Azure prints it.
        used, limit: Required. Cores; a limit of -1 is none.
    """

    name: str
    used: int
    limit: int

    @property
    def left(self) -> int | None:
        """Cores that are free; None when there is no limit."""
        return None if self.limit < 0 else self.limit - self.used


@dataclass(frozen=True)
class Usages:
    """What the usages API says of a region.

    Attributes:
        families: Required. By the catalogue's name of the family.
        total: Required. All families together; None when Azure does not say it.
        others: Required. Names of rows that are of no family that is known.
    """

    families: Mapping[str, Usage]
    total: Usage | None
    others: tuple[str, ...]


def read_usages(rows: Iterable[Mapping[str, Any]]) -> Usages:
    """The rows of the usages API, by whichever of its names and shapes: short or in words, in `name.value` or in
    `name.localizedValue`, or in the id alone."""
    families: dict[str, Usage] = {}
    total: Usage | None = None
    others: list[str] = []
    for row in rows:
        kind = str(row.get("type") or row.get("id") or "").casefold()
        # These break the same use down by workspace and by machine; low priority is a pool of its own.
        if "/workspaces/" in kind or "/workspace/" in kind or "lowpriority" in kind or "/computes/" in kind:
            continue
        names = _names(row)
        used, limit = _number(row.get("currentValue")), _number(row.get("limit"))
        if used is None or limit is None:
            others += names[:1]
            continue
        if any(fold(name) == _REGIONAL_KEY for name in names) or "/dedicatedcores/" in kind:
            total = Usage(names[0] if names else REGIONAL, used, limit)
            continue
        family = next((found for found in map(find_quota_family, names) if found), None)
        if family is None or "low priority" in names[0].casefold() or "lowpriority" in names[0].casefold():
            others += names[:1]
        else:
            families.setdefault(family.name, Usage(names[0], used, limit))
    return Usages(families, total, tuple(others))


def _names(row: Mapping[str, Any]) -> list[str]:
    name = row.get("name")
    found = [name.get("localizedValue"), name.get("value")] if isinstance(name, Mapping) else [name]
    tail = str(row.get("id") or "").rsplit("/", 1)[-1]
    return [str(each) for each in (*found, tail, tail.replace("_", " ")) if each]


def _number(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        return int(value) if re.fullmatch(r"-?[0-9]{1,18}", value) else None
    return int(value) if isinstance(value, int | float) and math.isfinite(value) else None


@dataclass(frozen=True)
class Need:
    """What a deployment takes.

    Attributes:
        where: Required. `managed.llama-8b.deployments.blue`.
        family: Required. The catalogue's name of its family; None when it is not known.
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


def read_deployment(body: Mapping[str, Any]) -> Existing | None:
    """A deployment as ARM answers it; None when size or instances are missing."""
    properties, sku = body.get("properties"), body.get("sku")
    size = properties.get("instanceType") if isinstance(properties, Mapping) else None
    capacity = _number(sku.get("capacity")) if isinstance(sku, Mapping) else None
    return Existing(str(size), capacity, cores_of(str(size), capacity)) if size and capacity is not None else None


def cores_of(size: str, instances: int) -> int | None:
    """Cores of quota; None when the size or its reserve is not known."""
    found = find_gpu_size(size)
    return cores_needed(found, instances) if found else None


def needs(plan: Plan, existing: Mapping[str, Existing]) -> Iterator[Need]:
    """What each managed deployment of the plan takes.

    Args:
        plan: Required.
        existing: Required. Those that are there, by `<endpoint>/<deployment>` in lower case.
    """
    for name, endpoint in plan.settings.managed.items():
        if endpoint.shared_quota is not None:
            continue
        for key, deployment in endpoint.deployments.items():
            instances = deployment.most_instances
            size = find_gpu_size(deployment.vm_size)
            family = find_quota_family(size.quota_family) if size and size.quota_family else None
            there = existing.get(f"{name}/{key}".casefold())
            same = there is not None and there.size.casefold() == deployment.vm_size.casefold()
            yield Need(
                f"managed.{name}.deployments.{key}",
                family.name if family else None,
                cores_needed(size, instances) if size else None,
                (there.cores or 0) if there and same else 0,
                _how(deployment.vm_size, instances, size.reserve_exempt if size else None, bool(deployment.autoscale)),
            )


def compute_needs(plan: Plan, sizes: Mapping[str, int], held: Container[str]) -> Iterator[Need]:
    """What each compute instance of the plan takes: all of its cores, without a reserve.

    Args:
        plan: Required.
        sizes: Required. Cores of the sizes that Azure ML lists in the region, by name in lower case.
        held: Required. Names, in lower case, of those that are there.
    """
    for name, instance in plan.settings.workspace.compute_instances.items():
        size = find_gpu_size(instance.vm_size)
        family = find_quota_family(size.quota_family) if size and size.quota_family else None
        cores = size.vcpus if size else sizes.get(instance.vm_size.casefold())
        own = (cores or 0) if name.casefold() in held else 0
        how = f"1 x {instance.vm_size}, a compute instance"
        yield Need(f"workspace.computeInstances.{name}", family.name if family else None, cores, own, how)


def _how(size: str, instances: int, exempt: bool | None, scaled: bool) -> str:
    counted = f"{instances} x {size}" + (" (the most that autoscale may ask for)" if scaled else "")
    return counted if exempt else f"{counted} with a fifth reserved for upgrades"
