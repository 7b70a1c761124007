"""The workspace's identity, its key, its data, its diagnostics, its locks, and what it is when it exists already."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import cache
from typing import Any

import pulumi
import pytest
from pulumi import ResourceHookArgs, ResourceOptions

from azure_llama.catalog import roles
from azure_llama_components import (
    EncryptionArgs,
    ExistingWorkspaceArgs,
    IdentityArgs,
    InstanceArgs,
    Locks,
    LocksArgs,
    Workspace,
    WorkspaceArgs,
)
from azure_llama_components.compute_instance import AssignedUser
from azure_llama_components.dependencies import VAULT_FIXED
from azure_llama_components.workspace_resources import FIXED
from tests.components.arm import put
from tests.components.mocked import IDS, SUBSCRIPTION, TENANT, Recorded, run

GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-llama-dev-eastus2"
IDENTITY = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-llama-dev"
THEIRS = "/subscriptions/{}/resourceGroups/rg-ids/providers/Microsoft.ManagedIdentity/userAssignedIdentities/shared"
VAULT = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-keys/providers/Microsoft.KeyVault/vaults/kv-keys"
KEY = f"https://kv-keys.vault.azure.net/keys/llama/{'a' * 32}"

ASKED: dict[str, dict[str, Any]] = {
    "plain": {},
    "silent": {"diagnostics": False},
    "own identity": {"identity": IdentityArgs(type="UserAssigned"), "container_registry": True},
    "their identity": {"identity": IdentityArgs(type="UserAssigned", id=THEIRS.format(SUBSCRIPTION))},
    "own key": {"identity": IdentityArgs(type="UserAssigned"), "encryption": EncryptionArgs(create=True)},
    "their key": {"encryption": EncryptionArgs(key_vault_id=VAULT, key_identifier=KEY)},
    "no keys": {"data_access": "Identity"},
    "no keys, own identity": {"data_access": "Identity", "identity": IdentityArgs(type="UserAssigned")},
    "purge protection": {"purge_protection": True},
    "on a hub": {"hub_id": f"{GROUP}/providers/Microsoft.MachineLearningServices/workspaces/theirs"},
    "instances": {
        "compute_instances": {
            "ci-one": InstanceArgs(
                vm_size="Standard_DS3_v2",
                idle_minutes=30,
                assigned_user=AssignedUser(object_id="o", tenant_id="t"),
                public_ip=True,
            ),
            "ci-two": InstanceArgs(vm_size="Standard_DS3_v2"),
        }
    },
}


@cache
def workspace(asked: str = "plain", kind: Any = "Project", preview: bool = False) -> Recorded:
    def program() -> None:
        made = Workspace(
            "w", WorkspaceArgs(name="llama-dev", location="eastus2", kind=kind, tags={"a": "b"}, **ASKED[asked])
        )
        pulumi.export("workspace", made.outputs)
        pulumi.export("holds", made.holds_data)

    recorded = run(program, preview=preview)
    assert recorded.error is None
    return recorded


def assignments(recorded: Recorded) -> list[tuple[str, str, str]]:
    """Role, last step of the scope and principal of each assignment."""
    by_id = {role.id: role.name for role in roles.BUILT_IN}
    return sorted(
        (
            by_id[each.inputs["roleDefinitionId"].rsplit("/", 1)[1]],
            each.inputs["scope"].rsplit("/", 2)[1],
            each.inputs["principalId"],
        )
        for each in recorded.of("authorization:RoleAssignment")
    )


def workspaces(recorded: Recorded) -> list[dict[str, Any]]:
    return [each.inputs for each in recorded.of("machinelearningservices:Workspace")]


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
    assert {each["systemDatastoresAuthMode"] for each in workspaces(recorded)} == {"Identity"}
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


def test_a_key_of_the_workspaces_own_is_in_its_protected_vault() -> None:
    recorded = workspace("own key")
    hub, project = workspaces(recorded)
    vault = recorded.one("keyvault:Vault").inputs
    assert vault["properties"]["enablePurgeProtection"] is True
    key = recorded.one("keyvault:Key")
    assert key.inputs["vaultName"] == vault["vaultName"]
    assert set(key.inputs["properties"]["keyOps"]) == {"wrapKey", "unwrapKey"}
    assert hub["encryption"] == {
        "status": "Enabled",
        "keyVaultProperties": {
            "keyVaultArmId": f"{GROUP}/providers/Microsoft.KeyVault/vaults/{vault['vaultName']}",
            "keyIdentifier": f"https://{vault['vaultName']}.vault.azure.net/keys/workspace/{'0' * 32}",
        },
        "identity": {"userAssignedIdentity": IDENTITY},
    }
    assert "encryption" not in project
    assert key.request.deletedWith.endswith("::w-vault")
    assert ("Key Vault Crypto Service Encryption User", "vaults", "principal-of-w-identity") in assignments(recorded)


def test_a_key_that_exists_is_used_as_it_is() -> None:
    recorded = workspace("their key")
    assert recorded.of("keyvault:Key") == []
    assert workspaces(recorded)[0]["encryption"] == {
        "status": "Enabled",
        "keyVaultProperties": {"keyVaultArmId": VAULT, "keyIdentifier": KEY},
    }
    assert "enablePurgeProtection" not in recorded.one("keyvault:Vault").inputs["properties"]


@pytest.mark.parametrize(
    ("encryption", "says"),
    [(EncryptionArgs(create=True), "user-assigned identity"), (EncryptionArgs(key_vault_id=VAULT), "key_identifier")],
)
def test_half_a_key_is_refused(encryption: EncryptionArgs, says: str) -> None:
    recorded = run(lambda: Workspace("w", WorkspaceArgs(name="llama-dev", location="eastus2", encryption=encryption)))
    assert says in str(recorded.error)


@pytest.mark.parametrize(("asked", "kept"), [("plain", None), ("purge protection", True)])
def test_purge_protection_is_on_or_unset(asked: str, kept: bool | None) -> None:
    assert workspace(asked).one("Vault").inputs["properties"].get("enablePurgeProtection") is kept


def test_logs_and_metrics_go_to_log_analytics() -> None:
    settings = {each.name: each.inputs for each in workspace("own identity").of("DiagnosticSetting")}
    assert set(settings) == {
        f"w-{each}-diagnostics" for each in ("hub", "project", "vault", "storage", "blobs", "registry")
    }
    assert {each["workspaceId"] for each in settings.values()} == {IDS + "w-logs"}
    assert "logs" not in settings["w-storage-diagnostics"]
    assert settings["w-blobs-diagnostics"]["resourceUri"].endswith("/blobServices/default")
    for name in ("hub", "vault"):
        assert settings[f"w-{name}-diagnostics"]["logs"] == [{"categoryGroup": "allLogs", "enabled": True}]
        assert settings[f"w-{name}-diagnostics"]["metrics"] == [{"category": "AllMetrics", "enabled": True}]


def test_diagnostics_can_be_left_out() -> None:
    assert workspace("silent").of("DiagnosticSetting") == []


def test_a_project_on_a_hub_that_exists_takes_all_from_it() -> None:
    recorded = workspace("on a hub")
    assert [each.type for each in recorded.resources] == [
        "azure-llama:index:Workspace",
        "azure-native:resources:ResourceGroup",
        "azure-native:operationalinsights:Workspace",
        "azure-native:machinelearningservices:Workspace",
        "azure-native:monitor:DiagnosticSetting",
    ]
    (project,) = workspaces(recorded)
    assert project["hubResourceId"].endswith("/workspaces/theirs")


def test_a_hub_alone_has_the_stacks_name() -> None:
    (hub,) = workspaces(workspace(kind="Hub"))
    assert (hub["kind"], hub["workspaceName"]) == ("Hub", "llama-dev")


def test_compute_instances_are_in_the_hub_and_shut_down() -> None:
    made = {each.name: each for each in workspace("instances").of("machinelearningservices:Compute")}
    one, two = made["w-ci-one"], made["w-ci-two"]
    assert one.inputs["workspaceName"] == two.inputs["workspaceName"] == "llama-dev-hub"
    assert one.inputs["properties"]["properties"] | {"enableSSO": True} == {
        "vmSize": "Standard_DS3_v2",
        "idleTimeBeforeShutdown": "PT30M",
        "applicationSharingPolicy": "Personal",
        "computeInstanceAuthorizationType": "personal",
        "enableNodePublicIp": True,
        "enableSSO": True,
        "sshSettings": {"sshPublicAccess": "Disabled"},
        "personalComputeInstanceSettings": {"assignedUser": {"objectId": "o", "tenantId": "t"}},
    }
    properties = two.inputs["properties"]["properties"]
    assert (properties["enableNodePublicIp"], properties["idleTimeBeforeShutdown"]) == (False, "PT60M")
    assert "personalComputeInstanceSettings" not in properties


def test_locks_are_on_what_holds_data_and_come_last() -> None:
    def program() -> None:
        made = Workspace("w", WorkspaceArgs(name="llama-dev", location="eastus2", container_registry=True))
        args = LocksArgs(level="CanNotDelete", targets=made.holds_data)
        Locks("locks", args, ResourceOptions(depends_on=[made]))

    recorded = run(program)
    locks = recorded.of("ManagementLockByScope")
    types = {"storageAccounts", "vaults", "registries", "workspaces"}
    assert {each.inputs["scope"].rsplit("/", 2)[1] for each in locks} == types
    assert [each for each in locks if "MachineLearning" in each.inputs["scope"]] == []
    for each in locks:
        assert each.inputs["level"] == "CanNotDelete"
        assert {"w-project", "w-vault-diagnostics", "w-storage-diagnostics"} <= each.depends_on


def existing(subscription: str) -> ExistingWorkspaceArgs:
    group = f"/subscriptions/{subscription}/resourceGroups/rg-theirs"
    return ExistingWorkspaceArgs(
        id=f"{group}/providers/Microsoft.MachineLearningServices/workspaces/ws-theirs", location="westus3"
    )


def test_a_workspace_that_exists_is_neither_made_nor_read() -> None:
    seen: list[Workspace] = []

    def program() -> None:
        seen.append(Workspace("w", existing(SUBSCRIPTION)))
        pulumi.export("workspace", seen[0].outputs)

    recorded = run(program)
    assert [each.type for each in recorded.resources] == ["azure-llama:index:Workspace"]
    assert [token for token, _ in recorded.calls] == ["azure-native:authorization:getClientConfig"]
    made = seen[0]
    assert (made.name, made.resource_group_name, made.location) == ("ws-theirs", "rg-theirs", "westus3")
    assert (made.resource, made.key_vault_id, made.log_analytics_id) == (None, None, None)
    assert (made.depends_on, made.holds_data) == ([], {})
    id_ = existing(SUBSCRIPTION).id
    assert recorded.outputs["workspace"] == {
        "id": id_,
        "name": "ws-theirs",
        "region": "westus3",
        "studioUrl": f"https://ml.azure.com/?wsid={id_}&tid={TENANT}",
    }


def test_a_workspace_of_another_subscription_is_refused_with_the_way_out() -> None:
    recorded = run(lambda: Workspace("w", existing("00000000-0000-0000-0000-00000000000f")))
    assert isinstance(recorded.error, pulumi.RunError)
    assert "pulumi config set azure-native:subscriptionId 00000000-0000-0000-0000-00000000000f" in str(recorded.error)


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("kind", ["Project", "Default"])
def test_bodies_keep_arms_contract(asked: str, kind: str, contract_errors: Callable[..., list[str]]) -> None:
    if asked == "on a hub" and kind == "Default":
        return
    made = [each for each in workspace(asked, kind).resources if each.type.startswith("azure-native:")]
    assert [error for each in made for error in contract_errors(*put(each))] == []


def change(before: dict[str, Any], after: dict[str, Any]) -> ResourceHookArgs:
    return ResourceHookArgs(
        urn="urn:pulumi:dev::azure-llama::t::w-hub",
        id="id",
        name="w-hub",
        type="azure-native:machinelearningservices:Workspace",
        old_inputs=before,
        new_inputs=after,
    )


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ({"kind": "Hub"}, {"kind": "Default"}, "kind 'Hub' to 'Default'"),
        ({"storageAccount": "a"}, {"storageAccount": "b"}, "names.storageAccount 'a' to 'b'"),
        ({}, {"encryption": {"keyVaultProperties": {"keyVaultArmId": "v"}}}, "encryption None to 'v'"),
    ],
)
def test_what_azure_does_not_change_is_refused_with_the_recipe(
    before: dict[str, Any], after: dict[str, Any], says: str
) -> None:
    with pytest.raises(ValueError, match="Azure does not change that once it exists") as caught:
        FIXED.check(change(before, after))
    assert says in str(caught.value)
    assert "Give the workspace another name too" in str(caught.value)
    FIXED.check(change({"tags": {}, **before}, {"tags": {"a": "b"}, **before}))


def test_what_azure_does_not_take_back_may_come_and_change() -> None:
    internet, approved = (
        {"managedNetwork": {"isolationMode": mode}} for mode in ("AllowInternetOutbound", "AllowOnly")
    )
    FIXED.check(change({}, internet))
    FIXED.check(change(internet, approved))
    with pytest.raises(ValueError, match=r"network.isolationMode 'AllowInternetOutbound' to 'Disabled'"):
        FIXED.check(change(internet, {}))
    protected = {"properties": {"enablePurgeProtection": True}}
    VAULT_FIXED.check(change({"properties": {}}, protected))
    with pytest.raises(ValueError, match="purgeProtection True to False"):
        VAULT_FIXED.check(change(protected, {"properties": {}}))


@pytest.mark.parametrize(
    ("resource", "hook"),
    [("w-hub", "w-hub-keeps"), ("w-vault", "w-vault-keeps"), ("w-ci-one", "w-ci-one-keeps")],
)
def test_the_check_is_made_before_updates_alone(resource: str, hook: str) -> None:
    made = next(each for each in workspace("instances").resources if each.name == resource and "native" in each.type)
    assert list(made.request.hooks.before_update) == [hook]
    assert not list(made.request.hooks.before_create) + list(made.request.hooks.before_delete)
