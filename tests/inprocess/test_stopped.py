"""Nights off: an endpoint without deployments that keeps its name, its URL and its keys."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from azure_llama.arm import versions
from azure_llama.stack import project
from tests.conftest import ROOT
from tests.inprocess.azure import Azure
from tests.inprocess.stack import Run, Stack

DEV = project.load(ROOT, "dev", None)
BLUE = {
    "model": "Meta-Llama-3.1-8B-Instruct",
    "vmSize": "Standard_NC24ads_A100_v4",
    "traffic": 100,
    "autoscale": {"maximum": 2, "rules": [{"metric": "RequestsPerMinute", "above": 100}]},
}
GREEN = {"model": "Meta-Llama-3.1-8B-Instruct", "vmSize": "Standard_NC40ads_H100_v5", "traffic": 0}
VLLM = {
    "environment": {"image": "vllm/vllm-openai:v0.10.0", "inference": {"port": 8000}},
    "modelName": "own",
    "vmSize": "Standard_NC24ads_A100_v4",
}


@pytest.fixture
def stack(azure: Azure) -> Stack:
    """A stack with a workspace alone."""
    azure.fresh()
    return Stack(DEV, azure)


def up(stack: Stack, deployments: Mapping[str, Any], **more: Any) -> Run:
    """Deploy one endpoint, and see that nothing is left to do."""
    endpoint = {"auth": "Key", "contentSafety": False, "deployments": deployments, **more}
    settings = {"workspace": {"name": "llama-dev"}, "managed": {"llama-8b": endpoint}}
    kept = {key: text for key, text in DEV.config.items() if not key.startswith("azure-llama:")}
    stated = {f"azure-llama:{key}": json.dumps(value) for key, value in settings.items()}
    stack.project = replace(DEV, config={**kept, **stated})
    run = stack.up()
    assert run.errors == []
    again = stack.up()
    assert (again.done, again.errors) == ({}, [])
    assert stack.drift().resources == ()
    return run


def azures(stack: Stack) -> list[str]:
    """The deployments that Azure has."""
    endpoint = next(each.id for each in stack.states.values() if each.name == "llama-8b" and each.id)
    names = (f"{endpoint}/deployments/{name}" for name in ("blue", "green"))
    return [name.rpartition("/")[2] for name in names if stack.azure.get(name, versions.MACHINE_LEARNING)]


def test_a_stopped_endpoint_keeps_its_url_and_keys_without_a_machine(stack: Stack) -> None:
    day = up(stack, {"blue": BLUE, "green": GREEN})
    night = up(stack, {"blue": BLUE, "green": GREEN}, stopped=True)
    assert azures(stack) == []
    assert set(night.done["delete"]) == {"llama-8b.blue", "llama-8b.green", "llama-8b.blue-autoscale"}
    described = {key: value for key, value in day.outputs["endpoints"]["llama-8b"].items() if key != "deployments"}
    assert {key: night.outputs["endpoints"]["llama-8b"][key] for key in described} == described
    assert night.outputs["keys"] == day.outputs["keys"]
    assert night.outputs["endpoints"]["llama-8b"]["deployments"]["blue"] == {
        "model": BLUE["model"],
        "vmSize": BLUE["vmSize"],
        "instances": 0,
        "traffic": 0,
        "stopped": True,
    }
    morning = up(stack, {"blue": BLUE, "green": GREEN})
    assert azures(stack) == ["blue", "green"]
    assert morning.outputs == day.outputs


def test_one_deployment_of_an_endpoint_is_stopped(stack: Stack) -> None:
    up(stack, {"blue": BLUE, "green": GREEN})
    up(stack, {"blue": BLUE, "green": GREEN | {"stopped": True}})
    assert azures(stack) == ["blue"]


def test_the_environment_of_a_stopped_deployment_is_kept(stack: Stack) -> None:
    up(stack, {"blue": VLLM})
    night = up(stack, {"blue": VLLM | {"stopped": True}})
    assert night.done["delete"] == ["llama-8b.blue"]
    up(stack, {"blue": VLLM})


def test_an_endpoint_may_be_created_stopped(stack: Stack) -> None:
    up(stack, {"blue": VLLM}, stopped=True)
    assert azures(stack) == []
