"""What an online endpoint is, traffic included, as one ARM template.

Azure takes no traffic when an endpoint is created, since its deployments do not exist yet, and sets every deployment
to 0 % on a later PUT that leaves the traffic out. So the endpoint resource creates, and this template states.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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
        auth: Required. `AADToken`, `AMLToken` or `Key`.
        traffic: Required. Percentage for each deployment; 100 in all, or 0.
        tags: Required. All tags of the endpoint.
        mirror_traffic: Optional. Percentage of requests that one deployment gets copies of.
        public_network_access: Optional. `Enabled` or `Disabled`.
        identity_id: Optional. ARM id of a user-assigned identity; the endpoint's own when None.
        properties: Optional. Entries that are added to the endpoint's own map and never change.
    """

    workspace: str
    endpoint: str
    location: str
    auth: str
    traffic: Mapping[str, int]
    tags: Mapping[str, str]
    mirror_traffic: Mapping[str, int] = field(default_factory=dict)
    public_network_access: str = "Enabled"
    identity_id: str | None = None
    properties: Mapping[str, str] = field(default_factory=dict)

    @property
    def template(self) -> dict[str, Any]:
        """An ARM template whose only resource is the endpoint."""
        resource: dict[str, Any] = {
            "type": f"Microsoft.MachineLearningServices/workspaces/{MANAGED.collection}",
            "apiVersion": API_VERSION,
            "name": f"{self.workspace}/{self.endpoint}",
            "location": self.location,
            "tags": {name: _literal(value) for name, value in self.tags.items()},
            "identity": (
                {"type": "UserAssigned", "userAssignedIdentities": {self.identity_id: {}}}
                if self.identity_id
                else {"type": "SystemAssigned"}
            ),
            "properties": self._properties,
        }
        return {"$schema": _SCHEMA, "contentVersion": "1.0.0.0", "resources": [resource]}

    @property
    def _properties(self) -> dict[str, Any]:
        stated: dict[str, Any] = {
            "authMode": self.auth,
            "publicNetworkAccess": self.public_network_access,
            "traffic": dict(self.traffic),
        }
        if self.mirror_traffic:
            stated["mirrorTraffic"] = dict(self.mirror_traffic)
        if self.properties:
            stated["properties"] = {name: _literal(value) for name, value in self.properties.items()}
        return stated


def _literal(text: str) -> str:
    # ARM evaluates a text in brackets as an expression, unless it begins with two.
    return f"[{text}" if text.startswith("[") and text.endswith("]") else text
