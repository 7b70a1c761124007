"""The increase of quota that a stack needs, in words and as a request to Microsoft.Quota."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from azure_llama.arm import ArmClient, versions
from azure_llama.catalog import Catalog, nearest
from azure_llama.preflight.checks import machines, model_quota
from azure_llama.preflight.model_quota_requests import is_usage_name
from azure_llama.preflight.plan import Plan
from azure_llama.preflight.quota import REGIONAL, Need, Usage, is_total
from azure_llama.preflight.reader import Reader
from azure_llama.preflight.results import Result, Status


@dataclass(frozen=True)
class Increase:
    """A limit that has to rise.

    Attributes:
        family: Required. Short id of the family, or `TotalDedicatedCores`.
        shown: Required. The words that Azure prints.
        region: Required. ARM name.
        scope: Required. Id of the subscription, as a path.
        used, limit, needed: Required. Cores: in use, allowed, and needed beyond those in use.
        why: Required. The deployments that need them.
    """

    family: str
    shown: str
    region: str
    scope: str
    used: int
    limit: int
    needed: int
    why: str

    @property
    def new_limit(self) -> int:
        """The limit that is needed."""
        return self.used + self.needed

    @property
    def path(self) -> str:
        """Its path at Microsoft.Quota."""
        place = f"{self.scope}/providers/Microsoft.MachineLearningServices/locations/{self.region}"
        return f"{place}/providers/Microsoft.Quota/quotas/{self.family.replace(' ', '%20')}"

    @property
    def body(self) -> dict[str, Any]:
        """The request's body."""
        limit = {"limitObjectType": "LimitValue", "value": self.new_limit}
        return {"properties": {"limit": limit, "name": {"value": self.family}, "resourceType": "dedicated"}}

    @property
    def text(self) -> str:
        """The request as text for a form."""
        return "\n".join(
            (
                f"{self.shown} in {self.region}, subscription {self.scope.rsplit('/', 1)[-1]}",
                f"  now: usage {self.used}, limit {self.limit}",
                f"  needed: {self.needed} more cores, a limit of {self.new_limit} ({self.why})",
            )
        )


async def wanted(plan: Plan, azure: Reader, family: str | None = None) -> list[Increase]:
    """The limits that are too low for the plan.

    Args:
        plan: Required.
        azure: Required.
        family: Optional. Only this one, by any of its names.

    Raises:
        ArmError: Azure does not say what there is.
    """
    if not plan.machines and not plan.settings.compute_instances:
        return []
    usages, managed, computes = await machines.needed(plan, azure)
    needs = [each for each in (*managed, *computes) if each.cores is not None]
    groups: list[tuple[str, Usage | None, list[Need]]] = [
        (name, usages.family(name), [each for each in needs if each.family == name])
        for name in dict.fromkeys(each.family for each in needs if each.family)
    ]
    groups.append((REGIONAL, usages.total, needs))
    found = (_increase(plan, usage, of) for name, usage, of in groups if _is(name, family, plan.catalog))
    return [each for each in found if each is not None]


async def unclear(plan: Plan, azure: Reader, family: str | None = None) -> list[Result]:
    """Quotas that cannot be evaluated: Azure does not return the limit, or the cores are unknown.

    Args:
        plan: Required.
        azure: Required. Its answers to `wanted` are not asked for again.
        family: Optional. Only this one, by any of its names, and deployments that may be of it.

    Raises:
        ArmError: Azure does not say what there is.
    """
    checks = (*await machines.cores(plan, azure), *await model_quota.sufficient(plan, azure))
    found = [each for each in checks if each.status is Status.UNKNOWN]
    limit = f" in {plan.region}"
    return [
        each
        for each in found
        if not each.subject.endswith(limit) or _is(each.subject.removesuffix(limit), family, plan.catalog)
    ]


def problem(family: str, catalog: Catalog) -> str | None:
    """The error in the name of a quota; None when it is a family, the total or a Foundry usage name."""
    if catalog.find_quota_family(family) is not None or is_total(family) or is_usage_name(family):
        return None
    names = [REGIONAL, *(each.name for each in catalog.quota_families)]
    near = nearest(family, names)
    fix = f"did you mean {near!r}?" if near else f"they are {', '.join(names[:5])} and {len(names) - 5} more"
    return f"{family!r} is not a known quota of GPUs or of Foundry models; {fix}"


def _is(name: str, asked: str | None, catalog: Catalog) -> bool:
    same = asked is None or name.casefold() == asked.casefold() or catalog.same_quota_family(name, asked)
    return same or (asked is not None and is_total(name) and is_total(asked))


def _increase(plan: Plan, usage: Usage | None, of: list[Need]) -> Increase | None:
    more = sum(each.more or 0 for each in of)
    if usage is None or usage.left is None or more <= usage.left:
        return None
    why = "; ".join(f"{each.where}: {each.how} = {each.cores}" for each in of)
    return Increase(usage.name, usage.shown, plan.region, plan.scope, usage.used, usage.limit, more, why)


async def file(arm: ArmClient, increase: Increase) -> str:
    """Send a request, and return its result.

    Raises:
        ArmError: Azure refuses it.
    """
    await arm.change("PUT", increase.path, versions.QUOTA, increase.body)
    return f"filed: a limit of {increase.new_limit} was asked for"
