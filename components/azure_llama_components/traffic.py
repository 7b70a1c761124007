"""An online endpoint and its traffic as one ARM template.

Azure takes no traffic when an endpoint is created, since its deployments do not exist yet, and sets every deployment
to 0 % on a later PUT that leaves the traffic out. So the endpoint resource creates, and this template states.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from azure_llama.catalog.kinds import MANAGED

API_VERSION = "2025-12-01"
"""The version that azure-native sends for online endpoints."""

_SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"


@dataclass(frozen=True, kw_only=True)
class EndpointState:
    """All that an online endpoint is.

    Attributes:
        workspace: Required. Name of the workspace.
        endpoint: Required. Name of the endpoint.
        location: Required. ARM name of the region.
        tags: Required. All tags of the endpoint.
        properties: Required. All properties in ARM's JSON, traffic included.
        identity_id: Optional. ARM id of a user-assigned identity; the endpoint's own when None.
    """

    workspace: str
    endpoint: str
    location: str
    tags: Mapping[str, str]
    properties: Mapping[str, Any]
    identity_id: str | None = None

    @property
    def template(self) -> dict[str, Any]:
        """An ARM template whose only resource is the endpoint."""
        resource: dict[str, Any] = {
            "type": f"Microsoft.MachineLearningServices/workspaces/{MANAGED.collection}",
            "apiVersion": API_VERSION,
            "name": f"{self.workspace}/{self.endpoint}",
            "location": self.location,
            "tags": _literal(self.tags),
            "identity": (
                {"type": "UserAssigned", "userAssignedIdentities": {self.identity_id: {}}}
                if self.identity_id
                else {"type": "SystemAssigned"}
            ),
            "properties": _literal(self.properties),
        }
        return {"$schema": _SCHEMA, "contentVersion": "1.0.0.0", "resources": [resource]}


def _literal(value: Any) -> Any:
    """A value whose texts ARM takes as they are: one in brackets is an expression, unless it begins with two."""
    if isinstance(value, Mapping):
        return {name: _literal(each) for name, each in value.items()}
    return f"[{value}" if isinstance(value, str) and value.startswith("[") and value.endswith("]") else value
