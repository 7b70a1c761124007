from __future__ import annotations

import asyncio

import httpx
import pytest
from pulumi import RunError

from azure_llama_components.compute_removal import delete_compute, removed
from tests.azure_llama.arm.harness import Azure, error
from tests.components.secured import workspace

WORKSPACE = (
    "/subscriptions/5a0d80c5-11a3-4a5d-9b0e-000000000001/resourceGroups/rg"
    "/providers/Microsoft.MachineLearningServices/workspaces/hub"
)
COMPUTE = f"{WORKSPACE}/computes/ci-one"


def delete(azure: Azure) -> None:
    asyncio.run(delete_compute(COMPUTE, azure.client))


def test_names_that_leave_the_inputs_are_removed() -> None:
    assert removed({"computeInstances": ["ci-one", "ci-two"]}, {"computeInstances": ["CI-One"]}) == ["ci-two"]
    assert removed({"computeInstances": ["ci-one"]}, {}) == ["ci-one"]
    assert removed({}, {"computeInstances": ["ci-one"]}) == removed(None, None) == []


def test_a_compute_is_deleted_with_its_machine() -> None:
    azure = Azure(httpx.Response(200))
    delete(azure)
    (request,) = azure.requests
    assert (request.method, request.url.path) == ("DELETE", COMPUTE)
    assert request.url.params["underlyingResourceAction"] == "Delete"


def test_a_compute_that_is_gone_needs_no_deletion() -> None:
    delete(Azure(error(404, "ResourceNotFound")))


def test_a_refusal_names_the_command_that_deletes_it() -> None:
    with pytest.raises(RunError) as refusal:
        delete(Azure(error(403, "AuthorizationFailed")))
    assert "az ml compute delete --name ci-one --workspace-name hub --resource-group rg" in str(refusal.value)
    assert "It is still billed." in str(refusal.value)


def test_instances_are_deleted_with_the_workspace_of_the_stack() -> None:
    recorded = workspace("instances")
    for made in recorded.of("machinelearningservices:Compute"):
        assert made.request.deletedWith.endswith("::w-hub")
        assert not list(made.request.hooks.before_delete)
    (component,) = recorded.of("index:Workspace")
    assert component.inputs == {"computeInstances": ["ci-one", "ci-two"]}
    assert list(component.request.hooks.before_update) == ["w-removes-instances"]


def test_a_stack_without_instances_has_no_input_that_an_upgrade_would_show() -> None:
    (component,) = workspace().of("index:Workspace")
    assert component.inputs == {}


def test_instances_of_a_hub_outside_the_stack_are_left_alone() -> None:
    (component,) = workspace("on a hub").of("index:Workspace")
    assert not list(component.request.hooks.before_update)
