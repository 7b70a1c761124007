"""The workspace's identity, its key, its data, its diagnostics, its locks, and what it is when it exists already."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from pulumi import ResourceHookArgs, ResourceOptions

from azure_llama_components import (
    EncryptionArgs,
    ExistingWorkspaceArgs,
    Locks,
    LocksArgs,
    Workspace,
    WorkspaceArgs,
)
from azure_llama_components.dependencies import VAULT_FIXED
from azure_llama_components.workspace_resources import FIXED
from tests.components.arm import put
from tests.components.mocked import IDS, SUBSCRIPTION, TENANT, run
from tests.components.secured import ASKED, GROUP, IDENTITY, KEY, VAULT, assignments, workspace, workspaces


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
    # Sorted: the order in which independent resources register is not fixed.
    assert sorted(each.type for each in recorded.resources) == [
        "azure-llama:index:Workspace",
        "azure-native:machinelearningservices:Workspace",
        "azure-native:monitor:DiagnosticSetting",
        "azure-native:operationalinsights:Workspace",
        "azure-native:resources:ResourceGroup",
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
