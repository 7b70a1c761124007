"""Roles that whoever deploys has beside Owner: on the data of vaults and models, which Owner does not cover."""

from __future__ import annotations

from azure_llama_sandbox.world import SUBSCRIPTION
from tests.inprocess.azure import Azure

_SCOPE = f"/subscriptions/{SUBSCRIPTION}"
_ROLES = {
    "00000000-0000-0000-0000-0000000000a1": "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",  # Key Vault Secrets Officer
    "00000000-0000-0000-0000-0000000000a2": "a97b65f3-24c7-4388-baec-2e87135dc908",  # Cognitive Services User
}


def grant(azure: Azure) -> None:
    """Assign the roles at the subscription."""
    for name, role in _ROLES.items():
        properties = {
            "principalId": azure.owner,
            "principalType": "ServicePrincipal",
            "roleDefinitionId": f"{_SCOPE}/providers/Microsoft.Authorization/roleDefinitions/{role}",
        }
        path = f"{_SCOPE}/providers/Microsoft.Authorization/roleAssignments/{name}"
        azure.put(path, "2022-04-01", {"properties": properties})
