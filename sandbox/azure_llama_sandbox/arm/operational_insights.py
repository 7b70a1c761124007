"""Microsoft.OperationalInsights/workspaces (contract 2023-09-01)."""

from __future__ import annotations

import base64
import secrets
import uuid
from collections.abc import Mapping
from http import HTTPStatus

from pydantic import ConfigDict

from azure_llama.catalog.names import NameRule
from azure_llama_sandbox.arm.calls import Answer, Call, timestamp
from azure_llama_sandbox.arm.contract import ABSENT, Located, NarrowIdentity, Strict
from azure_llama_sandbox.arm.errors import bad_request
from azure_llama_sandbox.arm.kinds import Action, Kind, Style, identity_of
from azure_llama_sandbox.store import Resource

LOG_ANALYTICS = "Microsoft.OperationalInsights/workspaces"


class Features(Strict):
    """`features`: others than these are let through."""

    model_config = ConfigDict(extra="allow")

    cluster_resource_id: str = ABSENT
    disable_local_auth: bool = ABSENT
    enable_data_export: bool = ABSENT
    enable_log_access_using_only_resource_permissions: bool = ABSENT
    immediate_purge_data_on30_days: bool = ABSENT


class WorkspaceSku(Strict):
    """`sku`."""

    name: str
    capacity_reservation_level: int = ABSENT


class Capping(Strict):
    """`workspaceCapping`."""

    daily_quota_gb: float = ABSENT


class LogProperties(Strict):
    """`properties`."""

    default_data_collection_rule_resource_id: str = ABSENT
    features: Features = ABSENT
    force_cmk_for_query: bool = ABSENT
    public_network_access_for_ingestion: str = ABSENT
    public_network_access_for_query: str = ABSENT
    retention_in_days: int = ABSENT
    sku: WorkspaceSku = ABSENT
    workspace_capping: Capping = ABSENT


class LogBody(Located):
    """A PUT's body."""

    etag: str = ABSENT
    identity: NarrowIdentity = ABSENT
    properties: LogProperties = ABSENT


class LogWorkspace(Kind):
    """A Log Analytics workspace. (Its soft delete blocks no name: the same PUT recovers it.)"""

    type = LOG_ANALYTICS
    contract = LogBody
    names = NameRule(
        "a Log Analytics workspace",
        r"[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]",
        4,
        63,
        "letters, digits and dashes, beginning and ending with a letter or digit",
        "upstream",
        "2026-11-22",
    )
    put = Style.ASYNC
    delete = Style.ACCEPTED
    patchable = frozenset({"tags", "properties", "identity", "etag"})

    @property
    def actions(self) -> Mapping[str, Action]:
        """Keys."""
        return {"sharedkeys": _shared_keys, "listkeys": _shared_keys}

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The workspace."""
        given = call.properties
        days = given.get("retentionInDays", 30)
        if not 7 <= days <= 730:
            raise bad_request(
                f"'RetentionInDays' is {days}; it is a number of days from 7 to 730.",
                target="properties.retentionInDays",
            )
        before = existing.properties if existing else {}
        properties = {
            "retentionInDays": 30,
            "publicNetworkAccessForIngestion": "Enabled",
            "publicNetworkAccessForQuery": "Enabled",
            **given,
            "sku": {"name": "PerGB2018", **given.get("sku", {}), "lastSkuUpdate": timestamp(call.now)},
            "features": {"enableLogAccessUsingOnlyResourcePermissions": True, **given.get("features", {})},
            "workspaceCapping": {"dailyQuotaGb": -1.0, **given.get("workspaceCapping", {})},
            "customerId": before.get("customerId") or str(uuid.uuid4()),
            "createdDate": before.get("createdDate") or timestamp(call.now),
            "modifiedDate": timestamp(call.now),
        }
        workspace = self.new(call, existing, properties, identity=identity_of(call.body, existing))
        if not workspace.secrets:
            workspace.secrets = {key: _key() for key in ("primarySharedKey", "secondarySharedKey")}
        return workspace


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(64)).decode()


def _shared_keys(call: Call, workspace: Resource) -> Answer:
    return Answer(HTTPStatus.OK, dict(workspace.secrets))
