"""The resource types that the provider serves: one row each, in a module by namespace. One more type is one more row.

Source: signatures and docstrings of the azure-native 3.29.0 SDK, ARM's published request bodies. Automatic names,
replacements and shared lists as azure-native has them; name patterns from the service's API description.
"""

from __future__ import annotations

from typing import Final

from azure_llama_sandbox.provider.resource_types import (
    api_management,
    authorization,
    cognitive_services,
    key_vault,
    machine_learning,
    monitor,
    network,
    resources,
    services,
    storage,
)

_ROWS = (
    *resources.ROWS,
    *storage.ROWS,
    *key_vault.ROWS,
    *monitor.ROWS,
    *machine_learning.ROWS,
    *authorization.ROWS,
    *network.ROWS,
    *cognitive_services.ROWS,
    *services.ROWS,
    *api_management.ROWS,
)

RESOURCE_TYPES: Final = {f"azure-native:{row.pulumi_type}": row for row in _ROWS}
"""Rows by Pulumi type, e.g. `azure-native:keyvault:Vault`."""
