"""Bodies of what can stand around a workspace, and what each needs before it."""

from __future__ import annotations

from typing import Any

from tests.sandbox.arm.harness import (
    GROUP,
    LOGS,
    PROJECT,
    STORAGE,
    VAULT,
)

NETWORK = f"{GROUP}/providers/Microsoft.Network"
VNET = f"{NETWORK}/virtualNetworks/llama-net"
SUBNET = f"{VNET}/subnets/endpoints"
NSG = f"{NETWORK}/networkSecurityGroups/llama-nsg"
PRIVATE_ENDPOINT = f"{NETWORK}/privateEndpoints/llama-pe"
ZONE_GROUP = f"{PRIVATE_ENDPOINT}/privateDnsZoneGroups/default"
ZONE = f"{NETWORK}/privateDnsZones/privatelink.vaultcore.azure.net"
LINK = f"{ZONE}/virtualNetworkLinks/llama-net"
IDENTITY = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/llama-id"
REGISTRY = f"{GROUP}/providers/Microsoft.ContainerRegistry/registries/llamaregistry"
SAFETY = f"{GROUP}/providers/Microsoft.CognitiveServices/accounts/llama-safety"
FOUNDRY = f"{GROUP}/providers/Microsoft.CognitiveServices/accounts/llama-foundry"
FOUNDRY_DEPLOYMENT = f"{FOUNDRY}/deployments/llama-33"
FOUNDRY_PROJECT = f"{FOUNDRY}/projects/llama"
KEY = f"{VAULT}/keys/cmk"
SECRET = f"{VAULT}/secrets/llama-primary"
CONTAINER = f"{STORAGE}/blobServices/default/containers/model-data"
INSIGHTS = f"{GROUP}/providers/Microsoft.Insights"
ACTION_GROUP = f"{INSIGHTS}/actionGroups/team"
METRIC_ALERT = f"{INSIGHTS}/metricAlerts/latency"
QUERY_RULE = f"{INSIGHTS}/scheduledQueryRules/errors"
AUTOSCALE = f"{INSIGHTS}/autoscalesettings/scale"
DIAGNOSTICS = f"{VAULT}/providers/Microsoft.Insights/diagnosticSettings/to-logs"
BUDGET = f"{GROUP}/providers/Microsoft.Consumption/budgets/llama"
LOCK = f"{VAULT}/providers/Microsoft.Authorization/locks/keep"
POLICY = f"{GROUP}/providers/Microsoft.Authorization/policyAssignments/regions"
ENDPOINT = f"{PROJECT}/onlineEndpoints/llama-8b"
DEPLOYMENT = f"{ENDPOINT}/deployments/blue"
HERE = {"location": "eastus2"}
EVERYWHERE = {"location": "global"}


def rule(name: str = "https", priority: int = 100, **properties: Any) -> dict[str, Any]:
    given = {
        "priority": priority,
        "direction": "Inbound",
        "access": "Allow",
        "protocol": "Tcp",
        "sourceAddressPrefix": "VirtualNetwork",
        "sourcePortRange": "*",
        "destinationAddressPrefix": "*",
        "destinationPortRange": "443",
    }
    return {"name": name, "properties": given | properties}


def vnet_body(*subnets: dict[str, Any], space: str = "10.40.0.0/16") -> dict[str, Any]:
    more = {"subnets": list(subnets)} if subnets else {}
    return HERE | {"properties": {"addressSpace": {"addressPrefixes": [space]}} | more}


def subnet_body(prefix: str = "10.40.0.0/24", **properties: Any) -> dict[str, Any]:
    return {"properties": {"addressPrefix": prefix} | properties}


def private_endpoint_body(
    target: str = VAULT, group: str = "vault", subnet: str = SUBNET, **more: Any
) -> dict[str, Any]:
    connection = {"name": "c", "properties": {"privateLinkServiceId": target, "groupIds": [group]}}
    return HERE | {"properties": {"subnet": {"id": subnet}, "privateLinkServiceConnections": [connection]} | more}


def zone_group_body(zone: str = ZONE) -> dict[str, Any]:
    return {"properties": {"privateDnsZoneConfigs": [{"name": "vault", "properties": {"privateDnsZoneId": zone}}]}}


def link_body(network: str = VNET) -> dict[str, Any]:
    return EVERYWHERE | {"properties": {"registrationEnabled": False, "virtualNetwork": {"id": network}}}


def registry_body(sku: str = "Basic", **properties: Any) -> dict[str, Any]:
    return HERE | {"sku": {"name": sku}, "properties": properties}


def safety_body(**properties: Any) -> dict[str, Any]:
    given = {"customSubDomainName": "llama-safety"} | properties
    return HERE | {"kind": "ContentSafety", "sku": {"name": "S0"}, "properties": given}


def foundry_body(**properties: Any) -> dict[str, Any]:
    given = {"customSubDomainName": "llama-foundry", "allowProjectManagement": True} | properties
    return HERE | {"kind": "AIServices", "sku": {"name": "S0"}, "properties": given}


def model_body(version: str = "5", capacity: int = 10, name: str = "Llama-3.3-70B-Instruct") -> dict[str, Any]:
    model = {"format": "Meta", "name": name, "version": version}
    return {"sku": {"name": "GlobalStandard", "capacity": capacity}, "properties": {"model": model}}


def secret_body(value: str | None = "a-very-secret-value", **properties: Any) -> dict[str, Any]:
    return {"properties": ({"value": value} if value else {}) | properties}


def logs_body() -> dict[str, Any]:
    return HERE | {"properties": {"sku": {"name": "PerGB2018"}}}


def diagnostics_body(**properties: Any) -> dict[str, Any]:
    given = {
        "workspaceId": LOGS,
        "logs": [{"categoryGroup": "allLogs", "enabled": True}],
        "metrics": [{"category": "AllMetrics", "enabled": True}],
    }
    return {"properties": given | properties}


def profile(minimum: int = 1, maximum: int = 3, name: str = "default", **more: Any) -> dict[str, Any]:
    capacity = {"minimum": str(minimum), "maximum": str(maximum), "default": str(minimum)}
    return {"name": name, "capacity": capacity, "rules": []} | more


def scale_rule(metric: str = "GpuUtilizationPercentage", of: str = DEPLOYMENT, **action: str) -> dict[str, Any]:
    trigger = {
        "metricName": metric,
        "metricResourceUri": of,
        "operator": "GreaterThan",
        "statistic": "Average",
        "threshold": 70,
        "timeAggregation": "Average",
        "timeGrain": "PT1M",
        "timeWindow": "PT5M",
    }
    given = {"cooldown": "PT5M", "direction": "Increase", "type": "ChangeCount", "value": "1"}
    return {"metricTrigger": trigger, "scaleAction": given | action}


def autoscale_body(*profiles: dict[str, Any], **properties: Any) -> dict[str, Any]:
    given = {"enabled": True, "targetResourceUri": DEPLOYMENT, "profiles": list(profiles) or [profile()]}
    return HERE | {"properties": given | properties}


def action_group_body(**properties: Any) -> dict[str, Any]:
    receivers = [{"name": "team", "emailAddress": "team@example.com"}]
    return EVERYWHERE | {
        "properties": {"enabled": True, "groupShortName": "team", "emailReceivers": receivers} | properties
    }


def alert_body(metric: str = "RequestLatency_P95", **properties: Any) -> dict[str, Any]:
    criterion = {
        "name": "p95",
        "criterionType": "StaticThresholdCriterion",
        "metricName": metric,
        "operator": "GreaterThan",
        "threshold": 5000,
        "timeAggregation": "Average",
    }
    given = {
        "enabled": True,
        "severity": 2,
        "evaluationFrequency": "PT1M",
        "windowSize": "PT5M",
        "scopes": [ENDPOINT],
        "criteria": {
            "odata.type": "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria",
            "allOf": [criterion],
        },
        "actions": [{"actionGroupId": ACTION_GROUP}],
    }
    return EVERYWHERE | {"properties": given | properties}


def query_rule_body(**properties: Any) -> dict[str, Any]:
    condition = {"query": "T | where x", "timeAggregation": "Count", "operator": "GreaterThan", "threshold": 5}
    given = {
        "enabled": True,
        "severity": 1,
        "evaluationFrequency": "PT5M",
        "windowSize": "PT15M",
        "scopes": [LOGS],
        "criteria": {"allOf": [condition]},
        "actions": {"actionGroups": [ACTION_GROUP]},
    }
    return HERE | {"kind": "LogAlert", "properties": given | properties}


def budget_body(start: str = "2026-11-01", **properties: Any) -> dict[str, Any]:
    notification = {"enabled": True, "operator": "GreaterThan", "threshold": 50, "contactEmails": ["a@example.com"]}
    given = {
        "amount": 1000,
        "category": "Cost",
        "timeGrain": "Monthly",
        "timePeriod": {"startDate": start},
        "notifications": {"half": notification},
    }
    return {"properties": given | properties}


def lock_body(level: str = "CanNotDelete") -> dict[str, Any]:
    return {"properties": {"level": level, "notes": "holds the models"}}


def policy_body(**properties: Any) -> dict[str, Any]:
    definition = "/providers/Microsoft.Authorization/policyDefinitions/e56962a6-4747-49cd-b67b-bf8b01975c4c"
    return {"properties": {"policyDefinitionId": definition} | properties}
