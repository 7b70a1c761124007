"""locations/{region}: quota, its use, and VM sizes."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from azure_llama.catalog import find_gpu_size, find_region, limits
from azure_llama.sandbox.arm import access, verbs
from azure_llama.sandbox.arm.calls import Answer, Call
from azure_llama.sandbox.arm.errors import bad_request
from azure_llama.sandbox.arm.machine_learning import sizes
from azure_llama.sandbox.arm.machine_learning.common import NAMESPACE
from azure_llama.sandbox.store import Resource

_MIB_PER_GIB = 1024


def _region(call: Call, action: str = "") -> str:
    actions = (action,) if action else access.actions_for(call)
    access.require(call, *actions, scope=call.id.scope)
    region = find_region(call.id.names[0])
    if region is None:
        raise bad_request(
            f"The location '{call.id.names[0]}' is not a region.", code="LocationNotAvailableForResourceType"
        )
    return region.name


def _row(call: Call, region: str, family: str, kind: str) -> dict[str, Any]:
    type_ = "dedicatedCores" if family == sizes.REGIONAL else "vmFamily"
    base = f"{call.id.scope}/providers/{NAMESPACE}/locations/{region}"
    return {
        "id": f"{base}/{type_}/{kind}/{family.replace(' ', '_')}",
        "type": f"{NAMESPACE}/{type_}/{kind}",
        "unit": "Count",
        "limit": sizes.limit(call.store, region, family),
        # In the one documented example both names are the words; whether the live API gives the family's short id as
        # value is unknown.
        "name": {"value": family, "localizedValue": family},
    }


def _rows(call: Call, region: str, kind: str) -> list[dict[str, Any]]:
    return [_row(call, region, family, kind) for family in (sizes.REGIONAL, *sizes.families())]


def list_usages(call: Call) -> Answer:
    """GET usages: limit and current value of each family and of the region."""
    region = _region(call)
    used = sizes.usage(call.store, region)
    return verbs.value(
        [
            row | {"currentValue": used[row["name"]["value"]], "amlWorkspaceLocation": region}
            for row in _rows(call, region, "usages")
        ]
    )


def list_quotas(call: Call) -> Answer:
    """GET quotas: limits alone."""
    return verbs.value(_rows(call, _region(call), "quotas"))


def update_quotas(call: Call) -> Answer:
    """POST updateQuotas. In the sandbox it sets the subscription's limits, where Azure asks a support engineer."""
    region = _region(call, f"{NAMESPACE}/locations/updateQuotas/action")
    body = call.body if isinstance(call.body, dict) else {}
    asked = body.get("value")
    if not isinstance(asked, list) or not all(isinstance(each, dict) for each in asked):
        raise bad_request("'value' must be a list of quotas, each with id and limit.", target="value")
    return verbs.value([_set_quota(call, region, each) for each in asked])


def _set_quota(call: Call, region: str, asked: dict[str, Any]) -> dict[str, Any]:
    words = str(asked.get("id", "")).rsplit("/", 1)[-1].replace("_", " ").lower()
    names = {family.replace("_", " ").lower(): family for family in (sizes.REGIONAL, *sizes.families())}
    family, limit = names.get(words), asked.get("limit")
    shown = {key: asked.get(key) for key in ("id", "type", "limit", "unit")}
    if family is None:
        return shown | {"status": "InvalidVMFamilyName"}
    if not isinstance(limit, int) or limit < 0:
        return shown | {"status": "Failure"}
    if limit < sizes.usage(call.store, region)[family]:
        return shown | {"status": "InvalidQuotaBelowClusterMinimum"}
    id_ = sizes.quota_id(region, family)
    call.store.put(Resource(id_, sizes.QUOTA, {"limit": limit}, {}, call.now, call.now))
    return _row(call, region, family, "quotas") | {"status": "Success"}


def list_sizes(call: Call) -> Answer:
    """GET vmSizes: what can be used there today."""
    region = _region(call)
    return verbs.value([_size(size, region) for size in sizes.sizes(region, call.world)])


def _size(size: sizes.Size, region: str) -> dict[str, Any]:
    gpu = find_gpu_size(size.name)
    price = gpu.prices.get(region) if gpu else None
    prices = [{"retailPrice": price.low, "osType": "Linux", "vmTier": "Standard"}] if price else []
    return {
        "name": size.name,
        "family": gpu.quota_family if gpu else size.family,
        "vCPUs": size.vcpus,
        "gpus": int(size.gpus),
        "osVhdSizeMB": 1_047_552,
        "maxResourceVolumeMB": ((gpu.temp_disk_gib if gpu else None) or 0) * _MIB_PER_GIB,
        "memoryGB": size.memory_gb,
        "lowPriorityCapable": True,
        "premiumIO": True,
        "estimatedVMPrices": {"billingCurrency": "USD", "unitOfMeasure": "OneHour", "values": prices},
        "supportedComputeTypes": ["AmlCompute", "ComputeInstance", "MIR"],
    }


def deployment_skus(call: Call) -> Answer:
    """GET skus of a deployment: how far it scales."""
    deployment_id = call.id.parent
    assert deployment_id is not None
    about = call.about(deployment_id)
    kind = verbs.kind_of(deployment_id)
    assert kind is not None
    deployment = verbs.get(about, kind).body
    most = limits.INSTANCES_PER_DEPLOYMENT.high
    capacity = {"minimum": 1, "maximum": most, "default": deployment["sku"]["capacity"], "scaleType": "Manual"}
    sku = {"name": "Default", "tier": "Standard"}
    row = {"resourceType": kind.type, "sku": sku, "capacity": capacity}
    return Answer(HTTPStatus.OK, {"value": [row]})
