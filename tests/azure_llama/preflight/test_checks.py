"""For each check a stack and a state of Azure that fails it and nothing else; its message is enough to mend it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from azure_llama.preflight import CHECKS, Status
from tests.azure_llama.preflight.harness import GROUP, LLAMA_33, STACK, SUB, Cloud, of, stack
from tests.azure_llama.preflight.test_permissions import give
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
        says: Required. Words of the message: what is wrong, with its figures, and the way out.
        before: Optional. Brings it about.
        mend: Optional. What the message says to do in Azure.
        config: Optional. The stack; the usual one when None.
        mended: Optional. The stack after what the message says; the usual one when None.
        options: Optional. Of the plan.
    """

    check: str
    says: tuple[str, ...]
    before: Do = nothing
    mend: Do = nothing
    config: Any = None
    mended: Any = None
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


NO_SERVERLESS = stack(serverless={})
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
        mended=stack(location="eastus"),
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
        ("endpoints in eastus2: 99 there, 2 new, limit 100", "delete 1 that nobody uses"),
        many_endpoints,
        lambda cloud: cloud.azure.delete(f"{ML}/other/onlineEndpoints/other-0"),
    ),
    "name taken": Case(
        "endpoint-names",
        ("'llama-8b' is taken in eastus2", "workspaces/other/onlineEndpoints/llama-8b", "another name"),
        takes_the_name,
        mended=stack(**{"managed__llama-8b": None, "managed__llama-8c": STACK["azure-llama:managed"]["llama-8b"]}),
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


def fails(cloud: Cloud, config: Any, options: Any) -> dict[str, list[str]]:
    return of(cloud.ask(config, **(options or {})), Status.FAIL)


@pytest.mark.parametrize("name", CASES)
def test_a_state_fails_its_check_alone_until_it_is_mended(cloud: Cloud, name: str) -> None:
    case = CASES[name]
    case.before(cloud)
    found = fails(cloud, case.config or STACK, case.options)
    assert list(found) == [case.check], found
    (message,) = found[case.check]
    for words in case.says:
        assert words in message, message
    assert not message.endswith("=> None")
    case.mend(cloud)
    report = cloud.ask(case.mended or STACK, **(case.options or {}))
    assert of(report, Status.FAIL) == {}


def test_every_check_but_two_has_a_state_of_its_own() -> None:
    # Signing in and permissions have tests of their own.
    assert {case.check for case in CASES.values()} | {"sign-in", "permissions"} == {check.name for check in CHECKS}


def test_a_vault_that_was_deleted_keeps_its_name_for_everybody(cloud: Cloud) -> None:
    deletes(VAULT)(cloud)
    found = fails(cloud, STACK, None)
    assert set(found) == {"soft-deleted", "global-names"}
    assert "az keyvault purge --name llama-vault --location eastus2" in found["soft-deleted"][0]
    purge_vault(cloud)
    assert fails(cloud, STACK, None) == {}


def test_a_name_that_the_caller_may_not_look_at_is_no_failure(cloud: Cloud) -> None:
    cloud.azure.with_hub()
    give(cloud, SUB, ["Microsoft.Storage/checkNameAvailability/read", "Microsoft.KeyVault/checkNameAvailability/read"])
    report = cloud.ask(who="guest")
    assert "global-names" not in of(report, Status.FAIL)
    assert "whether by the stack itself the caller is not shown" in of(report, Status.UNKNOWN)["global-names"][0]
    mine = cloud.ask(who="guest", held=[STORAGE, VAULT])
    assert mine.named("global-names").status is Status.PASS


def test_an_endpoint_that_the_stack_says_exists_has_to(cloud: Cloud) -> None:
    deployments = STACK["azure-llama:managed"]["llama-8b"]["deployments"]
    green = {"green": deployments["blue"]}
    config = stack(**{"managed__llama-8b": {"existing": True, "contentSafety": False, "deployments": green}})
    cloud.azure.with_hub()
    (message,) = fails(cloud, config, None)["endpoint-names"]
    assert "'llama-8b' exists, and" in message
    cloud.azure.endpoint()
    assert fails(cloud, config, {"held": [GROUP, PROJECT, HUB, STORAGE, VAULT]}) == {}


def test_an_empty_azure_takes_the_stack(cloud: Cloud) -> None:
    report = cloud.ask()
    assert (of(report, Status.FAIL), of(report, Status.UNKNOWN)) == ({}, {})
    assert report.exit_code == 0
    assert [run.name for run in report.runs] == [check.name for check in CHECKS]


def test_a_subscription_that_the_caller_is_not_shown_fails(cloud: Cloud) -> None:
    found = fails(cloud, STACK, {"subscription": "00000000-11a3-4a5d-9b0e-000000000001"})
    assert list(found) == ["sign-in"]
    assert "az account list" in found["sign-in"][0]


@pytest.mark.parametrize("quota_id", ["FreeTrial_2014-09-01", "AzureForStudents_2018-01-01", "MSDN_2014-09-01"])
def test_credit_buys_nothing(cloud: Cloud, quota_id: str) -> None:
    cloud.conditions(subscription={"quotaId": quota_id, "spendingLimit": "On"})
    found = fails(cloud, STACK, None)
    assert set(found) == {"subscription", "marketplace"}
    assert quota_id in found["subscription"][0]
    assert "Upgrade" in found["subscription"][0]
    # Without a purchase it is no failure, and no pass either.
    report = cloud.ask(NO_SERVERLESS)
    assert of(report, Status.FAIL) == {}
    assert list(of(report, Status.UNKNOWN)) == ["subscription"]


def test_an_unknown_offer_is_neither_paid_nor_unpaid(cloud: Cloud) -> None:
    cloud.conditions(subscription={"quotaId": "Internal_2014-09-01"})
    report = cloud.ask()
    assert list(of(report, Status.UNKNOWN)) == ["subscription"]
    assert report.exit_code == 4


def test_past_due_still_deploys(cloud: Cloud) -> None:
    cloud.conditions(subscription={"state": "PastDue"})
    assert cloud.ask().exit_code == 0


def test_a_country_that_is_not_known_to_be_sold_to_is_unknown(cloud: Cloud) -> None:
    cloud.conditions(marketplace={"purchase": "CountryNotSupported"})
    found = of(cloud.ask(), Status.UNKNOWN)
    assert list(found) == ["marketplace"]
    assert "country JP" in found["marketplace"][0]


def test_what_the_stack_holds_is_not_needed_again(cloud: Cloud) -> None:
    cloud.azure.with_hub()
    cloud.azure.endpoint()
    cloud.azure.deployment(instances=2)
    cloud.limit(A100, 72)
    grown = "managed__llama-8b__deployments__blue__instances"
    assert fails(cloud, stack(**{grown: 3}), None) == {}
    (message,) = fails(cloud, stack(**{grown: 4}), None)["quota"]
    assert "usage 48, limit 72, needed 48 more cores" in message
    assert "48 of them held already" in message


def test_deployments_add_up_over_the_stack(cloud: Cloud) -> None:
    green = {"model": "Meta-Llama-3.1-8B-Instruct", "vmSize": "Standard_NC48ads_A100_v4", "instances": 2, "traffic": 0}
    blue = {**STACK["azure-llama:managed"]["llama-8b"]["deployments"]["blue"], "traffic": 100}
    config = stack(**{"managed__llama-8b__deployments": {"blue": blue, "green": green}})
    cloud.limit(A100, 119)
    (message,) = fails(cloud, config, None)["quota"]
    assert "needed 120 more cores" in message
    cloud.limit(A100, 120)
    assert fails(cloud, config, None) == {}


def test_compute_instances_count_without_a_reserve(cloud: Cloud) -> None:
    gpu = {"vmSize": "Standard_NC24ads_A100_v4", "publicIp": True}
    instances = {"ci-one": {"vmSize": "Standard_DS3_v2", "publicIp": True}, "ci-gpu": gpu}
    config = stack(managed={}, workspace={"name": "llama-dev", "computeInstances": instances})
    cloud.limit(REGIONAL, 27)
    (message,) = fails(cloud, config, None)["quota"]
    assert "needed 28 more cores" in message
    assert "1 x Standard_DS3_v2, a compute instance = 4" in message
    cloud.limit(REGIONAL, 28)
    assert "quota" not in fails(cloud, config, None)
    cloud.limit("standardDSv2Family", 3)
    (message,) = fails(cloud, config, None)["quota"]
    assert "Standard DSv2 Family Cluster Dedicated vCPUs: usage 0, limit 3, needed 4 more cores" in message
    assert "azure-llama quota request: a limit of 4 is needed" in message
    strange = {"ci-one": {"vmSize": "Standard_E4s_v3", "publicIp": True}}
    config = stack(managed={}, workspace={"name": "llama-dev", "computeInstances": strange})
    assert "how many cores it takes is not known" in of(cloud.ask(config), Status.UNKNOWN)["quota"][0]


def test_autoscale_needs_its_maximum(cloud: Cloud) -> None:
    rules = [{"metric": "GpuUtilizationPercentage", "above": 70, "by": 1}]
    config = stack(**{"managed__llama-8b__deployments__blue__autoscale": {"maximum": 4, "rules": rules}})
    cloud.limit(A100, 95)
    (message,) = fails(cloud, config, None)["quota"]
    assert "4 x Standard_NC24ads_A100_v4 (the most that autoscale may ask for) = 96" in message


def test_models_are_judged_on_the_day_that_is_given(cloud: Cloud) -> None:
    config = stack(**{"serverless__llama-33-70b__model": "Meta-Llama-3.1-8B-Instruct"})
    assert "lifecycle" in fails(cloud, config, None)
    assert fails(cloud, config, {"today": date(2024, 11, 22)}) == {}


def test_a_model_whose_regions_are_unknown_is_unknown(cloud: Cloud) -> None:
    config = stack(**{"serverless__llama-33-70b__model": "Llama-4-Scout-17B-16E"})
    assert "model-region" in of(cloud.ask(config), Status.UNKNOWN)


def test_a_model_of_another_publisher_is_unknown(cloud: Cloud) -> None:
    config = stack(**{"serverless__llama-33-70b__model": "azureml://registries/azureml-mistral/models/Mistral-large"})
    found = of(cloud.ask(config), Status.UNKNOWN)
    assert {"lifecycle", "model-region"} <= set(found)


def test_a_guest_is_told_what_it_lacks_and_never_that_all_is_well(cloud: Cloud) -> None:
    report = cloud.ask(who="guest")
    unknown = of(report, Status.UNKNOWN)
    assert {"sign-in", "subscription", "providers", "quota", "vm-size"} <= set(unknown)
    assert "Microsoft.Resources/subscriptions/read" in unknown["subscription"][0]
    assert report.exit_code == 1  # its permissions are told to everybody, and are none
    passed = {run.name for run in report.runs if run.status is Status.PASS}
    assert passed == {"lifecycle", "model-region"}
