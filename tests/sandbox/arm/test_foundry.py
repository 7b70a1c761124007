"""Foundry accounts: deployments, projects, models and usages as Azure was recorded to answer."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import pytest

from azure_llama.catalog import limits
from tests.sandbox.arm.around import FOUNDRY, FOUNDRY_DEPLOYMENT, FOUNDRY_PROJECT, HERE, foundry_body, model_body
from tests.sandbox.arm.cases import CASES
from tests.sandbox.arm.circumstances import under
from tests.sandbox.arm.harness import SUB, Azure

REGION = f"{SUB}/providers/Microsoft.CognitiveServices/locations/eastus2"
LLAMA = "AIServices.GlobalStandard.Llama-3.3-70B-Instruct"


@pytest.fixture
def foundry(azure: Azure) -> Azure:
    """A group with a Foundry account."""
    azure.with_group()
    azure.put(FOUNDRY, foundry_body())
    return azure


def usage(azure: Azure, name: str) -> dict[str, Any]:
    rows = azure.get(f"{REGION}/usages", version="2025-06-01")["value"]
    return next(each for each in rows if each["name"]["value"] == name)


def test_an_account(azure: Azure) -> None:
    azure.with_group()
    answer = azure.call("PUT", FOUNDRY, foundry_body() | {"location": "EASTUS2"})
    assert (answer.status_code, answer.json()["location"]) == (201, "EASTUS2")
    assert "/locations/EASTUS2/operationResults/" in answer.headers["Azure-AsyncOperation"]
    assert answer.headers["Azure-AsyncOperation"].endswith("?api-version=2017-04-18")
    assert answer.headers["ETag"] == answer.json()["etag"]
    azure.wait(answer)
    endpoints = azure.get(FOUNDRY)["properties"]["endpoints"]
    assert endpoints["AI Foundry API"] == "https://llama-foundry.services.ai.azure.com/"
    assert endpoints["OpenAI Language Model Instance API"] == "https://llama-foundry.openai.azure.com/"
    answer = azure.call("DELETE", FOUNDRY)
    assert (answer.status_code, answer.content) == (200, b"")


def test_a_deployment_is_ready_at_once(foundry: Azure) -> None:
    answer = foundry.call("PUT", FOUNDRY_DEPLOYMENT, model_body(capacity=20))
    assert answer.status_code == 201
    assert "Azure-AsyncOperation" not in answer.headers
    made = answer.json()["properties"]
    assert (made["provisioningState"], made["currentCapacity"]) == ("Succeeded", 20)
    assert made["rateLimits"] == [
        {"key": "request", "renewalPeriod": 60, "count": 20},
        {"key": "token", "renewalPeriod": 60, "count": 20_000},
    ]
    assert usage(foundry, LLAMA) == {
        "name": {"value": LLAMA, "localizedValue": "Tokens Per Minute (thousands) - Llama-3.3-70B-Instruct"},
        "currentValue": 20,
        "limit": 400,
        "unit": "Count",
    }
    patched = foundry.call("PATCH", FOUNDRY_DEPLOYMENT, {"sku": {"name": "GlobalStandard", "capacity": 30}})
    assert (patched.status_code, usage(foundry, LLAMA)["currentValue"]) == (200, 30)
    assert usage(foundry, "AccountCount")["currentValue"] == 1


NINE: dict[str, Any] = model_body("9")


@pytest.mark.parametrize(
    ("body", "code", "words"),
    [
        (model_body(capacity=401), "InsufficientQuota", "require 401 new capacity"),
        (model_body(capacity=10_001), "InvalidCapacity", "between 1 and 10000"),
        (model_body("4", capacity=2), "InvalidCapacity", "between 1 and 1"),
        (NINE | {"sku": {"name": "GlobalProvisionedManaged", "capacity": 150}}, "InvalidCapacity", "steps of 100"),
        (model_body("99"), "DeploymentModelNotSupported", "'Format:Meta,Name:Llama-3.3-70B-Instruct,Version:99'"),
        (model_body(""), "DeploymentModelNotSupported", "Version:'"),
        (model_body() | {"sku": {"name": "S0"}}, "InvalidResourceProperties", "sku name 'S0' is invalid"),
        (model_body() | {"sku": {"name": "Standard"}}, "InvalidResourceProperties", "'Standard' of account deployment"),
        ({"properties": model_body()["properties"]}, "InvalidResourceProperties", "sku of model deployment is not"),
        (model_body(name="Meta-Llama-3-70B-Instruct", version="9", capacity=1), "ServiceModelDeprecated", "deprecated"),
        (
            {
                "sku": {"name": "GlobalStandard", "capacity": 1},
                "properties": {"model": {"format": "xAI", "name": "grok-4-fast-reasoning", "version": "1"}},
            },
            "ServiceModelDeprecating",
            "The model 'Publisher:xAI,Format:xAI,Name:grok-4-fast-reasoning,Version:1' is in deprecating state and"
            " cannot be used for new deployments.",
        ),
        (model_body() | {"properties": NINE["properties"] | {"raiPolicyName": "no"}}, "InvalidResourceProperties", ""),
    ],
)
def test_deployments_are_refused(foundry: Azure, body: dict[str, Any], code: str, words: str) -> None:
    refusal = foundry.refused("PUT", FOUNDRY_DEPLOYMENT, body)
    assert (refusal.status, refusal.code) == (400, code)
    assert words in refusal.message


def test_a_sku_that_the_region_does_not_offer(azure: Azure) -> None:
    azure.with_group()
    azure.put(FOUNDRY, foundry_body() | {"location": "brazilsouth"})
    refusal = azure.refused(
        "PUT", FOUNDRY_DEPLOYMENT, NINE | {"sku": {"name": "DataZoneProvisionedManaged", "capacity": 100}}
    )
    assert (refusal.code, "not supported in this region 'brazilsouth'" in refusal.message) == (
        "InvalidResourceProperties",
        True,
    )


def test_a_deprecating_model_stays_where_it_is_deployed(foundry: Azure) -> None:
    foundry.put(FOUNDRY_DEPLOYMENT, model_body())
    under(foundry, foundry={"lifecycle": {"Meta.Llama-3.3-70B-Instruct.5": "Deprecating"}})
    foundry.put(FOUNDRY_DEPLOYMENT, model_body(capacity=20))
    foundry.put(f"{FOUNDRY}/deployments/second", model_body())


def test_quota_and_access_are_conditions(foundry: Azure) -> None:
    under(foundry, foundry={"quota": {LLAMA: 5}, "noAccess": ["Llama-4-Scout-17B-16E-Instruct"]})
    assert usage(foundry, LLAMA)["limit"] == 5
    assert foundry.refused("PUT", FOUNDRY_DEPLOYMENT, model_body()).code == "InsufficientQuota"
    scout = model_body("1", 1, "Llama-4-Scout-17B-16E-Instruct")
    assert foundry.refused("PUT", FOUNDRY_DEPLOYMENT, scout).code == "SpecialFeatureOrQuotaIdRequired"


def test_a_marketplace_model_takes_an_offer_that_can_buy(foundry: Azure) -> None:
    under(foundry, subscription={"quotaId": "FreeTrial_2014-09-01"})
    scout = model_body("1", 1, "Llama-4-Scout-17B-16E-Instruct")
    assert "purchase eligibility check failed" in foundry.refused("PUT", FOUNDRY_DEPLOYMENT, scout).message
    foundry.put(FOUNDRY_DEPLOYMENT, model_body())


def test_a_marketplace_model_needs_its_sellers(foundry: Azure) -> None:
    seller = f"{SUB}/providers/Microsoft.SaaS"
    foundry.call("POST", f"{seller}/unregister")
    scout = model_body("1", 1, "Llama-4-Scout-17B-16E-Instruct")
    assert (
        "az provider register --namespace Microsoft.SaaS" in foundry.refused("PUT", FOUNDRY_DEPLOYMENT, scout).message
    )
    foundry.put(FOUNDRY_DEPLOYMENT, model_body())
    foundry.call("POST", f"{seller}/register")
    foundry.put(f"{FOUNDRY}/deployments/scout", scout)


def test_one_write_at_a_time(foundry: Azure) -> None:
    paths = [f"{FOUNDRY}/deployments/d{index}" for index in range(3)]
    answers = foundry.together(*(("PUT", path, model_body()) for path in paths))
    assert sorted(each.status_code for each in answers) == [201, 409, 409]
    refused = next(each for each in answers if each.status_code == 409).json()["error"]
    assert refused == {
        "code": "RequestConflict",
        "message": f"Another operation is being performed on the parent resource '{FOUNDRY}'. Please try again later.",
    }
    for path in paths:
        foundry.put(path, model_body())
    answers = foundry.together(*(("DELETE", path, None) for path in paths))
    assert sorted(each.status_code for each in answers) == [200, 409, 409]


def test_an_account_is_accepted_while_something_is_written_in_it(foundry: Azure) -> None:
    written, read = foundry.together(("PUT", FOUNDRY_DEPLOYMENT, model_body()), ("GET", FOUNDRY, None))
    assert (written.status_code, read.json()["properties"]["provisioningState"]) == (201, "Accepted")
    assert foundry.get(FOUNDRY)["properties"]["provisioningState"] == "Succeeded"


def test_a_private_endpoint_waits_for_the_account(azure: Azure) -> None:
    case = CASES["private-endpoint"]
    case.prepare(azure)
    azure.put(FOUNDRY, foundry_body())
    body = copy.deepcopy(case.body)
    link = body["properties"]["privateLinkServiceConnections"][0]["properties"]
    link |= {"privateLinkServiceId": FOUNDRY, "groupIds": ["account"]}
    _, refused = azure.together(("PUT", FOUNDRY_DEPLOYMENT, model_body()), ("PUT", case.path, body))
    error = refused.json()["error"]
    assert (refused.status_code, error["code"]) == (400, "AccountProvisioningStateInvalid")
    assert error["message"].endswith("in state Accepted")
    configs = azure.put(case.path, body)["properties"]["customDnsConfigs"]
    domains = ("cognitiveservices.azure.com", "openai.azure.com", "services.ai.azure.com")
    assert [each["fqdn"] for each in configs] == [f"llama-foundry.{domain}" for domain in domains]


def test_a_creating_account_takes_nothing_yet(azure: Azure) -> None:
    azure.with_group()
    created = azure.call("PUT", FOUNDRY, foundry_body())
    assert azure.refused("PUT", FOUNDRY_DEPLOYMENT, model_body()).code == "RequestConflict"
    azure.wait(created)
    azure.put(FOUNDRY_DEPLOYMENT, model_body())


def test_a_region_has_so_many_accounts(foundry: Azure, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FOUNDRY_ACCOUNTS", replace(limits.FOUNDRY_ACCOUNTS, high=1))
    body = foundry_body() | {"location": "eastus2"}
    body["properties"] = body["properties"] | {"customSubDomainName": "llama-two"}
    other = FOUNDRY.replace("llama-foundry", "llama-two")
    refusal = foundry.refused("PUT", other, body)
    assert (refusal.code, "in the region eastus2; the limit is 1" in refusal.message) == ("QuotaExceeded", True)
    foundry.put(other, body | {"location": "swedencentral"})
    foundry.put(FOUNDRY, foundry_body())


def test_an_account_with_children_stays(foundry: Azure) -> None:
    foundry.put(FOUNDRY_DEPLOYMENT, model_body())
    refusal = foundry.refused("DELETE", FOUNDRY)
    assert (refusal.status, refusal.code) == (409, "CannotDeleteResource")
    assert FOUNDRY_DEPLOYMENT.partition("/providers/")[2] in refusal.message
    foundry.call("DELETE", FOUNDRY_DEPLOYMENT)
    assert foundry.call("DELETE", FOUNDRY).status_code == 200


def test_model_capacities_are_what_quota_leaves(foundry: Azure) -> None:
    foundry.put(FOUNDRY_DEPLOYMENT, model_body(capacity=30))
    query = {"modelFormat": "Meta", "modelName": "Llama-3.3-70B-Instruct", "modelVersion": "9"}
    rows = foundry.get(f"{REGION}/modelCapacities", version="2025-06-01", **query)["value"]
    found = {each["properties"]["skuName"]: each["properties"]["availableCapacity"] for each in rows}
    assert found == {"GlobalStandard": 370, "GlobalProvisionedManaged": 300, "DataZoneProvisionedManaged": 300}
    everywhere = foundry.get(
        f"{SUB}/providers/Microsoft.CognitiveServices/modelCapacities", version="2025-06-01", **query
    )["value"]
    assert len(everywhere) > 31


def test_an_account_lists_models_and_usages(foundry: Azure) -> None:
    models = foundry.get(f"{FOUNDRY}/models", version="2025-06-01")["value"]
    assert ("Llama-3.3-70B-Instruct", "9") in {(each["name"], each["version"]) for each in models}
    assert foundry.get(f"{FOUNDRY}/usages", version="2025-06-01")["value"]
    foundry.put(FOUNDRY_DEPLOYMENT, model_body("9"))
    skus = foundry.get(f"{FOUNDRY_DEPLOYMENT}/skus", version="2025-06-01")["value"]
    assert [each["sku"]["name"] for each in skus] == [
        "GlobalStandard",
        "GlobalProvisionedManaged",
        "DataZoneProvisionedManaged",
    ]


def test_content_filters(foundry: Azure) -> None:
    policies = f"{FOUNDRY}/raiPolicies"
    assert [each["name"] for each in foundry.get(policies)["value"]] == ["Microsoft.DefaultV2", "Microsoft.Default"]
    assert foundry.get(f"{policies}/Microsoft.Default")["properties"]["type"] == "SystemManaged"
    strict = [{"name": "Hate", "severityThreshold": "Low", "blocking": True, "enabled": True, "source": "Prompt"}]
    made = foundry.put(f"{policies}/strict", {"properties": {"contentFilters": strict}})
    assert made["properties"]["basePolicyName"] == "Microsoft.DefaultV2"
    body = model_body()
    body["properties"]["raiPolicyName"] = "strict"
    foundry.put(FOUNDRY_DEPLOYMENT, body)
    assert foundry.refused("DELETE", f"{policies}/strict").code == "RaiPolicyInUse"
    foundry.call("DELETE", FOUNDRY_DEPLOYMENT)
    foundry.wait(foundry.call("DELETE", f"{policies}/strict"))
    assert foundry.call("GET", f"{policies}/strict").status_code == 404
    wrong = {"properties": {"basePolicyName": "no"}}
    assert foundry.refused("PUT", f"{policies}/other", wrong).code == "InvalidResourceProperties"


def test_no_keys_without_local_authentication(foundry: Azure) -> None:
    assert set(foundry.call("POST", f"{FOUNDRY}/listKeys", version="2025-06-01").json()) == {"key1", "key2"}
    foundry.put(FOUNDRY, foundry_body(disableLocalAuth=True))
    refusal = foundry.refused("POST", f"{FOUNDRY}/listKeys", None, version="2025-06-01")
    assert refusal.message.startswith("Failed to list key. disableLocalAuth")


def test_model_and_capacity_do_not_change_together(foundry: Azure) -> None:
    foundry.put(FOUNDRY_DEPLOYMENT, model_body())
    assert "at the same time" in foundry.refused("PUT", FOUNDRY_DEPLOYMENT, model_body("4", 1)).message


def test_a_project_may_have_dots_and_underscores_in_its_name(foundry: Azure) -> None:
    assert foundry.put(f"{FOUNDRY}/projects/team.one_two", HERE)["name"] == f"{FOUNDRY.rsplit('/', 1)[1]}/team.one_two"


def test_projects(foundry: Azure) -> None:
    first = foundry.put(FOUNDRY_PROJECT, HERE)
    assert (first["name"], first["properties"]["isDefault"]) == ("llama-foundry/llama", True)
    uri = "https://llama-foundry.services.ai.azure.com/api/projects/llama"
    assert first["properties"]["endpoints"] == {"AI Foundry API": uri}
    assert foundry.put(f"{FOUNDRY}/projects/second", HERE)["properties"]["isDefault"] is False
    foundry.put(FOUNDRY, foundry_body(allowProjectManagement=False))
    assert foundry.refused("PUT", f"{FOUNDRY}/projects/third", HERE).code == "ProjectManagementNotAllowed"


def test_models(foundry: Azure) -> None:
    rows = foundry.get(f"{REGION}/models", version="2025-06-01")["value"]
    llama = {each["name"]: each["model"] for each in rows if each["model"]["name"] == "Llama-3.3-70B-Instruct"}
    shared, own = (llama[f"Meta.Llama-3.3-70B-Instruct.{version}"]["skus"] for version in (4, 5))
    assert (shared[0]["usageName"], shared[0]["capacity"]) == (
        "AIServices.GlobalStandard.MaaS",
        {"maximum": 1, "default": 1},
    )
    assert (own[0]["usageName"], own[0]["capacity"]) == (LLAMA, {"maximum": 10_000, "default": 10})
    assert not any(each["isDefaultVersion"] for each in llama.values())
    status = {each["name"]: each["model"]["lifecycleStatus"] for each in rows}
    assert status["Meta.Llama-3.3-70B-Instruct.9"] == "Stable"
    assert status["Meta.Llama-3.2-11B-Vision-Instruct.1"] == "Deprecated"
