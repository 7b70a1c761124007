"""Maps the resources of a gateway to the keys of the stack's YAML that set them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from azure_llama.documents.positions import Path_
from azure_llama.settings import GatewayModelSettings, GatewaySettings, TeamSettings
from azure_llama_policies.rule import Resource

KEY: Final = "azure-llama:gateway"
TYPES: Final = "apimanagement:"
"""What the types of a gateway's resources begin with."""
SETTINGS: Final = (GatewaySettings, GatewayModelSettings, TeamSettings)
"""The settings whose fields name properties of them."""
_OF_A_MODEL = ("Backend", "NamedValue")
_OF_A_TEAM = ("Product", "ProductApiLink", "ProductPolicy", "Subscription")


def base(resource: Resource, config: Mapping[str, Any]) -> Path_:
    """The keys of the model or team that a resource is of; the gateway's own for all others.

    Args:
        resource: Required. A resource of API Management.
        config: Required. The stack's configuration, by full key.
    """
    entries = config.get(KEY)
    if not isinstance(entries, Mapping):
        return (KEY,)
    short, name = resource.type.rpartition(":")[2], resource.name.partition("-")[2]
    models, teams = entries.get("models") or {}, entries.get("teams") or {}
    if short in _OF_A_MODEL:
        found = next((each for each in (name, name.rpartition(".")[0]) if each in models), None)
        return (KEY, "models", found) if found else (KEY,)
    if short in _OF_A_TEAM:
        own = [team for team in teams if name == team or name.startswith(f"{team}-")]
        return (KEY, "teams", max(own, key=len)) if own else (KEY,)
    return (KEY,)
