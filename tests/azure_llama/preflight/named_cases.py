"""States of Azure in which something that the settings name is missing, or something that leaves stays."""

from __future__ import annotations

from tests.azure_llama.preflight.cases import Case
from tests.azure_llama.preflight.harness import GROUP, SUB, Cloud, stack
from tests.sandbox.arm.around import SUBNET
from tests.sandbox.arm.harness import HUB, OWNER, PROJECT, STORAGE, VAULT


def secrets_officer(cloud: Cloud) -> None:
    """Give the owner a role for the data of the vault."""
    role = f"{SUB}/providers/Microsoft.Authorization/roleDefinitions/b86a8fe4-44ce-4948-aee5-eccb2c155cd7"
    path = f"{VAULT}/providers/Microsoft.Authorization/roleAssignments/11111111-0000-4000-8000-000000000001"
    body = {"properties": {"roleDefinitionId": role, "principalId": OWNER.object_id}}
    cloud.azure.put(path, body, version="2022-04-01")


CASES = {
    "secret leaves": Case(
        "removals",
        (
            "secret 'llama-8b-primary-key' of llama-vault",
            "the caller's roles lack Microsoft.KeyVault/vaults/secrets/delete",
            "--role 'Key Vault Secrets Officer'",
        ),
        lambda cloud: cloud.azure.with_hub(),
        secrets_officer,
        options={"held": [GROUP, STORAGE, VAULT, HUB, PROJECT, f"{VAULT}/secrets/llama-8b-primary-key"]},
    ),
    "no subnet": Case(
        "references",
        (
            f"azure-llama:workspace.network.privateEndpoint.subnetId: '{SUBNET}'",
            "'llama' does not exist",
            "set the id of a subnet that exists",
        ),
        config=stack(workspace__network={"privateEndpoint": {"subnetId": SUBNET}}),
    ),
}
