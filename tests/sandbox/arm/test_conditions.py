"""What ARM says when the subscription's circumstances are not good."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx
import pytest

from azure_llama_sandbox.arm import build
from azure_llama_sandbox.conditions import Conditions, ConditionsError
from tests.sandbox.arm.circumstances import under
from tests.sandbox.arm.harness import (
    ARM,
    GPU,
    GROUP,
    MODEL,
    PROJECT,
    STORAGE,
    SUB,
    VAULT,
    Azure,
    account_body,
    deployment_body,
    endpoint_body,
    serverless_body,
    vault_body,
)

ML = f"{SUB}/providers/Microsoft.MachineLearningServices"
SUBSCRIPTION = f"{PROJECT}/marketplaceSubscriptions/llama"
BODY = {"properties": {"modelId": MODEL}}


def test_the_subscription_is_what_the_conditions_say(azure: Azure) -> None:
    shown = under(azure, subscription={"state": "PastDue", "quotaId": "FreeTrial_2014-09-01"}).get(SUB)
    assert (shown["state"], shown["subscriptionPolicies"]["quotaId"]) == ("PastDue", "FreeTrial_2014-09-01")


@pytest.mark.parametrize("state", ["Warned", "Disabled", "Deleted"])
def test_a_subscription_in_a_bad_state_is_read_only(azure: Azure, state: str) -> None:
    azure.with_group()
    under(azure, subscription={"state": state})
    for method, path in (
        ("PUT", STORAGE),
        ("PATCH", GROUP),
        ("POST", f"{SUB}/providers/Microsoft.SaaS/register"),
    ):
        refusal = azure.refused(method, path, account_body())
        assert (refusal.status, refusal.code) == (409, "ReadOnlyDisabledSubscription")
        assert state in refusal.message
    assert azure.call("GET", GROUP).status_code == 200
    assert azure.call("DELETE", GROUP).status_code == 202


def test_a_compute_is_deleted_without_an_action(hub: Azure) -> None:
    compute = f"{PROJECT}/computes/ci-one"
    instance = {"computeType": "ComputeInstance", "properties": {"vmSize": "Standard_DS3_v2"}}
    hub.put(compute, {"properties": instance})
    under(hub, computes={"requireAction": False}).delete(compute)
    assert hub.call("GET", compute).status_code == 404


def test_a_past_due_subscription_goes_on(azure: Azure) -> None:
    under(azure, subscription={"state": "PastDue"}).with_group()


@pytest.mark.parametrize(
    ("conditions", "words"),
    [
        ({"marketplace": {"purchase": "NoPaymentMethod"}}, "aka.ms/SaaSPurchaseErrors"),
        ({"marketplace": {"purchase": "EnrollmentForbids"}}, "enrollment"),
        ({"marketplace": {"purchase": "CountryNotSupported"}}, "country"),
        ({"subscription": {"quotaId": "FreeTrial_2014-09-01"}}, "FreeTrial"),
    ],
)
def test_a_purchase_that_the_account_cannot_make(hub: Azure, conditions: dict[str, Any], words: str) -> None:
    refusal = under(hub, **conditions).refused("PUT", SUBSCRIPTION, BODY)
    assert (refusal.status, refusal.code) == (400, "UserError")
    assert "Marketplace Subscription purchase eligibility check failed, error message [" in refusal.message
    assert words in refusal.message
    # Microsoft's own models are not bought.
    own = "azureml://registries/azureml/models/Phi-4"
    assert hub.call("PUT", f"{PROJECT}/serverlessEndpoints/phi", serverless_body(own)).status_code == 201


@pytest.mark.parametrize("namespace", ["Microsoft.SaaS", "Microsoft.Marketplace", "Microsoft.MarketplaceOrdering"])
def test_a_purchase_needs_its_providers(hub: Azure, namespace: str) -> None:
    hub.call("POST", f"{SUB}/providers/{namespace}/unregister")
    refusal = hub.refused("PUT", SUBSCRIPTION, BODY)
    # ARM's own code would send a client that registers the request's namespace into a loop.
    assert (refusal.status, refusal.inner) == (400, ["MissingSubscriptionRegistration"])
    assert f"'{namespace}'" in refusal.message
    hub.call("POST", f"{SUB}/providers/{namespace}/register")
    assert hub.call("PUT", SUBSCRIPTION, BODY).status_code == 201


def test_a_size_that_is_not_offered(hub: Azure) -> None:
    hub.endpoint()
    under(hub, sizes={"notOffered": {"eastus2": [GPU.upper()]}})
    assert GPU not in {each["name"] for each in hub.get(f"{ML}/locations/eastus2/vmSizes")["value"]}
    assert GPU in {each["name"] for each in hub.get(f"{ML}/locations/westus3/vmSizes")["value"]}
    refusal = hub.refused("PUT", f"{PROJECT}/onlineEndpoints/llama-8b/deployments/blue", deployment_body())
    assert f"Not supported VM Size: {GPU} in eastus2" in refusal.message


@pytest.mark.parametrize(
    ("path", "body", "host"),
    [
        (f"{PROJECT}/onlineEndpoints/llama-8b", endpoint_body(), "llama-8b.eastus2.inference.ml.azure.com"),
        (f"{PROJECT}/serverlessEndpoints/llama", serverless_body(), "llama.eastus2.models.ai.azure.com"),
        (f"{STORAGE}2", account_body(), "llamastore2.blob.core.windows.net"),
        (f"{VAULT}-2", vault_body(), "llama-vault-2.vault.azure.net"),
    ],
)
def test_a_name_that_somebody_else_holds(hub: Azure, path: str, body: dict[str, Any], host: str) -> None:
    hub.subscribe()
    name = path.rsplit("/", 1)[1]
    refusal = under(hub, names={"taken": [host]}).refused("PUT", path, body)
    assert name in refusal.message
    assert under(hub).call("PUT", path, body).status_code < 300


def test_a_storage_account_name_is_asked_for(azure: Azure) -> None:
    under(azure, names={"taken": ["llamastore.blob.core.windows.net"]})
    asked = {"name": "llamastore", "type": "Microsoft.Storage/storageAccounts"}
    answer = azure.call("POST", f"{SUB}/providers/Microsoft.Storage/checkNameAvailability", asked)
    assert answer.json()["nameAvailable"] is False


def test_a_script_with_a_mistake_answers_for_itself(azure: Azure) -> None:
    def broken() -> Conditions:
        raise ConditionsError("conditions.yaml: colour: no")

    azure.world = replace(azure.world, conditions=broken)
    azure.http = httpx.AsyncClient(transport=httpx.ASGITransport(build(azure.world)), base_url=ARM)
    answer = azure.call("GET", SUB)
    assert (answer.status_code, answer.json()["error"]["message"]) == (500, "conditions.yaml: colour: no")
