from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from azure_llama.settings import BudgetSettings, SettingsError, load
from tests.catalogs import PACKAGE

Make = Callable[..., dict[str, str]]
GUID = "00000000-0000-0000-0000-0000000000aa"
BUDGET: dict[str, Any] = {"amount": 1000, "startDate": "2026-11-01", "contacts": ["someone@example.com"]}


def put(key: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(stack: dict[str, Any]) -> None:
        stack[f"azure-llama:{key}"] = value

    return change


def problems(config: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(config, PACKAGE)
    return [str(problem).removeprefix("azure-llama:") for problem in caught.value.problems]


def test_access(config: Make) -> None:
    someone = {"principalId": GUID, "principalType": "Group"}
    loaded = load(
        config(put("access", {"customRole": {"assignTo": {"team": someone}}, "callers": {"app": someone}})),
        PACKAGE,
    )
    role = loaded.access.custom_role
    assert role is not None
    assert (role.name, role.assign_to["team"].principal_type) == ("Azure Llama deployer", "Group")
    assert loaded.access.callers["app"].principal_id == GUID


def test_a_principal_has_each_role_once(config: Make) -> None:
    twice = {"a": {"principalId": GUID, "principalType": "User"}, "b": {"principalId": GUID, "principalType": "Group"}}
    assert problems(config(put("access", {"callers": twice, "customRole": {"assignTo": twice}}))) == [
        f"access.{place}.b.principalId: {GUID!r} is the principal of 'a' too, and a principal has a role once; remove"
        " one of them"
        for place in ("callers", "customRole.assignTo")
    ]


def test_nobody_gets_a_role_unless_asked(config: Make) -> None:
    access = load(config(), PACKAGE).access
    assert (access.custom_role, access.callers) == (None, {})


@pytest.mark.parametrize(
    ("access", "says"),
    [
        (
            {"callers": {"app": {"principalId": "app", "principalType": "User"}}},
            "'app' is not a GUID; set the object's",
        ),
        (
            {"callers": {"app": {"principalId": GUID}}},
            "access.callers.app.principalType: is missing; set Group, User",
        ),
        (
            {"callers": {"app": {"principalId": GUID, "principalType": "Device"}}},
            "'Device' is not 'Group' or 'User' or",
        ),
        ({"callers": {"an app": {"principalId": GUID, "principalType": "User"}}}, "is not 1 to 63 letters, digits"),
        ({"customRole": {"name": " "}}, "access.customRole.name: ' ' has 1 characters, and a role name has 1 to 128"),
        ({"customRole": {"name": "x" * 129}}, "has 129 characters, and a role name has 1 to 128 here"),
        (
            {"customRole": {"assign": {}}},
            "access.customRole.assign: 'assign' is not a key here; did you mean 'assignTo'?",
        ),
    ],
)
def test_mistakes_in_access(config: Make, access: dict[str, Any], says: str) -> None:
    (problem,) = problems(config(put("access", access)))
    assert says in problem


def test_a_budget(config: Make) -> None:
    loaded = load(config(put("budget", BUDGET)), PACKAGE).budget
    assert loaded is not None
    assert loaded.thresholds == [50, 80, 100]
    assert (loaded.start_date, loaded.marketplace_amount, loaded.forecast_thresholds) == ("2026-11-01", None, [])


def test_a_date_without_quotes_is_a_date(config: Make) -> None:
    loaded = load(config(put("budget", {**BUDGET, "startDate": "2026-11-01 00:00:00 +0000 UTC"})), PACKAGE).budget
    assert loaded is not None
    assert loaded.start_date == "2026-11-01"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"amount": 0}, "budget.amount: 0 is outside 1 to 1000000000"),
        ({"amount": 10.5}, "budget.amount: 10.5 must be an integer, not a number with a fraction"),
        (
            {"startDate": "2026-11-15"},
            "is not the first day of a month, on which a monthly budget starts; set '2026-11-01'",
        ),
        ({"startDate": "2026-13-01"}, "budget.startDate: '2026-13-01' is not a date; write it as '2026-11-01'"),
        ({"startDate": "November"}, "'November' is not a date"),
        ({"contacts": []}, "budget.contacts: is missing; set a list of e-mail addresses, or contactRoles"),
        ({"contacts": ["me"]}, "budget.contacts.0: 'me' is not an e-mail address"),
        ({"thresholds": []}, "budget.thresholds: [] is empty, and no alert would be sent"),
        ({"thresholds": [50, 50]}, "budget.thresholds: has 50 twice; remove one"),
        ({"thresholds": [0]}, "budget.thresholds.0: 0 is outside 1 to 1000, a percentage of a budget"),
        ({"thresholds": ["50"]}, "budget.thresholds.0: '50' must be an integer, not a string; remove the quotes"),
        (
            {"thresholds": [10, 20, 30, 40], "forecastThresholds": [90, 100]},
            "budget.thresholds: make 6 alerts with the other thresholds, and a budget has 5 at most; remove 1",
        ),
    ],
)
def test_mistakes_in_a_budget(config: Make, change: dict[str, Any], says: str) -> None:
    (problem,) = problems(config(put("budget", BUDGET | change)))
    assert says in problem


def test_a_budget_says_what_it_needs_all_at_once(config: Make) -> None:
    found = problems(config(put("budget", {"thresholds": [50, 50]})))
    assert [problem.split(": ")[0] for problem in found] == [
        "budget.thresholds",
        "budget.amount",
        "budget.startDate",
        "budget.contacts",
    ]


@given(st.dates())
def test_a_budget_begins_with_a_month(day: Any) -> None:
    try:
        taken = BudgetSettings(amount=1, start_date=day.isoformat(), contact_roles=["Owner"]).start_date
    except ValidationError:
        taken = None
    assert (taken is not None) == (day.day == 1)


def test_required_tags(config: Make) -> None:
    def tags(**given: str) -> Callable[[dict[str, Any]], None]:
        return put("tags", given)

    required = put("requiredTags", ["environment", "owner"])
    assert load(config(required, tags(environment="dev", Owner="team")), PACKAGE).required_tags == [
        "environment",
        "owner",
    ]
    assert problems(config(required, tags(environment=" ", application="x"))) == [
        "tags.environment: ' ' is empty, and requiredTags requires a value; set one",
        "tags.owner: is missing, and requiredTags requires it; set its value, or remove it from requiredTags",
    ]
    assert len(problems(config(required))) == 2
    (problem,) = problems(config(put("requiredTags", "environment")))
    assert problem == "requiredTags: 'environment' must be a list, not a string; set a list"


def test_required_tags_are_names_of_tags(config: Make) -> None:
    (problem, *_) = problems(config(put("requiredTags", ["a/b"])))
    assert "requiredTags.0: 'a/b' contains /" in problem
