from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from azure_llama_components import Budget, BudgetArgs
from tests.components.arm import put
from tests.components.mocked import Recorded, run

GROUP = "/subscriptions/0/resourceGroups/rg-llama"
ASKED: dict[str, Any] = {"amount": 1000, "start_date": "2026-11-01", "contacts": ["someone@example.com"]}


def budgets(**more: Any) -> Recorded:
    def program() -> None:
        made = Budget("budget", BudgetArgs(name="budget-llama-dev", scope=GROUP, **ASKED | more))
        pulumi.export("budget", made.outputs)

    recorded = run(program)
    assert recorded.error is None
    return recorded


def by_name(recorded: Recorded) -> dict[str, dict[str, Any]]:
    return {each.name: each.inputs for each in recorded.of("consumption:Budget")}


def test_everything_in_the_group_has_a_budget_and_the_marketplaces_part_its_own() -> None:
    made = by_name(budgets())
    assert set(made) == {"budget", "budget-marketplace"}
    assert "filter" not in made["budget"]
    assert made["budget-marketplace"]["filter"] == {
        "dimensions": {"name": "ResourceType", "operator": "In", "values": ["microsoft.saas/resources"]}
    }
    for each in made.values():
        assert (each["scope"], each["amount"], each["category"]) == (GROUP, 1000, "Cost")
        assert (each["timeGrain"], each["timePeriod"]) == ("Monthly", {"startDate": "2026-11-01T00:00:00Z"})


def test_the_marketplace_may_have_another_amount() -> None:
    made = by_name(budgets(marketplace_amount=200))
    assert (made["budget"]["amount"], made["budget-marketplace"]["amount"]) == (1000, 200)


def test_alerts_are_sent_at_each_threshold() -> None:
    notifications = by_name(budgets(thresholds=(50, 100), forecast_thresholds=(100,)))["budget"]["notifications"]
    assert {name: (each["threshold"], each["thresholdType"]) for name, each in notifications.items()} == {
        "Actual-50": (50, "Actual"),
        "Actual-100": (100, "Actual"),
        "Forecasted-100": (100, "Forecasted"),
    }
    for each in notifications.values():
        assert (each["enabled"], each["operator"]) == (True, "GreaterThanOrEqualTo")
        assert each["contactEmails"] == ["someone@example.com"]
        assert "contactRoles" not in each


def test_roles_are_told_too() -> None:
    notifications = by_name(budgets(contacts=(), contact_roles=("Owner",)))["budget"]["notifications"]
    assert notifications["Actual-50"]["contactRoles"] == ["Owner"]
    assert notifications["Actual-50"]["contactEmails"] == []


def test_a_budget_that_notifies_nobody_is_refused() -> None:
    recorded = run(lambda: Budget("budget", BudgetArgs(name="b", scope=GROUP, amount=1, start_date="2026-11-01")))
    assert "names nobody to notify" in str(recorded.error)


def test_another_month_is_another_budget_made_before_the_old_one_goes() -> None:
    before, after = (by_name(budgets(start_date=day)) for day in ("2026-11-01", "2027-01-01"))
    assert before["budget"]["budgetName"] == "budget-llama-dev-2026-11"
    assert after["budget"]["budgetName"] == "budget-llama-dev-2027-01"
    for each in budgets().of("consumption:Budget"):
        assert each.request.deleteBeforeReplaceDefined
        assert not each.request.deleteBeforeReplace


def test_the_longest_name_is_one_that_azure_takes() -> None:
    name = f"budget-{'w' * 33}"
    recorded = run(lambda: Budget("budget", BudgetArgs(name=name, scope=GROUP, **ASKED)))
    assert max(len(each["budgetName"]) for each in by_name(recorded).values()) <= 63


@pytest.mark.parametrize("more", [{}, {"contacts": (), "contact_roles": ("Owner",)}, {"forecast_thresholds": (100,)}])
def test_bodies_keep_arms_contract(more: dict[str, Any], contract_errors: Callable[..., list[str]]) -> None:
    made = budgets(**more).of("consumption:Budget")
    assert [error for each in made for error in contract_errors(*put(each))] == []
