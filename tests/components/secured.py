"""Workspaces with each security setting, under Pulumi's mocks."""

from __future__ import annotations

from functools import cache
from typing import Any

import pulumi

from azure_llama.catalog import roles
from azure_llama_components import (
    EncryptionArgs,
    IdentityArgs,
    InstanceArgs,
    Workspace,
    WorkspaceArgs,
)
from azure_llama_components.compute_instance import AssignedUser
from tests.components.mocked import SUBSCRIPTION, Recorded, run

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
