"""What stands in the sandbox beside a generated stack, and the ids and words that its settings may name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from azure_llama.arm import versions
from azure_llama.catalog.arm_ids import parse_arm_id
from azure_llama_sandbox.world import SUBSCRIPTION, TENANT
from tests.inprocess.azure import Azure

GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-around"
_PROVIDERS = f"{GROUP}/providers"
IDENTITY = f"{_PROVIDERS}/Microsoft.ManagedIdentity/userAssignedIdentities/id-around"
NETWORK = f"{_PROVIDERS}/Microsoft.Network/virtualNetworks/vnet-around"
SUBNET = f"{NETWORK}/subnets/endpoints"
ZONE = f"{_PROVIDERS}/Microsoft.Network/privateDnsZones/privatelink.api.azureml.ms"
LOGS = f"{_PROVIDERS}/Microsoft.OperationalInsights/workspaces/log-around"
STORE = f"{_PROVIDERS}/Microsoft.Storage/storageAccounts/staround"
VAULT = f"{_PROVIDERS}/Microsoft.KeyVault/vaults/kv-around"
_WORKSPACES = f"{_PROVIDERS}/Microsoft.MachineLearningServices/workspaces"
HUB, PROJECT, WORKSPACE = (f"{_WORKSPACES}/{name}" for name in ("hub-around", "project-around", "ws-around"))
SERVICE = f"{_PROVIDERS}/Microsoft.ApiManagement/service/apim-around"
KEY, SECRET = f"{VAULT}/keys/cmk", f"{VAULT}/secrets/around-key"
ACCOUNT = f"{_PROVIDERS}/Microsoft.CognitiveServices/accounts/ai-around"

_SYSTEM = {"identity": {"type": "SystemAssigned"}}
_STORES = {"storageAccount": STORE, "keyVault": VAULT}
_BODIES: Mapping[str, Mapping[str, Any]] = {
    GROUP: {},
    IDENTITY: {},
    NETWORK: {"properties": {"addressSpace": {"addressPrefixes": ["10.50.0.0/16"]}}},
    SUBNET: {"properties": {"addressPrefix": "10.50.1.0/24"}},
    ZONE: {"location": "global"},
    LOGS: {"properties": {"sku": {"name": "PerGB2018"}, "retentionInDays": 30}},
    STORE: {"kind": "StorageV2", "sku": {"name": "Standard_LRS"}},
    VAULT: {
        "properties": {
            "tenantId": TENANT,
            "sku": {"family": "A", "name": "standard"},
            "enableRbacAuthorization": True,
            "enablePurgeProtection": True,
        }
    },
    KEY: {"properties": {"kty": "RSA", "keySize": 2048}},
    SECRET: {"properties": {"value": "a-key-of-nothing"}},
    SERVICE: {
        "sku": {"name": "Developer", "capacity": 1},
        **_SYSTEM,
        "properties": {"publisherName": "Contoso", "publisherEmail": "platform@example.com"},
    },
    HUB: {"kind": "Hub", **_SYSTEM, "properties": _STORES},
    PROJECT: {"kind": "Project", **_SYSTEM, "properties": {"hubResourceId": HUB}},
    WORKSPACE: {"kind": "Default", **_SYSTEM, "properties": _STORES},
    ACCOUNT: {
        "kind": "AIServices",
        "sku": {"name": "S0"},
        **_SYSTEM,
        "properties": {"customSubDomainName": "ai-around", "disableLocalAuth": True},
    },
}
"""Bodies of their PUTs, in the order in which they are made; the location is the stack's unless stated."""

IDS = (IDENTITY, SUBNET, ZONE, LOGS, VAULT, HUB, PROJECT, WORKSPACE, ACCOUNT, SERVICE)
"""What settings can name by an id, and is there."""
MISSING = tuple(f"{id_}-gone" for id_ in IDS)
"""The same, and is not there."""


def body_of(id_: str) -> dict[str, Any]:
    """The body of the PUT of what stands there, without its location."""
    return dict(_BODIES[id_])


def put_up(azure: Azure, location: str, text: str) -> None:
    """Make, in a region, what a text names, such as the settings of a stack, and what that needs."""
    needed = _needed(text)
    for id_, body in ((id_, body) for id_, body in _BODIES.items() if id_ in needed):
        parsed = parse_arm_id(id_)
        version = (versions.of_type(parsed.type) if parsed else None) or versions.RESOURCE_GROUPS
        located = body if id_ in (SUBNET, KEY, SECRET) else {"location": location, **body}
        azure.put(id_, version, located)


def _needed(text: str) -> set[str]:
    """The ids in a text, those above them, and those that their bodies name."""
    folded, found = text.casefold(), set[str]()
    for id_, body in reversed(list(_BODIES.items())):
        if id_.casefold() in folded:
            found.add(id_)
            folded += json.dumps(body).casefold()
    if VAULT in found:
        found |= {KEY, SECRET}
    return found
