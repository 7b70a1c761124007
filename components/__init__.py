"""Pulumi components: one Azure concept a module.

Each takes a name, an `...Args` object and Pulumi's resource options, and has `outputs`, data for a stack's export.
Locations, names, models and sizes are plain values throughout, so that policies see them in a first preview.
"""

from __future__ import annotations

from components.access import Callers, CallersArgs, DeployerRole, DeployerRoleArgs, Principal
from components.autoscale import Autoscale, AutoscaleArgs, ScalingArgs, ScalingRuleArgs, ScheduleArgs
from components.budget import Budget, BudgetArgs
from components.compute_instance import AssignedUser, ComputeInstance, ComputeInstanceArgs
from components.configuration import read_settings, stack_config
from components.content_safety import ContentSafety, ContentSafetyArgs
from components.encryption import EncryptionArgs
from components.endpoint_secrets import EndpointSecrets, EndpointSecretsArgs
from components.from_settings import (
    all_endpoints,
    content_safety,
    key_secrets,
    managed_endpoints,
    model_subscriptions,
    serverless_endpoints,
)
from components.identity import IdentityArgs
from components.locks import Locks, LocksArgs
from components.managed_deployment import DataCollectionArgs, ManagedDeploymentArgs, ProbeArgs
from components.managed_endpoint import ManagedEndpoint, ManagedEndpointArgs
from components.model_subscription import ModelSubscription, ModelSubscriptionArgs, subscribe
from components.network import HostRule, NetworkArgs, PrivateEndpointRule, ServiceTagRule, SubnetArgs
from components.private_endpoint import PrivateEndpoint, PrivateEndpointArgs
from components.serverless_endpoint import ServerlessEndpoint, ServerlessEndpointArgs
from components.stack import make_access, make_budget, make_locks, make_workspace
from components.workspace import Workspace
from components.workspace_args import ExistingWorkspaceArgs, InstanceArgs, WorkspaceArgs
from components.workspace_connection import WorkspaceConnection, WorkspaceConnectionArgs

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
    "EndpointSecrets",
    "EndpointSecretsArgs",
    "ExistingWorkspaceArgs",
    "HostRule",
    "IdentityArgs",
    "InstanceArgs",
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
    "make_workspace",
    "managed_endpoints",
    "model_subscriptions",
    "read_settings",
    "serverless_endpoints",
    "stack_config",
    "subscribe",
]
