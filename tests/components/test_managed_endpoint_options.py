"""A managed endpoint with everything that can be set."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from pulumi import ResourceHookArgs

from azure_llama_components import (
    DataCollectionArgs,
    ProbeArgs,
    ScalingArgs,
    ScalingRuleArgs,
)
from azure_llama_components.managed_endpoint import FIXED
from tests.catalogs import PACKAGE
from tests.components.arm import put
from tests.components.managed import DEPLOYMENT, ENDPOINT, HOST, LLAMA, TRAFFIC, deployment, endpoint, stated
from tests.components.mocked import SUBSCRIPTION

IDENTITY = "/subscriptions/0/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/one"
IMAGE = "azureml://registries/azureml/environments/vllm/versions/3"


def test_mirror_access_and_identity_are_stated_in_the_template() -> None:
    asked = {"mirror_traffic": {"green": 10}, "public_network_access": "Disabled", "identity_id": IDENTITY}
    recorded = endpoint(asked=asked, blue=deployment(traffic=100), green=deployment(traffic=0))
    created, resource = recorded.one(ENDPOINT).inputs, stated(recorded)
    assert created["properties"] == {"authMode": "AADToken", "publicNetworkAccess": "Disabled"}
    assert created["identity"] == {"type": "UserAssigned", "userAssignedIdentities": [IDENTITY]}
    assert resource["identity"] == {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: {}}}
    assert resource["properties"]["mirrorTraffic"] == {"green": 10}
    assert resource["properties"]["publicNetworkAccess"] == "Disabled"


def test_shared_quota_is_two_entries_and_a_day_of_deletion() -> None:
    since = datetime(2026, 11, 25, 19, tzinfo=timezone(timedelta(hours=1)))
    recorded = endpoint(asked={"shared_quota_since": since})
    entries = {"SharedComputeCapacityEnabled": "true", "TargetAutoDeletionTime": "Wed, 02 Dec 2026 18:00:00 GMT"}
    assert recorded.one(ENDPOINT).inputs["properties"]["properties"] == entries
    assert stated(recorded)["properties"]["properties"] == entries
    assert recorded.outputs["endpoint"]["deletionDate"] == "2026-12-02T18:00:00Z"
    assert "deletionDate" not in endpoint().outputs["endpoint"]
    assert recorded.one(DEPLOYMENT).inputs == endpoint().one(DEPLOYMENT).inputs


def test_an_endpoint_that_exists_gets_deployments_and_nothing_else() -> None:
    recorded = endpoint("Key", asked={"existing": True, "log_analytics_id": "logs"})
    assert [recorded.of(type_) for type_ in (ENDPOINT, TRAFFIC, ":DiagnosticSetting")].count([]) == 2
    # The workspace's own diagnostic settings are there.
    assert "chat-diagnostics" not in [each.name for each in recorded.resources]
    made = recorded.one(DEPLOYMENT)
    assert made.inputs["endpointName"] == "chat"
    assert made.request.deletedWith == ""
    assert "w-project" in made.depends_on
    outputs = recorded.outputs["endpoint"]
    for name in ("uri", "chatUrl", "completionsUrl", "openaiBaseUrl", "auth"):
        assert outputs[name] is None, name
    assert outputs["deployments"]["blue"]["traffic"] is None
    assert not any("Keys" in token for token, _ in recorded.calls)


def test_urls_of_an_endpoint_that_exists_are_null_in_a_preview_too() -> None:
    assert endpoint(preview=True, asked={"existing": True}).outputs["endpoint"]["uri"] is None


def test_logs_go_where_they_are_asked_to() -> None:
    recorded = endpoint(preview=True, asked={"log_analytics_id": "/subscriptions/0/logs"})
    made = next(each for each in recorded.resources if each.name == "chat-diagnostics")
    assert made.inputs["resourceUri"].endswith("/workspaces/llama-dev/onlineEndpoints/chat")
    assert made.inputs["workspaceId"] == "/subscriptions/0/logs"
    assert "chat-diagnostics" not in [each.name for each in endpoint().resources]


def test_a_scaled_deployment_leaves_its_number_of_machines_to_azure_monitor() -> None:
    scaling = ScalingArgs(maximum=3, rules=[ScalingRuleArgs(metric="GpuUtilizationPercentage", above=70)])
    recorded = endpoint(blue=deployment(autoscale=scaling, traffic=90), green=deployment(traffic=10))
    blue, green = recorded.of(DEPLOYMENT)
    assert list(blue.request.ignoreChanges) == ["properties.properties", "sku.capacity"]
    assert list(green.request.ignoreChanges) == ["properties.properties"]
    setting = recorded.one("monitor:AutoscaleSetting")
    place = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-llama-dev-eastus2/providers"
    target = f"{place}/Microsoft.MachineLearningServices/workspaces/llama-dev/onlineEndpoints/chat/deployments/blue"
    assert setting.inputs["targetResourceUri"] == target
    assert "chat.blue" in setting.depends_on
    outputs = recorded.outputs["endpoint"]["deployments"]
    assert outputs["blue"]["autoscale"] == {"minimum": 1, "maximum": 3, "default": 1}
    assert "autoscale" not in outputs["green"]


def test_everything_of_a_deployment_is_sent() -> None:
    asked = deployment(
        environment=IMAGE,
        data_collection=DataCollectionArgs(sampling_rate=0.5, rolling_rate="Day", capture_headers=["x-a"]),
        application_insights=False,
        egress_public_network_access="Disabled",
        environment_variables={"WORKER_COUNT": "4"},
        request_timeout_seconds=90,
        max_concurrent_requests_per_instance=4,
        startup=ProbeArgs(initial_delay_seconds=1_000, failure_threshold=5),
    )
    properties = endpoint(blue=asked).one(DEPLOYMENT).inputs["properties"]
    assert properties["environmentId"] == IMAGE
    assert properties["model"] == PACKAGE.model(LLAMA).versioned_id()
    kept = {"dataCollectionMode": "Enabled", "samplingRate": 0.5}
    assert properties["dataCollector"] == {
        "collections": {"request": kept, "response": kept},
        "rollingRate": "Day",
        "requestLogging": {"captureHeaders": ["x-a"]},
    }
    assert properties["appInsightsEnabled"] is False
    assert properties["egressPublicNetworkAccess"] == "Disabled"
    assert properties["environmentVariables"] == {"WORKER_COUNT": "4"}
    requests = properties["requestSettings"]
    assert (requests["requestTimeout"], requests["maxConcurrentRequestsPerInstance"]) == ("PT90S", 4)
    assert properties["startupProbe"] == {
        "initialDelay": "PT1000S",
        "period": "PT100S",
        "timeout": "PT10S",
        "failureThreshold": 5,
        "successThreshold": 1,
    }


def test_what_is_not_asked_for_is_left_out_or_azures_default() -> None:
    properties = endpoint().one(DEPLOYMENT).inputs["properties"]
    for name in ("dataCollector", "environmentVariables", "environmentId", "startupProbe"):
        assert name not in properties, name
    # azure-native says this by itself.
    assert properties["egressPublicNetworkAccess"] == "Enabled"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, 64),
        ({"max_concurrent_requests_per_instance": 4}, 4),
        ({"serves": "score"}, 1),
        ({"environment": IMAGE}, 64),
    ],
)
def test_the_default_concurrency_fits_servers_for_language_models(asked: dict[str, Any], expected: int) -> None:
    properties = endpoint(blue=deployment(**asked)).one(DEPLOYMENT).inputs["properties"]
    assert properties["requestSettings"]["maxConcurrentRequestsPerInstance"] == expected


def test_a_package_is_an_environment_without_a_model_beside_it() -> None:
    recorded = endpoint(blue=deployment(environment=IMAGE, packaged_model=True))
    properties = recorded.one(DEPLOYMENT).inputs["properties"]
    assert properties["environmentId"] == IMAGE
    assert "model" not in properties
    assert recorded.outputs["endpoint"]["modelName"] == LLAMA
    assert "give the package's environment" in str(endpoint(blue=deployment(packaged_model=True)).error)


def test_a_model_of_another_publisher_has_no_routes_that_are_known() -> None:
    other = "azureml://registries/azureml-mistral/models/Mistral-large-2407"
    recorded = endpoint(blue=deployment(other, model_version="2"))
    assert recorded.one(DEPLOYMENT).inputs["properties"]["model"] == f"{other}/versions/2"
    outputs = recorded.outputs["endpoint"]
    assert (outputs["uri"], outputs["chatUrl"], outputs["openaiBaseUrl"]) == (f"{HOST}/score", None, None)
    assert outputs["deployments"]["blue"]["model"] == other
    assert outputs["modelName"] == "Mistral-large-2407"


def test_clients_are_given_the_model_of_a_deployment_that_runs() -> None:
    other = "azureml://registries/azureml-mistral/models/Mistral-large-2407"
    blue = deployment(other, model_version="2", stopped=True)
    outputs = endpoint(blue=blue, green=deployment()).outputs["endpoint"]
    assert outputs["modelName"] == LLAMA
    alone = endpoint(blue=blue).outputs["endpoint"]
    assert alone["modelName"] == "Mistral-large-2407"


def test_identity_and_the_end_of_shared_quota_are_kept() -> None:
    def change(old: dict[str, Any], new: dict[str, Any]) -> ResourceHookArgs:
        old_inputs, new_inputs = ({"properties": {"template": {"resources": [each]}}} for each in (old, new))
        return ResourceHookArgs("urn", "id", "chat-traffic", "a:b:C", old_inputs=old_inputs, new_inputs=new_inputs)

    own = {"identity": {"type": "SystemAssigned"}, "properties": {"authMode": "Key", "traffic": {"blue": 100}}}
    given = {**own, "identity": {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: {}}}}
    until = {**own, "properties": {"properties": {"TargetAutoDeletionTime": "later"}}}
    FIXED.check(change(own, {**own, "properties": {"authMode": "AADToken", "traffic": {"green": 100}}}))
    for new, says in ((given, "identity "), (until, "sharedQuota None to 'later'")):
        with pytest.raises(ValueError, match="Add an endpoint under a new name") as refused:
            FIXED.check(change(own, new))
        assert says in str(refused.value)
    assert list(endpoint().one(TRAFFIC).request.hooks.before_update) == ["chat-keeps-identity"]


def test_bodies_of_every_option_keep_arms_contract(contract_errors: Callable[..., list[str]]) -> None:
    scaling = ScalingArgs(maximum=3, rules=[ScalingRuleArgs(metric="RequestLatency_P95", above=5_000)])
    recorded = endpoint(
        "AMLToken",
        asked={
            "mirror_traffic": {"green": 10},
            "public_network_access": "Disabled",
            "identity_id": IDENTITY,
            "shared_quota_since": datetime(2026, 11, 25, tzinfo=UTC),
            "log_analytics_id": "/subscriptions/0/logs",
        },
        blue=deployment(
            environment=IMAGE,
            # The contract has a whole number here, the clients of Azure ML any share.
            data_collection=DataCollectionArgs(capture_headers=["x-a"]),
            egress_public_network_access="Enabled",
            environment_variables={"A": "1"},
            startup=ProbeArgs(),
            autoscale=scaling,
        ),
        green=deployment(traffic=0, environment=IMAGE, packaged_model=True),
    )
    made = [each for each in recorded.resources if each.type.startswith("azure-native:")]
    assert [error for each in made for error in contract_errors(*put(each))] == []
    resource = dict(stated(recorded))
    arm_type, version = resource.pop("type"), resource.pop("apiVersion")
    del resource["name"]
    assert contract_errors(arm_type, version, resource) == []
