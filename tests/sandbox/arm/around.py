"""Bodies of what can stand around a workspace, and what each needs before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.sandbox.arm.harness import (
    GROUP,
    LOGS,
    PROJECT,
    STORAGE,
    VAULT,
    Azure,
    account_body,
    deployment_body,
    endpoint_body,
    vault_body,
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


@dataclass(frozen=True)
class Case:
    """A resource.

    Attributes:
        path: Its id.
        body: Of its PUT.
        version: The api-version that azure-native sends.
        first: Status of the first PUT.
        last: Status of the DELETE; None when ARM has none.
        needs: Paths and bodies of what has to be there before.
        endpoint: Whether it needs a managed endpoint with a deployment.
        patch: Whether a PATCH of tags is known.
    """

    path: str
    body: dict[str, Any]
    version: str
    first: int = 201
    last: int | None = 200
    needs: tuple[tuple[str, dict[str, Any]], ...] = ()
    endpoint: bool = False
    patch: bool = True

    def prepare(self, azure: Azure) -> None:
        """Put what it needs."""
        if self.endpoint:
            azure.with_hub()
            azure.put(ENDPOINT, endpoint_body())
            azure.put(DEPLOYMENT, deployment_body())
        else:
            azure.with_group()
        for path, body in self.needs:
            azure.put(path, body)


_VAULT = ((VAULT, vault_body()),)
_VNET = ((VNET, vnet_body()),)
_PRIVATE = (*_VAULT, *_VNET, (SUBNET, subnet_body()))
_TEAM = ((ACTION_GROUP, action_group_body()),)
_LOGS = ((LOGS, logs_body()),)

CASES = {
    "identity": Case(IDENTITY, HERE, "2023-01-31"),
    "vnet": Case(VNET, vnet_body({"name": "one", **subnet_body()}), "2024-05-01", last=202),
    "subnet": Case(SUBNET, subnet_body(), "2024-05-01", last=202, needs=_VNET, patch=False),
    "nsg": Case(NSG, HERE | {"properties": {"securityRules": [rule()]}}, "2024-05-01", last=202),
    "private-endpoint": Case(
        PRIVATE_ENDPOINT, private_endpoint_body(), "2024-05-01", last=202, needs=_PRIVATE, patch=False
    ),
    "zone-group": Case(
        ZONE_GROUP,
        zone_group_body(),
        "2024-05-01",
        last=202,
        needs=(*_PRIVATE, (PRIVATE_ENDPOINT, private_endpoint_body()), (ZONE, EVERYWHERE)),
        patch=False,
    ),
    "zone": Case(ZONE, EVERYWHERE, "2024-06-01", first=202, last=202),
    "link": Case(LINK, link_body(), "2024-06-01", first=202, last=202, needs=(*_VNET, (ZONE, EVERYWHERE))),
    "registry": Case(REGISTRY, registry_body(), "2023-01-01-preview", last=202),
    "safety": Case(SAFETY, safety_body(), "2025-06-01", last=202),
    "key": Case(KEY, {"properties": {"kty": "RSA"}}, "2024-11-01", first=200, last=None, needs=_VAULT, patch=False),
    "secret": Case(SECRET, secret_body(contentType="text/plain"), "2024-11-01", last=None, needs=_VAULT),
    "container": Case(
        CONTAINER,
        {"properties": {"metadata": {"a": "b"}}},
        "2024-01-01",
        needs=((STORAGE, account_body()),),
        patch=False,
    ),
    "diagnostics": Case(
        DIAGNOSTICS, diagnostics_body(), "2021-05-01-preview", first=200, needs=(*_VAULT, *_LOGS), patch=False
    ),
    "autoscale": Case(AUTOSCALE, autoscale_body(profile(rules=[scale_rule()])), "2021-05-01-preview", endpoint=True),
    "action-group": Case(ACTION_GROUP, action_group_body(), "2024-10-01-preview"),
    "metric-alert": Case(METRIC_ALERT, alert_body(), "2018-03-01", first=200, needs=_TEAM, endpoint=True),
    "query-rule": Case(QUERY_RULE, query_rule_body(), "2025-01-01-preview", needs=(*_TEAM, *_LOGS)),
    "budget": Case(BUDGET, budget_body(), "2024-08-01", patch=False),
    "lock": Case(LOCK, lock_body(), "2020-05-01", needs=_VAULT, patch=False),
    "policy": Case(POLICY, policy_body(), "2025-01-01", patch=False),
}
