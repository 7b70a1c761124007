"""locations/{region}: quota, its use, and VM sizes."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from azure_llama.catalog import limits
from azure_llama_sandbox.arm import access, verbs
from azure_llama_sandbox.arm.calls import Answer, Call
from azure_llama_sandbox.arm.errors import bad_request
from azure_llama_sandbox.arm.machine_learning import sizes
from azure_llama_sandbox.arm.machine_learning.common import NAMESPACE, WORKSPACE
from azure_llama_sandbox.facts import CATALOG
from azure_llama_sandbox.store import Resource

_MIB_PER_GIB = 1024
_CLUSTERS = 200
"""The recorded limit of clusters. The sandbox does not enforce it."""


def _region(call: Call, action: str = "") -> str:
    actions = (action,) if action else access.actions_for(call)
    access.require(call, *actions, scope=call.id.scope)
    region = CATALOG.find_region(call.id.names[0])
    if region is None:
        raise bad_request(
            f"The location '{call.id.names[0]}' is not a region.", code="LocationNotAvailableForResourceType"
        )
    return region.name


def _row(type_: str, name: str, words: str, limit: int, id_: str, used: int | None = None) -> dict[str, Any]:
    """A row of usages, or of quotas where `used` is None."""
    return {
        "unit": "Count",
        **({} if used is None else {"currentValue": used}),
        "limit": limit,
        "name": {"value": name, "localizedValue": words},
        "type": f"{NAMESPACE}/{type_}",
        "id": id_,
    }


def list_usages(call: Call) -> Answer:
    """GET usages, in the form recorded on 2025-11-04: totals, families, and the families again as low priority."""
    region, scope, store = _region(call), call.id.scope, call.store
    used, families = sizes.usage(store, region), sizes.families()
    total, low = sizes.limit(store, region, sizes.TOTAL), "Total Cluster Low Priority Regional vCPUs"

    def by_family(kind: str, family: str, words: str, limit: int, cores: int) -> dict[str, Any]:
        return _row(f"vmFamily/{kind}/usages", family, words, limit, _quota_id(scope, "usages", family), cores)

    return verbs.value(
        [
            _row(
                "totalClusters/usages",
                "TotalClusters",
                "Total Clusters",
                _CLUSTERS,
                scope,
                sizes.clusters(store, region),
            ),
            _row("totalDedicatedCores/usages", sizes.TOTAL, sizes.TOTAL_WORDS, total, scope, used[sizes.TOTAL]),
            *(
                by_family("dedicatedCores", family, words, sizes.limit(store, region, family), used[family])
                for family, words in families.items()
            ),
            _row("totalLowPriorityCores/usages", "TotalLowPriorityCores", low, 0, scope, 0),
            *(
                by_family("lowPriorityCores", family, words.replace("Dedicated", "LowPriority"), -1, 0)
                for family, words in families.items()
            ),
        ]
    )


def _quota_id(scope: str, kind: str, family: str) -> str:
    return f"{scope}/{kind}/{family.replace(' ', '_')}"


def list_quotas(call: Call) -> Answer:
    """GET quotas: a family's limit for the subscription, and the same for each workspace of the region."""
    region = _region(call)
    workspaces = [each for each in call.store.of_type(WORKSPACE) if each.body["location"] == region]
    rows = []
    for family in sizes.families():
        rows.append(_quota(call, region, family))
        rows += [_quota(call, region, family, workspace) for workspace in workspaces]
    return verbs.value(rows)


def _quota(call: Call, region: str, family: str, workspace: Resource | None = None) -> dict[str, Any]:
    """The row of a family or of the total, for the subscription or for a workspace."""
    kind = "totalDedicatedCores" if family == sizes.TOTAL else "vmFamily/dedicatedCores"
    type_ = "workspaces/dedicatedCores/quotas" if workspace else f"{kind}/quotas"
    id_ = _quota_id(workspace.id if workspace else call.id.scope, "quotas", family)
    limit = sizes.limit(call.store, region, family)
    return _row(type_, family, sizes.words(family), limit, id_) | {"location": region if workspace else None}


def update_quotas(call: Call) -> Answer:
    """POST updateQuotas. In the sandbox it sets the subscription's limits, where Azure asks a support engineer."""
    region = _region(call, f"{NAMESPACE}/locations/updateQuotas/action")
    body = call.body if isinstance(call.body, dict) else {}
    asked = body.get("value")
    if not isinstance(asked, list) or not all(isinstance(each, dict) for each in asked):
        raise bad_request("'value' must be a list of quotas, each with id and limit.", target="value")
    return verbs.value([_set_quota(call, region, each) for each in asked])


def _set_quota(call: Call, region: str, asked: dict[str, Any]) -> dict[str, Any]:
    family, limit = sizes.find_family(str(asked.get("id", "")).rsplit("/", 1)[-1]), asked.get("limit")
    shown = {key: asked.get(key) for key in ("id", "type", "limit", "unit")}
    if family is None:
        return shown | {"status": "InvalidVMFamilyName"}
    if not isinstance(limit, int) or limit < 0:
        return shown | {"status": "Failure"}
    if limit < sizes.usage(call.store, region)[family]:
        return shown | {"status": "InvalidQuotaBelowClusterMinimum"}
    id_ = sizes.quota_id(region, family)
    call.store.put(Resource(id_, sizes.QUOTA, {"limit": limit}, {}, call.now, call.now))
    return _quota(call, region, family) | {"status": "Success"}


def list_sizes(call: Call) -> Answer:
    """GET vmSizes: what can be used there today."""
    region = _region(call)
    return verbs.value([_size(size, region) for size in sizes.sizes(region, call.world)])


def _size(size: sizes.Size, region: str) -> dict[str, Any]:
    gpu = CATALOG.find_gpu_size(size.name)
    price = gpu.prices.get(region) if gpu else None
    values = [{"retailPrice": price.low, "osType": "Linux", "vmTier": "Standard"}] if price else []
    prices = {"billingCurrency": "USD", "unitOfMeasure": "OneHour", "values": values}
    return {
        "name": size.name,
        "family": size.family,
        "vCPUs": size.vcpus,
        "gpus": int(size.gpus),
        "osVhdSizeMB": 1_047_552,
        "maxResourceVolumeMB": ((gpu.temp_disk_gib if gpu else None) or 0) * _MIB_PER_GIB,
        "memoryGB": float(size.memory_gb),
        "lowPriorityCapable": True,
        "premiumIO": True,
        **({"estimatedVMPrices": prices} if price else {}),
        "supportedComputeTypes": ["AmlCompute", "ComputeInstance", "MIR"],
        "generation": "gen1",  # of each recorded size; what Azure sends for sizes with GPUs is unknown
        "supportsIB": bool(gpu and gpu.infiniband),
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
    capacity = {"minimum": 1, "maximum": most, "default": deployment["sku"]["capacity"], "scaleType": "Automatic"}
    sku = {"name": "default", "tier": "Standard"}
    row = {"resourceType": "Microsoft.MachineLearning.Services/endpoints/deployments", "sku": sku, "capacity": capacity}
    return Answer(HTTPStatus.OK, {"value": [row]})
