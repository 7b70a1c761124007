"""One of each resource that can stand around a workspace, as azure-native's own classes say it."""

from __future__ import annotations

import networked  # type: ignore[import-not-found]  # beside the program, where Pulumi finds it
from pulumi import Config, ResourceOptions, export
from pulumi_azure_native import (
    authorization,
    cognitiveservices,
    consumption,
    containerregistry,
    keyvault,
    machinelearningservices,
    managedidentity,
    monitor,
    operationalinsights,
    resources,
    storage,
)

SECRETS_OFFICER, CRYPTO_OFFICER = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7", "14b46e9e-c2b7-41b4-b07b-48a6ebf60603"
config = Config()
client = authorization.get_client_config()
roles = f"/subscriptions/{client.subscription_id}/providers/Microsoft.Authorization/roleDefinitions"
group = resources.ResourceGroup("rg", resource_group_name="rg-landscape", tags={"team": config.get("team") or "one"})
rg = group.name
logs = operationalinsights.Workspace(
    "logs", resource_group_name=rg, sku=operationalinsights.WorkspaceSkuArgs(name="PerGB2018"), retention_in_days=30
)
identity = managedidentity.UserAssignedIdentity("identity", resource_group_name=rg)
vault = keyvault.Vault(
    "vault",
    vault_name="kv-landscape",
    resource_group_name=rg,
    properties=keyvault.VaultPropertiesArgs(
        tenant_id=client.tenant_id,
        sku=keyvault.SkuArgs(family="A", name=keyvault.SkuName.STANDARD),
        enable_rbac_authorization=True,
        enable_purge_protection=True,
        soft_delete_retention_in_days=7,
    ),
)
officers = [
    authorization.RoleAssignment(
        name,
        scope=vault.id,
        principal_id=client.object_id,
        principal_type="ServicePrincipal",
        role_definition_id=f"{roles}/{guid}",
    )
    for name, guid in (("secrets-officer", SECRETS_OFFICER), ("crypto-officer", CRYPTO_OFFICER))
]
with_rights = ResourceOptions(depends_on=officers)
key = keyvault.Key(
    "key",
    key_name="cmk",
    resource_group_name=rg,
    vault_name=vault.name,
    properties=keyvault.KeyPropertiesArgs(kty="RSA", key_size=3072),
    opts=with_rights,
)
secret = keyvault.Secret(
    "secret",
    secret_name="llama-primary",
    resource_group_name=rg,
    vault_name=vault.name,
    properties=keyvault.SecretPropertiesArgs(
        value=config.require_secret("value"),
        content_type="endpoint key",
        attributes=keyvault.SecretAttributesArgs(expires=1_900_000_000),
    ),
    opts=with_rights,
)
account = storage.StorageAccount(
    "store",
    account_name="stlandscape",
    resource_group_name=rg,
    kind="StorageV2",
    sku=storage.SkuArgs(name="Standard_LRS"),
    identity=storage.IdentityArgs(type="UserAssigned", user_assigned_identities=[identity.id]),
)
storage.BlobContainer("container", resource_group_name=rg, account_name=account.name, container_name="model-data")
registry = containerregistry.Registry(
    "registry",
    registry_name="crlandscape",
    resource_group_name=rg,
    sku=containerregistry.SkuArgs(name="Premium"),
    public_network_access="Disabled",
)
safety = cognitiveservices.Account(
    "safety",
    account_name="cs-landscape",
    resource_group_name=rg,
    kind="ContentSafety",
    sku=cognitiveservices.SkuArgs(name="S0"),
    properties=cognitiveservices.AccountPropertiesArgs(custom_sub_domain_name="cs-landscape", disable_local_auth=True),
)
endpoint = networked.endpoint(rg, vault)
team = monitor.ActionGroup(
    "team",
    resource_group_name=rg,
    location="global",
    enabled=True,
    group_short_name="team",
    email_receivers=[monitor.MicrosoftCommonEmailReceiverArgs(name="team", email_address="team@example.com")],
)
monitor.DiagnosticSetting(
    "diagnostics",
    name="to-logs",
    resource_uri=vault.id,
    workspace_id=logs.id,
    logs=[monitor.DiagnosticsLogSettingsArgs(category_group="allLogs", enabled=True)],
    metrics=[monitor.DiagnosticsMetricSettingsArgs(category="AllMetrics", enabled=True)],
)
monitor.ScheduledQueryRule(
    "errors",
    resource_group_name=rg,
    kind="LogAlert",
    enabled=True,
    severity=1,
    evaluation_frequency="PT5M",
    window_size="PT15M",
    scopes=[logs.id],
    criteria=monitor.ScheduledQueryRuleCriteriaArgs(
        all_of=[
            monitor.ConditionArgs(
                query="AmlOnlineEndpointTrafficLog | where ResponseCode >= 500",
                time_aggregation="Count",
                operator="GreaterThan",
                threshold=5,
            )
        ]
    ),
    actions=monitor.ActionsArgs(action_groups=[team.id]),
)
consumption.Budget(
    "budget",
    scope=group.id,
    amount=1000,
    category="Cost",
    time_grain="Monthly",
    time_period=consumption.BudgetTimePeriodArgs(start_date=config.require("month")),
    filter=consumption.BudgetFilterArgs(
        dimensions=consumption.BudgetComparisonExpressionArgs(
            name="PublisherType", operator="In", values=["Marketplace"]
        )
    ),
    notifications={
        "half": consumption.NotificationArgs(
            enabled=True, operator="GreaterThan", threshold=50, contact_emails=["team@example.com"]
        )
    },
)
authorization.PolicyAssignment(
    "regions",
    scope=group.id,
    policy_definition_id="/providers/Microsoft.Authorization/policyDefinitions/e56962a6-4747-49cd-b67b-bf8b01975c4c",
    parameters={"listOfAllowedLocations": authorization.ParameterValuesValueArgs(value=["eastus2"])},
)

hub = machinelearningservices.Workspace(
    "hub",
    workspace_name="hub-landscape",
    resource_group_name=rg,
    kind="Default",
    identity=machinelearningservices.ManagedServiceIdentityArgs(type="SystemAssigned"),
    storage_account=account.id,
    key_vault=vault.id,
)
online = machinelearningservices.OnlineEndpoint(
    "online",
    endpoint_name="llama-landscape",
    resource_group_name=rg,
    workspace_name=hub.name,
    identity=machinelearningservices.ManagedServiceIdentityArgs(type="SystemAssigned"),
    properties=machinelearningservices.OnlineEndpointPropertiesArgs(auth_mode="Key"),
)
blue = machinelearningservices.OnlineDeployment(
    "blue",
    deployment_name="blue",
    resource_group_name=rg,
    workspace_name=hub.name,
    endpoint_name=online.name,
    sku=machinelearningservices.SkuArgs(name="Default", capacity=1),
    properties=machinelearningservices.ManagedOnlineDeploymentArgs(
        endpoint_compute_type="Managed",
        instance_type="Standard_NC24ads_A100_v4",
        model="azureml://registries/azureml-meta/models/Meta-Llama-3.1-8B-Instruct/versions/4",
    ),
    # Azure Monitor raises it to the setting's minimum.
    opts=ResourceOptions(ignore_changes=["sku.capacity"]),
)
monitor.AutoscaleSetting(
    "scale",
    resource_group_name=rg,
    enabled=True,
    target_resource_uri=blue.id,
    profiles=[
        monitor.AutoscaleProfileArgs(
            name="default",
            capacity=monitor.ScaleCapacityArgs(minimum="2", maximum="3", default="2"),
            rules=[
                monitor.ScaleRuleArgs(
                    metric_trigger=monitor.MetricTriggerArgs(
                        metric_name="GpuUtilizationPercentage",
                        metric_resource_uri=blue.id,
                        operator=monitor.ComparisonOperationType.GREATER_THAN,
                        statistic=monitor.MetricStatisticType.AVERAGE,
                        threshold=70,
                        time_aggregation=monitor.TimeAggregationType.AVERAGE,
                        time_grain="PT1M",
                        time_window="PT5M",
                    ),
                    scale_action=monitor.ScaleActionArgs(
                        cooldown="PT5M",
                        direction=monitor.ScaleDirection.INCREASE,
                        type=monitor.ScaleType.CHANGE_COUNT,
                        value="1",
                    ),
                )
            ],
        )
    ],
)
monitor.MetricAlert(
    "latency",
    resource_group_name=rg,
    location="global",
    enabled=True,
    severity=2,
    evaluation_frequency="PT1M",
    window_size="PT5M",
    scopes=[online.id],
    criteria=monitor.MetricAlertSingleResourceMultipleMetricCriteriaArgs(
        odata_type="Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria",
        all_of=[
            monitor.MetricCriteriaArgs(
                name="p95",
                criterion_type="StaticThresholdCriterion",
                metric_name="RequestLatency_P95",
                operator="GreaterThan",
                threshold=5000,
                time_aggregation="Average",
            )
        ],
    ),
    actions=[monitor.MetricAlertActionArgs(action_group_id=team.id)],
)
authorization.ManagementLockByScope("keep", scope=safety.id, level="CanNotDelete", notes="made by hand, kept by name")
kept = resources.ResourceGroup("kept", resource_group_name="rg-landscape-kept")
authorization.ManagementLockAtResourceGroupLevel("keep-all", resource_group_name=kept.name, level="ReadOnly")
export("endpoint", endpoint.id)
