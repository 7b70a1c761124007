"""For each setting of a gateway a stack, and an edit of it, in the form of `option_cases`."""

from __future__ import annotations

from typing import Any

from tests.components.mocked import SUBSCRIPTION

_GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-other/providers"
_COMPONENTS = f"{_GROUP}/Microsoft.Insights/components"
_VAULTS = f"{_GROUP}/Microsoft.KeyVault/vaults"
_POOL = "gateway.models.*"
_LLAMA = "gateway.models.llama"
_EAST = {"endpoint": "contoso-east", "stack": "contoso/llama/east"}
_CHAT = {"model": "Llama-3.3-70B-Instruct", "modelVersion": "5", "capacity": 10}

GATEWAY: dict[str, Any] = {
    "name": "contoso",
    "publisherName": "Contoso",
    "publisherEmail": "ai@example.com",
    "applicationInsights": f"{_COMPONENTS}/appi",
    "models": {
        "llama": {"deployment": "chat", "members": {"here": {"endpoint": "contoso-llama"}, "east": _EAST}},
    },
    "teams": {"search": {"tokensPerMinute": 1000, "tokensPerMonth": 100000}},
}
"""A gateway with a member of the same stack and one of another."""
_WITH_KEYS = {
    "gateway.keyVault": f"{_VAULTS}/kv",
    f"{_LLAMA}.auth": "keys",
    f"{_LLAMA}.members": {"here": {"endpoint": "contoso-llama", "secret": "here"}},
}
EDITS: dict[str, Any] = {
    "gateway.sku": "Premium",
    "gateway.publisherEmail": "ai2@example.com",
    "gateway.keyVault": f"{_VAULTS}/kv2",
    "gateway.applicationInsights": f"{_COMPONENTS}/appi2",
    "gateway.tags": {"owner": "research"},
    "gateway.teams.*.models": ["llama"],
    f"{_POOL}.audience": "https://ai.azure.com",
    f"{_POOL}.members.*.secret": "there",
}
BEFORE: dict[str, dict[str, Any]] = {
    "gateway.keyVault": _WITH_KEYS,
    f"{_POOL}.members.*.secret": _WITH_KEYS,
}
AFTER: dict[str, dict[str, Any]] = {
    "gateway.id": {
        "gateway.id": f"{_GROUP}/Microsoft.ApiManagement/service/shared",
        **{f"gateway.{key}": None for key in ("name", "publisherName", "publisherEmail")},
    },
    f"{_POOL}.auth": _WITH_KEYS,
    f"{_POOL}.kind": {f"{_LLAMA}.kind": "managed", f"{_LLAMA}.members": {"east": _EAST}},
    f"{_POOL}.deployment": {f"{_LLAMA}.deployment": None, "foundry.contoso-llama.deployments.llama": _CHAT},
    f"{_POOL}.members.*.endpoint": {
        f"{_LLAMA}.members.here.endpoint": "contoso-llama-2",
        "foundry.contoso-llama-2": {"deployments": {"chat": _CHAT}},
    },
    f"{_POOL}.members.*.stack": {f"{_LLAMA}.members.here.stack": "contoso/llama/west"},
    f"{_POOL}.members.*.priority": {f"{_LLAMA}.members.east.priority": 2},
}
