"""`managed-quota`: the region has the quota for the cores of all managed deployments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from azure_llama.catalog import Catalog, GpuSize, cores_needed
from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.managed import Instances
from azure_llama_policies.quota import SETTINGS, same_place, snapshot_of
from azure_llama_policies.resources import NotSeenError, Resource, Stack
from azure_llama_policies.rule import Context, Finding, Refused, Severity, StackRule, Violation
from azure_llama_policies.subjects import called
from azure_llama_policies.unseen import unseen_of

if TYPE_CHECKING:
    from azure_llama.catalog.quota_snapshot import Quota, QuotaSnapshot

_SIZE = "properties.instanceType"


@dataclass(frozen=True, slots=True)
class _Need:
    deployment: Resource
    family: str
    cores: int
    own: int
    reading: str


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    """One violation for each deployment of a family, or of a stack, that needs more cores than are left."""
    deployments = stack.of(types.ONLINE_DEPLOYMENT)
    try:
        snapshot = snapshot_of(context)
    except NotSeenError as unseen:
        for deployment in deployments:
            yield deployment, NotSeenError(f"{called(deployment)}: {unseen}", _SIZE)
        return
    needs, blind, instances = [], False, Instances(stack)
    for deployment in deployments:
        try:
            needs.append(_need(deployment, instances, snapshot, context.catalog))
        except NotSeenError as unseen:
            blind = True
            yield deployment, unseen_of(deployment, unseen)
    wanted: Counter[str] = Counter()
    freed: Counter[str] = Counter()
    for need in needs:
        wanted[need.family] += need.cores
        freed[need.family] += need.own
    for need in needs:
        yield from _judge(need, wanted, freed, snapshot, blind)


def _need(deployment: Resource, instances: Instances, snapshot: QuotaSnapshot, catalog: Catalog) -> _Need:
    given, location = deployment.text(_SIZE), deployment.text("location")
    region = catalog.find_region(location)
    same_place(deployment, region.name if region else location, snapshot, "location")
    size = catalog.find_gpu_size(given)
    most = instances.of(deployment)[1]
    cores = cores_needed(size, most) if size else None
    if size is None or size.quota_family is None or cores is None:
        raise NotSeenError(f"how many cores of quota {given} takes is unknown", _SIZE)
    own = snapshot.held_by(
        "/".join(
            deployment.text(key) for key in ("resourceGroupName", "workspaceName", "endpointName", "deploymentName")
        )
    )
    return _Need(deployment, size.quota_family, cores, own, _reading(size, most, cores))


def _reading(size: GpuSize, instances: int, cores: int) -> str:
    reserve = "" if size.reserve_exempt else ", a fifth in reserve included"
    return f"{cores} cores for {instances} x {size.name}{reserve}"


def _judge(
    need: _Need, wanted: Counter[str], freed: Counter[str], snapshot: QuotaSnapshot, blind: bool
) -> Iterator[Finding]:
    who = called(need.deployment)
    family = snapshot.family(need.family, Catalog.package())
    if family is None:
        yield need.deployment, NotSeenError(f"{who}: the quota snapshot does not have {need.family}", _SIZE)
        return
    limits: list[tuple[str, Quota, int, int]] = [
        (need.family, family, wanted[need.family], freed[need.family]),
    ]
    if snapshot.total is not None:
        limits.append(("all families together", snapshot.total, wanted.total(), freed.total()))
    short = [each for each in limits if not _holds(each)]
    for name, quota, cores, own in short:
        yield (
            need.deployment,
            Violation(
                f"{who}: it takes {need.reading}; the stack needs {cores} cores of {name} in {snapshot.region}, and "
                f"{quota.left(own)} of {quota.limit} are left (snapshot of {snapshot.taken_at.date()}). Ask for more "
                "quota, or take fewer instances or another size",
                _SIZE,
            ),
        )
    if blind and not short:
        yield need.deployment, NotSeenError(f"{who}: what another deployment takes of the same quota is unknown", _SIZE)


def _holds(limit: tuple[str, Quota, int, int]) -> bool:
    _, quota, cores, own = limit
    left = quota.left(own)
    return left is None or cores <= left


RULE = StackRule(
    id="managed-quota",
    title="The region has the quota for the cores of all managed deployments.",
    what="The cores that the stack's managed deployments take, autoscale at its most, against a snapshot of Azure ML's "
    "quota.",
    why="Without quota, a deployment fails after the workspace has been made. Azure counts a fifth more instances than "
    "asked for, rounded up, unless the size is exempt; and quota of GPU families begins at 0.",
    fix="Ask Azure for more quota of the family that the message names, or take fewer instances, or another size.",
    severity=Severity.HIGH,
    sources=("quota-arithmetic-2023-12", "quotas-2026-01", "vm-sku-list-2025-10"),
    types=frozenset({types.ONLINE_DEPLOYMENT}),
    reads=frozenset({types.AUTOSCALE_SETTING}),
    config=SETTINGS,
    azure=Refused(("InferencingClientCreateDeploymentFailed",)),
    check=check,
    example=Example(
        noncompliant="""\
azure-llama:managed:
  llama-70b:
    deployments:
      blue:
        model: Llama-3.3-70B-Instruct
        vmSize: Standard_NC96ads_A100_v4  # violated: 96 cores, and 48 are left
""",
        compliant="""\
azure-llama:managed:
  llama-70b:
    deployments:
      blue:
        model: Llama-3.3-70B-Instruct
        vmSize: Standard_NC48ads_A100_v4
""",
        settings={"asOf": "2026-11-25"},
        files={
            "quota-snapshot.json": """\
{
  "region": "eastus2",
  "takenAt": "2026-11-20T08:00:00Z",
  "families": {"standardNCADSA100v4Family": {"limit": 48, "used": 0}}
}
"""
        },
    ),
    notes="Without a snapshot, and with one that is old or of another region, quota is not seen. `azure-llama "
    "quota show --save quota-snapshot.json` writes one. Quota is no promise of machines.",
)
