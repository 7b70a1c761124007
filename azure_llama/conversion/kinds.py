"""Every field of a file for `az ml`, and its conversion to a stack.

docs/from-elsewhere.md has these tables; `make test-clients` compares them with the schemas of azure-ai-ml.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from azure_llama.conversion.fields import Field, Kind
from azure_llama.conversion.values import (
    boolean,
    choice,
    duration,
    integer,
    number,
    percentages,
    sequence,
    texts,
    variables,
    whole_seconds,
)


def _ignored(*paths: str) -> tuple[Field, ...]:
    return tuple(Field(path, note="Azure writes it", ignored=True) for path in paths)


def _dropped(note: str, *paths: str) -> tuple[Field, ...]:
    return tuple(Field(path, note=note) for path in paths)


def _probe(theirs: str, ours: str) -> tuple[Field, ...]:
    keys = {
        "initial_delay": "initialDelaySeconds",
        "period": "periodSeconds",
        "timeout": "timeoutSeconds",
        "success_threshold": "successThreshold",
        "failure_threshold": "failureThreshold",
    }
    return tuple(Field(f"{theirs}.{name}", f"probes.{ours}.{key}", read=integer) for name, key in keys.items())


_ACCESS = choice({"enabled": "Enabled", "disabled": "Disabled"})
_SYSTEM = ("$schema", "id", "provisioning_state", "resourceGroup")
_CLUSTER = "belongs to a Kubernetes cluster; a managed endpoint runs on VMs of Azure, see vmSize"
_ASSET = "belongs to the asset itself: pass it to the `az ml` command that registers the asset"

ENDPOINT = (
    *_ignored(*_SYSTEM, "kind", "scoring_uri", "openapi_uri", "identity.principal_id", "identity.tenant_id"),
    Field("name", "NAME", "a key of `azure-llama:managed`"),
    Field("description", "description"),
    Field("tags", "tags", read=texts),
    Field("properties", "properties", "without the entries that Azure adds", texts),
    Field(
        "auth_mode",
        "auth",
        "`Key` when not set, as `az ml` does; a stack's own default is `AADToken`",
        choice({"key": "Key", "aml_token": "AMLToken", "aad_token": "AADToken"}),
    ),
    Field("location", "azure-native:location", "one region for the whole stack"),
    Field(
        "identity.type",
        "identity.type",
        "`none` is not carried: Azure requires an identity to read model and image",
        choice({"system_assigned": "SystemAssigned", "user_assigned": "UserAssigned", "none": ""}),
    ),
    Field("identity.user_assigned_identities", "identity.id", "the `resource_id` of the one identity", sequence),
    Field("traffic", "deployments.NAME.traffic", read=percentages),
    Field("mirror_traffic", "mirrorTraffic", read=percentages),
    Field("public_network_access", "publicNetworkAccess", read=_ACCESS),
    *_dropped(_CLUSTER, "compute"),
)

_MODEL = (
    Field("model", "model", "a model of a registry: the catalogue's name or the id, and `modelVersion`"),
    Field("model.name", "model", "the name under which you register it; ENDPOINT-DEPLOYMENT when not set"),
    Field("model.version", "model", "1 when not set"),
    Field("model.path", "model", "files are not uploaded: the notes have the command that registers them"),
    Field("model.type", "model", "for the command that registers it"),
    *_dropped(
        _ASSET,
        *("model.description", "model.properties", "model.tags", "model.stage", "model.flavors", "model.datastore"),
        *("model.system_metadata", "model.default_deployment_template", "model.allowed_deployment_templates"),
    ),
    *_ignored(
        *("model.$schema", "model.id", "model.utc_time_created", "model.creation_context", "model.job_name"),
        *("model.latest_version", "model.intellectual_property"),
    ),
)

_ENVIRONMENT = (
    Field("environment", "environment", "an id with a version; a label is replaced by the version that you look up"),
    Field("environment.image", "environment.image", "with `conda_file` or `build`: register it, and name its id"),
    Field("environment.conda_file", "environment", "the notes have the command that registers it", lambda value: value),
    Field("environment.build.path", "environment", "the notes have the command that registers it"),
    Field("environment.build.dockerfile_path", "environment", "the notes have the command that registers it"),
    Field("environment.inference_config.liveness_route.path", "environment.inference.liveness"),
    Field("environment.inference_config.readiness_route.path", "environment.inference.readiness"),
    Field(
        "environment.inference_config.scoring_route.path",
        "environment.inference.scoring",
        "decides `serves` too: `openai` for `/` and paths below `/v1/c`, `score` for others",
    ),
    *(
        Field(f"environment.inference_config.{route}_route.port", "environment.inference.port", "one for all", integer)
        for route in ("liveness", "readiness", "scoring")
    ),
    Field("environment.name", "environment", "of an environment that you register; the stack names its own"),
    Field("environment.version", "environment", "1 when not set"),
    *_dropped(
        "belongs to the environment itself: it stays in the map that you register, and is left out otherwise",
        *("environment.description", "environment.tags", "environment.datastore", "environment.auto_delete_setting"),
    ),
    Field("environment.os_type", note="managed endpoints run Linux containers", usual="linux"),
    *_ignored(
        *("environment.$schema", "environment.id", "environment.creation_context", "environment.latest_version"),
        "environment.intellectual_property",
    ),
)

_COLLECTOR = (
    Field(
        "data_collector.collections.*.enabled", "dataCollection.collections", "the names of those that are on", boolean
    ),
    Field("data_collector.sampling_rate", "dataCollection.samplingRate", read=number),
    Field(
        "data_collector.rolling_rate",
        "dataCollection.rollingRate",
        read=choice({name.casefold(): name for name in ("Minute", "Hour", "Day", "Month", "Year")}),
    ),
    Field("data_collector.request_logging.capture_headers", "dataCollection.captureHeaders", read=sequence),
    *_dropped(
        "collected data goes to the workspace's blob store, in a data asset that Azure names",
        *("data_collector.collections.*.data", "data_collector.collections.*.client_id"),
    ),
)

_AUTOSCALE = "scales in a cluster alone: set `autoscale`, by metrics of Azure Monitor, or `instances`"
_SCALING = (
    Field("scale_settings.type", note=_AUTOSCALE, usual="default"),
    *_dropped(
        _AUTOSCALE,
        *("scale_settings.min_instances", "scale_settings.max_instances", "scale_settings.polling_interval"),
        "scale_settings.target_utilization_percentage",
    ),
)

DEPLOYMENT = (
    *_ignored(*_SYSTEM, "creation_context"),
    Field("type", note="becomes a managed deployment", usual="managed"),
    Field("name", "NAME", "a key of the endpoint's `deployments`"),
    Field("endpoint_name", "NAME", "the endpoint whose `deployments` it joins"),
    Field("description", "description"),
    Field("tags", "tags", read=texts),
    Field("properties", "properties", "without the entries that Azure adds", texts),
    *_MODEL,
    Field("model_mount_path", "modelMountPath"),
    *_ENVIRONMENT,
    Field("code_configuration.code", "codeConfiguration.code", "the id of a code asset: files are not uploaded"),
    Field("code_configuration.scoring_script", "codeConfiguration.scoringScript"),
    *_ignored("code_configuration.$schema"),
    Field("environment_variables", "environmentVariables", "what looks like a secret is not printed", variables),
    Field("instance_type", "vmSize", "a GPU size; sizes without a GPU are refused"),
    Field("instance_count", "instances", read=integer),
    Field("app_insights_enabled", "applicationInsights", "on when not set; `az ml` has it off", boolean),
    Field("request_settings.request_timeout_ms", "requestTimeoutSeconds", "whole seconds, rounded up", whole_seconds),
    Field(
        "request_settings.max_concurrent_requests_per_instance",
        "maxConcurrentRequestsPerInstance",
        read=integer,
    ),
    Field("request_settings.max_queue_wait_ms", "maxQueueWait", "an ISO 8601 duration", duration),
    *_probe("liveness_probe", "liveness"),
    *_probe("readiness_probe", "readiness"),
    *_COLLECTOR,
    Field("egress_public_network_access", "egressPublicNetworkAccess", read=_ACCESS),
    Field(
        "private_network_connection",
        note="belongs to the workspace: set `azure-llama:workspace.network`",
        usual="false",
    ),
    *_SCALING,
    *_dropped(_CLUSTER, "resources"),
)

_TAGS = "serverless endpoints of a stack have the stack's tags alone: set `azure-llama:tags`"
SERVERLESS = (
    *_ignored(*_SYSTEM, "scoring_uri", "headers", "system_data"),
    Field("name", "NAME", "a key of `azure-llama:serverless`"),
    Field("model_id", "model", "the catalogue's name, or the id without a version: Azure serves the newest"),
    Field("auth_mode", "auth", read=choice({"key": "Key", "aad": "AAD", "key_and_aad": "KeyAndAAD"})),
    Field("location", "azure-native:location", "one region for the whole stack"),
    *_dropped(_TAGS, "tags"),
    *_dropped("serverless endpoints of a stack have none: keep it as a comment", "description", "properties"),
)

_OFFER = "the stack subscribes to each model of its serverless endpoints itself, under a name of its own"
SUBSCRIPTION = (
    *_ignored(*_SYSTEM, "status", "system_data", "marketplace_plan"),
    *_dropped(_OFFER, "name", "model_id"),
)


ONLINE_ENDPOINT, ONLINE_DEPLOYMENT = "online-endpoint", "online-deployment"
SERVERLESS_ENDPOINT, MARKETPLACE_SUBSCRIPTION = "serverless-endpoint", "marketplace-subscription"
KINDS: Final[Mapping[str, Kind]] = {
    ONLINE_ENDPOINT: Kind(
        "online endpoint", ("onlineEndpoint", "managedOnlineEndpoint", "kubernetesOnlineEndpoint"), ENDPOINT
    ),
    ONLINE_DEPLOYMENT: Kind(
        "online deployment", ("onlineDeployment", "managedOnlineDeployment", "kubernetesOnlineDeployment"), DEPLOYMENT
    ),
    SERVERLESS_ENDPOINT: Kind("serverless endpoint", ("serverlessEndpoint",), SERVERLESS),
    MARKETPLACE_SUBSCRIPTION: Kind("marketplace subscription", ("marketplaceSubscription",), SUBSCRIPTION),
}
"""The kinds of files, by name."""
