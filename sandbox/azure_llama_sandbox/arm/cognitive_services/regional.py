"""Lists of Microsoft.CognitiveServices for a region and an account: models, their capacity, usages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from azure_llama_sandbox import foundry
from azure_llama_sandbox.arm import access, verbs
from azure_llama_sandbox.arm.calls import Answer, Call
from azure_llama_sandbox.arm.cognitive_services.common import ACCOUNT, DEPLOYMENT, NAMESPACE, account_of
from azure_llama_sandbox.arm.errors import bad_request
from azure_llama_sandbox.arm.kinds import Body, location_of
from azure_llama_sandbox.facts import CATALOG
from azure_llama_sandbox.world import World

_CAPACITIES = f"{NAMESPACE}/locations/modelCapacities"


def quota(world: World, region: str, usage_name: str, without: str = "") -> tuple[str, int, int]:
    """Text, limit and use of a quota in a region.

    Args:
        world: Required.
        region: Required.
        usage_name: Required.
        without: Optional. Id of a deployment that is not counted.
    """
    text, limit = foundry.usages()[usage_name]
    used = 0
    for deployment in world.store.of_type(DEPLOYMENT):
        offer = foundry.model_of(deployment.properties).offer(deployment.body["sku"]["name"])
        counted = offer is not None and offer.usage_name == usage_name and deployment.id.lower() != without.lower()
        if counted and location_of(account_of(world.store, deployment.id).body) == region:
            used += deployment.properties["currentCapacity"]
    return text, world.conditions().foundry.quota.get(usage_name, limit), used


def sku_row(offer: foundry.Offer) -> Body:
    """`capacity` of a SKU that a deployment can have."""
    capacity = offer.capacity
    least = capacity.get("minimum", 1)
    return {"minimum": least, "scaleType": "Automatic", "step": capacity.get("step", 1)} | dict(capacity)


def list_models(call: Call) -> Answer:
    """GET the models of a region."""
    access.require(call, f"{NAMESPACE}/locations/models/read", scope=call.id.scope)
    region = call.id.names[0]
    base = f"{call.id.scope}/providers/{NAMESPACE}/locations/{region}/models"
    offered = ((model, _offers(model, location_of({"location": region}))) for model in foundry.models())
    rows = [
        {
            "id": f"{base}/{model.id}",
            "type": f"{NAMESPACE}/locations/models",
            "name": model.id,
            "location": region,
            "kind": model.kind,
            "skuName": "S0",
            "model": _model(call.world, model, offers),
        }
        for model, offers in offered
        if offers
    ]
    return verbs.value(rows)


def list_account_models(call: Call) -> Answer:
    """GET the models that an account can deploy: the models of its region alone, without an envelope."""
    account = _account(call, "models")
    region = location_of(account)
    offered = ((model, _offers(model, region)) for model in foundry.models())
    return verbs.value([_model(call.world, model, offers) for model, offers in offered if offers])


def _account(call: Call, what: str) -> Body:
    parent = call.id.parent
    assert parent is not None
    access.require(call, f"{ACCOUNT}/{what}/read", scope=parent.text)
    account = call.store.get(parent.text)
    if account is None:
        raise bad_request(f"The account '{parent.name}' does not exist.", code="ResourceNotFound")
    return account.body


def _offers(model: foundry.Model, region: str) -> list[foundry.Offer]:
    return [offer for offer in model.offers if offer.regions is None or region in offer.regions]


def _model(world: World, model: foundry.Model, offers: list[foundry.Offer]) -> Body:
    skus = []
    for offer in offers:
        limits = {"rateLimits": offer.rate_limits(1)} if offer.requests else {}
        dated = {"deprecationDate": model.end} if model.retires else {}
        sku = {"name": offer.name, "usageName": offer.usage_name, "capacity": dict(offer.capacity), **limits, **dated}
        skus.append(sku)
    return {
        "format": model.format,
        "name": model.name,
        "version": model.version,
        "isDefaultVersion": model.default_version,
        "skus": skus,
        "maxCapacity": 3,
        "capabilities": dict(model.capabilities),
        "deprecation": {"inference": model.end} | ({"deprecationStatus": "Planned"} if model.retires else {}),
        "lifecycleStatus": model.lifecycle(world.clock.today(), world.conditions()),
        "systemData": {
            "createdBy": "Microsoft",
            "createdByType": "Application",
            "createdAt": "2024-10-01T00:00:00Z",
            "lastModifiedBy": "MaaSModelConverter",
            "lastModifiedByType": "Application",
            "lastModifiedAt": "2025-04-16T04:45:33.9367873Z",
        },
        "modelCatalogAssetId": f"azureml://registries/{model.registry}/models/{model.name}/versions/{model.version}",
        **model.shown,
    }


def list_usages(call: Call) -> Answer:
    """GET the usages of a region, or of an account's region."""
    if call.id.types[0].lower() == "locations":
        access.require(call, f"{NAMESPACE}/locations/usages/read", scope=call.id.scope)
        region = location_of({"location": call.id.names[0]})
    else:
        region = location_of(_account(call, "usages"))
    accounts = [each for each in call.store.of_type(ACCOUNT) if location_of(each.body) == region]
    counted = {
        "AccountCount": len(accounts),
        "OpenAI.S0.AccountCount": sum(each.body["kind"] == "OpenAI" for each in accounts),
    }
    rows: list[dict[str, Any]] = []
    for name in foundry.usages():
        text, limit, used = quota(call.world, region, name)
        rows.append(
            {
                "name": {"value": name, "localizedValue": text},
                "currentValue": counted.get(name, used),
                "limit": limit,
                "unit": "Count",
            }
        )
    return verbs.value(rows)


def list_capacities(call: Call) -> Answer:
    """GET modelCapacities of the subscription, or of a region: what quota leaves of each SKU of a model."""
    in_region = call.id.types[0].lower() == "locations"
    access.require(
        call, f"{_CAPACITIES}/read" if in_region else f"{NAMESPACE}/modelCapacities/read", scope=call.id.scope
    )
    wanted = [call.query.get(f"model{name}", "") for name in ("format", "name", "version")]
    if not all(wanted):
        raise bad_request("The query needs modelFormat, modelName and modelVersion.", target="modelName")
    models = foundry.find_models(*wanted)
    regions = [location_of({"location": call.id.names[0]})] if in_region else [each.name for each in CATALOG.regions]
    return verbs.value([row for model in models for region in regions for row in _capacities(call, model, region)])


def _capacities(call: Call, model: foundry.Model, region: str) -> Iterator[Body]:
    for offer in _offers(model, region):
        _, limit, used = quota(call.world, region, offer.usage_name)
        name = f"{model.id}.{offer.name}"
        yield {
            "id": f"{call.id.scope}/providers/{NAMESPACE}/locations/{region}/modelCapacities/{name}",
            "type": _CAPACITIES,
            "name": name,
            "location": region,
            "properties": {
                "model": {"format": model.format, "name": model.name, "version": model.version},
                "skuName": offer.name,
                "availableCapacity": max(0, limit - used),
                "availableFinetuneCapacity": 0,
            },
        }
