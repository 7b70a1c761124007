"""Every option of the settings reaches what is made of it."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from azure_llama_components import (
    all_endpoints,
    content_safety,
    key_secrets,
    make_workspace,
    model_subscriptions,
    read_settings,
)
from tests.components.mocked import KEYS, SUBSCRIPTION, Recorded, run, secret

GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-other/providers"
OTHER = f"{GROUP}/Microsoft.MachineLearningServices/workspaces/other"
VAULT = f"{GROUP}/Microsoft.KeyVault/vaults/kv-other"
IDENTITY = f"{GROUP}/Microsoft.ManagedIdentity/userAssignedIdentities/id-other"
IMAGE = "azureml://registries/azureml/environments/vllm/versions/3"
BLUE = {"model": "Meta-Llama-3.1-8B-Instruct", "vmSize": "Standard_NC24ads_A100_v4", "traffic": 100}
OUT = {"metric": "RequestLatency_P95", "above": 5000, "by": 2, "windowMinutes": 10}
WEEKEND = {"days": ["Sunday"], "start": "08:00", "end": "20:00", "timeZone": "UTC", "instances": 2}
MOST: dict[str, Any] = {
    "workspace": {"name": "llama-dev"},
    "serverless": {
        "api": {
            "model": "Llama-3.3-70B-Instruct",
            "auth": "KeyAndAAD",
            "contentSafety": False,
            "connections": {"flow": {"workspace": OTHER}},
        }
    },
    "managed": {
        "chat": {
            "auth": "Key",
            "publicNetworkAccess": "Disabled",
            "identity": {"type": "UserAssigned", "id": IDENTITY},
            "mirrorTraffic": {"green": 10},
            "sharedQuota": {"since": "2026-11-25T18:00:00Z"},
            "deployments": {
                "blue": {
                    **BLUE,
                    "modelVersion": "4",
                    "environment": IMAGE,
                    "fit": "Unchecked",
                    "dataCollection": {"samplingRate": 0.5, "rollingRate": "Day", "collections": ["request"]},
                    "applicationInsights": False,
                    "egressPublicNetworkAccess": "Disabled",
                    "environmentVariables": {"A": "1"},
                    "requestTimeoutSeconds": 90,
                    "maxConcurrentRequestsPerInstance": 4,
                    "probes": {"liveness": {"periodSeconds": 20}, "startup": {"initialDelaySeconds": 900}},
                    "autoscale": {
                        "minimum": 2,
                        "maximum": 4,
                        "default": 3,
                        "rules": [OUT],
                        "cooldownMinutes": 20,
                        "schedules": {"weekend": WEEKEND},
                    },
                },
                "green": {**BLUE, "traffic": 0, "environment": IMAGE, "packagedModel": True},
            },
        },
        "theirs": {"existing": True, "contentSafety": False, "deployments": {"more": {**BLUE, "traffic": None}}},
    },
    "secrets": {"expiresOn": "2027-01-01"},
    "tags": {"team": "llama"},
}


def program() -> None:
    settings = read_settings()
    workspace = make_workspace(settings)
    subscribed = model_subscriptions(settings, workspace)
    endpoints = all_endpoints(settings, workspace, subscribed)
    content_safety(settings, workspace)
    key_secrets(settings, workspace, endpoints)


def made(*secret_keys: str, **changes: Any) -> Recorded:
    asked = {**MOST, **changes}
    config = {f"azure-llama:{key}": json.dumps(value) for key, value in asked.items() if value is not None}
    return run(program, config={"azure-native:location": "eastus2", **config}, secret_keys=secret_keys)


@cache  # tests only read what the program did
def most() -> Recorded:
    recorded = made()
    assert recorded.error is None
    return recorded


def test_a_serverless_endpoint_with_its_connection() -> None:
    endpoint = most().one("machinelearningservices:ServerlessEndpoint")
    assert endpoint.inputs["properties"]["authMode"] == "KeyAndAAD"
    assert endpoint.inputs["properties"]["contentSafety"] == {"contentSafetyStatus": "Disabled"}
    connection = most().one("machinelearningservices:WorkspaceConnection")
    assert (connection.inputs["workspaceName"], connection.inputs["connectionName"]) == ("other", "flow")


def test_a_managed_endpoint_as_it_is_stated() -> None:
    (resource,) = most().one("resources:Deployment").inputs["properties"]["template"]["resources"]
    properties = resource["properties"]
    assert properties["authMode"] == "Key"
    assert properties["publicNetworkAccess"] == "Disabled"
    assert properties["traffic"] == {"blue": 100, "green": 0}
    assert properties["mirrorTraffic"] == {"green": 10}
    assert properties["properties"]["TargetAutoDeletionTime"] == "Wed, 02 Dec 2026 18:00:00 GMT"
    assert resource["identity"] == {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: {}}}


def test_a_deployment_with_every_option() -> None:
    blue = next(each for each in most().resources if each.name == "chat.blue")
    properties = blue.inputs["properties"]
    assert blue.inputs["sku"] == {"name": "Default", "tier": "Standard", "capacity": 3}
    assert properties["model"].endswith("/versions/4")
    assert properties["environmentId"] == IMAGE
    collected = {"request": {"dataCollectionMode": "Enabled", "samplingRate": 0.5}}
    assert properties["dataCollector"] == {"collections": collected, "rollingRate": "Day"}
    assert properties["appInsightsEnabled"] is False
    assert properties["egressPublicNetworkAccess"] == "Disabled"
    assert properties["environmentVariables"] == {"A": "1"}
    requests = properties["requestSettings"]
    assert (requests["requestTimeout"], requests["maxConcurrentRequestsPerInstance"]) == ("PT90S", 4)
    assert (properties["livenessProbe"]["period"], properties["livenessProbe"]["initialDelay"]) == ("PT20S", "PT500S")
    assert properties["readinessProbe"]["period"] == "PT100S"
    assert properties["startupProbe"]["initialDelay"] == "PT900S"


def test_its_scaling() -> None:
    setting = most().one("monitor:AutoscaleSetting").inputs
    usual, weekend, _ = setting["profiles"]
    assert usual["capacity"] == {"minimum": "2", "maximum": "4", "default": "3"}
    (rule,) = usual["rules"]
    assert rule["metricTrigger"]["metricName"] == "RequestLatency_P95"
    assert (rule["metricTrigger"]["threshold"], rule["metricTrigger"]["timeWindow"]) == (5000, "PT10M")
    assert (rule["scaleAction"]["value"], rule["scaleAction"]["cooldown"]) == ("2", "PT20M")
    assert weekend["capacity"]["default"] == "2"
    assert weekend["recurrence"]["schedule"]["hours"] == [8]


def test_a_package_and_an_endpoint_that_exists() -> None:
    green, more = (
        next(each for each in most().resources if each.name == name) for name in ("chat.green", "theirs.more")
    )
    assert "model" not in green.inputs["properties"]
    assert more.inputs["endpointName"] == "theirs"
    assert [each.inputs["endpointName"] for each in most().of("machinelearningservices:OnlineEndpoint")] == ["chat"]


def test_one_content_safety_account_for_all_who_do_not_opt_out() -> None:
    account = most().one("cognitiveservices:Account")
    assert account.inputs["accountName"].startswith("cs-llama-dev-")
    assert account.inputs["resourceGroupName"] == "rg-llama-dev-eastus2"
    without = json.loads(json.dumps(MOST["managed"]))
    without["chat"]["contentSafety"] = False
    assert made(managed=without).of("cognitiveservices:Account") == []
    assert made(managed=None).of("cognitiveservices:Account") == []


def test_its_address_is_closed_where_the_workspace_is() -> None:
    closed = made(workspace={"name": "llama-dev", "network": {"publicNetworkAccess": "Disabled"}})
    assert closed.one("cognitiveservices:Account").inputs["properties"]["publicNetworkAccess"] == "Disabled"


@pytest.mark.parametrize(
    ("asked", "vault", "group"),
    [({}, "kv-llamadev-", "rg-llama-dev-eastus2"), ({"keyVault": VAULT}, "kv-other", "rg-other")],
)
def test_keys_go_to_the_vault_that_was_asked_for(asked: dict[str, str], vault: str, group: str) -> None:
    recorded = made(secrets={"expiresOn": "2027-01-01", **asked})
    held = recorded.of("keyvault:Secret")
    # The engine hears of them as their keys come in, in whichever order that is.
    assert sorted(each.inputs["secretName"] for each in held) == [
        "api-primary-key",
        "api-secondary-key",
        "chat-primary-key",
        "chat-secondary-key",
    ]
    for each in held:
        assert each.inputs["vaultName"].startswith(vault)
        assert each.inputs["resourceGroupName"] == group
        # The workspace's vault takes its secrets along; another one is there before and after.
        assert each.request.deletedWith.endswith("::llama-dev-vault") == (not asked)
        assert secret(each.inputs["properties"])["value"] in KEYS.values()


def test_keys_go_nowhere_unless_asked() -> None:
    assert made(secrets=None).of("keyvault:Secret") == []


def logs(recorded: Recorded) -> list[str]:
    return [each.name for each in recorded.resources if each.name in ("chat-diagnostics", "theirs-diagnostics")]


@pytest.mark.parametrize(
    ("workspace", "own", "sent"),
    [(True, None, True), (True, False, False), (False, None, False), (False, True, True)],
)
def test_logs_of_an_endpoint_are_the_workspaces_choice_unless_it_says_its_own(
    workspace: bool, own: bool | None, sent: bool
) -> None:
    managed = json.loads(json.dumps(MOST["managed"]))
    if own is not None:
        managed["chat"]["diagnostics"] = own
    recorded = made(managed=managed, workspace={"name": "llama-dev", "diagnostics": workspace})
    assert recorded.error is None
    assert logs(recorded) == (["chat-diagnostics"] if sent else [])


def test_in_a_workspace_that_exists_endpoints_are_all_that_is_made() -> None:
    recorded = made(workspace={"id": OTHER}, secrets=None, serverless=None)
    assert recorded.error is None
    kinds = {each.type.removeprefix("azure-native:") for each in recorded.resources}
    assert "machinelearningservices:Workspace" not in kinds
    assert "resources:ResourceGroup" not in kinds
    assert logs(recorded) == []
    deployment = next(each for each in recorded.resources if each.name == "chat.blue")
    assert (deployment.inputs["workspaceName"], deployment.inputs["resourceGroupName"]) == ("other", "rg-other")


def test_variables_of_an_encrypted_configuration_stay_secrets() -> None:
    recorded = made("azure-llama:managed")
    blue = next(each for each in recorded.resources if each.name == "chat.blue")
    assert secret(blue.inputs["properties"])["environmentVariables"] == {"A": "1"}
    in_clear = next(each for each in made("azure-llama:tags").resources if each.name == "chat.blue")
    assert in_clear.inputs["properties"]["environmentVariables"] == {"A": "1"}
