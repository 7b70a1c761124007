"""Inputs of what watches, scales and counts."""

from __future__ import annotations

from typing import Any

from tests.sandbox.provider.examples.common import GROUP, Examples

RULE: dict[str, Any] = {
    "metricTrigger": {
        "metricName": "RequestsPerMinute",
        "metricResourceUri": "/subscriptions/s/deployment",
        "operator": "GreaterThan",
        "statistic": "Average",
        "threshold": 70,
        "timeAggregation": "Average",
        "timeGrain": "PT1M",
        "timeWindow": "PT5M",
        "dimensions": [{"dimensionName": "State", "operator": "Equals", "values": ["Available"]}],
    },
    "scaleAction": {"cooldown": "PT5M", "direction": "Increase", "type": "ChangeCount", "value": "1"},
}

EXAMPLES: Examples = {
    "monitor:DiagnosticSetting": {
        "resourceUri": "/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv1",
        "name": "to-logs",
        "workspaceId": "/subscriptions/s/law",
        "logs": [{"categoryGroup": "allLogs", "enabled": True}],
        "metrics": [{"category": "AllMetrics", "enabled": True, "retentionPolicy": {"days": 0, "enabled": False}}],
    },
    "monitor:AutoscaleSetting": {
        **GROUP,
        "autoscaleSettingName": "scale",
        "location": "eastus2",
        "enabled": True,
        "name": "scale",
        "targetResourceUri": "/subscriptions/s/deployment",
        "profiles": [
            {"name": "default", "capacity": {"minimum": "1", "maximum": "3", "default": "1"}, "rules": [RULE]},
            {
                "name": "weekend",
                "capacity": {"minimum": "1", "maximum": "1", "default": "1"},
                "rules": [],
                "recurrence": {
                    "frequency": "Week",
                    "schedule": {"timeZone": "UTC", "days": ["Saturday"], "hours": [0], "minutes": [0]},
                },
            },
        ],
    },
    "monitor:ActionGroup": {
        **GROUP,
        "actionGroupName": "ag",
        "location": "global",
        "enabled": True,
        "groupShortName": "ag",
        "emailReceivers": [{"name": "team", "emailAddress": "team@example.com", "useCommonAlertSchema": True}],
    },
    "monitor:MetricAlert": {
        **GROUP,
        "ruleName": "latency",
        "location": "global",
        "enabled": True,
        "severity": 2,
        "evaluationFrequency": "PT1M",
        "windowSize": "PT5M",
        "scopes": ["/subscriptions/s/endpoint"],
        "criteria": {
            "odataType": "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria",
            "allOf": [
                {
                    "name": "p95",
                    "criterionType": "StaticThresholdCriterion",
                    "metricName": "RequestLatency_P95",
                    "operator": "GreaterThan",
                    "threshold": 5000,
                    "timeAggregation": "Average",
                }
            ],
        },
        "actions": [{"actionGroupId": "/subscriptions/s/ag"}],
    },
    "monitor:ScheduledQueryRule": {
        **GROUP,
        "ruleName": "errors",
        "location": "eastus2",
        "kind": "LogAlert",
        "enabled": True,
        "severity": 1,
        "evaluationFrequency": "PT5M",
        "windowSize": "PT15M",
        "scopes": ["/subscriptions/s/law"],
        "criteria": {
            "allOf": [
                {
                    "query": "AmlOnlineEndpointTrafficLog | where ResponseCode >= 500",
                    "timeAggregation": "Count",
                    "operator": "GreaterThan",
                    "threshold": 5,
                    "failingPeriods": {"numberOfEvaluationPeriods": 1, "minFailingPeriodsToAlert": 1},
                }
            ]
        },
        "actions": {"actionGroups": ["/subscriptions/s/ag"]},
    },
    "consumption:Budget": {
        "scope": "/subscriptions/s/resourceGroups/rg",
        "budgetName": "llama",
        "amount": 1000,
        "category": "Cost",
        "timeGrain": "Monthly",
        "timePeriod": {"startDate": "2026-11-01T00:00:00Z"},
        "filter": {"dimensions": {"name": "PublisherType", "operator": "In", "values": ["Marketplace"]}},
        "notifications": {
            "half": {
                "enabled": True,
                "operator": "GreaterThanOrEqualTo",
                "threshold": 50,
                "thresholdType": "Actual",
                "contactEmails": ["team@example.com"],
                "contactRoles": ["Owner"],
            }
        },
    },
}
