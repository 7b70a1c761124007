"""A case of each type around a workspace: what it needs, its body, and how ARM answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.sandbox.arm.around import (
    ACTION_GROUP,
    AUTOSCALE,
    BUDGET,
    CONTAINER,
    DEPLOYMENT,
    DIAGNOSTICS,
    ENDPOINT,
    EVERYWHERE,
    FOUNDRY,
    FOUNDRY_DEPLOYMENT,
    FOUNDRY_PROJECT,
    HERE,
    IDENTITY,
    KEY,
    LINK,
    LOCK,
    METRIC_ALERT,
    NSG,
    POLICY,
    PRIVATE_ENDPOINT,
    QUERY_RULE,
    REGISTRY,
    SAFETY,
    SECRET,
    SUBNET,
    VNET,
    ZONE,
    ZONE_GROUP,
    action_group_body,
    alert_body,
    autoscale_body,
    budget_body,
    diagnostics_body,
    foundry_body,
    link_body,
    lock_body,
    logs_body,
    model_body,
    policy_body,
    private_endpoint_body,
    profile,
    query_rule_body,
    registry_body,
    rule,
    safety_body,
    scale_rule,
    secret_body,
    subnet_body,
    vnet_body,
    zone_group_body,
)
from tests.sandbox.arm.gateway import PARTS, SERVICE, service_body
from tests.sandbox.arm.harness import (
    LOGS,
    STORAGE,
    VAULT,
    Azure,
    account_body,
    deployment_body,
    endpoint_body,
    vault_body,
)


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
        unknown_code: Error code of a body with an unknown property.
    """

    path: str
    body: dict[str, Any]
    version: str
    first: int = 201
    last: int | None = 200
    needs: tuple[tuple[str, dict[str, Any]], ...] = ()
    endpoint: bool = False
    patch: bool = True
    unknown_code: str = "InvalidRequestContent"

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

SEARCH = {"properties": {"authType": "ApiKey", "category": "CognitiveSearch", "credentials": {"key": "k"}}}
CONNECTION: Any = {
    "version": "2025-06-01",
    "first": 200,
    "needs": ((FOUNDRY, foundry_body()), (FOUNDRY_PROJECT, HERE)),
    "patch": False,
    "unknown_code": "UserError",
}

CASES = {
    "gateway": Case(SERVICE, service_body(), "2024-05-01", last=202),
    **{
        name: Case(path, body, "2024-05-01", last=202 if name == "gateway-api" else 200, needs=needs, patch=False)
        for name, (path, body, needs) in PARTS.items()
    },
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
    "safety": Case(SAFETY, safety_body(), "2025-06-01"),
    "foundry-deployment": Case(FOUNDRY_DEPLOYMENT, model_body(), "2025-06-01", needs=((FOUNDRY, foundry_body()),)),
    "foundry-project": Case(
        FOUNDRY_PROJECT,
        HERE | {"identity": {"type": "SystemAssigned"}},
        "2025-06-01",
        needs=((FOUNDRY, foundry_body()),),
    ),
    "foundry-filter": Case(
        f"{FOUNDRY}/raiPolicies/strict",
        {"properties": {"basePolicyName": "Microsoft.Default", "mode": "Default"}},
        "2025-06-01",
        last=202,
        needs=((FOUNDRY, foundry_body()),),
        patch=False,
    ),
    "foundry-account-connection": Case(f"{FOUNDRY}/connections/search", SEARCH, **CONNECTION),
    "foundry-connection": Case(f"{FOUNDRY_PROJECT}/connections/search", SEARCH, **CONNECTION),
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
