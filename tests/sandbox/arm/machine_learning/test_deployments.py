"""What a deployment may be set to, and models that their machine does not hold."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.arm.harness import GROUP, HUB, PROJECT, Azure, deployment_body, endpoint_body
from tests.sandbox.arm.machine_learning.managed import usage

ENDPOINT = f"{PROJECT}/onlineEndpoints/llama-8b"
BLUE = f"{ENDPOINT}/deployments/blue"
BIG = "azureml://registries/azureml-meta/models/Meta-Llama-3.1-70B-Instruct/versions/4"
IMAGE = "azureml://registries/azureml/environments/vllm/versions/1"
VNET = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/llama"


@pytest.fixture
def served(hub: Azure) -> Azure:
    """With an endpoint."""
    hub.endpoint()
    return hub


def test_a_model_that_its_machine_does_not_hold_never_becomes_healthy(served: Azure) -> None:
    answer = served.call("PUT", BLUE, deployment_body(model=BIG))
    assert answer.status_code == 201
    end = served.wait(answer).json()
    assert (end["status"], end["error"]["code"]) == ("Failed", "ResourceNotReady")
    for word in ("Standard_NC24ads_A100_v4", "Meta-Llama-3.1-70B-Instruct", "GB needed"):
        assert word in end["error"]["message"]
    assert served.get(BLUE)["properties"]["provisioningState"] == "Failed"
    # It gets no traffic, holds its quota, and goes like any other.
    refusal = served.refused("PUT", ENDPOINT, endpoint_body(traffic={"blue": 100}))
    assert refusal.error["target"] == "properties.traffic.blue"
    assert usage(served)[0] == 24
    served.delete(BLUE)
    assert usage(served)[0] == 0


def test_a_machine_without_a_gpu_holds_the_smallest_alone(served: Azure) -> None:
    answer = served.call("PUT", BLUE, deployment_body(size="Standard_DS3_v2"))
    assert "has no GPU" in served.wait(answer).json()["error"]["message"]
    encoder = "azureml://registries/azureml-meta/models/Prompt-Guard-86M/versions/1"
    served.deployment("encoder", size="Standard_DS3_v2", model=encoder)


def test_a_container_of_ones_own_decides_for_itself(served: Azure) -> None:
    served.deployment(model=BIG, environmentId=IMAGE)


def test_of_an_unknown_model_nothing_is_known(served: Azure) -> None:
    served.deployment(model="azureml://registries/azureml-mistral/models/Mistral/versions/1")


def test_what_failed_can_be_put_again(served: Azure) -> None:
    served.wait(served.call("PUT", BLUE, deployment_body(model=BIG)))
    again = served.call("PUT", BLUE, deployment_body(model=BIG, environmentId=IMAGE))
    assert served.wait(again).json()["status"] == "Succeeded"
    assert served.get(BLUE)["properties"]["provisioningState"] == "Succeeded"


COLLECTOR = {
    "collections": {
        "request": {"dataCollectionMode": "Enabled", "samplingRate": 0.5},
        "response": {"dataCollectionMode": "Enabled"},
    },
    "rollingRate": "Hour",
    "requestLogging": {"captureHeaders": ["x-ms-client-request-id"]},
}


def test_data_collection_is_kept(served: Azure) -> None:
    served.deployment(dataCollector=COLLECTOR)
    assert served.get(BLUE)["properties"]["dataCollector"] == COLLECTOR


@pytest.mark.parametrize(
    ("properties", "target"),
    [
        ({"dataCollector": COLLECTOR | {"rollingRate": "Week"}}, "dataCollector.rollingRate"),
        ({"dataCollector": {"collections": {}}}, "dataCollector.collections"),
        ({"dataCollector": {"collections": {str(n): {} for n in range(6)}}}, "dataCollector.collections"),
        ({"dataCollector": {"collections": {"request": {"samplingRate": 1.5}}}}, "collections.request"),
        ({"dataCollector": {"collections": {"r": {"dataCollectionMode": "On"}}}}, "r.dataCollectionMode"),
        ({"environmentId": "vllm"}, "environmentId"),
    ],
)
def test_settings_refused(served: Azure, properties: dict[str, Any], target: str) -> None:
    refusal = served.refused("PUT", BLUE, deployment_body(**properties))
    assert (refusal.status, refusal.code) == (400, "UserError")
    assert str(refusal.error["target"]).endswith(target)


def test_a_hub_has_no_endpoints(hub: Azure) -> None:
    assert "kind Hub" in hub.refused("PUT", f"{HUB}/onlineEndpoints/llama-8b", endpoint_body()).message


def connection(**properties: Any) -> dict[str, Any]:
    given = {
        "authType": "ApiKey",
        "category": "Serverless",
        "target": "https://x",
        "credentials": {"key": "secret-key"},
    }
    return {"properties": given | properties}


def test_a_connection_keeps_its_key_to_itself(hub: Azure) -> None:
    path = f"{PROJECT}/connections/llama"
    assert "secret-key" not in hub.call("PUT", path, connection()).text
    assert "secret-key" not in hub.call("GET", path).text + hub.call("GET", f"{PROJECT}/connections").text
    secrets = hub.call("POST", f"{path}/listsecrets").json()
    assert secrets["properties"]["credentials"] == {"key": "secret-key"}
    assert "secret-key" in hub.store.secret_values


def test_no_connection_while_a_private_endpoint_is_made(hub: Azure) -> None:
    subnet = {"name": "default", "properties": {"addressPrefix": "10.40.0.0/24"}}
    network = {"addressSpace": {"addressPrefixes": ["10.40.0.0/16"]}, "subnets": [subnet]}
    hub.put(VNET, {"location": "eastus2", "properties": network})
    link = {"name": "w", "properties": {"privateLinkServiceId": PROJECT, "groupIds": ["amlworkspace"]}}
    body = {"subnet": {"id": f"{VNET}/subnets/default"}, "privateLinkServiceConnections": [link]}
    path = f"{GROUP}/providers/Microsoft.Network/privateEndpoints/llama"
    answer = hub.call("PUT", path, {"location": "eastus2", "properties": body})
    assert answer.status_code == 201
    assert hub.refused("PUT", f"{PROJECT}/connections/llama", connection()).status == 409
    hub.wait(answer)
    assert hub.call("PUT", f"{PROJECT}/connections/llama", connection()).status_code in (200, 201)
