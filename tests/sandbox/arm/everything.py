"""One resource of every type that ARM emulates, in one group."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.sandbox.arm.around import DEPLOYMENT, ENDPOINT, VNET, subnet_body, vnet_body
from tests.sandbox.arm.cases import CASES
from tests.sandbox.arm.harness import (
    GROUP,
    HUB,
    INSIGHTS,
    LOGS,
    MODEL,
    PROJECT,
    STORAGE,
    SUB,
    VAULT,
    Azure,
    account_body,
    deployment_body,
    endpoint_body,
    hub_body,
    project_body,
    serverless_body,
    vault_body,
)

ROLE = "00000000-0000-4000-8000-000000000001"
ROLES = f"{GROUP}/providers/Microsoft.Authorization"
DEFINITION = f"{ROLES}/roleDefinitions/{ROLE}"
ASSIGNMENT = f"{ROLES}/roleAssignments/{ROLE}"
_EMPTY_TEMPLATE = {
    "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
    "contentVersion": "1.0.0.0",
    "resources": [],
}
_LOCKED = frozenset({"lock", "private-endpoint", "zone-group"})
"""Put last: a lock forbids what comes after it."""
ASSETS: dict[str, dict[str, Any]] = {
    "environments": {"image": "vllm/vllm-openai:v0.11.0", "osType": "Linux"},
    "models": {"modelType": "custom_model", "modelUri": "azureml://datastores/workspaceblobstore/paths/own"},
    "codes": {"codeUri": "https://stllama.blob.core.windows.net/azureml/code"},
}
ISOLATED: dict[str, Any] = {"managedNetwork": {"isolationMode": "AllowInternetOutbound"}, "provisionNetworkNow": True}


def resources() -> Iterator[tuple[str, dict[str, Any]]]:
    """Paths and bodies, in an order in which they can be put."""
    yield GROUP, {"location": "eastus2", "tags": {"team": "a"}}
    yield STORAGE, account_body()
    yield VAULT, vault_body()
    yield LOGS, {"location": "eastus2", "properties": {"sku": {"name": "PerGB2018"}}}
    properties = {"Application_Type": "web", "WorkspaceResourceId": LOGS}
    yield INSIGHTS, {"location": "eastus2", "kind": "web", "properties": properties}
    yield HUB, hub_body(applicationInsights=INSIGHTS, **ISOLATED)
    yield PROJECT, project_body()
    target = {"type": "PrivateEndpoint", "destination": {"serviceResourceId": VAULT, "subresourceTarget": "vault"}}
    yield f"{HUB}/outboundRules/to-vault", {"properties": target}
    connection = {"authType": "ApiKey", "category": "CustomKeys", "target": "_", "credentials": {"key": "s3cret"}}
    yield f"{PROJECT}/connections/search", {"properties": connection}
    compute = {"computeType": "ComputeInstance", "properties": {"vmSize": "Standard_DS3_v2"}}
    yield f"{PROJECT}/computes/notebook", {"location": "eastus2", "properties": compute}
    yield f"{PROJECT}/marketplaceSubscriptions/llama", {"properties": {"modelId": MODEL}}
    yield f"{PROJECT}/serverlessEndpoints/llama-33", serverless_body()
    for collection, content in ASSETS.items():
        yield f"{PROJECT}/{collection}/own", {"properties": {"description": "ours"}}
        yield f"{PROJECT}/{collection}/own/versions/1", {"properties": content}
    yield ENDPOINT, endpoint_body()
    yield DEPLOYMENT, deployment_body()
    role = {"roleName": "Caller", "assignableScopes": [GROUP], "permissions": [{"actions": ["*/read"]}]}
    yield DEFINITION, {"properties": role}
    assignment = {"roleDefinitionId": f"{SUB}{DEFINITION.removeprefix(GROUP)}", "principalId": ROLE}
    yield ASSIGNMENT, {"properties": assignment}
    deployment = {"mode": "Incremental", "template": _EMPTY_TEMPLATE}
    yield f"{GROUP}/providers/Microsoft.Resources/deployments/empty", {"properties": deployment}
    yield VNET, vnet_body({"name": "endpoints", **subnet_body()})
    last = [case for name, case in CASES.items() if name in _LOCKED]
    for case in (*(case for name, case in CASES.items() if name not in _LOCKED), *last):
        yield from (*case.needs, (case.path, case.body))


def put_everything(azure: Azure) -> dict[str, dict[str, Any]]:
    """Put all of it; the bodies by path."""
    bodies: dict[str, dict[str, Any]] = {}
    for path, body in resources():
        if path not in bodies:
            azure.put(path, body)
        bodies[path] = body
    return bodies
