"""Budgets of a resource group and of its Azure Marketplace purchases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pulumi import ComponentResource, ResourceOptions
from pulumi_azure_native import consumption

from azure_llama_components.placement import waits_for

SAAS = "microsoft.saas/resources"
"""The resource type that Azure Marketplace bills serverless models of other publishers under."""


@dataclass(frozen=True, kw_only=True)
class BudgetArgs:
    """Arguments of the budgets.

    Attributes:
        name: Required. 1-43 letters, digits, dashes and underscores; the month of `start_date` comes behind it.
        scope: Required. ARM id of the resource group (or subscription) whose costs count.
        amount: Required. Whole units of the billing currency, a month.
        start_date: Required. The first of a month, `2026-11-01`: the present one, or one of the next twelve.
        marketplace_amount: Optional. The same for the marketplace's part alone; `amount` when None.
        thresholds: Optional. Percentages that, once spent, send a notification; at most five with the next.
        forecast_thresholds: Optional. Percentages that send a notification when Azure expects to reach them.
        contacts: Conditional. E-mail addresses; required unless `contact_roles`.
        contact_roles: Conditional. Roles whose holders are notified, such as `Owner`; required unless `contacts`.
    """

    name: str
    scope: str
    amount: int
    start_date: str
    marketplace_amount: int | None = None
    thresholds: Sequence[int] = (50, 80, 100)
    forecast_thresholds: Sequence[int] = ()
    contacts: Sequence[str] = ()
    contact_roles: Sequence[str] = ()


class Budget(ComponentResource):
    """Two monthly budgets with the same alerts: of everything in the scope, and of the marketplace's SaaS resources in
    it, which is where the tokens of serverless models of other publishers than Microsoft are billed.

    A budget tells; it stops nothing. Azure does not move one to another month: that is a new budget, which is made
    before the old one is deleted.

    Attributes:
        outputs: name, amount, marketplaceAmount, startDate.
    """

    def __init__(self, name: str, args: BudgetArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("azure-llama:index:Budget", name, {}, opts)
        if not (args.contacts or args.contact_roles):
            raise ValueError("BudgetArgs names nobody to notify: set contacts or contact_roles")
        self._args, self._opts = args, opts
        of_marketplace = args.amount if args.marketplace_amount is None else args.marketplace_amount
        self._budget(name, args.name, args.amount)
        self._budget(
            f"{name}-marketplace",
            f"{args.name}-marketplace",
            of_marketplace,
            consumption.BudgetFilterArgs(
                dimensions=consumption.BudgetComparisonExpressionArgs(
                    name="ResourceType", operator=consumption.BudgetOperatorType.IN_, values=[SAAS]
                )
            ),
        )
        self.outputs: dict[str, Any] = {
            "name": args.name,
            "amount": args.amount,
            "marketplaceAmount": of_marketplace,
            "startDate": args.start_date,
        }
        self.register_outputs(self.outputs)

    def _budget(
        self, name: str, budget_name: str, amount: int, only: consumption.BudgetFilterArgs | None = None
    ) -> consumption.Budget:
        return consumption.Budget(
            name,
            budget_name=f"{budget_name}-{self._args.start_date[:7]}",
            scope=self._args.scope,
            amount=amount,
            category=consumption.CategoryType.COST,
            time_grain=consumption.TimeGrainType.MONTHLY,
            # Azure answers with the time too, and a date alone would drift.
            time_period=consumption.BudgetTimePeriodArgs(start_date=f"{self._args.start_date}T00:00:00Z"),
            filter=only,
            notifications=self._notifications(),
            opts=ResourceOptions(parent=self, depends_on=waits_for(self._opts), delete_before_replace=False),
        )

    def _notifications(self) -> dict[str, consumption.NotificationArgs]:
        args = self._args
        wanted = [(each, consumption.ThresholdType.ACTUAL) for each in args.thresholds]
        wanted += [(each, consumption.ThresholdType.FORECASTED) for each in args.forecast_thresholds]
        return {
            f"{kind.value}-{threshold}": consumption.NotificationArgs(
                enabled=True,
                operator=consumption.OperatorType.GREATER_THAN_OR_EQUAL_TO,
                threshold=threshold,
                threshold_type=kind,
                contact_emails=list(args.contacts),
                contact_roles=list(args.contact_roles) or None,
            )
            for threshold, kind in wanted
        }
