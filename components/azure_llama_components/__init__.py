"""Pulumi components: one Azure concept a module.

Each takes a name, an `...Args` object and Pulumi's resource options, and has `outputs`, data for a stack's export.
Locations, names, models and sizes are plain values throughout, so that policies see them in a first preview.
"""

from __future__ import annotations

from azure_llama_components.access import Callers, CallersArgs, DeployerRole, DeployerRoleArgs, Principal
from azure_llama_components.autoscale import Autoscale, AutoscaleArgs, ScalingArgs, ScalingRuleArgs, ScheduleArgs
from azure_llama_components.budget import Budget, BudgetArgs
from azure_llama_components.compute_instance import AssignedUser, ComputeInstance, ComputeInstanceArgs
from azure_llama_components.configuration import read_settings, stack_config
from azure_llama_components.containers import CodeArgs, EnvironmentArgs, InferenceArgs
from azure_llama_components.content_safety import ContentSafety, ContentSafetyArgs
from azure_llama_components.encryption import EncryptionArgs
from azure_llama_components.endpoint import EndpointComponent
from azure_llama_components.endpoint_secrets import EndpointSecrets, EndpointSecretsArgs
from azure_llama_components.foundry_account import FoundryAccount, FoundryAccountArgs, FoundryNetworkArgs
from azure_llama_components.foundry_children import FilterArgs, FilterRuleArgs, FoundryDeploymentArgs
from azure_llama_components.from_settings import (
    content_safety,
    foundry_accounts,
    key_secrets,
    managed_endpoints,
    model_subscriptions,
    serverless_endpoints,
)
from azure_llama_components.identity import IdentityArgs
from azure_llama_components.kinds import all_endpoints, endpoint_outputs
from azure_llama_components.llama_stack import LlamaStack, LlamaStackArgs
from azure_llama_components.locks import Locks, LocksArgs
from azure_llama_components.managed_deployment import DataCollectionArgs, ManagedDeploymentArgs, ProbeArgs
from azure_llama_components.managed_endpoint import ManagedEndpoint
from azure_llama_components.managed_endpoint_args import ManagedEndpointArgs
from azure_llama_components.model_subscription import ModelSubscription, ModelSubscriptionArgs, subscribe
from azure_llama_components.network import HostRule, NetworkArgs, PrivateEndpointRule, ServiceTagRule, SubnetArgs
from azure_llama_components.private_endpoint import PrivateEndpoint, PrivateEndpointArgs
from azure_llama_components.private_zones import PrivateZones
from azure_llama_components.program import make_stack
from azure_llama_components.serverless_endpoint import ServerlessEndpoint, ServerlessEndpointArgs
from azure_llama_components.stack import make_access, make_budget, make_locks, make_workspace
from azure_llama_components.stack_group import StackGroup
from azure_llama_components.workspace import Workspace
from azure_llama_components.workspace_args import ExistingWorkspaceArgs, InstanceArgs, WorkspaceArgs
from azure_llama_components.workspace_connection import WorkspaceConnection, WorkspaceConnectionArgs

__all__ = [
    "AssignedUser",
    "Autoscale",
    "AutoscaleArgs",
    "Budget",
    "BudgetArgs",
    "Callers",
    "CallersArgs",
    "CodeArgs",
    "ComputeInstance",
    "ComputeInstanceArgs",
    "ContentSafety",
    "ContentSafetyArgs",
    "DataCollectionArgs",
    "DeployerRole",
    "DeployerRoleArgs",
    "EncryptionArgs",
    "EndpointComponent",
    "EndpointSecrets",
    "EndpointSecretsArgs",
    "EnvironmentArgs",
    "ExistingWorkspaceArgs",
    "FilterArgs",
    "FilterRuleArgs",
    "FoundryAccount",
    "FoundryAccountArgs",
    "FoundryDeploymentArgs",
    "FoundryNetworkArgs",
    "HostRule",
    "IdentityArgs",
    "InferenceArgs",
    "InstanceArgs",
    "LlamaStack",
    "LlamaStackArgs",
    "Locks",
    "LocksArgs",
    "ManagedDeploymentArgs",
    "ManagedEndpoint",
    "ManagedEndpointArgs",
    "ModelSubscription",
    "ModelSubscriptionArgs",
    "NetworkArgs",
    "Principal",
    "PrivateEndpoint",
    "PrivateEndpointArgs",
    "PrivateEndpointRule",
    "PrivateZones",
    "ProbeArgs",
    "ScalingArgs",
    "ScalingRuleArgs",
    "ScheduleArgs",
    "ServerlessEndpoint",
    "ServerlessEndpointArgs",
    "ServiceTagRule",
    "StackGroup",
    "SubnetArgs",
    "Workspace",
    "WorkspaceArgs",
    "WorkspaceConnection",
    "WorkspaceConnectionArgs",
    "all_endpoints",
    "content_safety",
    "endpoint_outputs",
    "foundry_accounts",
    "key_secrets",
    "make_access",
    "make_budget",
    "make_locks",
    "make_stack",
    "make_workspace",
    "managed_endpoints",
    "model_subscriptions",
    "read_settings",
    "serverless_endpoints",
    "stack_config",
    "subscribe",
]
