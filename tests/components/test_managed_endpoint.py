from __future__ import annotations

from collections.abc import Callable

import pytest

from azure_llama_components import (
    ManagedEndpoint,
    ManagedEndpointArgs,
)
from tests.catalogs import PACKAGE
from tests.components.arm import put
from tests.components.managed import DEPLOYMENT, ENDPOINT, HOST, LLAMA, SIZE, TRAFFIC, deployment, endpoint, stated
from tests.components.mocked import KEYS, UNKNOWN, run, secret
from tests.components.stack import TAGS, workspace


def test_the_endpoint_is_created_without_traffic_and_then_left_alone() -> None:
    made = endpoint().one(ENDPOINT)
    assert made.inputs["properties"] == {"authMode": "AADToken", "publicNetworkAccess": "Enabled"}
    assert set(made.request.ignoreChanges) == {"properties", "tags", "identity", "kind", "sku"}
    assert made.request.deleteBeforeReplaceDefined
    assert not made.request.deleteBeforeReplace
    assert "w-project" in made.depends_on


def test_the_template_states_what_the_endpoint_was_created_with_and_the_traffic() -> None:
    recorded = endpoint(blue=deployment(traffic=90), green=deployment(traffic=10))
    created, resource = recorded.one(ENDPOINT).inputs, stated(recorded)
    assert resource["name"] == f"{created['workspaceName']}/{created['endpointName']}"
    for part in ("location", "tags", "identity"):
        assert resource[part] == created[part], part
    assert resource["properties"] == {**created["properties"], "traffic": {"blue": 90, "green": 10}}
    assert recorded.one(TRAFFIC).inputs["properties"]["mode"] == "Incremental"


def test_traffic_moves_only_when_every_deployment_is_there() -> None:
    recorded = endpoint(blue=deployment(traffic=90), green=deployment(traffic=10))
    assert {"chat", "chat.blue", "chat.green"} <= recorded.one(TRAFFIC).depends_on
    for each in recorded.of(DEPLOYMENT):
        assert "chat" in each.depends_on


def test_a_deployment_that_is_no_longer_asked_for_is_out_of_the_traffic() -> None:
    assert stated(endpoint(green=deployment()))["properties"]["traffic"] == {"green": 100}


def test_deployments_go_with_their_endpoint_and_are_never_deleted_to_make_room() -> None:
    request = endpoint().one(DEPLOYMENT).request
    assert request.deletedWith.endswith("::chat")
    assert request.deleteBeforeReplaceDefined
    assert not request.deleteBeforeReplace


def test_a_change_of_model_or_size_is_looked_at_before_every_update() -> None:
    hooks = endpoint().one(DEPLOYMENT).request.hooks
    assert list(hooks.before_update) == ["chat.blue-keeps-model-and-size"]
    assert not list(hooks.before_delete)


def test_a_deployment_has_hours_and_the_defaults_of_large_models() -> None:
    made = endpoint(blue=deployment(instances=3)).one(DEPLOYMENT)
    assert made.request.customTimeouts.create == "3h"
    assert made.inputs["sku"] == {"name": "Default", "tier": "Standard", "capacity": 3}
    properties = made.inputs["properties"]
    assert properties["endpointComputeType"] == "Managed"
    assert properties["model"] == PACKAGE.model(LLAMA).versioned_id()
    assert properties["instanceType"] == SIZE
    assert properties["appInsightsEnabled"] is True
    assert properties["requestSettings"]["requestTimeout"] == "PT180S"
    assert properties["scaleSettings"] == {"scaleType": "Default"}
    for probe in ("livenessProbe", "readinessProbe"):
        assert properties[probe]["initialDelay"] == "PT500S"


def test_a_version_that_is_asked_for_is_deployed() -> None:
    made = endpoint(blue=deployment(model_version="2")).one(DEPLOYMENT)
    assert made.inputs["properties"]["model"].endswith(f"/{LLAMA}/versions/2")


def test_everything_that_a_policy_reads_is_known_in_a_first_preview() -> None:
    recorded = endpoint(preview=True)
    made = recorded.one(DEPLOYMENT).inputs
    assert (made["endpointName"], made["deploymentName"], made["location"]) == ("chat", "blue", "eastus2")
    assert made["properties"]["instanceType"] == SIZE
    assert made["workspaceName"] == "llama-dev"
    for type_ in (ENDPOINT, DEPLOYMENT, TRAFFIC):
        assert UNKNOWN not in str(recorded.one(type_).request.object), type_


def test_tags_are_on_all_three_and_the_parent_is_the_component() -> None:
    recorded = endpoint()
    for type_ in (ENDPOINT, DEPLOYMENT, TRAFFIC):
        assert recorded.one(type_).inputs["tags"] == TAGS
        assert recorded.one(type_).parent == "chat"
    assert stated(recorded)["tags"] == TAGS


def test_the_arm_deployment_has_no_location_since_a_group_has_one() -> None:
    assert "location" not in endpoint().one(TRAFFIC).inputs


def test_endpoints_and_deployments_with_dashes_never_get_the_same_name() -> None:
    def program() -> None:
        place = workspace()
        for name, key in (("a-b", "c"), ("a", "b-c")):
            args = ManagedEndpointArgs(name=name, workspace=place, deployments={key: deployment()})
            ManagedEndpoint(name, args)

    recorded = run(program)
    assert recorded.error is None
    assert len({each.name for each in recorded.of(DEPLOYMENT)}) == 2


@pytest.mark.parametrize("auth", ["AADToken", "AMLToken"])
def test_an_endpoint_with_tokens_has_no_keys(auth: str) -> None:
    recorded = endpoint(auth)
    assert "keys" not in recorded.outputs
    assert not any("Keys" in token for token, _ in recorded.calls)
    assert stated(recorded)["properties"]["authMode"] == auth


def test_an_endpoint_with_keys_has_them_as_a_secret() -> None:
    recorded = endpoint("Key")
    assert recorded.calls[-1] == (
        "azure-native:machinelearningservices:listOnlineEndpointKeys",
        {"endpointName": "chat", "resourceGroupName": "rg-llama-dev-eastus2", "workspaceName": "llama-dev"},
    )
    assert secret(recorded.outputs["keys"]) == {"primary": KEYS["primaryKey"], "secondary": KEYS["secondaryKey"]}
    assert not any(key in sent for sent in recorded.sent for key in KEYS.values())


def test_keys_of_an_endpoint_that_is_not_there_are_not_asked_for() -> None:
    assert not any("Keys" in token for token, _ in endpoint("Key", preview=True).calls)


def test_urls_are_beside_the_scoring_uri() -> None:
    assert endpoint().outputs["endpoint"] == {
        "kind": "managed",
        "uri": f"{HOST}/score",
        "chatUrl": f"{HOST}/v1/chat/completions",
        "completionsUrl": None,
        "openaiBaseUrl": f"{HOST}/v1",
        "deployments": {"blue": {"model": LLAMA, "vmSize": SIZE, "instances": 1, "traffic": 100}},
        "auth": "AADToken",
        "modelName": LLAMA,
        "authHeader": "Authorization",
        "deploymentHeader": "azureml-model-deployment",
        "contentSafety": None,
    }


def test_clients_are_told_the_model_that_gets_the_most_traffic() -> None:
    outputs = endpoint(
        blue=deployment("Meta-Llama-3.1-8B", model_version="1", traffic=10), green=deployment(LLAMA, traffic=90)
    ).outputs["endpoint"]
    assert outputs["modelName"] == LLAMA


@pytest.mark.parametrize(
    ("model", "chat", "completions"),
    [
        ("Meta-Llama-3.1-8B", None, "/v1/completions"),
        ("Llama-2-7b-chat", None, None),
        ("CodeLlama-7b-hf", None, None),
        ("Prompt-Guard-86M", None, None),
    ],
)
def test_urls_that_no_deployment_answers_are_null(model: str, chat: str | None, completions: str | None) -> None:
    outputs = endpoint(blue=deployment(model, model_version="1")).outputs["endpoint"]
    assert outputs["uri"] == f"{HOST}/score"
    assert outputs["chatUrl"] == (chat and HOST + chat)
    assert outputs["completionsUrl"] == (completions and HOST + completions)
    assert outputs["openaiBaseUrl"] == (HOST + "/v1" if chat or completions else None)


def test_in_a_first_preview_urls_are_unknown_not_null() -> None:
    outputs = endpoint(preview=True).outputs["endpoint"]
    assert (outputs["uri"], outputs["chatUrl"], outputs["completionsUrl"]) == (UNKNOWN, UNKNOWN, None)


def test_bodies_keep_arms_contract(contract_errors: Callable[..., list[str]]) -> None:
    recorded = endpoint("Key")
    made = [recorded.one(type_) for type_ in (ENDPOINT, DEPLOYMENT, TRAFFIC)]
    assert [error for each in made for error in contract_errors(*put(each))] == []
