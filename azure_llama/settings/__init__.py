"""What this stack asks for: the configuration, typed, and every mistake in it in one report."""

from __future__ import annotations

from azure_llama.settings.access import AccessSettings, CustomRoleSettings, PrincipalSettings
from azure_llama.settings.budget import BudgetSettings
from azure_llama.settings.deployments import (
    AutoscaleSettings,
    DataCollectionSettings,
    DeploymentSettings,
    ProbeSettings,
    ProbesSettings,
    ScalingRuleSettings,
    ScheduleSettings,
)
from azure_llama.settings.endpoints import (
    ConnectionSettings,
    EndpointIdentitySettings,
    ManagedSettings,
    SecretsSettings,
    ServerlessSettings,
    SharedQuotaSettings,
)
from azure_llama.settings.loading import load
from azure_llama.settings.models import Settings
from azure_llama.settings.problems import Problem, SettingsError
from azure_llama.settings.workspace import (
    ComputeInstanceSettings,
    EncryptionSettings,
    IdentitySettings,
    NamesSettings,
    NetworkSettings,
    OutboundRuleSettings,
    PrivateEndpointSettings,
    WorkspaceSettings,
)

__all__ = [
    "AccessSettings",
    "AutoscaleSettings",
    "BudgetSettings",
    "ComputeInstanceSettings",
    "ConnectionSettings",
    "CustomRoleSettings",
    "DataCollectionSettings",
    "DeploymentSettings",
    "EncryptionSettings",
    "EndpointIdentitySettings",
    "IdentitySettings",
    "ManagedSettings",
    "NamesSettings",
    "NetworkSettings",
    "OutboundRuleSettings",
    "PrincipalSettings",
    "PrivateEndpointSettings",
    "ProbeSettings",
    "ProbesSettings",
    "Problem",
    "ScalingRuleSettings",
    "ScheduleSettings",
    "SecretsSettings",
    "ServerlessSettings",
    "Settings",
    "SettingsError",
    "SharedQuotaSettings",
    "WorkspaceSettings",
    "load",
]
