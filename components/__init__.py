"""Pulumi components: one Azure concept a module.

Each takes a name, an `...Args` object and Pulumi's resource options, and has `outputs`, data for a stack's export.
Locations, names, models and sizes are plain values throughout, so that policies see them in a first preview.
"""

from __future__ import annotations

from components.configuration import read_settings, stack_config
from components.managed_deployment import ManagedDeploymentArgs
from components.managed_endpoint import ManagedEndpoint, ManagedEndpointArgs
from components.model_subscription import ModelSubscription, ModelSubscriptionArgs, subscribe
from components.serverless_endpoint import ServerlessEndpoint, ServerlessEndpointArgs
from components.workspace import Workspace, WorkspaceArgs

__all__ = [
    "ManagedDeploymentArgs",
    "ManagedEndpoint",
    "ManagedEndpointArgs",
    "ModelSubscription",
    "ModelSubscriptionArgs",
    "ServerlessEndpoint",
    "ServerlessEndpointArgs",
    "Workspace",
    "WorkspaceArgs",
    "read_settings",
    "stack_config",
    "subscribe",
]
