"""The settings of a stack: its configuration, typed, with all errors in one report."""

from __future__ import annotations

from azure_llama.settings.access import AccessSettings, CustomRoleSettings, PrincipalSettings, SecretsSettings
from azure_llama.settings.autoscale import AutoscaleSettings, ScalingRuleSettings, ScheduleSettings
from azure_llama.settings.budget import BudgetSettings
from azure_llama.settings.compute import ComputeInstanceSettings
from azure_llama.settings.containers import CodeSettings, EnvironmentSettings, InferenceSettings
from azure_llama.settings.data_collection import DataCollectionSettings
from azure_llama.settings.deployments import DeploymentSettings
from azure_llama.settings.foundry import FoundryNetworkSettings, FoundrySettings
from azure_llama.settings.foundry_deployments import FilterRuleSettings, FilterSettings, FoundryDeploymentSettings
from azure_llama.settings.gateway import GatewaySettings, TeamSettings
from azure_llama.settings.gateway_models import BreakerSettings, GatewayMemberSettings, GatewayModelSettings
from azure_llama.settings.kinds import EndpointSettings, StackEndpoint
from azure_llama.settings.loading import load
from azure_llama.settings.managed import EndpointIdentitySettings, ManagedSettings, SharedQuotaSettings
from azure_llama.settings.models import Settings
from azure_llama.settings.network import NetworkSettings, OutboundRuleSettings, PrivateEndpointSettings
from azure_llama.settings.probes import ProbeSettings, ProbesSettings
from azure_llama.settings.problems import Problem, SettingsError
from azure_llama.settings.serverless import ConnectionSettings, ServerlessSettings
from azure_llama.settings.workspace import (
    EncryptionSettings,
    IdentitySettings,
    NamesSettings,
    WorkspaceSettings,
)

__all__ = [
    "AccessSettings",
    "AutoscaleSettings",
    "BreakerSettings",
    "BudgetSettings",
    "CodeSettings",
    "ComputeInstanceSettings",
    "ConnectionSettings",
    "CustomRoleSettings",
    "DataCollectionSettings",
    "DeploymentSettings",
    "EncryptionSettings",
    "EndpointIdentitySettings",
    "EndpointSettings",
    "EnvironmentSettings",
    "FilterRuleSettings",
    "FilterSettings",
    "FoundryDeploymentSettings",
    "FoundryNetworkSettings",
    "FoundrySettings",
    "GatewayMemberSettings",
    "GatewayModelSettings",
    "GatewaySettings",
    "IdentitySettings",
    "InferenceSettings",
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
    "StackEndpoint",
    "TeamSettings",
    "WorkspaceSettings",
    "load",
]
