"""The increase of quota that a stack needs, in words and as a request to Microsoft.Quota."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from azure_llama.arm import ArmClient, versions
from azure_llama.catalog import find_quota_family, nearest, quota_families
from azure_llama.catalog.text import fold
from azure_llama.preflight.checks import machines
from azure_llama.preflight.plan import Plan
from azure_llama.preflight.quota import REGIONAL, Need, Usage
from azure_llama.preflight.reader import Reader
from azure_llama.preflight.results import Result, Status


@dataclass(frozen=True)
class Increase:
    """A limit that has to rise.

    Attributes:
        family: Required. The catalogue's name of the family, or that of all of them together.
        shown: Required. As Azure prints it.
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
        """Where Microsoft.Quota takes it."""
        name = "TotalDedicatedCores" if self.family == REGIONAL else self.family.replace(" ", "%20")
        place = f"{self.scope}/providers/Microsoft.MachineLearningServices/locations/{self.region}"
        return f"{place}/providers/Microsoft.Quota/quotas/{name}"

    @property
    def body(self) -> dict[str, Any]:
        """The request's body."""
        limit = {"limitObjectType": "LimitValue", "value": self.new_limit}
        return {"properties": {"limit": limit, "name": {"value": self.family}, "resourceType": "dedicated"}}

    @property
    def text(self) -> str:
        """What to ask for, in words for a form."""
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
    usages, managed, computes = await machines.needed(plan, azure)
    needs = [each for each in (*managed, *computes) if each.cores is not None]
    groups: list[tuple[str, Usage | None, list[Need]]] = [
        (name, usages.families.get(name), [each for each in needs if each.family == name])
        for name in dict.fromkeys(each.family for each in needs if each.family)
    ]
    groups.append((REGIONAL, usages.total, needs))
    found = (_increase(plan, name, usage, of) for name, usage, of in groups if _is(name, family))
    return [each for each in found if each is not None]


async def unclear(plan: Plan, azure: Reader, family: str | None = None) -> list[Result]:
    """What cannot be said to be enough: a limit that Azure does not tell, or cores that nobody knows.

    Args:
        plan: Required.
        azure: Required. Its answers to `wanted` are not asked for again.
        family: Optional. Only this one, by any of its names, and deployments that may be of it.

    Raises:
        ArmError: Azure does not say what there is.
    """
    found = [each for each in await machines.cores(plan, azure) if each.status is Status.UNKNOWN]
    limits = {f"{name} in {plan.region}": name for name in (REGIONAL, *(each.name for each in quota_families()))}
    return [each for each in found if each.subject not in limits or _is(limits[each.subject], family)]


def mistake(family: str) -> str | None:
    """What is wrong with a family's name; None when some family, or all of them together, has it."""
    if find_quota_family(family) is not None or fold(family) == fold(REGIONAL):
        return None
    names = [REGIONAL, *(each.name for each in quota_families())]
    near = nearest(family, names)
    way_out = f"did you mean {near!r}?" if near else f"they are {', '.join(names)}"
    return f"{family!r} is no family of GPU quota that is known; {way_out}"


def _is(name: str, asked: str | None) -> bool:
    if asked is None or fold(name) == fold(asked):
        return True
    known = find_quota_family(asked)
    return known is not None and known.name == name


def _increase(plan: Plan, name: str, usage: Usage | None, of: list[Need]) -> Increase | None:
    more = sum(each.more or 0 for each in of)
    if usage is None or usage.left is None or more <= usage.left:
        return None
    why = "; ".join(f"{each.where}: {each.how} = {each.cores}" for each in of)
    return Increase(name, usage.name, plan.region, plan.scope, usage.used, usage.limit, more, why)


async def file(arm: ArmClient, increase: Increase) -> str:
    """File a request, and say what became of it.

    Raises:
        ArmError: Azure refuses it.
    """
    await arm.change("PUT", increase.path, versions.QUOTA, increase.body)
    return f"filed: a limit of {increase.new_limit} was asked for"
