"""Creates a hub, a project, a workspace, a compute instance, connections and endpoints with azure-ai-ml.

Writes one JSON line for each step; the first argument is the resource group.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

from azure.ai.ml import MLClient
from azure.ai.ml.entities import (
    ApiKeyConfiguration,
    AzureAISearchConnection,
    AzureAIServicesConnection,
    ComputeInstance,
    Hub,
    ManagedOnlineDeployment,
    ManagedOnlineEndpoint,
    MarketplaceSubscription,
    Project,
    ServerlessConnection,
    ServerlessEndpoint,
    Workspace,
    WorkspaceConnection,
)
from azure.identity import DefaultAzureCredential

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
LOCATION = "eastus2"
SERVERLESS = "azureml://registries/azureml-meta/models/Llama-3.3-70B-Instruct"
MANAGED = "azureml://registries/azureml-meta/models/Meta-Llama-3.1-8B-Instruct/versions/4"
Steps = dict[str, Callable[[], Any]]


def workspaces(ml: MLClient, group: str) -> Steps:
    """A hub, a project, a workspace and a compute instance; `group` is the id of the resource group."""
    hub = f"{group}/providers/Microsoft.MachineLearningServices/workspaces/mlhub"
    create = ml.workspaces.begin_create
    return {
        "hub": lambda: create(Hub(name="mlhub", location=LOCATION)).result(),
        "project": lambda: create(Project(name="mlproject", hub_id=hub, location=LOCATION)).result(),
        "workspace": lambda: create(Workspace(name="mlworkspace", location=LOCATION)).result(),
        "workspace update": lambda: ml.workspaces.begin_update(
            ml.workspaces.get("mlworkspace"), tags={"a": "b"}
        ).result(),
        "workspace list": lambda: list(ml.workspaces.list()),
        "compute instance": lambda: ml.compute.begin_create_or_update(
            ComputeInstance(name="ml-notebook", size="Standard_DS3_v2")
        ).result(),
        "compute instance get": lambda: ml.compute.get("ml-notebook"),
    }


def connections(ml: MLClient, group: str) -> Steps:
    """Connections of four kinds; `group` is the id of the resource group."""
    key: dict[str, Any] = {"api_key": "s3cret"}
    services = f"{group}/providers/Microsoft.CognitiveServices/accounts/mlservices"
    kinds = {
        "a key": WorkspaceConnection(
            name="custom", type="custom", target="https://contoso.com", credentials=ApiKeyConfiguration(key="s3cret")
        ),
        "search": AzureAISearchConnection(name="search", endpoint="https://contoso.search.windows.net", **key),
        "AI services": AzureAIServicesConnection(
            name="services",
            endpoint="https://mlservices.cognitiveservices.azure.com/",
            ai_services_resource_id=services,
            **key,
        ),
        "a serverless endpoint": ServerlessConnection(
            name="other", endpoint="https://other.eastus2.models.ai.azure.com", **key
        ),
    }
    return {
        **{f"connection: {name}": partial(ml.connections.create_or_update, each) for name, each in kinds.items()},
        "connection get": lambda: ml.connections.get("custom"),
        "connection list": lambda: list(ml.connections.list()),
    }


def endpoints(ml: MLClient) -> Steps:
    """A serverless endpoint, and a managed one with a deployment."""
    subscription = MarketplaceSubscription(name="ml-llama", model_id=SERVERLESS)
    serverless = ServerlessEndpoint(name="ml-serverless", model_id=SERVERLESS)
    managed = ManagedOnlineEndpoint(name="ml-managed", auth_mode="key")
    blue = ManagedOnlineDeployment(
        name="blue",
        endpoint_name="ml-managed",
        model=MANAGED,
        instance_type="Standard_NC24ads_A100_v4",
        instance_count=1,
    )

    def shift() -> Any:
        managed.traffic = {"blue": 100}
        return ml.online_endpoints.begin_create_or_update(managed).result()

    return {
        "subscription": lambda: ml.marketplace_subscriptions.begin_create_or_update(subscription).result(),
        "serverless endpoint": lambda: ml.serverless_endpoints.begin_create_or_update(serverless).result(),
        "serverless endpoint keys": lambda: ml.serverless_endpoints.get_keys("ml-serverless"),
        "endpoint": lambda: ml.online_endpoints.begin_create_or_update(managed).result(),
        "deployment": lambda: ml.online_deployments.begin_create_or_update(blue).result(),
        "traffic": shift,
        "endpoint keys": lambda: ml.online_endpoints.get_keys("ml-managed"),
        "deployment list": lambda: list(ml.online_deployments.list("ml-managed")),
    }


def deletions(ml: MLClient) -> Steps:
    """One of each."""
    return {
        "endpoint delete": lambda: ml.online_endpoints.begin_delete("ml-managed").result(),
        "compute instance delete": lambda: ml.compute.begin_delete("ml-notebook").result(),
        "connection delete": lambda: ml.connections.delete("custom"),
    }


def main(name: str) -> None:
    """All steps, in an order in which they can be done."""
    subscription = os.environ["AZURE_SUBSCRIPTION_ID"]
    group = f"/subscriptions/{subscription}/resourceGroups/{name}"
    ml = MLClient(DefaultAzureCredential(), subscription, name, "mlworkspace")
    for step, do in (workspaces(ml, group) | connections(ml, group) | endpoints(ml) | deletions(ml)).items():
        error = None
        try:
            do()
        except Exception as failure:
            error = f"{type(failure).__name__}: {failure}"[:800]
        sys.stdout.write(json.dumps({"step": step, "error": error}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
