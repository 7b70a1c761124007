"""Checks whether the quota of models on Foundry accounts is sufficient."""

from __future__ import annotations

from azure_llama.catalog.kinds import FOUNDRY
from azure_llama.preflight.foundry import accounts
from azure_llama.preflight.model_quota import ModelNeed, ModelUsage, read_quota
from azure_llama.preflight.plan import Plan
from azure_llama.preflight.reader import Reader
from azure_llama.preflight.results import Result, failed, passed, skipped, unknown


async def sufficient(plan: Plan, azure: Reader) -> list[Result]:
    """Whether each capacity is allowed, and each quota has room for the deployments that share it."""
    if not accounts(plan):
        return [skipped(FOUNDRY.name, "the plan has no Foundry account")]
    quota = await read_quota(plan, azure)
    results = [problem for need in quota.needs if (problem := _capacity(need)) is not None]
    results += [_judge(plan, name, usage, needs) for name, usage, needs in quota.by_usage]
    return results + [_unclear(need) for need in quota.needs if need.usage_name is None]


def _unclear(need: ModelNeed) -> Result:
    if need.sku is None:
        return skipped(need.where, "the region does not offer the model on this SKU: see model-region")
    model = f"{need.deployment.model} version {need.deployment.model_version}"
    return unknown(need.where, f"Azure states no usageName of {model} on {need.sku.name}, so its quota is unknown")


def _capacity(need: ModelNeed) -> Result | None:
    """What is wrong with a capacity; None when nothing is known to be."""
    asked, sku = need.deployment.capacity, need.sku
    if sku is None:
        return None
    least, step = sku.minimum or 1, sku.step or 1
    if least <= asked <= (sku.maximum or asked) and asked % step == 0:
        return None
    most = f" and at most {sku.maximum}" if sku.maximum is not None else ""
    steps = f", in steps of {step}" if step > 1 else ""
    rule = f"must be at least {least}{most}{steps}"
    evidence = f"capacity {asked}: for {need.deployment.model} version {need.deployment.model_version} on {sku.name} it"
    return failed(need.where, f"{evidence} {rule}", f"set azure-llama:{need.where}.capacity to a value that is allowed")


def _judge(plan: Plan, name: str, usage: ModelUsage | None, needs: list[ModelNeed]) -> Result:
    where, more = f"{name} in {plan.region}", sum(need.more for need in needs)
    asked = "; ".join(need.text for need in needs)
    if usage is None:
        return unknown(where, f"the usages API has no row of this name. Needed: {more} more ({asked})")
    figures = f"{usage.shown}: usage {usage.used}, limit {usage.limit}, needed {more} more ({asked})"
    # Less of a quota never needs room, even where a limit was lowered below the use.
    if more == 0 or usage.used + more <= usage.limit:
        return passed(where, figures)
    free = max(usage.limit - usage.used, 0)
    remediation = f"lower the capacity to fit {free}, or azure-llama quota request --family '{name}'"
    return failed(where, f"{figures}: {more - free} are missing (InsufficientQuota)", remediation)
