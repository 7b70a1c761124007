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
from azure_llama_components.content_safety import ContentSafety, ContentSafetyArgs
from azure_llama_components.encryption import EncryptionArgs
from azure_llama_components.endpoint import EndpointComponent
from azure_llama_components.endpoint_secrets import EndpointSecrets, EndpointSecretsArgs
from azure_llama_components.from_settings import (
    content_safety,
    key_secrets,
    managed_endpoints,
    model_subscriptions,
    serverless_endpoints,
)
from azure_llama_components.identity import IdentityArgs
from azure_llama_components.kinds import all_endpoints
from azure_llama_components.llama_stack import LlamaStack, LlamaStackArgs
from azure_llama_components.locks import Locks, LocksArgs
from azure_llama_components.managed_deployment import DataCollectionArgs, ManagedDeploymentArgs, ProbeArgs
from azure_llama_components.managed_endpoint import ManagedEndpoint, ManagedEndpointArgs
from azure_llama_components.model_subscription import ModelSubscription, ModelSubscriptionArgs, subscribe
from azure_llama_components.network import HostRule, NetworkArgs, PrivateEndpointRule, ServiceTagRule, SubnetArgs
from azure_llama_components.private_endpoint import PrivateEndpoint, PrivateEndpointArgs
from azure_llama_components.serverless_endpoint import ServerlessEndpoint, ServerlessEndpointArgs
from azure_llama_components.stack import make_access, make_budget, make_locks, make_workspace
from azure_llama_components.whole_stack import make_stack
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
    "ExistingWorkspaceArgs",
    "HostRule",
    "IdentityArgs",
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
    "ProbeArgs",
    "ScalingArgs",
    "ScalingRuleArgs",
    "ScheduleArgs",
    "ServerlessEndpoint",
    "ServerlessEndpointArgs",
    "ServiceTagRule",
    "SubnetArgs",
    "Workspace",
    "WorkspaceArgs",
    "WorkspaceConnection",
    "WorkspaceConnectionArgs",
    "all_endpoints",
    "content_safety",
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
