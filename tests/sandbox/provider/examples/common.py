"""What examples of several namespaces share."""

from __future__ import annotations

from typing import Any

Examples = dict[str, dict[str, Any]]
"""Inputs of a resource, by Pulumi type."""
GROUP = {"resourceGroupName": "rg"}
IDENTITY = {"type": "UserAssigned", "userAssignedIdentities": ["/subscriptions/s/resourceGroups/rg/providers/m/i"]}
