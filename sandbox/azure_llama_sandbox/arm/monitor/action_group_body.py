"""The body of a Microsoft.Insights/actionGroups PUT (contract 2024-10-01-preview)."""

from __future__ import annotations

from pydantic import Field

from azure_llama_sandbox.arm.contract import ABSENT, Identity, Located, Strict


class ArmRoleReceiver(Strict):
    """`armRoleReceivers[]`."""

    name: str
    role_id: str
    use_common_alert_schema: bool = ABSENT


class AutomationRunbookReceiver(Strict):
    """`automationRunbookReceivers[]`."""

    automation_account_id: str
    is_global_runbook: bool
    runbook_name: str
    webhook_resource_id: str
    managed_identity: str = ABSENT
    name: str = ABSENT
    service_uri: str = ABSENT
    use_common_alert_schema: bool = ABSENT


class MicrosoftCommonAzureAppPushReceiver(Strict):
    """`azureAppPushReceivers[]`."""

    email_address: str
    name: str


class AzureFunctionReceiver(Strict):
    """`azureFunctionReceivers[]`."""

    function_app_resource_id: str
    function_name: str
    http_trigger_url: str
    name: str
    managed_identity: str = ABSENT
    use_common_alert_schema: bool = ABSENT


class MicrosoftCommonEmailReceiver(Strict):
    """`emailReceivers[]`."""

    email_address: str
    name: str
    use_common_alert_schema: bool = ABSENT


class EventHubReceiver(Strict):
    """`eventHubReceivers[]`."""

    event_hub_name: str
    event_hub_name_space: str
    name: str
    subscription_id: str
    managed_identity: str = ABSENT
    tenant_id: str = ABSENT
    use_common_alert_schema: bool = ABSENT


class IncidentServiceConnection(Strict):
    """`incidentReceivers[].connection`."""

    id: str
    name: str


class IncidentReceiver(Strict):
    """`incidentReceivers[]`."""

    connection: IncidentServiceConnection
    incident_management_service: str
    mappings: dict[str, str]
    name: str


class ItsmReceiver(Strict):
    """`itsmReceivers[]`."""

    connection_id: str
    name: str
    region: str
    ticket_configuration: str
    workspace_id: str


class LogicAppReceiver(Strict):
    """`logicAppReceivers[]`."""

    callback_url: str
    name: str
    resource_id: str
    managed_identity: str = ABSENT
    use_common_alert_schema: bool = ABSENT


class PhoneReceiver(Strict):
    """`smsReceivers[]` and `voiceReceivers[]`."""

    country_code: str
    name: str
    phone_number: str


class WebhookReceiver(Strict):
    """`webhookReceivers[]`."""

    name: str
    service_uri: str
    identifier_uri: str = ABSENT
    managed_identity: str = ABSENT
    object_id: str = ABSENT
    tenant_id: str = ABSENT
    use_aad_auth: bool = ABSENT
    use_common_alert_schema: bool = ABSENT


class ActionGroup(Strict):
    """`properties`."""

    enabled: bool
    group_short_name: str = Field(max_length=12)
    arm_role_receivers: list[ArmRoleReceiver] = ABSENT
    automation_runbook_receivers: list[AutomationRunbookReceiver] = ABSENT
    azure_app_push_receivers: list[MicrosoftCommonAzureAppPushReceiver] = ABSENT
    azure_function_receivers: list[AzureFunctionReceiver] = ABSENT
    email_receivers: list[MicrosoftCommonEmailReceiver] = ABSENT
    event_hub_receivers: list[EventHubReceiver] = ABSENT
    incident_receivers: list[IncidentReceiver] = ABSENT
    itsm_receivers: list[ItsmReceiver] = ABSENT
    logic_app_receivers: list[LogicAppReceiver] = ABSENT
    sms_receivers: list[PhoneReceiver] = ABSENT
    voice_receivers: list[PhoneReceiver] = ABSENT
    webhook_receivers: list[WebhookReceiver] = ABSENT


class ActionGroupBody(Located):
    """A PUT's body."""

    identity: Identity = ABSENT
    properties: ActionGroup = ABSENT
