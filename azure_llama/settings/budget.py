"""What the stack may cost, and who hears of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, model_validator

from azure_llama.settings import azure_checks, checks
from azure_llama.settings.base import StrictModel, first
from azure_llama.settings.checks import Finding
from azure_llama.settings.problems import show

MOST_NOTIFICATIONS = 5
"""Alerts of one budget (Microsoft Learn, "Tutorial: Create and manage budgets")."""
_MOST = 1_000_000_000
_LISTS = ("thresholds", "forecastThresholds")

Amount = Annotated[int, AfterValidator(checks.between(1, _MOST, "an amount of the billing currency"))]
Threshold = Annotated[int, AfterValidator(checks.between(1, 1000, "a percentage of a budget"))]
Month = Annotated[str, AfterValidator(azure_checks.first_of_month)]
Email = Annotated[str, AfterValidator(azure_checks.email)]


def related(budget: Mapping[str, Any]) -> Iterator[Finding]:
    """Somebody hears of it, at something, and not too often."""
    if not any(budget.get(key) for key in ("contacts", "contactRoles")):
        yield Finding(
            "is missing",
            "write a list of e-mail addresses, or contactRoles such as [Owner]",
            at=("contacts",),
            shown="",
        )
    lists = {key: budget[key] for key in _LISTS if isinstance(budget.get(key), list)}
    for key, values in lists.items():
        twice = next((value for at, value in enumerate(values) if value in values[:at]), None)
        if twice is not None:
            yield Finding(f"has {show(twice)} twice", "remove one", at=(key,), shown="")
    if "thresholds" in lists and not any(lists.values()):
        yield Finding(
            "is empty, and nobody would be told", "write percentages such as [50, 80, 100]", at=("thresholds",)
        )
    number = sum(map(len, lists.values()))
    if number > MOST_NOTIFICATIONS:
        rule = f"make {number} alerts, forecastThresholds among them, and a budget has {MOST_NOTIFICATIONS} at most"
        yield Finding(
            rule, f"remove {number - MOST_NOTIFICATIONS}", at=(max(lists, key=lambda k: len(lists[k])),), shown=""
        )


class BudgetSettings(StrictModel):
    """A monthly budget of the resource group, and one of what it buys from Azure Marketplace.

    Attributes:
        amount: Required. Whole units of the billing currency, a month, for everything in the resource group.
        start_date: Required. The first of a month: `2026-11-01`. Azure takes the present month, or one of the next 12.
        marketplace_amount: Optional. The same for the marketplace's part alone (serverless models of other publishers);
            `amount` when None.
        thresholds: Optional. Percentages of the amount that, once spent, are told of.
        forecast_thresholds: Optional. Percentages that are told of when Azure expects to reach them by the month's end.
        contacts: Conditional. E-mail addresses; required unless `contact_roles`.
        contact_roles: Conditional. Roles on the resource group whose holders are told, such as `Owner`; required
            unless `contacts`.
    """

    amount: Amount = Field(description="what a month may cost, in whole units of the billing currency")
    start_date: Month = Field(description="the first of the month that it begins with, such as '2026-11-01'")
    marketplace_amount: Amount | None = None
    thresholds: list[Threshold] = Field(default_factory=lambda: [50, 80, 100])
    forecast_thresholds: list[Threshold] = Field(default_factory=list)
    contacts: list[Email] = Field(default_factory=list)
    contact_roles: list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _related(self) -> Self:
        first(related(self.model_dump(by_alias=True)))
        return self
