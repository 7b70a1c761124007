"""Diagnostic settings, autoscale, alerts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from azure_llama_sandbox.arm.monitor.autoscale import holding, within
from tests.sandbox.arm.around import (
    ACTION_GROUP,
    AUTOSCALE,
    CASES,
    DEPLOYMENT,
    DIAGNOSTICS,
    ENDPOINT,
    METRIC_ALERT,
    NSG,
    QUERY_RULE,
    action_group_body,
    alert_body,
    autoscale_body,
    diagnostics_body,
    profile,
    query_rule_body,
    scale_rule,
)
from tests.sandbox.arm.harness import (
    LOGS,
    PROJECT,
    STORAGE,
    VAULT,
    Azure,
    account_body,
    deployment_body,
)

WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SETTINGS = "providers/Microsoft.Insights/diagnosticSettings"
METRICS_ALONE: dict[str, Any] = {"logs": []}
LOGS_ALONE: dict[str, Any] = {"metrics": []}


# -- diagnostic settings -------------------------------------------------------------------------------------------


@pytest.fixture
def watched(azure: Azure) -> Azure:
    CASES["diagnostics"].prepare(azure)
    return azure


def test_a_setting_says_where_logs_go(watched: Azure) -> None:
    made = watched.put(DIAGNOSTICS, diagnostics_body())["properties"]
    assert made["logs"] == [
        {"categoryGroup": "allLogs", "enabled": True, "retentionPolicy": {"enabled": False, "days": 0}}
    ]
    assert [each["id"] for each in watched.get(f"{VAULT}/{SETTINGS}")["value"]] == [DIAGNOSTICS]
    watched.delete(VAULT)
    assert watched.store.get(DIAGNOSTICS) is None


@pytest.mark.parametrize(
    ("properties", "text"),
    [
        ({"workspaceId": None}, "InvalidRequestContent"),
        ({"workspaceId": VAULT}, "was not found"),
        ({"storageAccountId": STORAGE}, "was not found"),
        ({"logs": [], "metrics": []}, "At least one of"),
        ({"logs": [{"category": "Nothing", "enabled": True}]}, "Category 'Nothing' is not supported"),
        ({"logs": [{"categoryGroup": "some", "enabled": True}]}, "Category group 'some' is not supported"),
        ({"logs": [{"enabled": True}]}, "needs one of category and categoryGroup"),
        ({"metrics": [{"category": "Nothing", "enabled": True}]}, "Metric category 'Nothing'"),
        (
            {"logs": [{"category": "AuditEvent", "enabled": True, "retentionPolicy": {"days": 7, "enabled": True}}]},
            "does not support retention",
        ),
    ],
)
def test_settings_are_refused(watched: Azure, properties: dict[str, Any], text: str) -> None:
    refusal = watched.refused("PUT", DIAGNOSTICS, diagnostics_body(**properties))
    assert refusal.status == 400
    assert text in f"{refusal.code} {refusal.message}"


def test_a_setting_needs_a_sink(watched: Azure) -> None:
    body = diagnostics_body()
    del body["properties"]["workspaceId"]
    assert watched.refused("PUT", DIAGNOSTICS, body).message == "At least one data sink needs to be specified."


def test_the_same_is_not_sent_twice_and_five_settings_are_enough(watched: Azure) -> None:
    watched.put(DIAGNOSTICS, diagnostics_body())
    refusal = watched.refused("PUT", f"{DIAGNOSTICS}-2", diagnostics_body())
    assert (refusal.status, refusal.code) == (409, "Conflict")
    watched.put(STORAGE, account_body())
    other = {"workspaceId": "", "storageAccountId": STORAGE}
    for number in range(2, 6):
        metrics = {"logs": [{"category": "AuditEvent", "enabled": number == 2}], "metrics": []}
        watched.put(f"{DIAGNOSTICS}-{number}", diagnostics_body(**other, **metrics))
    refusal = watched.refused("PUT", f"{DIAGNOSTICS}-6", diagnostics_body(**other))
    assert "limit of 5" in refusal.message


def test_accounts_have_metrics_and_their_blob_services_logs(watched: Azure) -> None:
    watched.put(STORAGE, account_body())
    assert watched.refused("PUT", f"{STORAGE}/{SETTINGS}/x", diagnostics_body()).status == 400
    watched.put(f"{STORAGE}/{SETTINGS}/x", diagnostics_body(**METRICS_ALONE))
    service = f"{STORAGE}/blobServices/default"
    watched.put(f"{service}/{SETTINGS}/x", diagnostics_body())
    watched.put(NSG, {"location": "eastus2"})
    assert watched.refused("PUT", f"{NSG}/{SETTINGS}/x", diagnostics_body()).status == 400
    watched.put(f"{NSG}/{SETTINGS}/x", diagnostics_body(**LOGS_ALONE))


def test_endpoints_have_logs_and_what_is_unknown_has_none(hub: Azure) -> None:
    hub.put(LOGS, {"location": "eastus2", "properties": {}})
    hub.endpoint()
    traffic = {"logs": [{"category": "AmlOnlineEndpointTrafficLog", "enabled": True}]}
    hub.put(f"{ENDPOINT}/{SETTINGS}/x", diagnostics_body(**traffic))
    hub.put(f"{PROJECT}/{SETTINGS}/x", diagnostics_body())
    hub.subscribe()
    serverless = hub.serverless()["id"]
    assert hub.refused("PUT", f"{serverless}/{SETTINGS}/x", diagnostics_body()).code == "ResourceTypeNotSupported"


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


# -- alerts --------------------------------------------------------------------------------------------------------


def test_an_action_group_tells_its_receivers(azure: Azure) -> None:
    azure.with_group()
    made = azure.put(ACTION_GROUP, action_group_body())["properties"]
    assert made["emailReceivers"][0]["status"] == "Enabled"
    assert made["smsReceivers"] == []
    twice = [{"name": name, "emailAddress": "a@example.com"} for name in ("x", "X")]
    assert azure.refused("PUT", ACTION_GROUP, action_group_body(emailReceivers=twice)).code == "ReceiverNameNotUnique"
    patch = {"properties": {"emailReceivers": twice}}
    assert azure.refused("PATCH", ACTION_GROUP, patch).code == "ReceiverNameNotUnique"
    long = azure.refused("PUT", ACTION_GROUP, action_group_body(groupShortName="thirteen-long"))
    assert long.error["target"] == "properties.groupShortName"


@pytest.mark.parametrize(
    ("properties", "target"),
    [
        ({"severity": 5}, "properties.severity"),
        ({"evaluationFrequency": "PT2M"}, "properties.evaluationFrequency"),
        ({"windowSize": "PT2M"}, "properties.windowSize"),
        ({"scopes": []}, "properties.scopes"),
        ({"scopes": [f"{ENDPOINT}-none"]}, "properties.scopes[0]"),
        ({"actions": [{"actionGroupId": VAULT}]}, "properties.actions[0].actionGroupId"),
        ({"criteria": {"odata.type": "Other"}}, "properties.criteria"),
    ],
)
def test_metric_alerts_are_refused(azure: Azure, properties: dict[str, Any], target: str) -> None:
    CASES["metric-alert"].prepare(azure)
    refusal = azure.refused("PUT", METRIC_ALERT, alert_body(**properties))
    assert (refusal.status, refusal.error["target"]) == (400, target)


def test_an_alert_watches_metrics_that_there_are(azure: Azure) -> None:
    CASES["metric-alert"].prepare(azure)
    refusal = azure.refused("PUT", METRIC_ALERT, alert_body("Temperature"))
    assert refusal.message.startswith("Couldn't find a metric named Temperature.")
    azure.put(METRIC_ALERT, alert_body("Whatever", scopes=[VAULT]))
    wrong = {"properties": {"severity": 7}}
    assert azure.refused("PATCH", METRIC_ALERT, wrong).status == 400


@pytest.mark.parametrize(
    ("properties", "target"),
    [
        ({"severity": 9}, "properties.severity"),
        ({"evaluationFrequency": "PT7M"}, "properties.evaluationFrequency"),
        ({"windowSize": "PT7M"}, "properties.windowSize"),
        ({"scopes": []}, "properties"),
        ({"scopes": [f"{LOGS}-none"]}, "properties.scopes[0]"),
        ({"criteria": {"allOf": [{"operator": "GreaterThan"}]}}, "properties.criteria.allOf[0].query"),
        ({"actions": {"actionGroups": [VAULT]}}, "properties.actions.actionGroups[0]"),
    ],
)
def test_query_rules_are_refused(azure: Azure, properties: dict[str, Any], target: str) -> None:
    CASES["query-rule"].prepare(azure)
    refusal = azure.refused("PUT", QUERY_RULE, query_rule_body(**properties))
    assert (refusal.status, refusal.error["target"]) == (400, target)


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
