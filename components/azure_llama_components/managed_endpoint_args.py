"""Arguments of a managed endpoint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, Literal

import pulumi

from azure_llama.catalog.limits import SHARED_QUOTA_HOURS
from azure_llama.settings import ManagedSettings
from azure_llama.settings.wire import body
from azure_llama_components.managed_deployment import ManagedDeploymentArgs
from azure_llama_components.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class ManagedEndpointArgs:
    """Arguments of a managed endpoint.

    Attributes:
        name: Required. Part of its URL, unique in the region: 3-32 letters, digits and single dashes, beginning with a
            letter.
        workspace: Required. The workspace that it is in.
        deployments: Required. Name to deployment, stopped ones too; 3-32 characters like the endpoint's, at most 20.
        existing: Optional. Whether the endpoint is there already: then only its deployments are made, and nothing is
            said of the endpoint itself.
        auth: Optional. `AADToken` (Entra ID: no keys exist), `AMLToken` or `Key`.
        public_network_access: Optional. `Enabled` or `Disabled`.
        identity_id: Optional. ARM id of a user-assigned identity; the endpoint's own when None.
        mirror_traffic: Optional. One deployment, and the percentage of requests (1-50) that it gets copies of.
        shared_quota_since: Optional. When Azure's shared quota for tests begins; none when None.
        log_analytics_id: Optional. ARM id of the Log Analytics workspace for logs and metrics; nowhere when None.
        description: Optional. For people.
        properties: Optional. Entries of the endpoint's own map, beside those of Azure.
        tags: Optional. On the endpoint and its deployments.
    """

    name: str
    workspace: Workspace
    deployments: Mapping[str, ManagedDeploymentArgs]
    existing: bool = False
    auth: Literal["AADToken", "AMLToken", "Key"] = "AADToken"
    public_network_access: Literal["Enabled", "Disabled"] = "Enabled"
    identity_id: str | None = None
    mirror_traffic: Mapping[str, int] = field(default_factory=dict)
    shared_quota_since: datetime | None = None
    log_analytics_id: pulumi.Input[str] | None = None
    description: str | None = None
    properties: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def running(self) -> dict[str, ManagedDeploymentArgs]:
        """The deployments that are not stopped."""
        return {name: each for name, each in self.deployments.items() if not each.stopped}

    @property
    def deletion(self) -> datetime | None:
        """When Azure deletes an endpoint on shared quota, in UTC; None for all others."""
        since = self.shared_quota_since
        return None if since is None else since.astimezone(UTC) + timedelta(hours=SHARED_QUOTA_HOURS.low)

    @property
    def arm_properties(self) -> dict[str, Any]:
        """The endpoint's properties in ARM, traffic included."""
        running = self.running
        mirrored = {name: share for name, share in self.mirror_traffic.items() if name in running}
        there = replace(self, deployments=running, mirror_traffic=mirrored)
        stated: dict[str, Any] = body(ManagedSettings, there)["properties"]
        # Without deployments as well, the template states the traffic: none.
        stated.setdefault("traffic", {})
        return stated | ({"properties": {**self.properties, **_shared_quota(self)}} if self.deletion else {})


def _shared_quota(args: ManagedEndpointArgs) -> dict[str, str]:
    # Microsoft does not document this format: it is that of a public template, and what studio's checkbox asks for.
    if args.deletion is None:
        return {}
    return {
        "SharedComputeCapacityEnabled": "true",
        "TargetAutoDeletionTime": format_datetime(args.deletion, usegmt=True),
    }
