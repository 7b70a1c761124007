"""The scenarios in which predictions are held against outcomes: a stack, a state of Azure, and what comes of them."""

from __future__ import annotations

from typing import Any

from azure_llama.catalog import roles
from tests.e2e.preflight_landscape import FAMILIES, Landscape
from tests.e2e.preflight_states import (
    A10_SIZE,
    A100_SIZE,
    LLAMA_8B,
    LLAMA_33,
    Scenario,
    conditions,
    deleted,
    group_of,
    just_enough,
    managed,
    purge,
    scarce,
    serverless,
    taken,
    unregistered,
    whole,
    without,
)

REGIONAL, A100, A10, T4 = FAMILIES


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
    "retired": Scenario(serverless(LLAMA_8B), "lifecycle", fixed=serverless()),
    "retired-405b": Scenario(serverless("Meta-Llama-3.1-405B-Instruct"), "lifecycle", fixed=serverless()),
    "retired-llama-2": Scenario(serverless("Llama-2-7b-chat"), ("lifecycle", "model-region"), fixed=serverless()),
    "no-region": Scenario(
        whole("westeurope", serverless={"no-region-s": {"model": LLAMA_33}}),
        "model-region",
        fixed=whole("eastus", serverless={"no-region-s": {"model": LLAMA_33}}),
        project=False,
    ),
    # -- machines ---------------------------------------------------------------------------------------
    "no-size": Scenario(managed(), "vm-size", conditions(sizes={"notOffered": {"eastus2": [A100_SIZE]}}), WELL),
    "no-size-m": Scenario(
        managed(),
        "vm-size",
        conditions(sizes={"notOffered": {"eastus2": [A100_SIZE]}}),
        fixed=managed({"vmSize": "Standard_NC48ads_A100_v4"}),
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
