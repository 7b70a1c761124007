"""The stack's monthly budget, and who is notified."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator, Field

from azure_llama.settings import checks
from azure_llama.settings.base import StrictModel, relation
from azure_llama.settings.problems import Violation, show
from azure_llama.settings.times import Month

MOST_NOTIFICATIONS = 5
"""Alerts of one budget (Microsoft Learn, "Tutorial: Create and manage budgets")."""
_MOST = 1_000_000_000

_email = checks.matching(
    r"[^@\s]+@([A-Za-z0-9-]+\.)+[A-Za-z]{2,63}", "is not an e-mail address", "set one such as 'someone@example.com'"
)
Amount = Annotated[int, AfterValidator(checks.between(1, _MOST, "an amount of the billing currency"))]
Threshold = Annotated[int, AfterValidator(checks.between(1, 1000, "a percentage of a budget"))]
Email = Annotated[str, AfterValidator(_email)]


class BudgetSettings(StrictModel):
    """A monthly budget of the resource group, and one of what it buys from Azure Marketplace.

    Attributes:
        amount: Required. Whole units of the billing currency a month, for everything in the resource group.
        start_date: Required. The first of a month: `2026-11-01`. Azure takes the present month, or one of the next 12.
        marketplace_amount: Optional. The same for the marketplace's part alone (serverless models of other publishers);
            `amount` when not set.
        thresholds: Optional. Percentages of the amount; an alert is sent when that much is spent.
        forecast_thresholds: Optional. Percentages; an alert is sent when Azure expects that much by the month's end. At
            most five alerts with those of `thresholds`.
        contacts: Conditional. E-mail addresses. Required unless `contact_roles` is set.
        contact_roles: Conditional. Roles on the resource group whose holders are notified, such as `Owner`. Required
            unless `contacts` is set.
    """

    amount: Amount = Field(description="what a month may cost, in whole units of the billing currency")
    start_date: Month = Field(description="the first of the month that it begins with, such as '2026-11-01'")
    marketplace_amount: Amount | None = None
    thresholds: list[Threshold] = Field(default_factory=lambda: [50, 80, 100])
    forecast_thresholds: list[Threshold] = Field(default_factory=list)
    contacts: list[Email] = Field(default_factory=list)
    contact_roles: list[str] = Field(default_factory=list)

    @relation
    def _somebody_is_notified(self) -> Iterator[Violation]:
        if not self.contacts and not self.contact_roles:
            remedy = "set a list of e-mail addresses, or contactRoles such as [Owner]"
            yield Violation("is missing", remedy, at=("contacts",), shown="")

    @relation
    def _there_is_a_threshold(self) -> Iterator[Violation]:
        if not self.thresholds and not self.forecast_thresholds:
            remedy = "set percentages such as [50, 80, 100]"
            yield Violation("is empty, and no alert would be sent", remedy, at=("thresholds",), shown="[]")

    @relation
    def _thresholds_are_distinct(self) -> Iterator[Violation]:
        yield from _repeated("thresholds", self.thresholds)

    @relation
    def _forecast_thresholds_are_distinct(self) -> Iterator[Violation]:
        yield from _repeated("forecastThresholds", self.forecast_thresholds)

    @relation
    def _alerts_are_few(self) -> Iterator[Violation]:
        lists = {"thresholds": self.thresholds, "forecastThresholds": self.forecast_thresholds}
        number = sum(map(len, lists.values()))
        if number > MOST_NOTIFICATIONS:
            longest = max(lists, key=lambda key: len(lists[key]))
            rule = f"make {number} alerts with the other thresholds, and a budget has {MOST_NOTIFICATIONS} at most"
            yield Violation(rule, f"remove {number - MOST_NOTIFICATIONS}", at=(longest,), shown="")


def _repeated(key: str, values: list[int]) -> Iterator[Violation]:
    twice = next((value for index, value in enumerate(values) if value in values[:index]), None)
    if twice is not None:
        yield Violation(f"has {show(twice)} twice", "remove one", at=(key,), shown="")
