"""The scenarios in which predictions are held against outcomes: a stack, a state of Azure, and what comes of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from azure_llama.catalog import roles
from azure_llama.stack.planned import plan_stack, project_of
from tests.e2e.harness import ROOT
from tests.e2e.preflight_landscape import FAMILIES, Landscape

LLAMA_33 = "Llama-3.3-70B-Instruct"
LLAMA_8B = "Meta-Llama-3.1-8B-Instruct"
REGIONAL, A100, A10, T4 = FAMILIES
A100_SIZE, A10_SIZE = "Standard_NC24ads_A100_v4", "Standard_NV36ads_A10_v5"
Config = Mapping[str, Any]
Do = Callable[[Landscape, str], Any]


def nothing(_: Landscape, __: str) -> None:
    """As it is."""


def in_project(land: Landscape, name: str, *, location: str = "eastus2", **endpoints: Any) -> Config:
    """A stack whose endpoints are in a project that exists."""
    project = f"{land.ml}/{name}"
    parts = {f"azure-llama:{kind}": value for kind, value in endpoints.items()}
    return {"azure-native:location": location, "azure-llama:workspace": {"id": project}, **parts}


def serverless(model: str = LLAMA_33, **more: Any) -> Callable[[Landscape, str], Config]:
    """One serverless endpoint."""
    return lambda land, name: in_project(land, name, serverless={f"{name}-s": {"model": model}}, **more)


def managed(*deployments: Mapping[str, Any]) -> Callable[[Landscape, str], Config]:
    """One managed endpoint."""

    def config(land: Landscape, name: str) -> Config:
        some = deployments or ({},)
        share = {index: 100 if index == 0 else 0 for index in range(len(some))}
        usual: dict[str, Any] = {"model": LLAMA_8B, "vmSize": A100_SIZE}
        made = {f"d{index}x": {**usual, **each, "traffic": share[index]} for index, each in enumerate(some)}
        return in_project(land, name, managed={f"{name}-m": {"contentSafety": False, "deployments": made}})

    return config


def whole(location: str = "eastus2", **endpoints: Any) -> Callable[[Landscape, str], Config]:
    """A stack with a workspace of its own."""

    def config(_: Landscape, name: str) -> Config:
        parts = {f"azure-llama:{kind}": value for kind, value in endpoints.items()}
        workspace = {"name": f"w-{name}", "diagnostics": False}
        return {"azure-native:location": location, "azure-llama:workspace": workspace, **parts}

    return config


@dataclass(frozen=True)
class Scenario:
    """A stack, a state of Azure, and what comes of them.

    Attributes:
        config: Required. The stack.
        fails: Optional. The check that fails; None when the stack can be deployed.
        before: Optional. Brings the state about.
        mend: Optional. What the message says to do in Azure.
        mended: Optional. The stack after what the message says; the same when None.
        own_person: Optional. Whether somebody with the custom role deploys, and not the owner.
        project: Optional. Whether it stands in a project that exists.
    """

    config: Callable[[Landscape, str], Config]
    fails: str | tuple[str, ...] | None = None
    before: Do = nothing
    mend: Do = nothing
    mended: Callable[[Landscape, str], Config] | None = None
    own_person: bool = False
    project: bool = True


def conditions(**given: Any) -> Do:
    return lambda land, _: land.conditions(**given)


def unregistered(namespace: str, config: Callable[[Landscape, str], Config], *, project: bool = True) -> Scenario:
    """A resource provider that is not registered."""
    return Scenario(
        config,
        "providers",
        lambda land, _: land.register(namespace, "unregister"),
        lambda land, _: land.register(namespace),
        project=project,
    )


def scarce(family: str, more: int, enough: int, config: Callable[[Landscape, str], Config]) -> Scenario:
    """A family with `more` cores left, where `enough` are needed."""
    return Scenario(
        config,
        "quota",
        lambda land, _: land.limit(family, land.used(family) + more),
        lambda land, _: land.limit(family, land.used(family) + enough),
    )


def just_enough(family: str, cores: int, config: Callable[[Landscape, str], Config]) -> Scenario:
    """A family with exactly the cores that are needed."""
    return Scenario(config, None, lambda land, _: land.limit(family, land.used(family) + cores))


def without(action: str) -> Scenario:
    """Somebody with the custom role, but for one action."""
    return Scenario(
        serverless(),
        "permissions",
        lambda land, name: land.person(name, f"{land.ml}/{name}", without=action),
        lambda land, name: land.person(name, f"{land.ml}/{name}"),
        own_person=True,
    )


def other_project(land: Landscape, name: str) -> str:
    return land.project(f"{name}-other")


def takes_managed_name(land: Landscape, name: str) -> None:
    body = {"location": "eastus2", "identity": {"type": "SystemAssigned"}, "properties": {"authMode": "Key"}}
    land.put(f"{other_project(land, name)}/onlineEndpoints/{name}-m", body)


def subscribe(land: Landscape, project: str) -> None:
    model = f"azureml://registries/azureml-meta/models/{LLAMA_33}"
    land.put(f"{project}/marketplaceSubscriptions/{LLAMA_33.replace('.', '-')}", {"properties": {"modelId": model}})


def serverless_endpoint(land: Landscape, project: str, name: str) -> None:
    settings = {"modelId": f"azureml://registries/azureml-meta/models/{LLAMA_33}"}
    body = {"location": "eastus2", "sku": {"name": "Consumption"}}
    body |= {"properties": {"authMode": "Key", "modelSettings": settings}}
    land.put(f"{project}/serverlessEndpoints/{name}", body)


def takes_serverless_name(land: Landscape, name: str) -> None:
    project = other_project(land, name)
    subscribe(land, project)
    serverless_endpoint(land, project, f"{name}-s")


def second_of_a_model(land: Landscape, name: str) -> None:
    # Its subscription goes again, so that only the endpoint is in the way.
    project = f"{land.ml}/{name}"
    subscribe(land, project)
    serverless_endpoint(land, project, f"{name}-older")
    land.delete(f"{project}/marketplaceSubscriptions/{LLAMA_33.replace('.', '-')}")


def exists_unmanaged(land: Landscape, name: str) -> None:
    body = {"location": "eastus2", "identity": {"type": "SystemAssigned"}, "properties": {"authMode": "AADToken"}}
    land.put(f"{land.ml}/{name}/onlineEndpoints/{name}-m", body)


def group_of(land: Landscape, name: str) -> str:
    return f"{land.subscription}/resourceGroups/rg-w-{name}-eastus2"


def names_of(land: Landscape, name: str) -> dict[str, str]:
    """The ids that the program gives to its store and vault."""
    found = project_of(ROOT, name, land._file(name, whole()(land, name)))
    asked = plan_stack(found, land.status["subscription"], land.status["tenant"])
    return {each.type.rsplit("/", 1)[-1]: each.id for each in asked.resources}


def deleted(kind: str) -> Do:
    """Something of the stack's names that was deleted, and keeps its name."""

    def before(land: Landscape, name: str) -> None:
        group, place = group_of(land, name), {"location": "eastus2"}
        land.put(group, place)
        if kind == "vaults":
            sku = {"sku": {"family": "A", "name": "standard"}, "enableRbacAuthorization": True}
            vault = land.put(
                names_of(land, name)["vaults"], place | {"properties": {"tenantId": land.status["tenant"]} | sku}
            )
            land.delete(vault)
        else:
            workspaces = f"{group}/providers/Microsoft.MachineLearningServices/workspaces"
            gone = f"{workspaces}/w-{name}{'-hub' if kind == 'hub' else ''}"
            body = {"location": "eastus2", "identity": {"type": "SystemAssigned"}, "kind": "Project"}
            land.put(gone, body | {"properties": {"hubResourceId": f"{land.ml}/hub"}})
            land.delete(gone)
        land.delete(group)

    return before


def purge(kind: str) -> Do:
    """What the message says."""

    def mend(land: Landscape, name: str) -> None:
        if kind == "vaults":
            vault = names_of(land, name)["vaults"].rsplit("/", 1)[1]
            path = f"{land.subscription}/providers/Microsoft.KeyVault/locations/eastus2/deletedVaults/{vault}/purge"
            assert land.arm("POST", path).is_success
        else:
            gone = f"w-{name}{'-hub' if kind == 'hub' else ''}"
            group = f"{group_of(land, name)}/providers/Microsoft.MachineLearningServices/workspaces"
            land.delete(f"{group}/{gone}", forceToPurge="true")

    return mend


def taken(kind: str, domain: str) -> Do:
    """A name that somebody else holds."""

    def before(land: Landscape, name: str) -> None:
        host = f"{names_of(land, name)[kind].rsplit('/', 1)[1]}.{domain}"
        land.conditions(names={"taken": [host]})

    return before


ENTRIES = [action for grant in roles.CUSTOM_ROLE for action in (*grant.actions, *grant.also)]
TWO: tuple[dict[str, Any], ...] = ({}, {"vmSize": "Standard_NC48ads_A100_v4"})
WELL = conditions()
SCENARIOS: dict[str, Scenario] = {
    # -- well -------------------------------------------------------------------------------------------
    "plain-s": Scenario(serverless()),
    "plain-m": Scenario(managed()),
    "two-m": Scenario(managed(*TWO)),
    "whole": Scenario(whole(serverless={"whole-s": {"model": LLAMA_33}}), project=False),
    "past-due": Scenario(serverless(), None, conditions(subscription={"state": "PastDue"})),
    "pay-as-you-go": Scenario(serverless(), None, conditions(subscription={"quotaId": "PayAsYouGo_2014-09-01"})),
    "role": Scenario(serverless(), None, lambda land, n: land.person(n, f"{land.ml}/{n}"), own_person=True),
    "enough-a100": just_enough(A100, 24, managed()),
    "enough-a10": just_enough(A10, 72, managed({"vmSize": A10_SIZE})),
    "enough-all": just_enough(REGIONAL, 24, managed()),
    # -- the subscription -------------------------------------------------------------------------------
    "warned": Scenario(serverless(), "subscription", conditions(subscription={"state": "Warned"}), WELL),
    "disabled": Scenario(managed(), "subscription", conditions(subscription={"state": "Disabled"}), WELL),
    "deleted": Scenario(serverless(), "subscription", conditions(subscription={"state": "Deleted"}), WELL),
    **{
        f"credit-{number}": Scenario(
            serverless(), ("subscription", "marketplace"), conditions(subscription={"quotaId": quota_id}), WELL
        )
        for number, quota_id in enumerate(("FreeTrial_2014-09-01", "AzureForStudents_2018-01-01", "MSDN_2014-09-01"))
    },
    # -- providers ---------------------------------------------------------------------------------------
    "no-ml": unregistered("Microsoft.MachineLearningServices", serverless()),
    "no-saas": unregistered("Microsoft.SaaS", serverless()),
    "no-market": unregistered("Microsoft.Marketplace", serverless()),
    "no-order": unregistered("Microsoft.MarketplaceOrdering", serverless()),
    "no-vault": unregistered("Microsoft.KeyVault", whole(), project=False),
    # -- rights -----------------------------------------------------------------------------------------
    **{f"right-{number}": without(action) for number, action in enumerate(ENTRIES)},
    # -- models -----------------------------------------------------------------------------------------
    "retired": Scenario(serverless(LLAMA_8B), "lifecycle", mended=serverless()),
    "retired-405b": Scenario(serverless("Meta-Llama-3.1-405B-Instruct"), "lifecycle", mended=serverless()),
    "retired-llama-2": Scenario(serverless("Llama-2-7b-chat"), ("lifecycle", "model-region"), mended=serverless()),
    "no-region": Scenario(
        whole("westeurope", serverless={"no-region-s": {"model": LLAMA_33}}),
        "model-region",
        mended=whole("eastus", serverless={"no-region-s": {"model": LLAMA_33}}),
        project=False,
    ),
    # -- machines ---------------------------------------------------------------------------------------
    "no-size": Scenario(managed(), "vm-size", conditions(sizes={"notOffered": {"eastus2": [A100_SIZE]}}), WELL),
    "no-size-m": Scenario(
        managed(),
        "vm-size",
        conditions(sizes={"notOffered": {"eastus2": [A100_SIZE]}}),
        mended=managed({"vmSize": "Standard_NC48ads_A100_v4"}),
    ),
    "few-a100": scarce(A100, 23, 24, managed()),
    "few-a10": scarce(A10, 71, 72, managed({"vmSize": A10_SIZE})),
    "few-three": scarce(A100, 71, 72, managed({"instances": 3})),
    "few-two": scarce(A100, 71, 72, managed(*TWO)),
    "few-all": scarce(REGIONAL, 23, 24, managed()),
    # -- names ------------------------------------------------------------------------------------------
    "name-m": Scenario(
        managed(),
        "endpoint-names",
        takes_managed_name,
        lambda land, name: land.delete(f"{land.ml}/{name}-other/onlineEndpoints/{name}-m"),
    ),
    "name-s": Scenario(
        serverless(),
        "endpoint-names",
        takes_serverless_name,
        lambda land, name: land.delete(f"{land.ml}/{name}-other/serverlessEndpoints/{name}-s"),
    ),
    "second": Scenario(
        serverless(),
        "endpoint-names",
        second_of_a_model,
        lambda land, name: land.delete(f"{land.ml}/{name}/serverlessEndpoints/{name}-older"),
    ),
    "unmanaged": Scenario(
        managed(),
        "endpoint-names",
        exists_unmanaged,
        lambda land, name: land.delete(f"{land.ml}/{name}/onlineEndpoints/{name}-m"),
    ),
    "group-there": Scenario(
        whole(),
        "workspace-names",
        lambda land, name: land.put(group_of(land, name), {"location": "eastus2"}),
        lambda land, name: land.delete(group_of(land, name)),
        project=False,
    ),
    "group-west": Scenario(
        whole(),
        "workspace-names",
        lambda land, name: land.put(group_of(land, name), {"location": "westus3"}),
        lambda land, name: land.delete(group_of(land, name)),
        project=False,
    ),
    "gone-project": Scenario(whole(), "soft-deleted", deleted("project"), purge("project"), project=False),
    "gone-hub": Scenario(whole(), "soft-deleted", deleted("hub"), purge("hub"), project=False),
    "gone-vault": Scenario(
        whole(), ("soft-deleted", "global-names"), deleted("vaults"), purge("vaults"), project=False
    ),
    "store-taken": Scenario(
        whole(), "global-names", taken("storageAccounts", "blob.core.windows.net"), WELL, project=False
    ),
    "vault-taken": Scenario(whole(), "global-names", taken("vaults", "vault.azure.net"), WELL, project=False),
    # -- purchases --------------------------------------------------------------------------------------
    "forbidden": Scenario(serverless(), "marketplace", conditions(marketplace={"purchase": "EnrollmentForbids"}), WELL),
    "no-money": Scenario(serverless(), "marketplace", conditions(marketplace={"purchase": "NoPaymentMethod"}), WELL),
}
