from __future__ import annotations

import asyncio

import httpx
import pulumi
import pytest
from pulumi import ErrorHookArgs

from azure_llama.catalog.deployment_failures import FAILURES, DeploymentFailure
from azure_llama_components import failed_deployment
from azure_llama_components.failed_deployment import explanation, make_room
from tests.azure_llama.arm.harness import Answer, Azure, error

ENDPOINT = (
    "/subscriptions/5a0d80c5-11a3-4a5d-9b0e-000000000001/resourceGroups/rg"
    "/providers/Microsoft.MachineLearningServices/workspaces/w/onlineEndpoints/chat"
)
BLUE = f"{ENDPOINT}/deployments/blue"


def deployment(state: str) -> httpx.Response:
    return httpx.Response(200, json={"properties": {"provisioningState": state}})


def endpoint(**properties: dict[str, int] | None) -> httpx.Response:
    return httpx.Response(200, json={"properties": properties})


def asked(*answers: Answer, preview: bool = False) -> list[str]:
    azure = Azure(*answers)
    asyncio.run(make_room(BLUE, "It is fixed.", azure.client, preview=preview))
    return [request.method for request in azure.requests]


def refusal(*answers: Answer) -> str:
    with pytest.raises(ValueError, match=r"^It is fixed\.") as caught:
        asked(*answers)
    return str(caught.value)


@pytest.mark.parametrize("state", ["Failed", "Canceled"])
@pytest.mark.parametrize("traffic", [{}, {"traffic": {"blue": 0}}, {"traffic": None, "mirrorTraffic": {"green": 10}}])
def test_a_failed_deployment_without_traffic_is_deleted(state: str, traffic: dict[str, dict[str, int]]) -> None:
    answers = (deployment(state), endpoint(**traffic), httpx.Response(204))
    assert asked(*answers) == ["GET", "GET", "DELETE"]
    assert asked(*answers, preview=True) == ["GET", "GET"]


def test_a_deployment_that_is_gone_makes_room_itself() -> None:
    assert asked(error(404, "ResourceNotFound")) == ["GET"]


@pytest.mark.parametrize("state", ["Succeeded", "Updating", "Creating"])
def test_a_deployment_that_works_is_left_alone(state: str) -> None:
    assert refusal(deployment(state), endpoint()) == "It is fixed."


@pytest.mark.parametrize("map_", ["traffic", "mirrorTraffic"])
def test_a_failed_deployment_with_traffic_is_left_alone(map_: str) -> None:
    text = refusal(deployment("Failed"), endpoint(**{map_: {"blue": 10}}))
    assert "Azure says that it is Failed and has 10 % of the traffic" in text


@pytest.mark.parametrize("answers", [(error(403, "AuthorizationFailed"),), (httpx.ConnectError("no network"),)])
def test_azure_that_cannot_be_asked_is_a_refusal_with_the_command(answers: tuple[Answer, ...]) -> None:
    text = refusal(*answers)
    assert "az ml online-deployment delete --name blue --endpoint-name chat --workspace-name w" in text
    assert text.endswith("then `pulumi up --refresh`.")


def test_a_deletion_that_azure_refuses_is_a_refusal() -> None:
    assert "az ml online" in refusal(deployment("Failed"), endpoint(), error(403, "AuthorizationFailed"))


@pytest.mark.parametrize("failure", FAILURES, ids=lambda each: each.code)
def test_an_explanation_has_cause_edit_and_log(failure: DeploymentFailure) -> None:
    text = explanation(failure, {"endpointName": "chat", "deploymentName": "blue"})
    assert text.startswith(f"{failure.code}: {failure.cause}")
    assert failure.remedy in text
    assert ("azure-llama logs chat/blue" in text) == (failure.container is not None)


@pytest.mark.parametrize(
    ("operation", "message", "explained"),
    [
        ("create", 'Code="OutOfCapacity" Message="no machine"', 1),
        ("update", 'Code="ResourceNotReady"', 1),
        ("delete", 'Code="ResourceNotReady"', 0),
        ("create", 'Code="Unheard"', 0),
    ],
)
def test_known_codes_are_explained_and_nothing_is_tried_again(
    operation: str, message: str, explained: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", said.append)
    failure = ErrorHookArgs("urn", BLUE, "chat.blue", "t", failed_operation=operation, errors=[message])
    assert failed_deployment.explain(failure) is False
    assert len(said) == explained
