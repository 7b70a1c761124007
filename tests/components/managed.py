"""A managed endpoint under Pulumi's mocks."""

from __future__ import annotations

from typing import Any

import pulumi

from azure_llama_components import (
    ManagedDeploymentArgs,
    ManagedEndpoint,
    ManagedEndpointArgs,
)
from tests.components.mocked import Recorded, run
from tests.components.stack import TAGS, workspace

LLAMA = "Meta-Llama-3.1-8B-Instruct"
SIZE = "Standard_NC24ads_A100_v4"
HOST = "https://chat.eastus2.inference.ml.azure.com"
ENDPOINT, DEPLOYMENT = "machinelearningservices:OnlineEndpoint", "machinelearningservices:OnlineDeployment"
TRAFFIC = "resources:Deployment"


def deployment(model: str = LLAMA, traffic: int = 100, **more: Any) -> ManagedDeploymentArgs:
    return ManagedDeploymentArgs(model=model, vm_size=SIZE, traffic=traffic, **more)


RUNS: dict[str, Recorded] = {}


def endpoint(
    auth: Any = "AADToken",
    *,
    preview: bool = False,
    asked: dict[str, Any] | None = None,
    **deployments: ManagedDeploymentArgs,
) -> Recorded:
    """What a program with one endpoint did; tests only read that, so alike programs run once."""
    alike = repr((auth, preview, asked, deployments))
    if alike not in RUNS:
        RUNS[alike] = _endpoint(auth, preview, asked or {}, deployments)
    return RUNS[alike]


def _endpoint(auth: Any, preview: bool, asked: dict[str, Any], deployments: Any) -> Recorded:
    def program() -> None:
        made = ManagedEndpoint(
            "chat",
            ManagedEndpointArgs(
                name="chat",
                workspace=workspace(),
                auth=auth,
                deployments=deployments or {"blue": deployment()},
                tags=TAGS,
                **asked,
            ),
        )
        pulumi.export("endpoint", made.outputs)
        pulumi.export("keys", made.keys)

    return run(program, preview=preview)


def stated(recorded: Recorded) -> dict[str, Any]:
    (resource,) = recorded.one(TRAFFIC).inputs["properties"]["template"]["resources"]
    assert isinstance(resource, dict)
    return resource
