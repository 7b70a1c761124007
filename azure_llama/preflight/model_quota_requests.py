"""The increase of Foundry quota that a stack needs. Azure accepts it only through a web form."""

from __future__ import annotations

from dataclasses import dataclass

from azure_llama.preflight.foundry import accounts
from azure_llama.preflight.model_quota import ModelNeed, ModelUsage, read_quota
from azure_llama.preflight.plan import Plan
from azure_llama.preflight.reader import Reader

FORM = "request it in the Foundry portal, Quota (https://learn.microsoft.com/azure/foundry/how-to/quota)"


@dataclass(frozen=True)
class ModelIncrease:
    """A limit that has to rise.

    Attributes:
        usage: Required. The quota as Azure lists it.
        region, subscription: Required. ARM name, and id.
        needs: Required. The deployments that count against it.
    """

    usage: ModelUsage
    region: str
    subscription: str
    needs: tuple[ModelNeed, ...]

    @property
    def more(self) -> int:
        """Units that the deployments add."""
        return sum(need.more for need in self.needs)

    @property
    def text(self) -> str:
        """The request, in words for the form."""
        usage, why = self.usage, "; ".join(need.text for need in self.needs)
        return "\n".join(
            (
                f"{usage.name} ({usage.shown}) in {self.region}, subscription {self.subscription}",
                f"  now: usage {usage.used}, limit {usage.limit}",
                f"  needed: {self.more} more, a limit of {usage.used + self.more} ({why})",
                f"  {FORM}",
            )
        )


def is_usage_name(text: str) -> bool:
    """Whether a text has the form of a quota's name of Azure AI services, such as `AIServices.GlobalStandard.MaaS`."""
    return text.casefold().startswith(("aiservices.", "openai."))


async def wanted(plan: Plan, azure: Reader, family: str | None = None) -> list[ModelIncrease]:
    """The limits that are too low for the plan's Foundry deployments.

    Args:
        plan: Required.
        azure: Required.
        family: Optional. Only the quota of this name.

    Raises:
        ArmError: Azure does not answer.
    """
    if not accounts(plan):
        return []
    quota = await read_quota(plan, azure)
    found = (
        ModelIncrease(usage, plan.region, plan.subscription, tuple(needs))
        for name, usage, needs in quota.by_usage
        if usage is not None and family in (None, name)
    )
    return [each for each in found if each.more and each.usage.used + each.more > each.usage.limit]
