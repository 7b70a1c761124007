"""The recipe of docs/failures.md for each code with which a deployment fails: `up` fails, the edit, `up` converges."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from azure_llama.arm import NoNetworkError, versions
from azure_llama.stack import project
from azure_llama_components import failed_deployment
from tests.conftest import ROOT
from tests.inprocess.azure import Azure
from tests.inprocess.stack import Stack

LLAMA = {"model": "Meta-Llama-3.1-8B-Instruct", "vmSize": "Standard_NC24ads_A100_v4"}
H100 = "Standard_NC40ads_H100_v5"
VLLM: dict[str, Any] = {
    "environment": {"image": "vllm/vllm-openai:v0.0.0", "inference": {"port": 8000}},
    "modelName": "own",
    "vmSize": "Standard_NC24ads_A100_v4",
}
REPAIRED = VLLM | {"environment": {"image": "vllm/vllm-openai:v0.10.0", "inference": {"port": 8000}}}
VARIABLE = VLLM | {"environmentVariables": {"VLLM_LOGGING_LEVEL": "DEBUG"}}
ENDPOINT = {"contentSafety": False}
DEV = project.load(ROOT, "dev", None)
DEAD = "ResourceNotReady"
IMAGE_FAILS = ("BadArgument", "ImageBuildFailure", "ResourceNotReady", "OutOfQuota")


def blue(deployment: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """The configuration of a stack with one endpoint."""
    endpoint = {**ENDPOINT, "deployments": {"blue": deployment}, **more}
    return {"azure-llama:managed": json.dumps({"llama-8b": endpoint})}


@pytest.fixture
def stack(azure: Azure, monkeypatch: pytest.MonkeyPatch) -> Stack:
    """A stack with a workspace alone."""
    azure.fresh()
    azure.home.conditions.unlink(missing_ok=True)
    monkeypatch.setattr(failed_deployment, "arm_client", azure.hooks_client)
    return Stack(DEV, azure)


def edit(stack: Stack, settings: Mapping[str, Any]) -> None:
    """Change the stack's YAML: nothing but these endpoints and a workspace."""
    kept = {key: text for key, text in DEV.config.items() if not key.startswith("azure-llama:")}
    workspace = {"azure-llama:workspace": json.dumps({"name": "llama-dev"})}
    stack.project = replace(DEV, config={**kept, **workspace, **settings})


def failing(stack: Stack, conditions: Mapping[str, Any], settings: Mapping[str, Any], code: str) -> None:
    """A first `up` whose deployment fails with a code."""
    stack.azure.home.conditions.write_text(json.dumps(conditions))
    edit(stack, settings)
    run = stack.up()
    assert code in "".join(run.errors)
    (explained,) = run.log
    assert f"deployment 'llama-8b.blue': {code}: " in explained


def converged(stack: Stack) -> None:
    """The last edit deploys; nothing is left to do."""
    preview = stack.preview()
    assert preview.errors == []
    run = stack.up()
    assert run.errors == []
    assert run.outputs["endpoints"]["llama-8b"]["deployments"]["blue"]["traffic"] == 100
    again = stack.up()
    assert (again.done, again.errors) == ({}, [])
    assert stack.drift().resources == ()


def test_another_size_replaces_a_deployment_that_found_no_machine(stack: Stack) -> None:
    failing(stack, {"sizes": {"noCapacity": {"eastus2": [LLAMA["vmSize"]]}}}, blue(LLAMA), "OutOfCapacity")
    edit(stack, blue(LLAMA | {"vmSize": H100}))
    converged(stack)


def test_a_deployment_that_found_no_machine_is_tried_again(stack: Stack) -> None:
    failing(stack, {"sizes": {"noCapacity": {"eastus2": [LLAMA["vmSize"]]}}}, blue(LLAMA), "OutOfCapacity")
    stack.azure.home.conditions.unlink()
    converged(stack)


@pytest.mark.parametrize("code", IMAGE_FAILS)
def test_another_image_replaces_a_deployment_that_failed(stack: Stack, code: str) -> None:
    failing(stack, {"deployments": {VLLM["environment"]["image"]: code}}, blue(VLLM), code)
    edit(stack, blue(REPAIRED))
    converged(stack)


def test_a_deployment_of_which_azure_cannot_be_asked_is_not_changed(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(stack, {"sizes": {"noCapacity": {"eastus2": [LLAMA["vmSize"]]}}}, blue(LLAMA), "OutOfCapacity")
    edit(stack, blue(LLAMA | {"vmSize": H100}))

    def unreachable() -> None:
        raise NoNetworkError("no network")

    monkeypatch.setattr(failed_deployment, "arm_client", unreachable)
    (refusal,) = stack.preview().errors
    assert "Add a deployment under a new name" in refusal
    assert "az ml online-deployment delete --name blue --endpoint-name llama-8b --workspace-name llama-dev" in refusal


def test_a_deployment_that_serves_is_not_changed(stack: Stack) -> None:
    edit(stack, blue(LLAMA))
    assert stack.up().errors == []
    edit(stack, blue(LLAMA | {"vmSize": H100}))
    (refusal,) = stack.preview().errors
    assert "what a deployment runs is never changed in place" in refusal
    assert "Azure says" not in refusal


def test_a_failed_deployment_with_traffic_is_replaced_under_a_new_name_in_one_edit(stack: Stack) -> None:
    edit(stack, blue(VLLM))
    assert stack.up().errors == []
    failing(stack, {"deployments": {VLLM["environment"]["image"]: DEAD}}, blue(VARIABLE), DEAD)
    edit(stack, blue(REPAIRED))
    (refusal,) = stack.preview().errors
    assert "Azure says that it is Failed and has 100 % of the traffic" in refusal
    edit(stack, {"azure-llama:managed": json.dumps({"llama-8b": ENDPOINT | {"deployments": {"green": REPAIRED}}})})
    run = stack.up()
    assert run.errors == []
    assert run.done["delete"] == ["llama-8b.blue", "llama-8b.blue-environment"]


def test_new_entries_of_a_deployment_are_sent(stack: Stack) -> None:
    edit(stack, blue(LLAMA))
    assert stack.up().errors == []
    edit(stack, blue(LLAMA | {"properties": {"team": "one"}}))
    assert stack.preview().errors == []
    assert stack.up().errors == []
    deployment = next(each.id for each in stack.states.values() if each.name == "llama-8b.blue")
    found = stack.azure.get(deployment, versions.MACHINE_LEARNING)
    assert found is not None
    assert found["properties"]["properties"]["team"] == "one"
    assert stack.up().done == {}
    assert stack.drift().resources == ()


@pytest.mark.parametrize("entries", [{}, {"team": "two"}], ids=["removed", "changed"])
def test_a_change_that_azure_never_makes_is_refused_in_the_preview(stack: Stack, entries: dict[str, str]) -> None:
    edit(stack, blue(LLAMA | {"properties": {"team": "one"}}))
    assert stack.up().errors == []
    edit(stack, blue(LLAMA | {"properties": entries}))
    (refusal,) = stack.preview().errors
    assert "deployments.blue.properties.team 'one'" in refusal
    assert stack.up().errors == [refusal]
