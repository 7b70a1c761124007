"""Ten deployments in one Foundry account on the real engine: one write at a time, calls, changes, deletion."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from tests.e2e.harness import AZURE_LLAMA, Azure
from tests.e2e.test_examples import _left

pytestmark = pytest.mark.engine

MODEL = {"model": "Llama-3.3-70B-Instruct", "modelVersion": "5", "capacity": 2}
ACCOUNT = {
    "auth": "Key",
    "project": "llama",
    "deployments": {f"chat-{number}": MODEL for number in range(10)},
}
CONFIG: dict[str, Any] = {
    "azure-native:location": "swedencentral",
    "azure-llama:foundry": {"contoso-llama": ACCOUNT},
}


@pytest.fixture(scope="module")
def azure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Azure]:
    """A deployed account with ten deployments and a project."""
    azure = Azure(tmp_path_factory.mktemp("foundry") / "home", "foundry", CONFIG)
    azure.start()
    try:
        azure.init()
        azure.pulumi("up")
        yield azure
    finally:
        azure.cli("stop", check=False)


def _conflicts(azure: Azure) -> list[str]:
    return [line["path"] for line in azure.requests() if line["status"] == 409]


def _edited(**changes: Any) -> dict[str, Any]:
    config = deepcopy(CONFIG)
    deployments = config["azure-llama:foundry"]["contoso-llama"]["deployments"]
    deployments["chat-0"] = {**MODEL, **changes}
    return config


def test_every_deployment_is_called_by_its_name(azure: Azure) -> None:
    done = azure.exec(
        *(str(AZURE_LLAMA), "smoke", "--stack", "foundry", "--format", "json"),
        *("--endpoint", "contoso-llama/chat-0", "--endpoint", "contoso-llama/chat-9"),
        check=False,
    )
    report = json.loads(done.text[done.text.index("{") :])
    results = {each["name"]: each["ok"] for each in report["endpoints"]}
    assert results == {"contoso-llama/chat-0": True, "contoso-llama/chat-9": True}, done.text


def test_model_and_capacity_in_one_edit_fail_in_the_preview(azure: Azure) -> None:
    azure.write(_edited(modelVersion="4", capacity=1))
    run = azure.pulumi("preview", check=False)
    azure.write(CONFIG)
    assert run.code != 0
    assert "Set the new modelVersion first and run `pulumi up`" in run.text


def test_capacity_changes_in_place_and_removed_deployments_go_one_by_one(azure: Azure) -> None:
    config = _edited(capacity=3)
    deployments = config["azure-llama:foundry"]["contoso-llama"]["deployments"]
    for number in (2, 4, 5, 8):
        del deployments[f"chat-{number}"]
    azure.write(config)
    run = azure.pulumi("up")
    assert "4 deleted" in run.text
    assert "1 updated" in run.text
    assert _conflicts(azure) == []


def test_another_model_is_another_deployment_of_the_same_name(azure: Azure) -> None:
    changed = {"model": "Llama-3.2-11B-Vision-Instruct", "modelVersion": "2", "capacity": 1}
    azure.write(_edited(**changed))
    run = azure.pulumi("preview", "--diff")
    assert "delete-replaced" in run.text or "replace" in run.text
    azure.write(CONFIG)


def test_destroy_leaves_nothing_and_meets_no_conflict(azure: Azure) -> None:
    azure.write(CONFIG)
    azure.pulumi("up")
    azure.pulumi("up", "--expect-no-changes")
    azure.pulumi("destroy")
    assert _conflicts(azure) == []
    assert _left(azure) == []
