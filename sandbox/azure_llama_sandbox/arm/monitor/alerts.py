"""Microsoft.Insights/actionGroups (contract 2024-10-01-preview), metricAlerts (2018-03-01), scheduledQueryRules
(2025-01-01-preview)."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import Any

from azure_llama_sandbox.arm.calls import Call, timestamp
from azure_llama_sandbox.arm.contract import one_of
from azure_llama_sandbox.arm.errors import bad_request
from azure_llama_sandbox.arm.kinds import GLOBAL, Body, Kind, identity_of
from azure_llama_sandbox.arm.monitor.action_group_body import ActionGroupBody
from azure_llama_sandbox.arm.monitor.common import check_metric, existing, name_rule
from azure_llama_sandbox.arm.monitor.metric_alert_body import MetricAlertBody
from azure_llama_sandbox.arm.monitor.query_rule_body import QueryRuleBody
from azure_llama_sandbox.store import Resource

ACTION_GROUP = "Microsoft.Insights/actionGroups"
_MOST_SEVERE, _LEAST_SEVERE = 0, 4
_FREQUENCIES = ("PT1M", "PT5M", "PT15M", "PT30M", "PT1H")
_WINDOWS = (*_FREQUENCIES, "PT6H", "PT12H", "P1D")
_QUERY_FREQUENCIES = (
    *("PT1M", "PT5M", "PT10M", "PT15M", "PT30M", "PT45M"),
    *("PT1H", "PT2H", "PT3H", "PT4H", "PT5H", "PT6H", "P1D"),
)
_QUERY_WINDOWS = (*_QUERY_FREQUENCIES, "P2D")
_RECEIVERS = (
    *("armRoleReceivers", "automationRunbookReceivers", "azureAppPushReceivers", "azureFunctionReceivers"),
    *("emailReceivers", "eventHubReceivers", "itsmReceivers", "logicAppReceivers", "smsReceivers", "voiceReceivers"),
    "webhookReceivers",
)
_WITH_STATUS = frozenset({"emailReceivers", "smsReceivers"})


class ActionGroup(Kind):
    """The recipients of an alert."""

    type = ACTION_GROUP
    contract = ActionGroupBody
    names = name_rule("an action group")
    locations = (GLOBAL, "swedencentral", "germanywestcentral", "northcentralus", "southcentralus")
    stateful = False
    patchable = frozenset({"tags", "properties", "identity"})

    def build(self, call: Call, existing_: Resource | None) -> Resource:
        """The group."""
        given = call.properties
        if not given:
            raise bad_request("An action group needs 'properties'.", target="properties")
        self._check(given)
        properties: Body = {**given}
        for kind in _RECEIVERS:
            entries = given.get(kind) or []
            properties[kind] = [{**each, **({"status": "Enabled"} if kind in _WITH_STATUS else {})} for each in entries]
        return self.new(call, existing_, properties, identity=identity_of(call.body, existing_))

    def check_patch(self, call: Call, resource: Resource) -> None:
        """The same rule as for a PUT."""
        self._check(resource.properties)

    def _check(self, properties: Body) -> None:
        seen: set[str] = set()
        for kind in _RECEIVERS:
            for each in properties.get(kind) or []:
                name = str(each["name"]).lower()
                if name in seen:
                    # Azure's code for it is unknown; this one is the sandbox's.
                    raise bad_request(
                        f"The receiver name '{each['name']}' is there twice; it is unique in a group.",
                        target=f"properties.{kind}",
                        code="ReceiverNameNotUnique",
                    )
                seen.add(name)


class MetricAlert(Kind):
    """An alert on metrics."""

    type = "Microsoft.Insights/metricAlerts"
    contract = MetricAlertBody
    names = name_rule("a metric alert")
    locations = (GLOBAL,)
    stateful = False
    fresh = HTTPStatus.OK
    patchable = frozenset({"tags", "properties"})

    def build(self, call: Call, existing_: Resource | None) -> Resource:
        """The alert."""
        given = call.properties
        self._check(call, given)
        properties = {"autoMitigate": True, "actions": [], **given, "lastUpdatedTime": timestamp(call.now)}
        return self.new(call, existing_, properties)

    def check_patch(self, call: Call, resource: Resource) -> None:
        """The same rules as for a PUT."""
        self._check(call, resource.properties)

    def _check(self, call: Call, properties: Body) -> None:
        _check_severity(properties["severity"])
        one_of(
            properties["evaluationFrequency"], "properties.evaluationFrequency", _FREQUENCIES, machine_learning=False
        )
        one_of(properties["windowSize"], "properties.windowSize", _WINDOWS, machine_learning=False)
        measured = _scopes(call, properties["scopes"])
        criteria = properties["criteria"].get("allOf") or []
        if not criteria and "webTestId" not in properties["criteria"]:
            raise bad_request("'properties.criteria.allOf' needs an entry.", target="properties.criteria")
        for index, each in enumerate(criteria):
            path = f"properties.criteria.allOf[{index}].metricName"
            for resource in measured:
                if not each.get("skipMetricValidation"):
                    check_metric(resource, each["metricName"], path)
        for index, each in enumerate(properties.get("actions") or []):
            existing(call, each.get("actionGroupId"), f"properties.actions[{index}].actionGroupId", ACTION_GROUP)


class QueryRule(Kind):
    """An alert on a log query."""

    type = "Microsoft.Insights/scheduledQueryRules"
    contract = QueryRuleBody
    names = name_rule("a scheduled query rule")
    stateful = False
    patchable = frozenset({"tags", "properties", "identity"})

    def build(self, call: Call, existing_: Resource | None) -> Resource:
        """The rule."""
        given = call.properties
        self._check(call, given, str(call.body.get("kind", "LogAlert")))
        before = existing_.properties if existing_ else {}
        properties = {
            "enabled": True,
            "autoMitigate": True,
            "targetResourceTypes": [],
            **given,
            "createdWithApiVersion": before.get("createdWithApiVersion", call.api_version),
            "isLegacyLogAnalyticsRule": False,
            "isWorkspaceAlertsStorageConfigured": False,
        }
        return self.new(
            call,
            existing_,
            properties,
            kind=call.body.get("kind", "LogAlert"),
            etag=f'"{uuid.uuid4()}"',
            identity=identity_of(call.body, existing_),
        )

    def check_patch(self, call: Call, resource: Resource) -> None:
        """The same rules as for a PUT."""
        self._check(call, resource.properties, resource.body["kind"])

    def _check(self, call: Call, properties: Body, kind: str) -> None:
        if "criteria" not in properties or not properties.get("scopes"):
            raise bad_request("A rule needs 'properties.scopes' and 'properties.criteria'.", target="properties")
        _scopes(call, properties["scopes"])
        if kind == "LogAlert":
            if "severity" not in properties:
                raise bad_request("'properties.severity' is required.", target="properties.severity")
            _check_severity(properties["severity"])
            for name, allowed in (("evaluationFrequency", _QUERY_FREQUENCIES), ("windowSize", _QUERY_WINDOWS)):
                one_of(properties.get(name, ""), f"properties.{name}", allowed, machine_learning=False)
        for index, each in enumerate(properties["criteria"].get("allOf") or []):
            if not each.get("query"):
                path = f"properties.criteria.allOf[{index}].query"
                raise bad_request(f"'{path}' is required.", target=path)
        groups: list[Any] = (properties.get("actions") or {}).get("actionGroups") or []
        for index, each in enumerate(groups):
            existing(call, each, f"properties.actions.actionGroups[{index}]", ACTION_GROUP)


def _check_severity(severity: int) -> None:
    if not _MOST_SEVERE <= severity <= _LEAST_SEVERE:
        raise bad_request(
            f"'properties.severity' is {severity}; it is a number from {_MOST_SEVERE} to {_LEAST_SEVERE}.",
            target="properties.severity",
        )


def _scopes(call: Call, scopes: list[str]) -> list[Resource]:
    if not scopes:
        raise bad_request("'properties.scopes' needs an entry.", target="properties.scopes")
    found = []
    for index, scope in enumerate(scopes):
        if scope.lower() != f"/subscriptions/{call.id.subscription}".lower():
            found.append(existing(call, scope, f"properties.scopes[{index}]"))
    return found
