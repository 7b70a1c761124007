"""Microsoft.Insights/components (contract 2020-02-02): Application Insights."""

from __future__ import annotations

import uuid
from http import HTTPStatus

from pydantic import Field

from azure_llama.catalog.names import NameRule
from azure_llama_sandbox.arm.calls import Call, timestamp
from azure_llama_sandbox.arm.contract import ABSENT, Located, Strict, one_of
from azure_llama_sandbox.arm.errors import bad_request
from azure_llama_sandbox.arm.kinds import Kind, location_of
from azure_llama_sandbox.arm.operational_insights import LOG_ANALYTICS
from azure_llama_sandbox.store import Resource
from azure_llama_sandbox.world import TENANT

COMPONENT = "Microsoft.Insights/components"


class ComponentProperties(Strict):
    """`properties`."""

    application_type: str = Field(alias="Application_Type")
    disable_ip_masking: bool = Field(ABSENT, alias="DisableIpMasking")
    disable_local_auth: bool = Field(ABSENT, alias="DisableLocalAuth")
    flow_type: str = Field(ABSENT, alias="Flow_Type")
    force_customer_storage_for_profiler: bool = Field(ABSENT, alias="ForceCustomerStorageForProfiler")
    hockey_app_id: str = Field(ABSENT, alias="HockeyAppId")
    immediate_purge_data_on30_days: bool = Field(ABSENT, alias="ImmediatePurgeDataOn30Days")
    ingestion_mode: str = Field(ABSENT, alias="IngestionMode")
    request_source: str = Field(ABSENT, alias="Request_Source")
    retention_in_days: int = Field(ABSENT, alias="RetentionInDays")
    sampling_percentage: float = Field(ABSENT, alias="SamplingPercentage")
    workspace_resource_id: str = Field(ABSENT, alias="WorkspaceResourceId")
    public_network_access_for_ingestion: str = ABSENT
    public_network_access_for_query: str = ABSENT


class ComponentBody(Located):
    """A PUT's body."""

    kind: str
    etag: str = ABSENT
    properties: ComponentProperties = ABSENT


class Component(Kind):
    """An Application Insights component, on a Log Analytics workspace if it names one."""

    type = COMPONENT
    contract = ComponentBody
    fresh = HTTPStatus.OK
    names = NameRule(
        "an Application Insights component",
        r"[^%&\\?/]*[^%&\\?/.\s]",
        1,
        255,
        r"no %, &, \, ? or /, not ending with a space or dot",
        "upstream",
        "2026-11-22",
    )

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The component."""
        given = call.properties
        one_of(
            given.get("Application_Type"),
            "properties.Application_Type",
            ("web", "other"),
            machine_learning=False,
        )
        workspace = given.get("WorkspaceResourceId")
        found = call.store.get(workspace) if workspace else None
        if workspace and (found is None or found.type != LOG_ANALYTICS):
            raise bad_request(
                f"The Log Analytics workspace '{workspace}' was not found. Create it first.",
                target="properties.WorkspaceResourceId",
            )
        before = existing.properties if existing else {}
        key = before.get("InstrumentationKey") or str(uuid.uuid4())
        app_id = before.get("AppId") or str(uuid.uuid4())
        host = f"https://{location_of(call.body)}.in.applicationinsights.azure.com/"
        properties = {
            "RetentionInDays": 90,
            "IngestionMode": "LogAnalytics" if workspace else "ApplicationInsights",
            "publicNetworkAccessForIngestion": "Enabled",
            "publicNetworkAccessForQuery": "Enabled",
            "DisableIpMasking": False,
            "DisableLocalAuth": False,
            **given,
            "ApplicationId": call.id.name,
            "AppId": app_id,
            "Name": call.id.name,
            "TenantId": TENANT,
            "InstrumentationKey": key,
            "ConnectionString": f"InstrumentationKey={key};IngestionEndpoint={host};ApplicationId={app_id}",
            "CreationDate": before.get("CreationDate") or timestamp(call.now),
        }
        return self.new(call, existing, properties, kind=call.body["kind"])
