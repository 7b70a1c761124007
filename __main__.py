"""The stack: its settings, its components, its outputs. Another model is a change of its YAML, not of this file."""

from __future__ import annotations

import pulumi

from components import (
    ManagedDeploymentArgs,
    ManagedEndpoint,
    ManagedEndpointArgs,
    ServerlessEndpoint,
    ServerlessEndpointArgs,
    Workspace,
    WorkspaceArgs,
    read_settings,
    subscribe,
)

settings = read_settings()
tags = settings.tags

workspace = Workspace(
    settings.workspace.name,
    WorkspaceArgs(name=settings.workspace.name, kind=settings.workspace.kind, location=settings.location, tags=tags),
)

subscriptions = subscribe(workspace, (asked.model for asked in settings.serverless.values()))

serverless = {
    name: ServerlessEndpoint(
        name,
        ServerlessEndpointArgs(
            name=name,
            workspace=workspace,
            model=asked.model,
            subscription=subscriptions.get(asked.model),
            content_safety=asked.content_safety,
            tags=tags,
        ),
    )
    for name, asked in settings.serverless.items()
}

managed = {
    name: ManagedEndpoint(
        name,
        ManagedEndpointArgs(
            name=name,
            workspace=workspace,
            auth=asked.auth,
            deployments={
                key: ManagedDeploymentArgs(
                    model=deployment.model,
                    model_version=deployment.model_version,
                    vm_size=deployment.vm_size,
                    instances=deployment.instances,
                    traffic=asked.traffic[key],
                )
                for key, deployment in asked.deployments.items()
            },
            tags=tags,
        ),
    )
    for name, asked in settings.managed.items()
}

endpoints: dict[str, ServerlessEndpoint | ManagedEndpoint] = {**serverless, **managed}
pulumi.export("workspace", workspace.outputs)
pulumi.export("endpoints", {name: endpoint.outputs for name, endpoint in endpoints.items()})
keys = {name: endpoint.keys for name, endpoint in endpoints.items() if endpoint.keys is not None}
pulumi.export("keys", pulumi.Output.secret(keys))
pulumi.export("marketplace", {model: subscription.outputs for model, subscription in subscriptions.items()})
