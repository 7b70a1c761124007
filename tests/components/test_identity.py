"""As whom a workspace reaches what it needs, and with which roles."""

from __future__ import annotations

import uuid

import pulumi
import pytest

from azure_llama_components import (
    IdentityArgs,
    Workspace,
    WorkspaceArgs,
)
from tests.components.mocked import SUBSCRIPTION, run
from tests.components.secured import IDENTITY, THEIRS, assignments, workspace, workspaces


def test_a_system_assigned_identity_needs_no_roles_of_ours() -> None:
    assert assignments(workspace()) == []
    assert all("primaryUserAssignedIdentity" not in each for each in workspaces(workspace()))


def test_an_identity_of_the_stacks_own_gets_what_the_documents_list() -> None:
    recorded = workspace("own identity")
    who = "principal-of-w-identity"
    assert assignments(recorded) == sorted(
        [
            ("Contributor", "storageAccounts", who),
            ("Storage Blob Data Contributor", "storageAccounts", who),
            ("Contributor", "vaults", who),
            ("Key Vault Administrator", "vaults", who),
            ("Contributor", "registries", who),
            ("Contributor", "components", who),
            ("Contributor", "workspaces", who),
            ("Contributor", "workspaces", who),
        ]
    )
    for each in workspaces(recorded):
        assert each["identity"] == {"type": "UserAssigned", "userAssignedIdentities": [IDENTITY]}
        assert each["primaryUserAssignedIdentity"] == IDENTITY


def test_a_workspace_waits_for_the_roles_of_its_identity() -> None:
    hub = next(each for each in workspace("own identity").resources if each.name == "w-hub")
    assert {
        "w-identity",
        "w-key-vault-administrator-on-key-vault",
        "w-contributor-on-storage-account",
    } <= hub.depends_on


def test_an_identity_that_exists_gets_the_same() -> None:
    recorded = workspace("their identity")
    assert recorded.of("UserAssignedIdentity") == []
    assert {who for _, _, who in assignments(recorded)} == {"principal-that-exists"}
    assert workspaces(recorded)[0]["primaryUserAssignedIdentity"] == THEIRS.format(SUBSCRIPTION)


def test_an_identity_of_another_subscription_is_refused() -> None:
    other = IdentityArgs(type="UserAssigned", id=THEIRS.format("00000000-0000-0000-0000-00000000000f"))
    recorded = run(lambda: Workspace("w", WorkspaceArgs(name="llama-dev", location="eastus2", identity=other)))
    assert isinstance(recorded.error, pulumi.RunError)
    assert "is not in the stack's subscription" in str(recorded.error)


@pytest.mark.parametrize("asked", ["own identity", "no keys"])
def test_assignments_have_the_same_guid_on_every_run_and_are_made_without_a_look_up(asked: str) -> None:
    made = workspace(asked).of("RoleAssignment")
    names = [each.inputs["roleAssignmentName"] for each in made]
    assert len({str(uuid.UUID(name)) for name in names}) == len(names)
    planned = workspace(asked, preview=True).of("RoleAssignment")
    assert sorted(names) == sorted(each.inputs["roleAssignmentName"] for each in planned)
    assert {each.inputs["principalType"] for each in made} == {"ServicePrincipal"}


def test_a_storage_account_without_keys_lets_each_workspace_in() -> None:
    recorded = workspace("no keys")
    storage = recorded.one("storage:StorageAccount").inputs
    assert (storage["allowSharedKeyAccess"], storage["defaultToOAuthAuthentication"]) == (False, True)
    assert {each["systemDatastoresAuthMode"] for each in workspaces(recorded)} == {"identity"}
    assert assignments(recorded) == [
        (role, "storageAccounts", f"principal-of-{who}")
        for role in ("Storage Blob Data Contributor", "Storage File Data Privileged Contributor")
        for who in ("w-hub", "w-project")
    ]


def test_keys_are_left_alone_unless_asked() -> None:
    assert (
        not {"allowSharedKeyAccess", "defaultToOAuthAuthentication"} & workspace().one("StorageAccount").inputs.keys()
    )
    assert all("systemDatastoresAuthMode" not in each for each in workspaces(workspace()))


def test_a_user_assigned_identity_reads_files_too_without_keys() -> None:
    roles_ = {role for role, _, _ in assignments(workspace("no keys, own identity"))}
    assert {"Storage Blob Data Contributor", "Storage File Data Privileged Contributor"} <= roles_
