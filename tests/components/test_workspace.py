from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import pulumi
import pytest

from azure_llama_components import Workspace, WorkspaceArgs
from tests.components.arm import put
from tests.components.mocked import IDS, TENANT, Recorded, run

TAGS = {"team": "llama"}
EXTENSIONS = (":DiagnosticSetting", ":RoleAssignment")
"""What lies on another resource, and has neither place nor tags of its own."""


@cache  # tests only read what a program did
def workspace(kind: Any = "Project", *, preview: bool = False, stack: str = "dev") -> Recorded:
    def program() -> None:
        made = Workspace("w", WorkspaceArgs(name="llama-dev", location="eastus2", kind=kind, tags=TAGS))
        pulumi.export("workspace", made.outputs)

    return run(program, preview=preview, stack=stack)


def children(recorded: Recorded) -> list[Any]:
    return [each for each in recorded.resources if each.type.startswith("azure-native:")]


def test_a_project_has_a_hub_that_has_the_dependencies() -> None:
    hub, project = workspace().of("machinelearningservices:Workspace")
    assert (hub.inputs["kind"], hub.inputs["workspaceName"]) == ("Hub", "llama-dev-hub")
    assert hub.inputs["storageAccount"] == IDS + "w-storage"
    assert hub.inputs["keyVault"] == IDS + "w-vault"
    assert hub.inputs["applicationInsights"] == IDS + "w-insights"
    assert (project.inputs["kind"], project.inputs["workspaceName"]) == ("Project", "llama-dev")
    assert project.inputs["hubResourceId"] == IDS + "w-hub"
    assert not {"storageAccount", "keyVault", "applicationInsights"} & project.inputs.keys()
    assert hub.inputs["identity"] == project.inputs["identity"] == {"type": "SystemAssigned"}


def test_a_default_workspace_stands_alone() -> None:
    only = workspace("Default").one("machinelearningservices:Workspace")
    assert (only.inputs["kind"], only.inputs["workspaceName"]) == ("Default", "llama-dev")
    assert only.inputs["storageAccount"] == IDS + "w-storage"
    assert "hubResourceId" not in only.inputs


def test_storage_and_vault_are_closed_by_default() -> None:
    recorded = workspace()
    storage = recorded.one("storage:StorageAccount").inputs
    assert storage["minimumTlsVersion"] == "TLS1_2"
    assert storage["allowBlobPublicAccess"] is False
    assert storage["enableHttpsTrafficOnly"] is True
    vault = recorded.one("keyvault:Vault").inputs["properties"]
    assert vault["enableRbacAuthorization"] is True
    assert vault["softDeleteRetentionInDays"] == 7
    assert vault["tenantId"] == TENANT
    assert "enablePurgeProtection" not in vault


def test_application_insights_is_kept_in_log_analytics() -> None:
    insights = workspace().one("applicationinsights:Component").inputs
    assert insights["workspaceResourceId"] == IDS + "w-logs"
    assert insights["ingestionMode"] == "LogAnalytics"


def test_every_resource_is_tagged_placed_and_parented() -> None:
    for each in children(workspace()):
        assert each.parent == "w", each.type
        if not each.type.endswith(EXTENSIONS):
            assert each.inputs["tags"] == TAGS, each.type
            assert each.inputs["location"] == "eastus2", each.type
            assert each.inputs["resourceGroupName"] == "rg-llama-dev-eastus2", each.type


def test_everything_waits_for_the_group() -> None:
    for each in children(workspace()):
        assert each.type.endswith(":ResourceGroup") or "w-group" in each.depends_on, each.type


def test_nothing_is_deleted_to_make_room() -> None:
    for each in children(workspace()):
        assert each.request.deleteBeforeReplaceDefined, each.type
        assert not each.request.deleteBeforeReplace, each.type


def test_a_hub_is_not_told_which_projects_it_has() -> None:
    hub, _ = workspace().of("machinelearningservices:Workspace")
    assert list(hub.request.ignoreChanges) == ["associatedWorkspaces"]


def test_names_are_the_same_on_every_run_and_others_in_another_stack() -> None:
    def unique(recorded: Recorded) -> tuple[str, str]:
        storage = recorded.one("storage:StorageAccount").inputs["accountName"]
        return storage, recorded.one("keyvault:Vault").inputs["vaultName"]

    assert unique(workspace()) == unique(workspace.__wrapped__())
    assert not set(unique(workspace())) & set(unique(workspace(stack="prod")))


def test_names_and_places_are_known_in_a_first_preview() -> None:
    recorded = workspace(preview=True)
    for each in children(recorded):
        assert each.inputs.get("location", "eastus2") == "eastus2"
        assert all(value is not None for name, value in each.inputs.items() if name.lower().endswith("name"))


def test_no_input_is_null() -> None:
    def nulls(value: Any) -> bool:
        if isinstance(value, dict):
            return any(map(nulls, value.values()))
        return value is None

    assert [each.type for each in workspace().resources if nulls(each.inputs)] == []


@pytest.mark.parametrize("kind", ["Project", "Default"])
def test_bodies_keep_arms_contract(kind: str, contract_errors: Callable[..., list[str]]) -> None:
    assert [error for each in children(workspace(kind)) for error in contract_errors(*put(each))] == []


def test_the_outputs_tell_where_it_is() -> None:
    id_ = IDS + "w-project"
    assert workspace().outputs["workspace"] == {
        "id": id_,
        "name": "llama-dev",
        "region": "eastus2",
        "studioUrl": f"https://ml.azure.com/?wsid={id_}&tid={TENANT}",
    }


def test_the_subscription_is_asked_for_once() -> None:
    assert [token for token, _ in workspace().calls] == ["azure-native:authorization:getClientConfig"]
