"""Diagnostic settings, autoscale, alerts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.arm.around import (
    ACTION_GROUP,
    DIAGNOSTICS,
    ENDPOINT,
    METRIC_ALERT,
    NSG,
    QUERY_RULE,
    action_group_body,
    alert_body,
    diagnostics_body,
    query_rule_body,
)
from tests.sandbox.arm.cases import CASES
from tests.sandbox.arm.harness import (
    LOGS,
    PROJECT,
    STORAGE,
    VAULT,
    Azure,
    account_body,
)

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
        ({"workspaceId": None}, "At least one data sink"),
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
