"""Checks VM sizes of the region, and their core quota."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from azure_llama.arm import NotFoundError, versions
from azure_llama.catalog.gpu import ONLINE_COMPUTE
from azure_llama.catalog.kinds import MANAGED
from azure_llama.preflight import quota
from azure_llama.preflight.plan import ML, Plan
from azure_llama.preflight.quota import Existing, Need, Usage, Usages
from azure_llama.preflight.reader import Reader
from azure_llama.preflight.results import Result, failed, passed, skipped, unknown
from azure_llama.settings import DeploymentSettings, StackEndpoint

_MOST = 5
"""Rows of the usages API that a message names."""
_NONE = [skipped(MANAGED.name, "the plan has no managed deployment")]


def location(plan: Plan, what: str) -> str:
    """The path of an Azure ML list for the region."""
    return f"{plan.scope}/providers/{ML}/locations/{plan.region}/{what}"


async def sizes(plan: Plan, azure: Reader) -> list[Result]:
    """Whether Azure ML offers each deployment's size in the region."""
    if not plan.machines:
        return _NONE
    rows = await azure.list(location(plan, "vmSizes"), versions.MACHINE_LEARNING)
    offered = {str(row["name"]).casefold(): row for row in rows if row.get("name")}
    return [
        _size(plan, endpoint.machine_place(name), deployment, offered) for endpoint, name, deployment in plan.machines
    ]


def _size(plan: Plan, where: str, deployment: DeploymentSettings, offered: Mapping[str, Mapping[str, Any]]) -> Result:
    size, region = deployment.vm_size, plan.region
    row = offered.get(size.casefold())
    if not offered:
        return unknown(where, f"Azure ML lists no sizes at all in {region}")
    if row is None:
        gpus = sorted(str(each["name"]) for each in offered.values() if each.get("gpus"))
        model = deployment.catalog_model
        holding = [name for name in plan.catalog.smallest_sizes(model) if name in gpus] if model else []
        listed = f"; those with GPUs are {', '.join(gpus)}" if gpus else "; none has a GPU"
        remediation = (
            f"pulumi config set --path 'azure-llama:{where}.vmSize' {holding[0]}"
            if holding
            else "set a size of that list that holds the model, or azure-native:location to another region"
        )
        return failed(where, f"Azure ML does not offer {size} in {region}{listed}", remediation)
    kinds = row.get("supportedComputeTypes")
    if not isinstance(kinds, list):
        return unknown(where, f"Azure ML lists {size} in {region}, and not what for")
    if ONLINE_COMPUTE not in {str(kind).casefold() for kind in kinds}:
        return unknown(where, f"Azure ML lists {size} in {region} for {', '.join(map(str, kinds))}, not for endpoints")
    return passed(where, f"Azure ML offers {size} in {region}")


async def cores(plan: Plan, azure: Reader) -> list[Result]:
    """Whether family and region have the cores that all machines take together, beyond those that they have."""
    if not plan.machines and not plan.settings.compute_instances:
        return _NONE
    usages, managed, computes = await needed(plan, azure)
    wanted = [*managed, *computes]
    if not wanted:
        return [skipped("quota", "all deployments use Azure's shared quota")]
    # Azure may list a compute instance's size without its family; the region's limit counts it all the same.
    unclear = [need for need in wanted if need.cores is None or (need.family is None and need in managed)]
    clear = [need for need in wanted if need not in unclear]
    results = [unknown(need.where, _unclear(need)) for need in unclear]
    for family in dict.fromkeys(need.family for need in clear if need.family is not None):
        of_family = [need for need in clear if need.family == family]
        results.append(_judge(plan, family, usages.family(family), of_family, _other(usages)))
    if clear:
        results.append(_judge(plan, quota.REGIONAL, usages.total, clear, _other(usages), partly=bool(unclear)))
    return results


async def needed(plan: Plan, azure: Reader) -> tuple[Usages, list[Need], list[Need]]:
    """The cores that are available, and those that managed deployments and compute instances need."""
    rows, existing, computes = await asyncio.gather(
        azure.list(location(plan, "usages"), versions.MACHINE_LEARNING),
        deployments(plan, azure),
        _compute_instances(plan, azure),
    )
    return quota.read_usages(rows, plan.catalog), list(quota.needs(plan, existing)), computes


async def _compute_instances(plan: Plan, azure: Reader) -> list[Need]:
    if not plan.settings.compute_instances:
        return []
    rows = await azure.list(location(plan, "vmSizes"), versions.MACHINE_LEARNING)
    try:
        there = await azure.list(f"{plan.workspace}/computes", versions.MACHINE_LEARNING)
    except NotFoundError:
        there = []
    held = {str(each.get("name")).casefold() for each in there}
    return list(quota.compute_needs(plan, {str(row.get("name")).casefold(): row for row in rows}, held))


def _unclear(need: Need) -> str:
    what = "how many cores it takes" if need.cores is None else "its quota family"
    return f"{need.how}: {what} is not known"


def _other(usages: Usages) -> str:
    names = [*usages.families, *usages.others]
    more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    return (", ".join(names[:_MOST]) or "nothing") + more


def _judge(
    plan: Plan, family: str, usage: Usage | None, wanted: list[Need], others: str, *, partly: bool = False
) -> Result:
    where = f"{family} in {plan.region}"
    more, held = sum(need.more or 0 for need in wanted), sum(min(need.held, need.cores or 0) for need in wanted)
    asked = "; ".join(f"{need.where}: {need.how} = {need.cores}" for need in wanted)
    if usage is None:
        return unknown(
            where,
            f"the usages API has no row of this name; it lists {others}. Needed: {more} more cores ({asked})",
            "read it in the portal: Azure Machine Learning > Quotas",
        )
    figures = f"{usage.shown}: usage {usage.used}, limit {usage.limit}, needed {more} more cores ({asked}"
    figures += f"; {held} of them held already)" if held else ")"
    if usage.left is None or more <= usage.left:
        if partly and usage.left is not None:
            return unknown(where, f"{figures}, and what the others need is not known")
        return passed(where, figures)
    # The option takes the families of the catalogue, which has those of GPUs.
    option = f" --family '{family}'" if plan.catalog.find_quota_family(family) or quota.is_total(family) else ""
    remediation = f"azure-llama quota request{option}: a limit of {usage.used + more} is needed, {usage.limit} is set"
    return failed(where, f"{figures}: {more - max(usage.left, 0)} cores are missing", remediation)


async def deployments(plan: Plan, azure: Reader) -> dict[str, Existing]:
    """The plan's deployments that are there, by `<endpoint>/<deployment>` in lower case."""
    owners = [endpoint for endpoint in plan.endpoints if endpoint.settings.machines]
    answers = await asyncio.gather(*(_deployments(plan, azure, endpoint) for endpoint in owners))
    return {key: each for answer in answers for key, each in answer.items()}


async def _deployments(plan: Plan, azure: Reader, endpoint: StackEndpoint[Any]) -> dict[str, Existing]:
    try:
        rows = await azure.list(f"{plan.id_of(endpoint)}/deployments", versions.MACHINE_LEARNING)
    except NotFoundError:
        return {}
    name = endpoint.name
    found = {f"{name}/{row.get('name', '')}".casefold(): quota.read_deployment(row, plan.catalog) for row in rows}
    return {key: each for key, each in found.items() if each is not None}
