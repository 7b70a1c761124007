"""The circumstances in Azure in which a stack is deployed: quota, names, providers, the state of the subscription.

They are drawn together with the stack. They are plain data, so that the report of a disagreement shows them. Resources
of the stack are named by their ARM type; the program states their ids. Each key is optional:

    conditions: {subscription: {state: Warned}}     of the sandbox, as in its `conditions.yaml`
    cores: {standardNCADSA100v4Family: 23}          limits of Azure ML in the region
    unregistered: [Microsoft.SaaS]                  resource providers
    taken: [Microsoft.KeyVault/vaults]              the DNS name is another customer's
    deleted: [Microsoft.KeyVault/vaults]            soft-deleted under the stack's own name
    there: [Microsoft.Resources/resourceGroups]     made by somebody else under the stack's own id
    served: [Llama-3.3-70B-Instruct]                models with a serverless endpoint in the workspace that exists
    used: [{model: {...}, sku: {...}}]              deployments of another Foundry account in the region
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import strategies as st

from azure_llama.arm import versions
from azure_llama.catalog import Catalog
from azure_llama.stack.arm_ids import Planned
from azure_llama_sandbox import foundry
from azure_llama_sandbox.conditions import Conditions
from azure_llama_sandbox.world import SUBSCRIPTION
from tests.differential import around
from tests.differential.repair import Config
from tests.differential.rows import DAY
from tests.inprocess.azure import Azure

_CATALOG = Catalog.package()
_SUBSCRIPTION = f"/subscriptions/{SUBSCRIPTION}"
_ML, _FOUNDRY = "Microsoft.MachineLearningServices", "Microsoft.CognitiveServices"
GROUP, WORKSPACE, ACCOUNT = "Microsoft.Resources/resourceGroups", f"{_ML}/workspaces", f"{_FOUNDRY}/accounts"
ENDPOINT, SERVERLESS = f"{WORKSPACE}/onlineEndpoints", f"{WORKSPACE}/serverlessEndpoints"
VAULT, STORE = "Microsoft.KeyVault/vaults", "Microsoft.Storage/storageAccounts"
SERVICE = "Microsoft.ApiManagement/service"
HOSTS = {
    STORE: "blob.core.windows.net",
    VAULT: "vault.azure.net",
    ACCOUNT: "cognitiveservices.azure.com",
    SERVICE: "azure-api.net",
    ENDPOINT: "{region}.inference.ml.azure.com",
    SERVERLESS: "{region}.models.ai.azure.com",
}
"""The domain below which the name of a resource is a DNS name."""
_BODIES: Mapping[str, Config] = {
    GROUP: {},
    STORE: around.body_of(around.STORE),
    VAULT: around.body_of(around.VAULT),
    WORKSPACE: around.body_of(around.WORKSPACE),
    ACCOUNT: around.body_of(around.ACCOUNT),
    SERVICE: around.body_of(around.SERVICE),
    ENDPOINT: {"identity": {"type": "SystemAssigned"}, "properties": {"authMode": "Key"}},
}
_CREDIT = ("FreeTrial_2014-09-01", "MSDN_2014-09-01")
_STATES = ("Warned", "Disabled", "Deleted", "PastDue")
_PURCHASES = ("NoPaymentMethod", "EnrollmentForbids", "CountryNotSupported")
_OF_A_PURCHASE = ("Microsoft.SaaS", "Microsoft.Marketplace", "Microsoft.MarketplaceOrdering")
_NAMESPACES = (_ML, "Microsoft.KeyVault", "Microsoft.Storage", "Microsoft.Insights", "Microsoft.OperationalInsights")


def _subscription(**values: str) -> Config:
    return {"conditions": {"subscription": values}}


_ANY = [
    *(_subscription(state=state) for state in _STATES),
    *(_subscription(quotaId=quota) for quota in _CREDIT),
    *({"unregistered": [each]} for each in _NAMESPACES),
    *({"taken": [each]} for each in (STORE, VAULT)),
    *({"deleted": [each]} for each in (WORKSPACE, VAULT)),
    *({"there": [each]} for each in (GROUP, WORKSPACE, VAULT)),
]
_BY_KEY: Mapping[str, list[Config]] = {
    "azure-llama:serverless": [
        *({"conditions": {"marketplace": {"purchase": each}}} for each in _PURCHASES),
        *({"unregistered": [each]} for each in _OF_A_PURCHASE),
        {"taken": [SERVERLESS]},
    ],
    "azure-llama:managed": [{"taken": [ENDPOINT]}, {"there": [ENDPOINT]}],
    "azure-llama:foundry": [
        {"taken": [ACCOUNT]},
        {"deleted": [ACCOUNT]},
        {"there": [ACCOUNT]},
        {"unregistered": [_FOUNDRY]},
        *({"conditions": {"marketplace": {"purchase": each}}} for each in _PURCHASES[:2]),
    ],
    "azure-llama:gateway": [
        {"taken": [SERVICE]},
        {"deleted": [SERVICE]},
        {"there": [SERVICE]},
        {"unregistered": ["Microsoft.ApiManagement"]},
    ],
}
_DRAWN_IN_TEN = 3


@st.composite
def circumstances(draw: st.DrawFn, config: Config) -> Config:
    """The circumstances of a stack: mostly none, else mostly one."""
    if draw(st.integers(0, 9)) >= _DRAWN_IN_TEN:
        return {}
    found: Config = {}
    own = [row for key, rows in _BY_KEY.items() if key in config for row in rows]
    pools = [pool for pool in ([*quotas(config)], own, _ANY) if pool]
    for _ in range(draw(st.sampled_from((1, 1, 1, 2)))):
        found = merged(found, draw(st.sampled_from(draw(st.sampled_from(pools)))))
    return found


def merged(one: Config, other: Config) -> Config:
    """Both, where the second sets what the first does not."""
    both = {key: (one[key], other[key]) for key in one.keys() & other.keys()}
    lists = {key: a + [each for each in b if each not in a] for key, (a, b) in both.items() if isinstance(a, list)}
    deeper = {key: merged(a, b) for key, (a, b) in both.items() if isinstance(a, dict)}
    found = one | other | lists | deeper
    if "there" in found:  # what is soft-deleted is not there
        found["there"] = [each for each in found["there"] if each not in found.get("deleted", ())]
    return found


def quotas(config: Config) -> Iterator[Config]:
    """Limits about what the deployments of a stack need, and models that its workspace serves already."""
    for endpoint in config.get("azure-llama:managed", {}).values():
        for deployment in endpoint.get("deployments", {}).values():
            size = _CATALOG.find_gpu_size(deployment["vmSize"])
            if size is None:
                continue
            for cores in (0, size.vcpus - 1, size.vcpus, 2 * size.vcpus - 1, 2 * size.vcpus, 3 * size.vcpus):
                yield {"cores": {size.quota_family: cores}}
            yield from ({"cores": {"TotalDedicatedCores": cores}} for cores in (size.vcpus - 1, 3 * size.vcpus))
    for account in config.get("azure-llama:foundry", {}).values():
        for deployment in account.get("deployments", {}).values():
            yield from _model_quotas(deployment, config["azure-native:location"])
    if config.get("azure-llama:workspace", {}).get("id") in (around.PROJECT, around.WORKSPACE):
        offered = {model.name for model in _CATALOG.serverless_models(config["azure-native:location"], DAY)}
        asked = {str(each["model"]) for each in config.get("azure-llama:serverless", {}).values()}
        yield from ({"served": [model]} for model in sorted(asked & offered))


def _model_quotas(deployment: Config, region: str) -> Iterator[Config]:
    format_ = str(deployment.get("format", "Meta"))
    name, version, sku = (str(deployment.get(key)) for key in ("model", "modelVersion", "sku"))
    offers = ((each, found) for each in foundry.find_models(format_, name, version) if (found := each.offer(sku)))
    listed, offer = next(offers, (None, None))
    if listed is None or offer is None:
        return
    capacity = int(deployment.get("capacity", 1))
    for limit in (0, capacity - 1, capacity, 2 * capacity - 1):
        yield {"conditions": {"foundry": {"quota": {offer.usage_name: max(0, limit)}}}}
    offered = offer.regions is None or region in offer.regions
    if not offered or listed.lifecycle(DAY, Conditions()) != "Stable":
        return  # nobody can use it now
    model = {"format": format_, "name": name, "version": version}
    used = {"used": [{"model": model, "sku": {"name": sku, "capacity": capacity}}]}
    yield from (
        used | {"conditions": {"foundry": {"quota": {offer.usage_name: limit}}}}
        for limit in (2 * capacity - 1, 2 * capacity)
    )


def kinds(drawn: Config) -> Iterator[str]:
    """What is special in circumstances: `cores`, `conditions.subscription`."""
    for key, value in drawn.items():
        yield from (f"{key}.{part}" for part in value) if key == "conditions" else (key,)


def named(drawn: Config) -> str:
    """A text with the ids of all that has to stand before the circumstances can be brought about."""
    made = [_BODIES[type_] for key in ("deleted", "there") for type_ in drawn.get(key, ()) if type_ in _BODIES]
    return json.dumps([made, [around.ACCOUNT] if drawn.get("used") else []])


def bring_about(azure: Azure, drawn: Config, planned: tuple[Planned, ...], config: Config) -> None:
    """Make the circumstances of a stack in the sandbox.

    Args:
        azure: Required. It has what the stack, and `named`, name.
        drawn: Required. The circumstances.
        planned: Required. What the program declares.
        config: Required. The stack.
    """
    region = config["azure-native:location"]
    own = {each.type.casefold(): each for each in reversed(planned)}
    for type_ in drawn.get("deleted", ()):
        _make(azure, own.get(type_.casefold()), region, delete=True)
    for type_ in drawn.get("there", ()):
        _make(azure, own.get(type_.casefold()), region)
    for model in drawn.get("served", ()):
        _serve(azure, str(config.get("azure-llama:workspace", {}).get("id", "")), region, model)
    for number, row in enumerate(drawn.get("used", ())):
        azure.put(
            f"{around.ACCOUNT}/deployments/used-{number}",
            versions.COGNITIVE_SERVICES,
            {"sku": row["sku"], "properties": {"model": row["model"]}},
        )
    _limit(azure, region, drawn.get("cores", {}))
    for namespace in drawn.get("unregistered", ()):
        azure.post(f"{_SUBSCRIPTION}/providers/{namespace}/unregister")
    taken = [
        f"{own[type_.casefold()].name}.{HOSTS[type_].format(region=region)}"
        for type_ in drawn.get("taken", ())
        if type_.casefold() in own
    ]
    azure.conditions(drawn.get("conditions", {}) | ({"names": {"taken": taken}} if taken else {}))


def _make(azure: Azure, planned: Planned | None, region: str, *, delete: bool = False) -> None:
    """Make a resource of the stack before it does; delete it, and what was made to hold it, again."""
    if planned is None or azure.get(planned.id, _version(planned.type)) is not None:
        return
    holder, _, below = planned.id.partition("/providers/")
    if below.count("/") > 2:
        workspace = azure.get(planned.id.rsplit("/", 2)[0], versions.MACHINE_LEARNING)
        if workspace is None or workspace["kind"] == "Hub":
            return  # neither a workspace that does not exist nor a hub has an endpoint
    fresh = azure.get(holder, versions.RESOURCE_GROUPS) is None
    if fresh:
        azure.put(holder, versions.RESOURCE_GROUPS, {"location": region})
    if planned.type == GROUP:
        return
    body: Config = {"location": region} | _BODIES[planned.type]
    if planned.type == ACCOUNT:
        body = body | {"properties": {"customSubDomainName": planned.name}}
    azure.put(planned.id, _version(planned.type), body)
    if delete:
        azure.delete(planned.id, _version(planned.type))
        if fresh:
            azure.delete(holder, versions.RESOURCE_GROUPS)


def _version(type_: str) -> str:
    return versions.of_type(type_) or versions.RESOURCE_GROUPS


def _serve(azure: Azure, workspace: str, region: str, model: str) -> None:
    """Serve a model in a workspace that exists."""
    settings = {"modelId": f"azureml://registries/azureml-meta/models/{model}"}
    name = model.replace(".", "-")
    azure.put(f"{workspace}/marketplaceSubscriptions/{name}", versions.MACHINE_LEARNING, {"properties": settings})
    body = {"location": region, "sku": {"name": "Consumption"}}
    properties = {"authMode": "Key", "modelSettings": settings}
    azure.put(f"{workspace}/serverlessEndpoints/older", versions.MACHINE_LEARNING, body | {"properties": properties})


def _limit(azure: Azure, region: str, cores: Mapping[str, int]) -> None:
    base = f"{_SUBSCRIPTION}/providers/{_ML}/locations/{region}"
    asked = [{"id": f"{base}/quotas/{name.replace(' ', '_')}", "limit": limit} for name, limit in cores.items()]
    if asked:
        client = azure.product_client()

        async def update() -> Any:
            async with client as arm:
                return await arm.post(f"{base}/updateQuotas", versions.MACHINE_LEARNING, {"value": asked})

        answer = azure.run(update())
        assert all(each["status"] == "Success" for each in answer["value"]), answer
