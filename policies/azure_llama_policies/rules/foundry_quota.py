"""`foundry-quota`: the region has the quota for the capacity of all Foundry deployments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from azure_llama.catalog import Catalog
from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.foundry import CAPACITY, account_of, capacity_of, model_of, region_of, sku_of
from azure_llama_policies.quota import SETTINGS, same_place, snapshot_of
from azure_llama_policies.resources import NotSeenError, Resource, Stack
from azure_llama_policies.rule import Context, Finding, Refused, Severity, StackRule, Violation
from azure_llama_policies.subjects import azure_name, called
from azure_llama_policies.unseen import unseen_of

if TYPE_CHECKING:
    from azure_llama.catalog.quota_snapshot import QuotaSnapshot

_REMEDY = "check it with `azure-llama preflight`, or set usageName in llama-catalog.yaml"


@dataclass(frozen=True, slots=True)
class _Need:
    deployment: Resource
    usage_name: str
    capacity: int
    own: int


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    """One violation for each deployment of a quota of which the stack needs more than is left."""
    deployments = stack.of(types.FOUNDRY_DEPLOYMENT)
    try:
        snapshot = snapshot_of(context)
    except NotSeenError as unseen:
        yield from ((deployment, unseen_of(deployment, unseen)) for deployment in deployments)
        return
    needs, blind = [], False
    wanted: Counter[str] = Counter()
    freed: Counter[str] = Counter()
    for deployment in deployments:
        try:
            need = _need(deployment, stack, snapshot, context.catalog)
        except NotSeenError as unseen:
            blind = True
            yield deployment, unseen_of(deployment, unseen)
        else:
            needs.append(need)
            wanted[need.usage_name] += need.capacity
            freed[need.usage_name] += need.own
    for need in needs:
        yield from _judge(need, wanted[need.usage_name], freed[need.usage_name], snapshot, blind)


def _need(deployment: Resource, stack: Stack, snapshot: QuotaSnapshot, catalog: Catalog) -> _Need:
    same_place(deployment, region_of(deployment, stack, catalog), snapshot, "accountName")
    model, sku = model_of(deployment), sku_of(deployment, catalog)
    takes = catalog.foundry.capacity(model.format, model.name, model.version, sku)
    if takes is None:
        raise NotSeenError(f"what quota {model} takes with SKU {sku} is not in the catalogue; {_REMEDY}", CAPACITY)
    if takes.usage_name is None:
        unknown = f"the usageName of the quota of {model} with SKU {sku} is unknown"
        raise NotSeenError(f"{unknown} (source {takes.source} of {takes.as_of} has none); {_REMEDY}", CAPACITY)
    account = account_of(deployment, stack)
    assert account is not None, "it has a region"
    place = f"{deployment.text('resourceGroupName')}/{azure_name(account)}/{deployment.text('deploymentName')}"
    return _Need(deployment, takes.usage_name, capacity_of(deployment, takes), snapshot.held_by(place))


def _judge(need: _Need, wanted: int, freed: int, snapshot: QuotaSnapshot, blind: bool) -> Iterator[Finding]:
    who, quota = called(need.deployment), snapshot.model(need.usage_name)
    if quota is None:
        unseen = f"{who}: the quota snapshot does not have {need.usage_name}"
        yield need.deployment, NotSeenError(unseen, CAPACITY)
        return
    left = quota.left(freed)
    if left is not None and wanted > left:
        yield (
            need.deployment,
            Violation(
                f"{who}: capacity is {need.capacity}; the stack needs {wanted} of {need.usage_name} in "
                f"{snapshot.region}, and {max(left, 0)} of {quota.limit} are left (snapshot of "
                f"{snapshot.taken_at.date()}); set a smaller capacity, or request more quota",
                CAPACITY,
            ),
        )
    elif blind:
        unseen = f"{who}: whether another deployment takes of the same quota is unknown"
        yield need.deployment, NotSeenError(unseen, CAPACITY)


RULE = StackRule(
    id="foundry-quota",
    title="The region has the quota for the capacity of all Foundry deployments.",
    what="The capacity of the stack's deployments on Foundry accounts, summed by quota, against a snapshot of the "
    "region's quota.",
    why="Without quota Azure refuses a deployment with InsufficientQuota, after the account has been created. "
    "Deployments of one quota are refused one by one, in an order that the stack does not state.",
    fix="Set a smaller capacity, or request more quota of the name in the message.",
    severity=Severity.HIGH,
    sources=("foundry-limits-2026-04", "azure-cli-recordings-2025-10"),
    types=frozenset({types.FOUNDRY_DEPLOYMENT}),
    reads=frozenset({types.COGNITIVE_ACCOUNT}),
    config=SETTINGS,
    azure=Refused(("InsufficientQuota",)),
    check=check,
    example=Example(
        noncompliant="""\
azure-llama:foundry:
  contoso-llama:
    deployments:
      chat:
        model: Llama-3.3-70B-Instruct
        modelVersion: "5"
        capacity: 100                     # violated: 40 are left
""",
        compliant="""\
azure-llama:foundry:
  contoso-llama:
    deployments:
      chat:
        model: Llama-3.3-70B-Instruct
        modelVersion: "5"
        capacity: 40
""",
        settings={"asOf": "2026-11-25"},
        files={
            "quota-snapshot.json": """\
{
  "region": "eastus2",
  "takenAt": "2026-11-20T08:00:00Z",
  "families": {"standardNCADSA100v4Family": {"limit": 0, "used": 0}},
  "models": {"AIServices.GlobalStandard.Llama-3.3-70B-Instruct": {"limit": 400, "used": 360}}
}
"""
        },
    ),
    notes="Without a snapshot that has the member `models`, and with one that is old or of another region, quota is "
    "not seen. Which quota a model counts against is the catalogue's `usageName`; it is unknown for "
    "Llama-3.3-70B-Instruct version 9 and Llama-4-Maverick, and for provisioned throughput, until `llama-catalog.yaml` "
    "states it. `azure-llama preflight` reads both from "
    "Azure.",
)
