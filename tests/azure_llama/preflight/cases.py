"""States of Azure in which one check fails, and what remedies each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.azure_llama.preflight.harness import GROUP, LLAMA_33, STACK, SUB, Cloud, stack
from tests.sandbox.arm.harness import (
    HUB,
    ML,
    PROJECT,
    STORAGE,
    VAULT,
    account_body,
    hub_body,
    project_body,
    vault_body,
)

A100 = "Standard NCADSA100v4 Family Cluster Dedicated vCPUs"
REGIONAL = "Total Cluster Dedicated Regional vCPUs"
Do = Callable[[Cloud], Any]


def nothing(_: Cloud) -> None:
    """All is well."""


@dataclass(frozen=True)
class Case:
    """A state that fails one check.

    Attributes:
        check: Required. The check that fails.
        says: Required. Words of the message: what is wrong, with its figures, and the remediation.
        before: Optional. Brings it about.
        fix: Optional. What the message says to do in Azure.
        config: Optional. The stack; the usual one when None.
        fixed: Optional. The stack after what the message says; the usual one when None.
        options: Optional. Of the plan.
    """

    check: str
    says: tuple[str, ...]
    before: Do = nothing
    fix: Do = nothing
    config: Any = None
    fixed: Any = None
    options: Any = None


def unregister(namespace: str) -> Do:
    return lambda cloud: cloud.azure.call("POST", f"{SUB}/providers/{namespace}/unregister")


def register(namespace: str) -> Do:
    return lambda cloud: cloud.azure.call("POST", f"{SUB}/providers/{namespace}/register")


def other_workspace(cloud: Cloud) -> str:
    """A workspace of another team in the same region."""
    azure = cloud.azure
    azure.with_group()
    azure.put(f"{STORAGE}2", account_body())
    azure.put(f"{VAULT}2", vault_body())
    properties = {"storageAccount": f"{STORAGE}2", "keyVault": f"{VAULT}2"}
    azure.put(f"{ML}/other-hub", hub_body(**properties))
    azure.put(f"{ML}/other", project_body(hubResourceId=f"{ML}/other-hub"))
    return f"{ML}/other"


def takes_the_name(cloud: Cloud) -> None:
    body = {"location": "eastus2", "identity": {"type": "SystemAssigned"}, "properties": {"authMode": "Key"}}
    cloud.azure.put(f"{other_workspace(cloud)}/onlineEndpoints/llama-8b", body)


def deploys_the_model(cloud: Cloud) -> None:
    cloud.azure.with_hub()
    cloud.azure.subscribe(name="Llama-3-3-70B-Instruct")
    cloud.azure.serverless("older")


def deletes(*ids: str) -> Do:
    def delete(cloud: Cloud) -> None:
        cloud.azure.with_hub()
        for id_ in (PROJECT, HUB, VAULT, STORAGE):
            cloud.azure.delete(id_, **({} if id_ in (*ids, STORAGE, VAULT) else {"forceToPurge": "true"}))
        if VAULT not in ids:
            purge_vault(cloud)

    return delete


def purge_vault(cloud: Cloud) -> None:
    path = f"{SUB}/providers/Microsoft.KeyVault/locations/eastus2/deletedVaults/llama-vault/purge"
    cloud.azure.wait(cloud.azure.call("POST", path))


def many_endpoints(cloud: Cloud) -> None:
    workspace = other_workspace(cloud)
    body = {"location": "eastus2", "identity": {"type": "SystemAssigned"}, "properties": {"authMode": "Key"}}
    for number in range(99):
        cloud.azure.call("PUT", f"{workspace}/onlineEndpoints/other-{number}", body)
    cloud.azure.clock.move(3600)


def suspended(cloud: Cloud) -> None:
    cloud.azure.with_hub()
    cloud.azure.subscribe(name="Llama-3-3-70B-Instruct")
    store = cloud.azure.store
    resource = store.get(f"{PROJECT}/marketplaceSubscriptions/Llama-3-3-70B-Instruct")
    assert resource is not None
    resource.properties["marketplaceSubscriptionStatus"] = "Suspended"
    store.put(resource)


def subscribed(cloud: Cloud) -> None:
    store = cloud.azure.store
    resource = store.get(f"{PROJECT}/marketplaceSubscriptions/Llama-3-3-70B-Instruct")
    assert resource is not None
    resource.properties["marketplaceSubscriptionStatus"] = "Subscribed"
    store.put(resource)


def conditions(**given: Any) -> Do:
    return lambda cloud: cloud.conditions(**given)


SIZE = "Standard_NC24ads_A100_v4"


CASES = {
    "warned": Case(
        "subscription",
        ("its state is Warned", "nothing can be deployed", "enable it again"),
        conditions(subscription={"state": "Warned"}),
        conditions(),
    ),
    "disabled": Case(
        "subscription",
        ("its state is Disabled",),
        conditions(subscription={"state": "Disabled"}),
        conditions(),
    ),
    **{
        f"unregistered {namespace}": Case(
            "providers",
            ("Unregistered", "MissingSubscriptionRegistration", f"az provider register --namespace {namespace}"),
            unregister(namespace),
            register(namespace),
        )
        for namespace in (
            "Microsoft.MachineLearningServices",
            "Microsoft.KeyVault",
            "Microsoft.Storage",
            "Microsoft.SaaS",
            "Microsoft.Marketplace",
            "Microsoft.MarketplaceOrdering",
        )
    },
    "retired": Case(
        "lifecycle",
        (
            "Meta-Llama-3.1-8B-Instruct is retired since 2026-06-13",
            "takes no new deployment",
            "choose Llama-3.3-70B-Instruct",
        ),
        config=stack(**{"serverless__llama-33-70b__model": "Meta-Llama-3.1-8B-Instruct"}),
    ),
    "foundry": Case(
        "model-region",
        (
            "Llama-4-Scout-17B-16E-Instruct is not available as a serverless endpoint in any region",
            "a deployment on a Microsoft Foundry resource",
        ),
        config=stack(**{"serverless__llama-33-70b__model": "Llama-4-Scout-17B-16E-Instruct"}),
    ),
    "region": Case(
        "model-region",
        ("is not offered in westeurope", "eastus2", "swedencentral", "set azure-native:location to eastus"),
        config=stack(location="westeurope"),
        fixed=stack(location="eastus"),
    ),
    "size": Case(
        "vm-size",
        (f"does not offer {SIZE} in eastus2", "Standard_NC48ads_A100_v4", "vmSize"),
        conditions(sizes={"notOffered": {"eastus2": [SIZE]}}),
        conditions(),
    ),
    "family": Case(
        "quota",
        (
            f"{A100}: usage 0, limit 12, needed 24 more cores",
            "1 x Standard_NC24ads_A100_v4 = 24",
            "12 cores are missing",
            "azure-llama quota request --family 'standardNCADSA100v4Family': a limit of 24 is needed",
        ),
        lambda cloud: cloud.limit(A100, 12),
        lambda cloud: cloud.limit(A100, 24),
    ),
    "regional": Case(
        "quota",
        (f"{REGIONAL}: usage 0, limit 23, needed 24 more cores", "1 cores are missing"),
        lambda cloud: cloud.limit(REGIONAL, 23),
        lambda cloud: cloud.limit(REGIONAL, 24),
    ),
    "reserve": Case(
        "quota",
        ("1 x Standard_NV36ads_A10_v5 with a fifth reserved for upgrades = 72",),
        lambda cloud: cloud.limit("Standard NVADSA10v5 Family Cluster Dedicated vCPUs", 71),
        lambda cloud: cloud.limit("Standard NVADSA10v5 Family Cluster Dedicated vCPUs", 72),
        stack(**{"managed__llama-8b__deployments__blue__vmSize": "Standard_NV36ads_A10_v5"}),
        stack(**{"managed__llama-8b__deployments__blue__vmSize": "Standard_NV36ads_A10_v5"}),
    ),
    "endpoints": Case(
        "limits",
        ("endpoints in eastus2: 99 there, 2 new, limit 100", "delete 1 unused"),
        many_endpoints,
        lambda cloud: cloud.azure.delete(f"{ML}/other/onlineEndpoints/other-0"),
    ),
    "name taken": Case(
        "endpoint-names",
        ("'llama-8b' is taken in eastus2", "workspaces/other/onlineEndpoints/llama-8b", "another name"),
        takes_the_name,
        fixed=stack(**{"managed__llama-8b": None, "managed__llama-8c": STACK["azure-llama:managed"]["llama-8b"]}),
    ),
    "second of a model": Case(
        "endpoint-names",
        (f"deploys {LLAMA_33} already, as 'older'", "delete it first"),
        deploys_the_model,
        lambda cloud: cloud.azure.delete(f"{PROJECT}/serverlessEndpoints/older"),
    ),
    "group elsewhere": Case(
        "workspace-names",
        ("resource group llama: it exists in westus3, and the plan is for eastus2",),
        lambda cloud: cloud.azure.with_group("westus3"),
        lambda cloud: cloud.azure.delete(GROUP),
    ),
    "not in the state": Case(
        "workspace-names",
        ("it exists, and is not in the stack's state", "pulumi import", GROUP),
        lambda cloud: cloud.azure.with_group(),
        lambda cloud: cloud.azure.delete(GROUP),
        options={"held": []},
    ),
    "store taken": Case(
        "global-names",
        ("storage account llamastore: the name is not available", "azure-llama:workspace.names.storageAccount"),
        conditions(names={"taken": ["llamastore.blob.core.windows.net"]}),
        conditions(),
    ),
    "vault taken": Case(
        "global-names",
        ("key vault llama-vault: the name is not available", "azure-llama:workspace.names.keyVault"),
        conditions(names={"taken": ["llama-vault.vault.azure.net"]}),
        conditions(),
    ),
    "project deleted": Case(
        "soft-deleted",
        ("workspace llama-dev: it was deleted", "keeps its name until", "azure-llama purge --yes", "forceToPurge=true"),
        deletes(PROJECT),
        lambda cloud: cloud.azure.delete(PROJECT, forceToPurge="true"),
    ),
    "hub deleted": Case(
        "soft-deleted",
        ("workspace llama-hub: it was deleted",),
        deletes(HUB),
        lambda cloud: cloud.azure.delete(HUB, forceToPurge="true"),
    ),
    "purchases forbidden": Case(
        "marketplace",
        ("the billing profile's policy on Azure Marketplace is NotAllowed", "allow purchases"),
        conditions(marketplace={"purchase": "EnrollmentForbids"}),
        conditions(),
    ),
    "no payment method": Case(
        "marketplace",
        ("payment method is None", "https://aka.ms/SaaSPurchaseErrors"),
        conditions(marketplace={"purchase": "NoPaymentMethod"}),
        conditions(),
    ),
    "suspended": Case("marketplace", ("is Suspended", "pay what is due"), suspended, subscribed),
}
