"""Rows of Microsoft.OperationalInsights and Microsoft.Insights."""

from __future__ import annotations

from azure_llama.sandbox.provider.resource_type import ResourceType
from azure_llama.sandbox.provider.resource_types.common import GROUP, IDENTITY, READ_ONLY
from azure_llama.sandbox.provider.shapes import shape

ROWS = (
    ResourceType(
        pulumi_type="operationalinsights:Workspace",
        path=GROUP + "/providers/Microsoft.OperationalInsights/workspaces/{workspaceName}",
        api_version="2023-09-01",
        shape=shape(f"""
            resourceGroupName!+ workspaceName!+ location! tags {IDENTITY} systemData- etag- {READ_ONLY}
            sku{{name! capacityReservationLevel lastSkuUpdate-}} retentionInDays forceCmkForQuery
            publicNetworkAccessForIngestion publicNetworkAccessForQuery defaultDataCollectionRuleResourceId
            workspaceCapping{{dailyQuotaGb dataIngestionStatus- quotaNextResetTime-}}
            features{{
                clusterResourceId disableLocalAuth enableDataExport enableLogAccessUsingOnlyResourcePermissions
                immediatePurgeDataOn30Days unifiedSentinelBillingOnly-}}
            createdDate- customerId- modifiedDate- privateLinkScopedResources- provisioningState-"""),
        inner=frozenset({"sku"}),
        patterns={"workspaceName": "^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$"},
    ),
    ResourceType(
        pulumi_type="applicationinsights:Component",
        path=GROUP + "/providers/Microsoft.Insights/components/{resourceName}",
        api_version="2020-02-02",
        shape=shape(f"""
            resourceGroupName!+ resourceName!+ kind! location! tags etag- {READ_ONLY}
            applicationType=Application_Type! flowType=Flow_Type requestSource=Request_Source
            disableIpMasking=DisableIpMasking disableLocalAuth=DisableLocalAuth hockeyAppId=HockeyAppId
            forceCustomerStorageForProfiler=ForceCustomerStorageForProfiler ingestionMode=IngestionMode
            immediatePurgeDataOn30Days=ImmediatePurgeDataOn30Days retentionInDays=RetentionInDays
            samplingPercentage=SamplingPercentage workspaceResourceId=WorkspaceResourceId
            publicNetworkAccessForIngestion publicNetworkAccessForQuery
            appId=AppId- applicationId=ApplicationId- connectionString=ConnectionString- creationDate=CreationDate-
            hockeyAppToken=HockeyAppToken- instrumentationKey=InstrumentationKey- laMigrationDate=LaMigrationDate-
            privateLinkScopedResources=PrivateLinkScopedResources- tenantId=TenantId- provisioningState-"""),
    ),
)
