"""What rows of several namespaces share."""

from __future__ import annotations

from typing import Final

GROUP: Final = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}"
"""Path of a resource group."""
READ_ONLY: Final = "azureApiVersion- name- type-"
IDENTITY: Final = "identity{type! userAssignedIdentities# principalId- tenantId-}"
