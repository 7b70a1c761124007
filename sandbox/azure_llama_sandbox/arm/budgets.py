"""Microsoft.Consumption/budgets (contract 2024-08-01): cost budgets and their notifications."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from http import HTTPStatus

from pydantic import Field

from azure_llama.catalog.names import NameRule
from azure_llama_sandbox.arm.calls import Call
from azure_llama_sandbox.arm.contract import ABSENT, Comparison, Strict, one_of
from azure_llama_sandbox.arm.errors import ArmError, bad_request
from azure_llama_sandbox.arm.kinds import Body, Kind
from azure_llama_sandbox.store import Resource
from azure_llama_sandbox.world import SUBSCRIPTION

BUDGET = "Microsoft.Consumption/budgets"
_MONTHS = {"monthly": 1, "quarterly": 3, "annually": 12}
_GRAINS = ("Monthly", "Quarterly", "Annually")
_FIRST_DAY = date(2017, 6, 1)
_MONTHS_AHEAD = 12
_YEARS = 10
"""How long a budget runs that does not say when it ends."""
_MOST_NOTIFICATIONS = 5
_HIGHEST_THRESHOLD = 1000


class FilterPart(Strict):
    """One of `filter.and`."""

    dimensions: Comparison = ABSENT
    tags: Comparison = ABSENT


class Filter(Strict):
    """`filter`."""

    and_: list[FilterPart] = Field(ABSENT, alias="and")
    dimensions: Comparison = ABSENT
    tags: Comparison = ABSENT


class Notification(Strict):
    """One of `notifications`."""

    contact_emails: list[str]
    enabled: bool
    operator: str
    threshold: float
    contact_groups: list[str] = ABSENT
    contact_roles: list[str] = ABSENT
    locale: str = ABSENT
    threshold_type: str = ABSENT


class TimePeriod(Strict):
    """`timePeriod`."""

    start_date: str
    end_date: str = ABSENT


class BudgetProperties(Strict):
    """`properties`."""

    amount: float
    category: str
    time_grain: str
    time_period: TimePeriod
    filter: Filter = ABSENT
    notifications: dict[str, Notification] = ABSENT


class BudgetBody(Strict):
    """A PUT's body."""

    e_tag: str = ABSENT
    properties: BudgetProperties = ABSENT


class Budget(Kind):
    """A budget of a subscription or a group."""

    type = BUDGET
    contract = BudgetBody
    names = NameRule(
        "a budget",
        r"[a-zA-Z0-9_-]+",
        1,
        63,
        "letters, digits, underscores and dashes",
        "azure-names-2020-02",
        "2020-02-11",
    )
    located = False
    stateful = False
    extension = True
    patchable = frozenset()

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The budget."""
        if call.id.scope.lower() not in (f"/subscriptions/{SUBSCRIPTION}", str(call.id.group_id).lower()):
            raise bad_request(
                f"The scope '{call.id.scope}' has no budgets; a subscription and a resource group have.",
                code="InvalidScope",
            )
        given = call.properties
        if not given:
            raise bad_request("A budget needs 'properties'.", target="properties")
        asked, known = call.body.get("eTag"), existing.body["eTag"] if existing else None
        if asked is not None and asked != known:
            raise ArmError(
                HTTPStatus.PRECONDITION_FAILED,
                "PreconditionFailed",
                f"The budget '{call.id.name}' was changed since the eTag '{asked}' was read. Read it again.",
            )
        _check(given)
        period = _period(call, given, existing)
        spent = {"currentSpend": {"amount": 0, "unit": "USD"}}
        return self.new(call, existing, given | {"timePeriod": period} | spent, eTag=f'"{uuid.uuid4().hex[:15]}"')


def _check(given: Body) -> None:
    one_of(given["category"], "properties.category", ("Cost",), machine_learning=False)
    one_of(given["timeGrain"], "properties.timeGrain", _GRAINS, machine_learning=False)
    if given["amount"] <= 0:
        raise bad_request(f"'properties.amount' is {given['amount']}; it is more than 0.", target="properties.amount")
    notifications: Body = given.get("notifications") or {}
    if len(notifications) > _MOST_NOTIFICATIONS:
        raise bad_request(
            f"There are {len(notifications)} notifications; a budget has {_MOST_NOTIFICATIONS} at most.",
            target="properties.notifications",
        )
    for name, each in notifications.items():
        path = f"properties.notifications.{name}"
        operators = ("EqualTo", "GreaterThan", "GreaterThanOrEqualTo")
        one_of(each["operator"], f"{path}.operator", operators, machine_learning=False)
        one_of(each.get("thresholdType"), f"{path}.thresholdType", ("Actual", "Forecasted"), machine_learning=False)
        if not 0 < each["threshold"] <= _HIGHEST_THRESHOLD:
            raise bad_request(
                f"'{path}.threshold' is {each['threshold']}; it is a percentage above 0, up to {_HIGHEST_THRESHOLD}.",
                target=f"{path}.threshold",
            )
        if not any(each.get(key) for key in ("contactEmails", "contactRoles", "contactGroups")):
            raise bad_request(f"'{path}' notifies nobody: it needs an address, a role or an action group.", target=path)


def _day(text: str, path: str) -> date:
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        raise bad_request(f"'{path}' is '{text}'; it is a date such as 2026-12-01.", target=path) from None


def _period(call: Call, given: Body, existing: Resource | None) -> Body:
    path = "properties.timePeriod.startDate"
    asked = given["timePeriod"]
    start = _day(asked["startDate"], path)
    today = call.world.clock.today()
    if start.day != 1 or start < _FIRST_DAY:
        raise bad_request(f"'{path}' is {start}; it is the first day of a month, {_FIRST_DAY} or later.", target=path)
    before = existing.properties["timePeriod"]["startDate"] if existing else None
    if before != _printed(start):
        _check_start(start, today, _MONTHS[given["timeGrain"].lower()], path)
    end = _day(asked["endDate"], "properties.timePeriod.endDate") if "endDate" in asked else None
    if end is not None and end <= start:
        raise bad_request(
            f"'properties.timePeriod.endDate' is {end}, which is not after the start, {start}.",
            target="properties.timePeriod.endDate",
        )
    return {"startDate": _printed(start), "endDate": _printed(end or start.replace(year=start.year + _YEARS))}


def _check_start(start: date, today: date, months: int, path: str) -> None:
    """A start in the past lies in the current period, one in the future within a year."""
    earliest = date(today.year, (today.month - 1) // months * months + 1, 1)
    ahead = (start.year - today.year) * 12 + start.month - today.month
    if start < earliest or ahead > _MONTHS_AHEAD:
        raise bad_request(
            f"'{path}' is {start}; on {today} it is {earliest} or later, by {_MONTHS_AHEAD} months at most. A start in"
            " the past must lie in the current period of the time grain.",
            target=path,
        )


def _printed(day: date) -> str:
    return datetime(day.year, day.month, day.day, tzinfo=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
