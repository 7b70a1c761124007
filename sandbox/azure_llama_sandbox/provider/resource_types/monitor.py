"""Rows of Microsoft.OperationalInsights, Microsoft.Insights and Microsoft.Consumption."""

from __future__ import annotations

from azure_llama_sandbox.provider.resource_type import ResourceType
from azure_llama_sandbox.provider.resource_types.common import GROUP, IDENTITY, READ_ONLY
from azure_llama_sandbox.provider.shapes import shape
from azure_llama_sandbox.provider.validation import Limit

_INSIGHTS = GROUP + "/providers/Microsoft.Insights"
_KEPT = "retentionPolicy{days!:int enabled!:bool}"
_PROFILE = """
    name! capacity!{default! maximum! minimum!} fixedDate{end! start! timeZone}
    recurrence{frequency! schedule!{days!:list hours!:list minutes!:list timeZone!}}
    rules![
        metricTrigger!{
            metricName! metricResourceUri! operator! statistic! threshold!:number timeAggregation! timeGrain!
            timeWindow!
            dimensions[dimensionName=DimensionName! operator=Operator! values=Values!:list]
            dividePerInstance:bool metricNamespace metricResourceLocation}
        scaleAction!{cooldown! direction! type! value}]"""
_COMPARISON = "{name! operator! values!:list}"
_PARTS = f"dimensions{_COMPARISON} tags{_COMPARISON}"

ROWS = (
    ResourceType(
        pulumi_type="operationalinsights:Workspace",
        path=GROUP + "/providers/Microsoft.OperationalInsights/workspaces/{workspaceName}",
        api_version="2023-09-01",
        shape=shape(f"""
            resourceGroupName!+ workspaceName!+ location! tags:map {IDENTITY} systemData- etag- {READ_ONLY}
            sku{{name! capacityReservationLevel:int lastSkuUpdate-}} retentionInDays:int forceCmkForQuery:bool
            publicNetworkAccessForIngestion publicNetworkAccessForQuery defaultDataCollectionRuleResourceId
            workspaceCapping{{dailyQuotaGb:number dataIngestionStatus- quotaNextResetTime-}}
            features{{
                clusterResourceId disableLocalAuth:bool enableDataExport:bool
                enableLogAccessUsingOnlyResourcePermissions:bool
                immediatePurgeDataOn30Days:bool unifiedSentinelBillingOnly-}}
            createdDate- customerId- modifiedDate- privateLinkScopedResources- provisioningState-"""),
        inner=frozenset({"sku"}),
        limits={"workspaceName": Limit(pattern="^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$")},
    ),
    ResourceType(
        pulumi_type="applicationinsights:Component",
        path=GROUP + "/providers/Microsoft.Insights/components/{resourceName}",
        api_version="2020-02-02",
        shape=shape(f"""
            resourceGroupName!+ resourceName!+ kind! location! tags:map etag- {READ_ONLY}
            applicationType=Application_Type! flowType=Flow_Type requestSource=Request_Source
            disableIpMasking=DisableIpMasking:bool disableLocalAuth=DisableLocalAuth:bool hockeyAppId=HockeyAppId
            forceCustomerStorageForProfiler=ForceCustomerStorageForProfiler:bool ingestionMode=IngestionMode
            immediatePurgeDataOn30Days=ImmediatePurgeDataOn30Days:bool retentionInDays=RetentionInDays:int
            samplingPercentage=SamplingPercentage:number workspaceResourceId=WorkspaceResourceId
            publicNetworkAccessForIngestion publicNetworkAccessForQuery
            appId=AppId- applicationId=ApplicationId- connectionString=ConnectionString- creationDate=CreationDate-
            hockeyAppToken=HockeyAppToken- instrumentationKey=InstrumentationKey- laMigrationDate=LaMigrationDate-
            privateLinkScopedResources=PrivateLinkScopedResources- tenantId=TenantId- provisioningState-"""),
        create_only=frozenset({"location", "applicationType"}),
        schema_defaults={
            "applicationType": "web",
            "flowType": "Bluefield",
            "ingestionMode": "LogAnalytics",
            "publicNetworkAccessForIngestion": "Enabled",
            "publicNetworkAccessForQuery": "Enabled",
            "requestSource": "rest",
        },
    ),
    ResourceType(
        pulumi_type="monitor:DiagnosticSetting",
        path="/{resourceUri}/providers/Microsoft.Insights/diagnosticSettings/{name}",
        api_version="2021-05-01-preview",
        shape=shape(f"""
            resourceUri!+ name! azureApiVersion- systemData- type-
            eventHubAuthorizationRuleId eventHubName logAnalyticsDestinationType
            logs[enabled!:bool category categoryGroup {_KEPT}] marketplacePartnerId
            metrics[enabled!:bool category {_KEPT} timeGrain] serviceBusRuleId storageAccountId workspaceId"""),
        limits={f"{kind}[].retentionPolicy.days": Limit(0) for kind in ("logs", "metrics")},
    ),
    ResourceType(
        pulumi_type="monitor:AutoscaleSetting",
        path=_INSIGHTS + "/autoscalesettings/{autoscaleSettingName}",
        api_version="2021-05-01-preview",
        # What goes in is flat, what comes out is an object `properties`.
        shape=shape(f"""
            resourceGroupName!+ autoscaleSettingName!+ location! tags:map azureApiVersion- properties- systemData- type-
            profiles=properties.profiles!+[{_PROFILE}] enabled=properties.enabled+:bool name=properties.name
            notifications=properties.notifications+[
                operation! email{{
                    customEmails:list sendToSubscriptionAdministrator:bool sendToSubscriptionCoAdministrators:bool}}
                webhooks[properties:map serviceUri]]
            predictiveAutoscalePolicy=properties.predictiveAutoscalePolicy+{{scaleMode! scaleLookAheadTime}}
            targetResourceLocation=properties.targetResourceLocation+
            targetResourceUri=properties.targetResourceUri+"""),
        schema_defaults={"enabled": False},
    ),
    ResourceType(
        pulumi_type="monitor:ActionGroup",
        path=_INSIGHTS + "/actionGroups/{actionGroupName}",
        api_version="2024-10-01-preview",
        shape=shape(f"""
            resourceGroupName!+ actionGroupName!+ location! tags:map {IDENTITY} systemData- {READ_ONLY}
            enabled!:bool groupShortName!
            armRoleReceivers[name! roleId! useCommonAlertSchema:bool]
            automationRunbookReceivers[
                automationAccountId! isGlobalRunbook!:bool runbookName! webhookResourceId! managedIdentity name
                serviceUri
                useCommonAlertSchema:bool]
            azureAppPushReceivers[emailAddress! name!]
            azureFunctionReceivers[
                functionAppResourceId! functionName! httpTriggerUrl! name! managedIdentity useCommonAlertSchema:bool]
            emailReceivers[emailAddress! name! useCommonAlertSchema:bool status-]
            eventHubReceivers[
                eventHubName! eventHubNameSpace! name! subscriptionId! managedIdentity tenantId
                useCommonAlertSchema:bool]
            incidentReceivers[connection!{{id! name!}} incidentManagementService! mappings!:map name!]
            itsmReceivers[connectionId! name! region! ticketConfiguration! workspaceId!]
            logicAppReceivers[callbackUrl! name! resourceId! managedIdentity useCommonAlertSchema:bool]
            smsReceivers[countryCode! name! phoneNumber! status-] voiceReceivers[countryCode! name! phoneNumber!]
            webhookReceivers[
                name! serviceUri! identifierUri managedIdentity objectId tenantId useAadAuth:bool
                useCommonAlertSchema:bool]"""),
        create_only=frozenset(),
        schema_defaults={"enabled": True},
        limits={"groupShortName": Limit(most=12)},
    ),
    ResourceType(
        pulumi_type="monitor:MetricAlert",
        path=_INSIGHTS + "/metricAlerts/{ruleName}",
        api_version="2018-03-01",
        shape=shape(f"""
            resourceGroupName!+ ruleName!+ location! tags:map {READ_ONLY}
            criteria!{{* odataType='odata.type'!}} enabled!:bool evaluationFrequency! scopes!:list severity!:int
            windowSize!
            actions[actionGroupId webHookProperties:map] autoMitigate:bool description targetResourceRegion
            targetResourceType
            isMigrated- lastUpdatedTime-"""),
    ),
    ResourceType(
        pulumi_type="monitor:ScheduledQueryRule",
        path=_INSIGHTS + "/scheduledQueryRules/{ruleName}",
        api_version="2025-01-01-preview",
        shape=shape(f"""
            resourceGroupName!+ ruleName!+ location! tags:map kind {IDENTITY} etag- systemData- {READ_ONLY}
            actions{{actionGroups:list actionProperties:map customProperties:map}} autoMitigate:bool
            checkWorkspaceAlertsStorageConfigured:bool
            criteria{{
                allOf[
                    alertSensitivity criterionType dimensions[name! operator! values!:list]
                    failingPeriods{{minFailingPeriodsToAlert:number numberOfEvaluationPeriods:number}} ignoreDataBefore
                    metricMeasureColumn metricName minRecurrenceCount:number operator query resourceIdColumn
                    threshold:number
                    timeAggregation]}}
            description displayName enabled:bool evaluationFrequency muteActionsDuration overrideQueryTimeRange
            resolveConfiguration{{autoResolved:bool timeToResolve}} scopes:list severity:number skipQueryValidation:bool
            targetResourceTypes:list
            windowSize createdWithApiVersion- isLegacyLogAnalyticsRule- isWorkspaceAlertsStorageConfigured-"""),
    ),
    ResourceType(
        pulumi_type="consumption:Budget",
        path="/{scope}/providers/Microsoft.Consumption/budgets/{budgetName}",
        api_version="2024-08-01",
        shape=shape(f"""
            scope!+ budgetName!+ eTag systemData- {READ_ONLY} amount!:number category! timeGrain!
            timePeriod!{{startDate! endDate}} filter{{and[{_PARTS}] {_PARTS}}} notifications{{*}}
            currentSpend- forecastSpend-"""),
    ),
)
