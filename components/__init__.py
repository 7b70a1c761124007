"""Pulumi components: one Azure concept a module.

Each takes a name, an `...Args` object and Pulumi's resource options, and has `outputs`, data for a stack's export.
Locations, names, models and sizes are plain values throughout, so that policies see them in a first preview.
"""

from __future__ import annotations

from components.access import Callers, CallersArgs, DeployerRole, DeployerRoleArgs, Principal
from components.budget import Budget, BudgetArgs
from components.compute_instance import AssignedUser, ComputeInstance, ComputeInstanceArgs
from components.configuration import read_settings, stack_config
from components.encryption import EncryptionArgs
from components.identity import IdentityArgs
from components.locks import Locks, LocksArgs
from components.managed_deployment import ManagedDeploymentArgs
from components.managed_endpoint import ManagedEndpoint, ManagedEndpointArgs
from components.model_subscription import ModelSubscription, ModelSubscriptionArgs, subscribe
from components.network import HostRule, NetworkArgs, PrivateEndpointRule, ServiceTagRule, SubnetArgs
from components.private_endpoint import PrivateEndpoint, PrivateEndpointArgs
from components.serverless_endpoint import ServerlessEndpoint, ServerlessEndpointArgs
from components.workspace import Workspace
from components.workspace_args import ExistingWorkspaceArgs, InstanceArgs, WorkspaceArgs

__all__ = [
    "AssignedUser",
    "Budget",
    "BudgetArgs",
    "Callers",
    "CallersArgs",
    "ComputeInstance",
    "ComputeInstanceArgs",
    "DeployerRole",
    "DeployerRoleArgs",
    "EncryptionArgs",
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
    "ServerlessEndpoint",
    "ServerlessEndpointArgs",
    "ServiceTagRule",
    "SubnetArgs",
    "Workspace",
    "WorkspaceArgs",
    "read_settings",
    "stack_config",
    "subscribe",
]
