"""Budgets and policy assignments."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.arm.around import BUDGET, POLICY, budget_body, policy_body
from tests.sandbox.arm.cases import CASES
from tests.sandbox.arm.harness import GROUP, SUB, VAULT, Azure

NOTIFICATION = {"enabled": True, "operator": "GreaterThan", "threshold": 50, "contactEmails": ["a@example.com"]}


@pytest.fixture
def group(azure: Azure) -> Azure:
    """On 2026-11-22."""
    return azure.with_group()


@pytest.mark.parametrize("scope", [GROUP, SUB])
def test_a_budget_of_a_group_or_a_subscription(group: Azure, scope: str) -> None:
    made = group.put(BUDGET.replace(GROUP, scope), budget_body(amount=99.5))
    assert made["properties"]["timePeriod"] == {
        "startDate": "2026-11-01T00:00:00Z",
        "endDate": "2036-11-01T00:00:00Z",
    }
    assert made["properties"]["currentSpend"] == {"amount": 0, "unit": "USD"}
    assert made["properties"]["amount"] == 99.5


@pytest.mark.parametrize(
    ("start", "grain", "fine"),
    [
        ("2026-11-01", "Monthly", True),
        ("2026-11-01T00:00:00Z", "Monthly", True),
        ("2026-12-01", "Monthly", True),
        ("2027-11-01", "Monthly", True),
        ("2027-12-01", "Monthly", False),
        ("2026-10-01", "Monthly", False),
        ("2026-10-01", "Quarterly", True),
        ("2026-09-01", "Quarterly", False),
        ("2026-01-01", "Annually", True),
        ("2025-12-01", "Annually", False),
        ("2026-11-02", "Monthly", False),
        ("2017-05-01", "Annually", False),
        ("November", "Monthly", False),
    ],
)
def test_it_begins_with_a_month(group: Azure, start: str, grain: str, fine: bool) -> None:
    answer = group.call("PUT", BUDGET, budget_body(start, timeGrain=grain))
    assert (answer.status_code == 201) == fine
    if not fine:
        assert answer.json()["error"]["target"] == "properties.timePeriod.startDate"


def test_a_budget_outlives_its_first_period(group: Azure) -> None:
    first = group.put(BUDGET, budget_body())
    object.__setattr__(group.clock, "as_of", group.clock.today().replace(year=2027))
    again = group.put(BUDGET, budget_body(amount=5))
    assert again["properties"]["amount"] == 5
    stale = group.refused("PUT", BUDGET, budget_body() | {"eTag": first["eTag"]})
    assert (stale.status, stale.code) == (412, "PreconditionFailed")
    group.put(BUDGET, budget_body() | {"eTag": again["eTag"]})


@pytest.mark.parametrize(
    ("properties", "target"),
    [
        ({"amount": 0}, "properties.amount"),
        ({"category": "Usage"}, "properties.category"),
        ({"timeGrain": "Daily"}, "properties.timeGrain"),
        ({"timePeriod": {"startDate": "2026-11-01", "endDate": "2026-11-01"}}, "properties.timePeriod.endDate"),
        ({"notifications": {"a": NOTIFICATION | {"operator": "Near"}}}, "properties.notifications.a.operator"),
        ({"notifications": {"a": NOTIFICATION | {"threshold": 1001}}}, "properties.notifications.a.threshold"),
        ({"notifications": {"a": NOTIFICATION | {"contactEmails": []}}}, "properties.notifications.a"),
        ({"notifications": {str(n): NOTIFICATION for n in range(6)}}, "properties.notifications"),
    ],
)
def test_refusals(group: Azure, properties: dict[str, Any], target: str) -> None:
    refusal = group.refused("PUT", BUDGET, budget_body(**properties))
    assert (refusal.status, refusal.error["target"]) == (400, target)


def test_a_resource_has_no_budget(azure: Azure) -> None:
    CASES["key"].prepare(azure)
    refusal = azure.refused("PUT", BUDGET.replace(GROUP, VAULT), budget_body())
    assert (refusal.status, refusal.code) == (400, "InvalidScope")


def test_policies_are_kept(group: Azure) -> None:
    made = group.put(POLICY, policy_body(parameters={"listOfAllowedLocations": {"value": ["eastus2"]}}))
    assert made["properties"]["scope"] == GROUP
    assert made["properties"]["enforcementMode"] == "Default"
    identity = {"identity": {"type": "SystemAssigned"}}
    assert group.refused("PUT", POLICY, policy_body() | identity).code == "LocationRequired"
    assert group.put(POLICY, policy_body() | identity | {"location": "eastus2"})["identity"]["principalId"]
    wrong = policy_body(policyDefinitionId="/x")
    assert group.refused("PUT", POLICY, wrong).code == "InvalidPolicyDefinitionId"
    assert group.refused("PUT", POLICY, policy_body(enforcementMode="Sometimes")).status == 400
