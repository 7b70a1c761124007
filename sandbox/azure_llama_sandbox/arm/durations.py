"""Durations of Azure's operations, in Azure seconds, in one table.

The figures are orders of magnitude from the threads in which people complain; none is a promise of Azure's.
"""

from __future__ import annotations

from typing import NamedTuple


class Seconds(NamedTuple):
    """Of one resource type; 0 is at once."""

    create: float
    update: float
    delete: float


_ML = "microsoft.machinelearningservices/workspaces"

DURATIONS: dict[str, Seconds] = {
    "microsoft.resources/subscriptions/resourcegroups": Seconds(0, 0, 30),
    "microsoft.resources/deployments": Seconds(5, 5, 5),
    "microsoft.storage/storageaccounts": Seconds(20, 0, 0),
    "microsoft.storage/storageaccounts/blobservices/containers": Seconds(0, 0, 0),
    "microsoft.keyvault/vaults": Seconds(0, 0, 0),
    "microsoft.keyvault/vaults/keys": Seconds(0, 0, 0),
    "microsoft.keyvault/vaults/secrets": Seconds(0, 0, 0),
    "microsoft.operationalinsights/workspaces": Seconds(25, 10, 10),
    "microsoft.insights/components": Seconds(0, 0, 0),
    "microsoft.insights/diagnosticsettings": Seconds(0, 0, 0),
    "microsoft.insights/autoscalesettings": Seconds(0, 0, 0),
    "microsoft.insights/actiongroups": Seconds(0, 0, 0),
    "microsoft.insights/metricalerts": Seconds(0, 0, 0),
    "microsoft.insights/scheduledqueryrules": Seconds(0, 0, 0),
    "microsoft.consumption/budgets": Seconds(0, 0, 0),
    "microsoft.managedidentity/userassignedidentities": Seconds(0, 0, 0),
    "microsoft.cognitiveservices/accounts": Seconds(30, 10, 0),
    "microsoft.cognitiveservices/accounts/deployments": Seconds(10, 10, 5),
    "microsoft.cognitiveservices/accounts/connections": Seconds(0, 0, 0),
    "microsoft.cognitiveservices/accounts/raipolicies": Seconds(3, 3, 5),
    "microsoft.cognitiveservices/accounts/projects": Seconds(6, 6, 12),
    "microsoft.cognitiveservices/accounts/projects/connections": Seconds(0, 0, 0),
    "microsoft.apimanagement/service": Seconds(900, 300, 120),
    **{
        f"microsoft.apimanagement/service/{each}": Seconds(0, 0, 0)
        for each in (
            *("loggers", "namedvalues", "backends", "apis", "apis/operations", "apis/policies", "apis/diagnostics"),
            *("products", "products/apilinks", "products/policies", "subscriptions"),
        )
    },
    "microsoft.containerregistry/registries": Seconds(20, 10, 10),
    "microsoft.network/virtualnetworks": Seconds(5, 5, 10),
    "microsoft.network/virtualnetworks/subnets": Seconds(5, 5, 10),
    "microsoft.network/networksecuritygroups": Seconds(5, 5, 10),
    "microsoft.network/privateendpoints": Seconds(60, 20, 30),
    "microsoft.network/privateendpoints/privatednszonegroups": Seconds(15, 15, 15),
    "microsoft.network/privatednszones": Seconds(30, 10, 30),
    "microsoft.network/privatednszones/virtualnetworklinks": Seconds(30, 10, 30),
    "microsoft.authorization/roleassignments": Seconds(0, 0, 0),
    "microsoft.authorization/roledefinitions": Seconds(0, 0, 0),
    "microsoft.authorization/locks": Seconds(0, 0, 0),
    "microsoft.authorization/policyassignments": Seconds(0, 0, 0),
    _ML: Seconds(75, 20, 40),
    f"{_ML}/codes": Seconds(0, 0, 0),
    f"{_ML}/codes/versions": Seconds(0, 0, 0),
    f"{_ML}/connections": Seconds(0, 0, 0),
    f"{_ML}/environments": Seconds(0, 0, 0),
    f"{_ML}/environments/versions": Seconds(0, 0, 0),
    f"{_ML}/models": Seconds(0, 0, 0),
    f"{_ML}/models/versions": Seconds(0, 0, 0),
    f"{_ML}/computes": Seconds(180, 20, 120),
    f"{_ML}/outboundrules": Seconds(60, 60, 60),
    f"{_ML}/marketplacesubscriptions": Seconds(120, 20, 30),
    f"{_ML}/serverlessendpoints": Seconds(60, 20, 30),
    f"{_ML}/onlineendpoints": Seconds(90, 20, 60),
    f"{_ML}/onlineendpoints/deployments": Seconds(1200, 300, 120),
}

REGENERATE_KEYS = 10.0
PURGE = 30.0
POWER = 60.0
"""Starting, stopping or restarting a compute instance."""
PROVISION_NETWORK = 300.0
"""A managed network."""
RETAG = 10.0
"""A change that touches tags, identity or SKU alone."""

_POLL_SHARE, _POLL_LEAST, _POLL_MOST = 0.05, 1.0, 30.0


def poll_interval(seconds: float) -> float:
    """Azure seconds until the next look at an operation that takes so long."""
    return min(max(seconds * _POLL_SHARE, _POLL_LEAST), _POLL_MOST)
