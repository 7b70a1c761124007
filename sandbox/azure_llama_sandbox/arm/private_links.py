"""Private endpoint connections of the target resources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from azure_llama_sandbox.store import Resource, Store

PRIVATE_ENDPOINT = "Microsoft.Network/privateEndpoints"
LISTS = ("privateLinkServiceConnections", "manualPrivateLinkServiceConnections")
"""Where a private endpoint names what it leads to: what its owner may approve, and what others have to."""


def asked(properties: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All connections that a private endpoint's properties ask for."""
    for name in LISTS:
        yield from properties.get(name) or ()


def connections(store: Store, target: Resource) -> list[dict[str, Any]]:
    """`privateEndpointConnections` of a resource."""
    found = []
    for endpoint in store.of_type(PRIVATE_ENDPOINT):
        for each in asked(endpoint.properties):
            properties = each.get("properties") or {}
            if str(properties.get("privateLinkServiceId", "")).lower() != target.id.lower():
                continue
            name = f"{endpoint.name}.{endpoint.properties['resourceGuid']}"
            found.append(
                {
                    "id": f"{target.id}/privateEndpointConnections/{name}",
                    "name": name,
                    "type": f"{target.type}/privateEndpointConnections",
                    "properties": {
                        "privateEndpoint": {"id": endpoint.id},
                        "groupIds": list(properties.get("groupIds") or ()),
                        "privateLinkServiceConnectionState": properties["privateLinkServiceConnectionState"],
                        "provisioningState": "Succeeded",
                    },
                }
            )
    return found
