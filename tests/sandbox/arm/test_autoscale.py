"""Autoscale settings of deployments."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from azure_llama_sandbox.arm.monitor.autoscale import holding, within
from tests.sandbox.arm.around import (
    AUTOSCALE,
    DEPLOYMENT,
    ENDPOINT,
    autoscale_body,
    profile,
    scale_rule,
)
from tests.sandbox.arm.cases import CASES
from tests.sandbox.arm.harness import (
    Azure,
    deployment_body,
)

WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


# -- autoscale -----------------------------------------------------------------------------------------------------


@pytest.fixture
def scaled(azure: Azure) -> Azure:
    CASES["autoscale"].prepare(azure)
    return azure


def capacity(azure: Azure) -> int:
    return int(azure.get(DEPLOYMENT)["sku"]["capacity"])


def at(azure: Azure, day: str) -> None:
    """Make it noon (UTC) of a day."""
    moment = datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC)
    azure.clock.at[0] = moment.timestamp()
    object.__setattr__(azure.clock, "as_of", moment.date())


def test_the_number_of_instances_is_kept_between_the_limits(scaled: Azure) -> None:
    scaled.put(AUTOSCALE, autoscale_body(profile(2, 3)))
    assert capacity(scaled) == 2
    scaled.put(DEPLOYMENT, deployment_body(1))
    assert capacity(scaled) == 2
    scaled.put(DEPLOYMENT, deployment_body(3))
    assert capacity(scaled) == 3
    scaled.put(AUTOSCALE, autoscale_body(profile(1, 1)))
    assert capacity(scaled) == 1


def test_a_setting_that_is_not_enabled_does_nothing(scaled: Azure) -> None:
    body = autoscale_body(profile(2, 3))
    del body["properties"]["enabled"]
    assert scaled.put(AUTOSCALE, body)["properties"]["enabled"] is False
    assert capacity(scaled) == 1


def test_a_weekend_profile_holds_until_the_next_begins(scaled: Azure) -> None:
    def weekly(name: str, days: list[str], instances: int) -> dict[str, Any]:
        schedule = {"timeZone": "UTC", "days": days, "hours": [0], "minutes": [0]}
        return profile(instances, instances, name, recurrence={"frequency": "Week", "schedule": schedule})

    scaled.put(AUTOSCALE, autoscale_body(weekly("weekend", ["Saturday"], 2), weekly("week", ["Monday"], 1)))
    for day, instances in (("2026-11-27", 1), ("2026-11-28", 2), ("2026-11-29", 2), ("2026-11-30", 1)):
        at(scaled, day)
        assert capacity(scaled) == instances, day


def test_a_fixed_date_comes_before_all_others(scaled: Azure) -> None:
    dates = {"timeZone": "UTC", "start": "2026-12-24T00:00:00Z", "end": "2026-12-27T00:00:00"}
    scaled.put(AUTOSCALE, autoscale_body(profile(1, 1), profile(2, 2, "holidays", fixedDate=dates)))
    for day, instances in (("2026-12-23", 1), ("2026-12-25", 2), ("2026-12-27", 1)):
        at(scaled, day)
        assert capacity(scaled) == instances, day


@pytest.mark.parametrize(
    ("body", "target"),
    [
        (autoscale_body(targetResourceUri=f"{DEPLOYMENT}-none"), "properties.targetResourceUri"),
        (autoscale_body(targetResourceUri=ENDPOINT), "properties.targetResourceUri"),
        (autoscale_body(profile(3, 2)), "properties.profiles[0].capacity"),
        (autoscale_body(profiles=[]), "properties.profiles"),
        (
            autoscale_body(profile() | {"capacity": {"minimum": "one", "maximum": "2", "default": "1"}}),
            "properties.profiles[0].capacity.minimum",
        ),
        (
            autoscale_body(profile(rules=[scale_rule("Temperature")])),
            "properties.profiles[0].rules[0].metricTrigger.metricName",
        ),
        (
            autoscale_body(profile(rules=[scale_rule(of=f"{ENDPOINT}-none")])),
            "properties.profiles[0].rules[0].metricTrigger.metricResourceUri",
        ),
        (
            autoscale_body(profile(rules=[scale_rule(cooldown="PT5S")])),
            "properties.profiles[0].rules[0].scaleAction.cooldown",
        ),
        (
            autoscale_body(profile(rules=[scale_rule(cooldown="soon")])),
            "properties.profiles[0].rules[0].scaleAction.cooldown",
        ),
        (
            autoscale_body(profile(rules=[scale_rule(value="-1")])),
            "properties.profiles[0].rules[0].scaleAction.value",
        ),
        (autoscale_body(profile(rules=[scale_rule()] * 11)), "properties.profiles[0].rules"),
    ],
)
def test_autoscale_is_refused(scaled: Azure, body: dict[str, Any], target: str) -> None:
    refusal = scaled.refused("PUT", AUTOSCALE, body)
    assert (refusal.status, refusal.error["target"]) == (400, target)


def test_a_deployment_is_scaled_once_and_by_its_endpoints_metrics_too(scaled: Azure) -> None:
    rule = scale_rule("RequestLatency_P95", ENDPOINT)
    scaled.put(AUTOSCALE, autoscale_body(profile(rules=[rule])))
    refusal = scaled.refused("PUT", f"{AUTOSCALE}-2", autoscale_body())
    assert (refusal.status, refusal.code) == (409, "TargetAlreadyScaled")
    enabled = {"properties": {"enabled": False}}
    assert scaled.call("PATCH", AUTOSCALE, enabled).json()["properties"]["enabled"] is False
    wrong = {"properties": {"profiles": [profile(3, 2)]}}
    assert scaled.refused("PATCH", AUTOSCALE, wrong).status == 400


@given(st.data())
def test_whatever_is_asked_for_azure_monitor_keeps_the_limits(data: st.DataObject) -> None:
    low, high = sorted(data.draw(st.lists(st.integers(0, 500), min_size=2, max_size=2)))
    asked = data.draw(st.integers(0, 1000))
    wanted = within(profile(low, high)["capacity"], asked)
    assert low <= wanted <= high
    assert wanted == asked or not low <= asked <= high


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.sampled_from(WEEK), st.integers(0, 23), st.integers(0, 59)), min_size=1, max_size=5),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - drawn with UTC
)
def test_of_weekly_profiles_the_one_that_began_last_holds(starts: list[tuple[str, int, int]], now: datetime) -> None:
    profiles = [
        profile(
            name=str(number),
            recurrence={
                "frequency": "Week",
                "schedule": {"timeZone": "UTC", "days": [day], "hours": [hour], "minutes": [minute]},
            },
        )
        for number, (day, hour, minute) in enumerate(starts)
    ]

    def minutes_ago(start: tuple[str, int, int]) -> int:
        for minutes in range(7 * 24 * 60):
            then = now - timedelta(minutes=minutes)
            if (WEEK[then.weekday()], then.hour, then.minute) == start:
                return minutes
        raise AssertionError("every minute of a week comes once a week")

    found = starts[int(holding(profiles, now)["name"])]
    assert minutes_ago(found) == min(map(minutes_ago, starts))
