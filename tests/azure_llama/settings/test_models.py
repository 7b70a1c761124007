from __future__ import annotations

import pytest
from pydantic import ValidationError

from azure_llama.settings import (
    DeploymentSettings,
    ManagedSettings,
    ServerlessSettings,
    Settings,
    WorkspaceSettings,
)


def deployment(traffic: int | None = None, model: str = "Meta-Llama-3.1-8B-Instruct") -> DeploymentSettings:
    return DeploymentSettings(model=model, vm_size="Standard_NC24ads_A100_v4", traffic=traffic)


@pytest.mark.parametrize(
    ("shares", "resolved"),
    [
        ({"blue": None}, {"blue": 100}),
        ({"blue": 0}, {"blue": 0}),
        ({"blue": 100, "green": None}, {"blue": 100, "green": 0}),
        ({"blue": 90, "green": 10}, {"blue": 90, "green": 10}),
        ({"blue": 0, "green": None}, {"blue": 0, "green": 0}),
    ],
)
def test_traffic_is_resolved(shares: dict[str, int | None], resolved: dict[str, int]) -> None:
    endpoint = ManagedSettings(deployments={name: deployment(share) for name, share in shares.items()})
    assert endpoint.traffic == resolved


def test_python_callers_meet_the_same_rules() -> None:
    with pytest.raises(ValidationError, match="traffic sums to 90"):
        ManagedSettings(deployments={"blue": deployment(60), "green": deployment(30)})
    with pytest.raises(ValidationError, match="no version of Llama-Guard-3-8B is known"):
        deployment(model="Llama-Guard-3-8B")
    with pytest.raises(ValidationError, match="list both in one map"):
        Settings(
            location="eastus2",
            workspace=WorkspaceSettings(name="llama-dev"),
            serverless={"llama": ServerlessSettings(model="Llama-3.3-70B-Instruct")},
            managed={"llama": ManagedSettings(deployments={"blue": deployment()})},
        )


def test_settings_cannot_be_changed() -> None:
    workspace = WorkspaceSettings(name="llama-dev")
    with pytest.raises(ValidationError, match="frozen"):
        workspace.name = "other"  # type: ignore[misc]
