from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi

from azure_llama_components import (
    ServerlessEndpoint,
    ServerlessEndpointArgs,
    WorkspaceConnection,
    WorkspaceConnectionArgs,
    subscribe,
)
from tests.components.arm import put
from tests.components.mocked import KEYS, SUBSCRIPTION, Recorded, run, secret
from tests.components.stack import workspace

LLAMA = "Llama-3.3-70B-Instruct"


def elsewhere(subscription: str = SUBSCRIPTION) -> str:
    group = f"/subscriptions/{subscription}/resourceGroups/rg-other"
    return f"{group}/providers/Microsoft.MachineLearningServices/workspaces/other"


def connected(auth: Any = "Key", workspace_id: str = "") -> Recorded:
    def program() -> None:
        place = workspace()
        endpoint = ServerlessEndpoint(
            "chat",
            ServerlessEndpointArgs(
                name="chat", workspace=place, model=LLAMA, subscription=subscribe(place, [LLAMA])[LLAMA], auth=auth
            ),
        )
        made = WorkspaceConnection(
            "chat.flow",
            WorkspaceConnectionArgs(name="flow", workspace_id=workspace_id or elsewhere(), endpoint=endpoint),
        )
        pulumi.export("connection", made.outputs)

    return run(program)


def test_it_is_in_the_other_workspace_and_holds_the_endpoints_first_key() -> None:
    made = connected().one("machinelearningservices:WorkspaceConnection")
    assert (made.inputs["resourceGroupName"], made.inputs["workspaceName"]) == ("rg-other", "other")
    assert made.inputs["connectionName"] == "flow"
    properties = secret(made.inputs["properties"])
    assert (properties["authType"], properties["category"]) == ("ApiKey", "Serverless")
    assert properties["target"] == "https://chat.eastus2.models.ai.azure.com"
    assert properties["credentials"]["key"] == KEYS["primaryKey"]
    assert list(made.request.additionalSecretOutputs) == ["properties"]
    assert "chat" in made.depends_on


def test_a_workspace_of_another_subscription_is_refused_with_the_way_out() -> None:
    recorded = connected(workspace_id=elsewhere(SUBSCRIPTION.replace("1", "9")))
    assert isinstance(recorded.error, pulumi.RunError)
    for part in ("another subscription", SUBSCRIPTION, "a stack of that subscription"):
        assert part in str(recorded.error)


def test_an_endpoint_without_keys_has_nothing_to_hold() -> None:
    assert "the endpoint has no keys" in str(connected(auth="AAD").error)


def test_an_id_of_something_else_is_an_error() -> None:
    assert "give the ARM id of an Azure ML workspace" in str(connected(workspace_id="other").error)


def test_the_body_keeps_arms_contract(contract_errors: Callable[..., list[str]]) -> None:
    made = connected().one("machinelearningservices:WorkspaceConnection")
    assert contract_errors(*put(made)) == []
