"""Inputs of locks and policies."""

from __future__ import annotations

from tests.sandbox.provider.examples.common import GROUP, Examples

LOCK = {"lockName": "keep", "level": "CanNotDelete", "notes": "holds the models"}

EXAMPLES: Examples = {
    "authorization:ManagementLockByScope": {"scope": "/subscriptions/s/resourceGroups/rg", **LOCK},
    "authorization:ManagementLockAtResourceGroupLevel": {**GROUP, **LOCK},
    "authorization:ManagementLockAtSubscriptionLevel": LOCK,
    "authorization:PolicyAssignment": {
        "scope": "/subscriptions/s/resourceGroups/rg",
        "policyAssignmentName": "regions",
        "policyDefinitionId": "/providers/Microsoft.Authorization/policyDefinitions/e56962a6",
        "parameters": {"listOfAllowedLocations": {"value": ["eastus2"]}},
        "nonComplianceMessages": [{"message": "Use a region with the model."}],
        "notScopes": ["/subscriptions/s/resourceGroups/rg/providers/x"],
        "enforcementMode": "Default",
    },
}
