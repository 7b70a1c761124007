from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import pulumi
import pytest
from pulumi import ResourceHookArgs

from azure_llama_components import ServerlessEndpoint, ServerlessEndpointArgs, subscribe
from azure_llama_components.serverless_endpoint import FIXED
from tests.components.arm import put
from tests.components.mocked import KEYS, UNKNOWN, Recorded, run, secret
from tests.components.stack import TAGS, workspace

LLAMA = "Llama-3.3-70B-Instruct"
URI = "https://chat.eastus2.models.ai.azure.com"


@cache  # tests only read what a program did
def endpoint(model: str = LLAMA, *, content_safety: bool = True, preview: bool = False, auth: Any = "Key") -> Recorded:
    def program() -> None:
        place = workspace()
        made = ServerlessEndpoint(
            "chat",
            ServerlessEndpointArgs(
                name="chat",
                workspace=place,
                model=model,
                subscription=subscribe(place, [model]).get(model),
                content_safety=content_safety,
                auth=auth,
                tags=TAGS,
            ),
        )
        pulumi.export("endpoint", made.outputs)
        pulumi.export("keys", made.keys)

    return run(program, preview=preview)


def test_everything_that_a_policy_reads_is_known_in_a_first_preview() -> None:
    inputs = endpoint(preview=True).one("machinelearningservices:ServerlessEndpoint").inputs
    assert inputs == {
        "name": "chat",
        "resourceGroupName": "rg-llama-dev-eastus2",
        "workspaceName": "llama-dev",
        "location": "eastus2",
        "tags": TAGS,
        "sku": {"name": "Consumption"},
        "properties": {
            "authMode": "Key",
            "modelSettings": {"modelId": "azureml://registries/azureml-meta/models/Llama-3.3-70B-Instruct"},
            "contentSafety": {"contentSafetyStatus": "Enabled"},
        },
    }


@pytest.mark.parametrize(("asked", "status"), [(True, "Enabled"), (False, "Disabled")])
def test_content_safety_is_stated_either_way(asked: bool, status: str) -> None:
    inputs = endpoint(content_safety=asked).one("machinelearningservices:ServerlessEndpoint").inputs
    assert inputs["properties"]["contentSafety"] == {"contentSafetyStatus": status}


def test_it_waits_for_the_subscription_and_so_goes_before_it() -> None:
    made = endpoint().one("machinelearningservices:ServerlessEndpoint")
    assert LLAMA in made.depends_on
    assert made.parent == "chat"


def test_nothing_is_deleted_to_make_room_and_updates_are_looked_at_first() -> None:
    request = endpoint().one("machinelearningservices:ServerlessEndpoint").request
    assert request.deleteBeforeReplaceDefined
    assert not request.deleteBeforeReplace
    assert list(request.hooks.before_update) == ["chat-keeps-model"]


def test_another_model_is_refused_with_the_recipe() -> None:
    def change(model: str, **more: str) -> ResourceHookArgs:
        was, then = ({"modelSettings": {"modelId": each}, **more} for each in ("one", model))
        inputs = {"old_inputs": {"properties": was}, "new_inputs": {"properties": then}}
        return ResourceHookArgs(
            "urn", "id", "chat", "azure-native:machinelearningservices:ServerlessEndpoint", **inputs
        )

    FIXED.check(change("one", authMode="Key"))
    with pytest.raises(ValueError, match="Add an endpoint of the new model under a new name") as refused:
        FIXED.check(change("two"))
    for part in ("'chat'", "model 'one' to 'two'", "name is taken"):
        assert part in str(refused.value)


def test_a_chat_model_has_a_chat_url_below_what_azure_returned() -> None:
    assert endpoint().outputs["endpoint"] == {
        "kind": "serverless",
        "uri": URI,
        "chatUrl": f"{URI}/v1/chat/completions",
        "completionsUrl": None,
        "openaiBaseUrl": f"{URI}/v1",
        "model": LLAMA,
        "auth": "Key",
        "modelName": LLAMA,
        "authHeader": "Authorization",
        "deploymentHeader": None,
        "contentSafety": True,
    }


def test_a_base_model_has_a_completions_url() -> None:
    outputs = endpoint("Llama-3.2-1B").outputs["endpoint"]
    assert outputs["chatUrl"] is None
    assert outputs["completionsUrl"] == f"{URI}/v1/completions"
    assert outputs["openaiBaseUrl"] == f"{URI}/v1"


def test_in_a_first_preview_urls_are_unknown_not_null() -> None:
    outputs = endpoint(preview=True).outputs["endpoint"]
    for name in ("uri", "chatUrl", "openaiBaseUrl"):
        assert outputs[name] == UNKNOWN, name
    assert outputs["completionsUrl"] is None
    assert outputs["model"] == LLAMA


def test_keys_are_asked_for_by_plain_names_and_are_a_secret() -> None:
    recorded = endpoint()
    assert recorded.calls[-1] == (
        "azure-native:machinelearningservices:listServerlessEndpointKeys",
        {"name": "chat", "resourceGroupName": "rg-llama-dev-eastus2", "workspaceName": "llama-dev"},
    )
    assert secret(recorded.outputs["keys"]) == {"primary": KEYS["primaryKey"], "secondary": KEYS["secondaryKey"]}
    assert not any(key in sent for sent in recorded.sent for key in KEYS.values())


def test_keys_of_an_endpoint_that_is_not_there_are_not_asked_for() -> None:
    assert [token for token, _ in endpoint(preview=True).calls] == ["azure-native:authorization:getClientConfig"]


def test_the_body_keeps_arms_contract(contract_errors: Callable[..., list[str]]) -> None:
    made = endpoint().one("machinelearningservices:ServerlessEndpoint")
    assert contract_errors(*put(made)) == []


@pytest.mark.parametrize(("auth", "keys"), [("AAD", False), ("KeyAndAAD", True)])
def test_an_endpoint_for_entra_alone_has_no_keys(auth: str, keys: bool) -> None:
    recorded = endpoint(auth=auth)
    assert recorded.one("machinelearningservices:ServerlessEndpoint").inputs["properties"]["authMode"] == auth
    assert recorded.outputs["endpoint"]["auth"] == auth
    assert any("Keys" in token for token, _ in recorded.calls) == keys
    assert ("keys" in recorded.outputs) == keys


@pytest.mark.parametrize(
    ("asset_id", "subscribed"),
    [
        ("azureml://registries/azureml-mistral/models/Mistral-large-2407", True),
        ("azureml://registries/azureml/models/Phi-4", False),
    ],
)
def test_a_model_of_another_publisher_has_its_uri_and_no_routes_that_are_known(asset_id: str, subscribed: bool) -> None:
    recorded = endpoint(asset_id)
    made = recorded.one("machinelearningservices:ServerlessEndpoint")
    assert made.inputs["properties"]["modelSettings"] == {"modelId": asset_id}
    assert bool(recorded.of(":MarketplaceSubscription")) == subscribed
    assert ("w-project" in made.depends_on) == (not subscribed)
    outputs = recorded.outputs["endpoint"]
    assert (outputs["uri"], outputs["chatUrl"], outputs["completionsUrl"], outputs["openaiBaseUrl"]) == (
        (URI,) + (None,) * 3
    )
    assert outputs["model"] == asset_id
    assert outputs["modelName"] == asset_id.rsplit("/", 1)[1]
