"""For each check a stack and a state of Azure that fails it and nothing else; its message is enough to fix it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from azure_llama.catalog.limits import COMPUTES_PER_REGION
from azure_llama.preflight import CHECKS, Status
from azure_llama.preflight.checks import endpoints
from tests.azure_llama.preflight import cases, foundry_cases, named_cases
from tests.azure_llama.preflight.cases import A100, REGIONAL, deletes, purge_vault
from tests.azure_llama.preflight.harness import GROUP, STACK, SUB, Cloud, of, stack
from tests.azure_llama.preflight.test_permissions import give
from tests.sandbox.arm.harness import (
    HUB,
    PROJECT,
    STORAGE,
    VAULT,
)

CASES = {**cases.CASES, **foundry_cases.CASES, **named_cases.CASES}
COMPUTE = {"computeType": "ComputeInstance", "properties": {"vmSize": "Standard_DS3_v2"}}
NO_SERVERLESS = stack(serverless={})


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
    case.fix(cloud)
    report = cloud.ask(case.fixed or STACK, **(case.options or {}))
    assert of(report, Status.FAIL) == {}


def test_every_check_but_three_has_a_state_of_its_own() -> None:
    # Signing in, permissions and gateways have tests of their own.
    assert {case.check for case in CASES.values()} | {"sign-in", "permissions", "gateway"} == {
        check.name for check in CHECKS
    }


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


def test_computes_and_deployments_of_all_workspaces_share_a_limit(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoints, "COMPUTES_PER_REGION", replace(COMPUTES_PER_REGION, low=2))
    assert "limits" not in fails(cloud, STACK, None)
    cloud.azure.with_hub()
    cloud.azure.endpoint("other")
    cloud.azure.deployment(endpoint="other")
    assert "limits" not in fails(cloud, STACK, None)
    cloud.azure.put(f"{PROJECT}/computes/ci-one", {"location": "eastus2", "properties": COMPUTE})
    message = fails(cloud, STACK, None)["limits"][0]
    assert "computes and deployments in eastus2: 2 there, 1 new, limit 2" in message
    assert "delete 1 unused" in message


def test_an_endpoint_that_the_stack_says_exists_has_to(cloud: Cloud) -> None:
    deployments = STACK["azure-llama:managed"]["llama-8b"]["deployments"]
    green = {"green": deployments["blue"]}
    config = stack(**{"managed__llama-8b": {"existing": True, "contentSafety": False, "deployments": green}})
    cloud.azure.with_hub()
    (message,) = fails(cloud, config, None)["endpoint-names"]
    assert "'llama-8b' exists, and" in message
    cloud.azure.endpoint()
    assert fails(cloud, config, {"held": [GROUP, PROJECT, HUB, STORAGE, VAULT]}) == {}


def test_an_endpoint_that_nothing_is_created_in_need_not_exist(cloud: Cloud) -> None:
    blue = STACK["azure-llama:managed"]["llama-8b"]["deployments"]["blue"] | {"stopped": True}
    run = cloud.ask(stack(managed={"llama-8b": {"existing": True, "deployments": {"blue": blue}}}))
    (result,) = [each for each in run.named("endpoint-names").results if each.subject == "managed.llama-8b"]
    assert (result.status, "creates nothing in it" in result.evidence) == (Status.SKIPPED, True)


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
