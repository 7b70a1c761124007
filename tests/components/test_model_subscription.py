from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pulumi
import pytest

from azure_llama_components import subscribe
from tests.components.arm import put
from tests.components.mocked import IDS, UNKNOWN, Recorded, run
from tests.components.stack import workspace

LLAMA = "Llama-3.3-70B-Instruct"


@cache  # tests only read what a program did
def subscribed(*models: str, preview: bool = False) -> Recorded:
    def program() -> None:
        made = subscribe(workspace(), models)
        pulumi.export("marketplace", {model: each.outputs for model, each in made.items()})

    return run(program, preview=preview)


def test_a_model_is_subscribed_to_once_however_often_it_is_asked_for() -> None:
    asset_id = "azureml://registries/azureml-meta/models/Llama-3.3-70B-Instruct"
    recorded = subscribed(LLAMA, LLAMA.lower(), asset_id)
    subscription = recorded.one("machinelearningservices:MarketplaceSubscription")
    assert subscription.inputs["properties"] == {"modelId": asset_id}
    assert list(recorded.outputs["marketplace"]) == [LLAMA]


def test_it_has_no_dots_in_its_name_and_waits_for_the_workspace() -> None:
    subscription = subscribed(LLAMA).one("machinelearningservices:MarketplaceSubscription")
    assert subscription.inputs["name"] == "Llama-3-3-70B-Instruct"
    assert subscription.inputs["workspaceName"] == "llama-dev"
    assert "w-project" in subscription.depends_on
    assert subscription.parent == LLAMA
    assert not subscription.request.deleteBeforeReplace


@pytest.mark.parametrize("registry", ["azureml", "AzureML"])
def test_microsofts_own_models_need_none(registry: str) -> None:
    recorded = subscribed(f"azureml://registries/{registry}/models/Phi-4")
    assert recorded.error is None
    assert recorded.of(":MarketplaceSubscription") == []


def test_another_publishers_model_is_subscribed_to_by_its_asset_id() -> None:
    asset_id = "azureml://registries/azureml-mistral/models/Mistral-large-2407"
    recorded = subscribed(asset_id, asset_id)
    subscription = recorded.one(":MarketplaceSubscription")
    assert subscription.inputs["properties"] == {"modelId": asset_id}
    assert subscription.inputs["name"] == subscription.name == "azureml-mistral-Mistral-large-2407"
    assert list(recorded.outputs["marketplace"]) == [asset_id]


def test_a_name_that_is_neither_is_an_error_with_the_nearest() -> None:
    assert "did you mean 'Llama-3.3-70B-Instruct'" in str(subscribed("Llama-3.3-70B-Instrukt").error)


def test_the_outputs_have_its_id_and_offer() -> None:
    assert subscribed(LLAMA).outputs["marketplace"] == {
        LLAMA: {"subscriptionId": IDS + LLAMA, "offer": "an-offer"},
    }


def test_an_offer_that_azure_has_not_told_yet_is_unknown_not_null() -> None:
    assert subscribed(LLAMA, preview=True).outputs["marketplace"][LLAMA]["offer"] == UNKNOWN


def test_the_body_keeps_arms_contract(contract_errors: Callable[..., list[str]]) -> None:
    subscription = subscribed(LLAMA).one(":MarketplaceSubscription")
    assert contract_errors(*put(subscription)) == []
