"""A whole stack, from the group to its deletion, and whether the bodies serve the clients."""

from __future__ import annotations

from azure_llama_sandbox.world import TENANT
from tests.sandbox.arm.harness import (
    GROUP,
    HUB,
    MODEL,
    PROJECT,
    SMALL_MODEL,
    STORAGE,
    VAULT,
    Azure,
    endpoint_body,
)


def test_a_stack_comes_up_and_goes_away(hub: Azure) -> None:
    subscription = hub.subscribe()
    assert subscription["properties"]["marketplaceSubscriptionStatus"] == "Subscribed"
    assert subscription["properties"]["marketplacePlan"]["publisherId"] == "metagenai"
    assert "location" not in subscription
    serverless = hub.serverless()
    assert serverless["properties"] == {
        "authMode": "Key",
        "modelSettings": {"modelId": MODEL},
        "contentSafety": {"contentSafetyStatus": "Enabled"},
        "marketplaceSubscriptionId": subscription["id"],
        "inferenceEndpoint": {"uri": "https://llama-33-70b.eastus2.models.ai.azure.com", "headers": {}},
        "endpointState": "Online",
        "provisioningState": "Succeeded",
    }
    endpoint = hub.endpoint()
    deployment = hub.get(hub.deployment())
    assert deployment["properties"]["model"] == SMALL_MODEL
    assert deployment["sku"] == {"name": "Default", "tier": "Standard", "capacity": 1}
    assert deployment["properties"]["scaleSettings"] == {"scaleType": "Default"}
    assert deployment["properties"]["endpointComputeType"] == "Managed"
    shown = hub.put(endpoint, endpoint_body(traffic={"blue": 100}))
    assert shown["properties"]["scoringUri"] == "https://llama-8b.eastus2.inference.ml.azure.com/score"
    assert shown["properties"]["swaggerUri"] == "https://llama-8b.eastus2.inference.ml.azure.com/swagger.json"
    assert shown["properties"]["traffic"] == {"blue": 100}
    assert shown["properties"]["keys"] is None
    assert shown["properties"]["properties"]["azureml.onlineendpointid"] == endpoint.lower()
    assert shown["identity"]["tenantId"] == TENANT
    hub.delete(endpoint)
    hub.delete(serverless["id"])
    hub.delete(subscription["id"])
    hub.delete(PROJECT)
    hub.delete(HUB)
    hub.delete(VAULT)
    hub.delete(STORAGE)
    hub.delete(GROUP)
    assert hub.store.below("/subscriptions") == []
    assert {each.id for each in hub.store.soft_deleted()} == {HUB, PROJECT, VAULT}


def test_a_group_takes_all_that_is_in_it_along(hub: Azure) -> None:
    hub.subscribe()
    hub.serverless()
    hub.endpoint()
    hub.deployment()
    hub.delete(GROUP)
    assert hub.store.below("/subscriptions") == []
    assert {each.id for each in hub.store.soft_deleted()} == {HUB, PROJECT, VAULT}
    assert hub.store.host_owner("llama-8b.eastus2.inference.ml.azure.com") is None
