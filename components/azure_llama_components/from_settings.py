"""Creates the endpoints and their key secrets from the stack's settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import signature
from typing import Any, TypeVar

from pulumi import Input, Output, ResourceOptions

from azure_llama.catalog.arm_ids import parse_arm_id
from azure_llama.catalog.kinds import MANAGED
from azure_llama.settings import (
    AutoscaleSettings,
    CodeSettings,
    DataCollectionSettings,
    DeploymentSettings,
    EnvironmentSettings,
    FilterRuleSettings,
    FilterSettings,
    FoundryNetworkSettings,
    FoundrySettings,
    InferenceSettings,
    ManagedSettings,
    PrivateEndpointSettings,
    ProbeSettings,
    ScalingRuleSettings,
    ScheduleSettings,
    Settings,
)
from azure_llama.settings.base import StrictModel
from azure_llama_components.autoscale import ScalingArgs, ScalingRuleArgs, ScheduleArgs
from azure_llama_components.configuration import holds_secrets
from azure_llama_components.containers import CodeArgs, EnvironmentArgs, InferenceArgs
from azure_llama_components.content_safety import ContentSafety, ContentSafetyArgs
from azure_llama_components.encryption import EncryptionArgs
from azure_llama_components.endpoint import EndpointComponent
from azure_llama_components.endpoint_secrets import EndpointSecrets, EndpointSecretsArgs
from azure_llama_components.foundry_account import ZONES, FoundryAccount, FoundryAccountArgs, FoundryNetworkArgs
from azure_llama_components.foundry_children import FilterArgs, FilterRuleArgs, FoundryDeploymentArgs
from azure_llama_components.managed_deployment import DataCollectionArgs, ManagedDeploymentArgs, ProbeArgs
from azure_llama_components.managed_endpoint import ManagedEndpoint
from azure_llama_components.managed_endpoint_args import ManagedEndpointArgs
from azure_llama_components.model_subscription import ModelSubscription, subscribe
from azure_llama_components.network import SubnetArgs
from azure_llama_components.private_zones import PrivateZones
from azure_llama_components.served_model import served_model
from azure_llama_components.serverless_endpoint import ServerlessEndpoint, ServerlessEndpointArgs
from azure_llama_components.stack_group import Home, workspace_of
from azure_llama_components.workspace import Workspace
from azure_llama_components.workspace_connection import WorkspaceConnection, WorkspaceConnectionArgs

_Arguments = TypeVar("_Arguments")


def model_subscriptions(settings: Settings, home: Home) -> dict[str, ModelSubscription]:
    """A subscription for each model that a serverless endpoint is to have, by the model."""
    if not settings.serverless:
        return {}
    return subscribe(workspace_of(home), (served_model(asked.reference) for asked in settings.serverless.values()))


def serverless_endpoints(
    settings: Settings, home: Home, subscribed: Mapping[str, ModelSubscription]
) -> dict[str, ServerlessEndpoint]:
    """The serverless endpoints by name, with the connections to each."""
    made: dict[str, ServerlessEndpoint] = {}
    first_of: dict[str, ServerlessEndpoint] = {}
    for name, asked in settings.serverless.items():
        # Azure takes one endpoint of a model: of two, it is always the first one that is made, and the second refused.
        first = first_of.get(asked.model)
        made[name] = ServerlessEndpoint(
            name,
            arguments(
                ServerlessEndpointArgs,
                asked,
                name=name,
                workspace=workspace_of(home),
                model=served_model(asked.reference),
                subscription=subscribed.get(asked.model),
                tags=settings.tags,
            ),
            ResourceOptions(depends_on=[first.resource]) if first else None,
        )
        first_of.setdefault(asked.model, made[name])
        for key, connection in asked.connections.items():
            WorkspaceConnection(
                f"{name}.{key}-connection",
                WorkspaceConnectionArgs(name=key, workspace_id=connection.workspace, endpoint=made[name]),
            )
    return made


def managed_endpoints(
    settings: Settings, home: Home, _: Mapping[str, ModelSubscription] | None = None
) -> dict[str, ManagedEndpoint]:
    """The managed endpoints by name. Their models need no subscription."""
    return {
        name: ManagedEndpoint(name, _managed(name, asked, settings, workspace_of(home)))
        for name, asked in settings.managed.items()
    }


def foundry_accounts(
    settings: Settings, home: Home, _: Mapping[str, ModelSubscription] | None = None
) -> dict[str, FoundryAccount]:
    """The Foundry accounts by name."""
    networks = [asked.network.private_endpoint for asked in settings.foundry.values()]
    zones = None
    if any(network is not None and not network.dns_zone_ids for network in networks):
        zones = PrivateZones(
            "foundry-zones",
            zones=ZONES,
            resource_group_name=home.resource_group_name,
            tags=settings.tags,
            depends_on=home.depends_on,
        )
    return {
        name: FoundryAccount(name, _account(name, asked, settings, home, zones))
        for name, asked in settings.foundry.items()
    }


def content_safety(settings: Settings, home: Home) -> ContentSafety | None:
    """The one account for callers of all managed endpoints; None when every one of them opts out."""
    if not settings.has_content_safety:
        return None
    workspace, asked = workspace_of(home), settings.workspace
    assert asked is not None, "the settings let through a stack without a workspace"
    return ContentSafety(
        "content-safety",
        ContentSafetyArgs(
            name=workspace.names.content_safety,
            subscription_id=workspace.subscription_id,
            resource_group_name=workspace.resource_group_name,
            location=workspace.location,
            public_network_access=asked.network.public_network_access,
            depends_on=workspace.depends_on,
            tags=settings.tags,
        ),
    )


def key_secrets(
    settings: Settings, home: Home, endpoints: Mapping[str, EndpointComponent]
) -> dict[str, EndpointSecrets]:
    """The key secrets of all endpoints that have keys, in the configured key vault; none without one."""
    asked = settings.secrets
    if asked is None:
        return {}
    vault = parse_arm_id(asked.key_vault)
    assert vault or home.key_vault, "the settings let through a vault that this stack does not make"
    return {
        name: EndpointSecrets(
            f"{name}-secrets",
            EndpointSecretsArgs(
                endpoint_name=name,
                keys=endpoint.keys,
                vault_name=vault.name if vault else workspace_of(home).names.key_vault,
                resource_group_name=vault.resource_group if vault else home.resource_group_name,
                expires_on=asked.expires_on,
                depends_on=home.depends_on,
                deleted_with=None if vault else home.key_vault,
                tags=settings.tags,
            ),
        )
        for name, endpoint in endpoints.items()
        if endpoint.keys is not None
    }


def log_analytics(diagnostics: bool | None, settings: Settings, home: Home) -> Output[str] | None:
    """ARM id of the stack's Log Analytics, for an endpoint that has diagnostics or does as the workspace."""
    wanted = (settings.workspace is not None and settings.workspace.diagnostics) if diagnostics is None else diagnostics
    return home.log_analytics_id if wanted else None


def _managed(name: str, asked: ManagedSettings, settings: Settings, workspace: Workspace) -> ManagedEndpointArgs:
    logs = log_analytics(asked.diagnostics, settings, workspace)
    traffic = asked.traffic
    return arguments(
        ManagedEndpointArgs,
        asked,
        name=name,
        workspace=workspace,
        deployments={
            key: _deployment(each, traffic.get(key, 0), stopped=key not in asked.running)
            for key, each in asked.deployments.items()
        },
        identity_id=asked.identity.id,
        shared_quota_since=asked.shared_quota.since if asked.shared_quota else None,
        log_analytics_id=logs,
        tags={**settings.tags, **asked.tags},
    )


def _account(
    name: str, asked: FoundrySettings, settings: Settings, home: Home, zones: PrivateZones | None
) -> FoundryAccountArgs:
    return arguments(
        FoundryAccountArgs,
        asked,
        name=name,
        home=home,
        deployments={
            key: arguments(FoundryDeploymentArgs, each, format=each.publisher)
            for key, each in asked.deployments.items()
        },
        identity_id=asked.identity.id,
        encryption=EncryptionArgs(**asked.encryption.model_dump()) if asked.encryption else None,
        log_analytics_id=None
        if asked.diagnostics is False
        else asked.log_analytics_id or log_analytics(asked.diagnostics, settings, home),
        zones=zones,
        tags={**settings.tags, **asked.tags},
    )


def _deployment(asked: DeploymentSettings, traffic: int, *, stopped: bool) -> ManagedDeploymentArgs:
    return arguments(
        ManagedDeploymentArgs,
        asked,
        model=asked.model if asked.workspace_model or asked.model is None else served_model(asked.reference),
        base=asked.catalog_model if asked.base else None,
        instances=asked.initial_instances,
        traffic=traffic,
        stopped=stopped,
        environment_variables=_variables(asked),
        liveness=_argument(asked.probes.liveness),
        readiness=_argument(asked.probes.readiness),
        startup=_argument(asked.probes.startup),
    )


def _variables(asked: DeploymentSettings) -> dict[str, Input[str]]:
    # Which value of the map was encrypted, the engine does not tell: all of them stay secrets in the state.
    if not holds_secrets(MANAGED.setting):
        return dict(asked.environment_variables)
    return {name: Output.secret(value) for name, value in asked.environment_variables.items()}


_ARGUMENTS: dict[type, Callable[..., Any]] = {
    AutoscaleSettings: ScalingArgs,
    CodeSettings: CodeArgs,
    DataCollectionSettings: DataCollectionArgs,
    FilterRuleSettings: FilterRuleArgs,
    FilterSettings: FilterArgs,
    FoundryNetworkSettings: FoundryNetworkArgs,
    PrivateEndpointSettings: SubnetArgs,
    EnvironmentSettings: EnvironmentArgs,
    InferenceSettings: InferenceArgs,
    ProbeSettings: ProbeArgs,
    ScalingRuleSettings: ScalingRuleArgs,
    ScheduleSettings: ScheduleArgs,
}
"""The arguments' class of each part of the settings that is one argument of a component."""


def arguments(kind: Callable[..., _Arguments], asked: StrictModel, **others: Any) -> _Arguments:
    """A component's arguments: those of the settings' names have the settings' values.

    Args:
        kind: Required. The arguments' class.
        asked: Required. The settings.
        others: Optional. Arguments that are not among the settings, or have another value there.
    """
    names = signature(kind).parameters.keys() & type(asked).model_fields.keys()
    values = {name: _argument(getattr(asked, name)) for name in names - others.keys()}
    return kind(**values, **others)


def _argument(value: Any) -> Any:
    match value:
        case StrictModel():
            return arguments(_ARGUMENTS[type(value)], value)
        case dict():
            return {name: _argument(each) for name, each in value.items()}
        case list():
            return [_argument(each) for each in value]
    return value
