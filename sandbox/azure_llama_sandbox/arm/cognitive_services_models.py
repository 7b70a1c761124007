"""The models and usages of a region, as Microsoft.CognitiveServices lists them, and what deployments use of them."""

from __future__ import annotations

from typing import Any

from azure_llama_sandbox.arm import access, verbs
from azure_llama_sandbox.arm import cognitive_services_data as data
from azure_llama_sandbox.arm.calls import Answer, Call
from azure_llama_sandbox.arm.kinds import Body, location_of
from azure_llama_sandbox.store import Resource, Store

ACCOUNT = "Microsoft.CognitiveServices/accounts"
DEPLOYMENT = f"{ACCOUNT}/deployments"


def account_of(store: Store, resource_id: str) -> Resource:
    """The account that a resource lies in."""
    account = store.get("/".join(resource_id.split("/")[:9]))
    assert account is not None, resource_id
    return account


def used_of(store: Store, region: str, usage_name: str, without: str = "") -> int:
    """Capacity of a usage name that deployments in a region have, one of them left out."""
    used = 0
    for deployment in store.of_type(DEPLOYMENT):
        asked = deployment.properties["model"]
        models = data.find_models(asked["format"], asked["name"], asked["version"])
        here = location_of(account_of(store, deployment.id).body) == region
        if here and deployment.id.lower() != without.lower() and any(m.usage_name == usage_name for m in models):
            used += deployment.properties["currentCapacity"]
    return used


def list_models(call: Call) -> Answer:
    """GET the models of a region."""
    access.require(call, "Microsoft.CognitiveServices/locations/models/read", scope=call.id.scope)
    region = call.id.names[0]
    base = f"{call.id.scope}/providers/Microsoft.CognitiveServices/locations/{region}/models"
    return verbs.value([_row(base, region, model) for model in data.MODELS])


def _row(base: str, region: str, model: data.Model) -> Body:
    limits = {"rateLimits": model.rate_limits} if model.rate_limits else {}
    sku = {
        "name": model.sku,
        "usageName": model.usage_name,
        "capacity": {"maximum": model.maximum, "default": model.default},
        **limits,
    }
    return {
        "id": f"{base}/{model.id}",
        "type": "Microsoft.CognitiveServices/locations/models",
        "name": model.id,
        "location": region,
        "kind": model.kind,
        "skuName": "S0",
        "model": {
            "format": model.format,
            "name": model.name,
            "version": model.version,
            "isDefaultVersion": model.is_default,
            "skus": [sku],
            "maxCapacity": 3,
            "capabilities": dict(model.capabilities),
            "deprecation": {"inference": "2099-12-31T00:00:00Z"},
            "lifecycleStatus": "Stable",
            "systemData": {
                "createdBy": "Microsoft",
                "createdByType": "Application",
                "createdAt": "2024-10-01T00:00:00Z",
                "lastModifiedBy": "MaaSModelConverter",
                "lastModifiedByType": "Application",
                "lastModifiedAt": "2025-04-16T04:45:33.9367873Z",
            },
            "modelCatalogAssetId": f"{model.asset}/versions/{model.version}",
        },
    }


def list_usages(call: Call) -> Answer:
    """GET the usages of a region."""
    access.require(call, "Microsoft.CognitiveServices/locations/usages/read", scope=call.id.scope)
    region = location_of({"location": call.id.names[0]})
    accounts = [each for each in call.store.of_type(ACCOUNT) if location_of(each.body) == region]
    counted = {
        "AccountCount": len(accounts),
        "OpenAI.S0.AccountCount": sum(each.body["kind"] == "OpenAI" for each in accounts),
    }
    rows: list[dict[str, Any]] = []
    for name, (text, limit) in data.LIMITS.items():
        used = counted[name] if name in counted else used_of(call.store, region, name)
        usage = {"name": {"value": name, "localizedValue": text}, "currentValue": used, "limit": limit, "unit": "Count"}
        rows.append(usage)
    return verbs.value(rows)
