"""Rows of Microsoft.OperationalInsights, Microsoft.Insights and Microsoft.Consumption."""

from __future__ import annotations

from azure_llama_sandbox.provider.resource_type import ResourceType
from azure_llama_sandbox.provider.resource_types.common import GROUP, IDENTITY, READ_ONLY
from azure_llama_sandbox.provider.shapes import shape

_INSIGHTS = GROUP + "/providers/Microsoft.Insights"
_KEPT = "retentionPolicy{days! enabled!}"
_PROFILE = """
    name! capacity!{default! maximum! minimum!} fixedDate{end! start! timeZone}
    recurrence{frequency! schedule!{days! hours! minutes! timeZone!}}
    rules![
        metricTrigger!{
            metricName! metricResourceUri! operator! statistic! threshold! timeAggregation! timeGrain! timeWindow!
            dimensions[dimensionName=DimensionName! operator=Operator! values=Values!]
            dividePerInstance metricNamespace metricResourceLocation}
        scaleAction!{cooldown! direction! type! value}]"""
_COMPARISON = "{name! operator! values!}"
_PARTS = f"dimensions{_COMPARISON} tags{_COMPARISON}"

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
    ResourceType(
        pulumi_type="monitor:DiagnosticSetting",
        path="/{resourceUri}/providers/Microsoft.Insights/diagnosticSettings/{name}",
        api_version="2021-05-01-preview",
        shape=shape(f"""
            resourceUri!+ name! azureApiVersion- systemData- type-
            eventHubAuthorizationRuleId eventHubName logAnalyticsDestinationType
            logs[enabled! category categoryGroup {_KEPT}] marketplacePartnerId
            metrics[enabled! category {_KEPT} timeGrain] serviceBusRuleId storageAccountId workspaceId"""),
    ),
    ResourceType(
        pulumi_type="monitor:AutoscaleSetting",
        path=_INSIGHTS + "/autoscalesettings/{autoscaleSettingName}",
        api_version="2021-05-01-preview",
        # What goes in is flat, what comes out is an object `properties`.
        shape=shape(f"""
            resourceGroupName!+ autoscaleSettingName!+ location! tags azureApiVersion- properties- systemData- type-
            profiles=properties.profiles!+[{_PROFILE}] enabled=properties.enabled+ name=properties.name
            notifications=properties.notifications+[
                operation! email{{
                    customEmails sendToSubscriptionAdministrator sendToSubscriptionCoAdministrators}}
                webhooks[properties serviceUri]]
            predictiveAutoscalePolicy=properties.predictiveAutoscalePolicy+{{scaleMode! scaleLookAheadTime}}
            targetResourceLocation=properties.targetResourceLocation+
            targetResourceUri=properties.targetResourceUri+"""),
    ),
    ResourceType(
        pulumi_type="monitor:ActionGroup",
        path=_INSIGHTS + "/actionGroups/{actionGroupName}",
        api_version="2024-10-01-preview",
        shape=shape(f"""
            resourceGroupName!+ actionGroupName!+ location! tags {IDENTITY} systemData- {READ_ONLY}
            enabled! groupShortName!
            armRoleReceivers[name! roleId! useCommonAlertSchema]
            automationRunbookReceivers[
                automationAccountId! isGlobalRunbook! runbookName! webhookResourceId! managedIdentity name serviceUri
                useCommonAlertSchema]
            azureAppPushReceivers[emailAddress! name!]
            azureFunctionReceivers[
                functionAppResourceId! functionName! httpTriggerUrl! name! managedIdentity useCommonAlertSchema]
            emailReceivers[emailAddress! name! useCommonAlertSchema status-]
            eventHubReceivers[
                eventHubName! eventHubNameSpace! name! subscriptionId! managedIdentity tenantId useCommonAlertSchema]
            incidentReceivers[connection!{{id! name!}} incidentManagementService! mappings! name!]
            itsmReceivers[connectionId! name! region! ticketConfiguration! workspaceId!]
            logicAppReceivers[callbackUrl! name! resourceId! managedIdentity useCommonAlertSchema]
            smsReceivers[countryCode! name! phoneNumber! status-] voiceReceivers[countryCode! name! phoneNumber!]
            webhookReceivers[
                name! serviceUri! identifierUri managedIdentity objectId tenantId useAadAuth useCommonAlertSchema]"""),
    ),
    ResourceType(
        pulumi_type="monitor:MetricAlert",
        path=_INSIGHTS + "/metricAlerts/{ruleName}",
        api_version="2018-03-01",
        shape=shape(f"""
            resourceGroupName!+ ruleName!+ location! tags {READ_ONLY}
            criteria!{{* odataType='odata.type'!}} enabled! evaluationFrequency! scopes! severity! windowSize!
            actions[actionGroupId webHookProperties] autoMitigate description targetResourceRegion targetResourceType
            isMigrated- lastUpdatedTime-"""),
    ),
    ResourceType(
        pulumi_type="monitor:ScheduledQueryRule",
        path=_INSIGHTS + "/scheduledQueryRules/{ruleName}",
        api_version="2025-01-01-preview",
        shape=shape(f"""
            resourceGroupName!+ ruleName!+ location! tags kind {IDENTITY} etag- systemData- {READ_ONLY}
            actions{{actionGroups actionProperties customProperties}} autoMitigate
            checkWorkspaceAlertsStorageConfigured
            criteria{{
                allOf[
                    alertSensitivity criterionType dimensions[name! operator! values!]
                    failingPeriods{{minFailingPeriodsToAlert numberOfEvaluationPeriods}} ignoreDataBefore
                    metricMeasureColumn metricName minRecurrenceCount operator query resourceIdColumn threshold
                    timeAggregation]}}
            description displayName enabled evaluationFrequency muteActionsDuration overrideQueryTimeRange
            resolveConfiguration{{autoResolved timeToResolve}} scopes severity skipQueryValidation targetResourceTypes
            windowSize createdWithApiVersion- isLegacyLogAnalyticsRule- isWorkspaceAlertsStorageConfigured-"""),
    ),
    ResourceType(
        pulumi_type="consumption:Budget",
        path="/{scope}/providers/Microsoft.Consumption/budgets/{budgetName}",
        api_version="2024-08-01",
        shape=shape(f"""
            scope!+ budgetName!+ eTag systemData- {READ_ONLY} amount! category! timeGrain!
            timePeriod!{{startDate! endDate}} filter{{and[{_PARTS}] {_PARTS}}} notifications{{*}}
            currentSpend- forecastSpend-"""),
    ),
)
