"""Endpoints, serverless and managed, and what a stack makes of their keys."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from azure_llama.catalog import names
from azure_llama.catalog.limits import (
    INSTANCES_PER_DEPLOYMENT,
    MIRROR_TRAFFIC,
    REQUEST_TIMEOUT,
    SHARED_QUOTA_HOURS,
)
from azure_llama.catalog.metrics import COOLDOWN_MINUTES, WINDOW_MINUTES
from azure_llama.settings import checks, deployment_relations, endpoint_checks, relations
from azure_llama.settings.azure_checks import arm_id
from azure_llama.settings.base import StrictModel, first, plain

ServerlessModel = Annotated[str, AfterValidator(endpoint_checks.serverless_model)]
ManagedModel = Annotated[str, AfterValidator(endpoint_checks.managed_model)]
ModelVersion = Annotated[str, AfterValidator(checks.model_version)]
VmSize = Annotated[str, AfterValidator(checks.vm_size)]
Environment = Annotated[str, AfterValidator(endpoint_checks.environment)]
ServerlessName = Annotated[str, AfterValidator(checks.named(names.SERVERLESS_ENDPOINT))]
ManagedName = Annotated[str, AfterValidator(checks.named(names.ONLINE_ENDPOINT))]
DeploymentName = Annotated[str, AfterValidator(checks.named(names.ONLINE_DEPLOYMENT))]
ConnectionName = Annotated[str, AfterValidator(checks.named(names.CONNECTION))]
WorkspaceId = Annotated[
    str, AfterValidator(arm_id("Microsoft.MachineLearningServices/workspaces", "an Azure ML workspace"))
]
IdentityId = Annotated[
    str, AfterValidator(arm_id("Microsoft.ManagedIdentity/userAssignedIdentities", "a user-assigned identity"))
]
VaultId = Annotated[str, AfterValidator(endpoint_checks.vault)]
Percentage = Annotated[int, AfterValidator(checks.between(0, 100, "a percentage"))]
MirrorPercentage = Annotated[
    int, AfterValidator(checks.between(1, MIRROR_TRAFFIC.low, "the percentage that Azure mirrors"))
]
Instances = Annotated[
    int, AfterValidator(checks.between(1, INSTANCES_PER_DEPLOYMENT.low, "the instances that Azure gives a deployment"))
]
Seconds = Annotated[int, AfterValidator(endpoint_checks.at_least(1, "number of seconds"))]
Times = Annotated[int, AfterValidator(endpoint_checks.at_least(1, "number of times"))]
Day = Annotated[date, BeforeValidator(endpoint_checks.day)]
Moment = Annotated[datetime, BeforeValidator(endpoint_checks.moment)]
Clock = Annotated[time, BeforeValidator(endpoint_checks.clock)]

SwitchedOn = Literal["Enabled", "Disabled"]


class ConnectionSettings(StrictModel):
    """A connection to a serverless endpoint from another workspace.

    Attributes:
        workspace: Required. ARM id of the workspace or project that is to use the endpoint; same subscription.
    """

    workspace: WorkspaceId = Field(description="the ARM id of the workspace that is to use the endpoint")


class ServerlessSettings(StrictModel):
    """A serverless endpoint.

    Attributes:
        model: Required. A model of the catalogue, or another publisher's by its asset id without a version.
        content_safety: Optional. Whether Azure filters prompts and answers.
        auth: Optional. What callers send. `Key` is the only one that is known to work; the other two are in ARM's
            schema, and users report that endpoints of Llama refuse Entra tokens.
        connections: Optional. Connections to it in other workspaces, by name; they hold a key of the endpoint.
    """

    model: ServerlessModel = Field(description="a model of the catalogue, such as 'Llama-3.3-70B-Instruct'")
    content_safety: bool = True
    auth: Literal["Key", "AAD", "KeyAndAAD"] = "Key"
    connections: dict[ConnectionName, ConnectionSettings] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _related(self) -> Self:
        first(relations.serverless(plain(self)))
        return self

    @property
    def has_keys(self) -> bool:
        """Whether the endpoint has keys."""
        return self.auth != "AAD"


class DataCollectionSettings(StrictModel):
    """What a deployment keeps of prompts and answers, in the workspace's blob store.

    Attributes:
        sampling_rate: Optional. The share of requests that is kept, above 0 up to 1; of each collection.
        rolling_rate: Optional. How often a new file is begun.
        collections: Optional. `request` and `response` need no scoring script; others are those of its Collectors.
        capture_headers: Optional. HTTP headers to keep.
    """

    sampling_rate: Annotated[float, AfterValidator(endpoint_checks.share)] = 1.0
    rolling_rate: Literal["Minute", "Hour", "Day", "Month", "Year"] = "Hour"
    collections: list[Annotated[str, AfterValidator(endpoint_checks.collection)]] = Field(
        default_factory=lambda: ["request", "response"]
    )
    capture_headers: list[Annotated[str, AfterValidator(endpoint_checks.header)]] = Field(default_factory=list)


class ProbeSettings(StrictModel):
    """How Azure finds out whether an instance works; what is left out is a default for large models.

    Attributes:
        initial_delay_seconds: Optional. Before the first question.
        period_seconds: Optional. Between two.
        timeout_seconds: Optional. For the answer.
        failure_threshold: Optional. Failures in a row that give an instance up.
        success_threshold: Optional. Successes in a row that trust it again; 1 for a liveness probe.
    """

    initial_delay_seconds: Seconds | None = None
    period_seconds: Seconds | None = None
    timeout_seconds: Seconds | None = None
    failure_threshold: Times | None = None
    success_threshold: Times | None = None


class ProbesSettings(StrictModel):
    """The probes of a deployment.

    Attributes:
        liveness: Optional. Whether an instance is to be restarted.
        readiness: Optional. Whether it gets requests.
        startup: Optional. Whether it has started, before the two others begin; none when None.
    """

    liveness: ProbeSettings = ProbeSettings()
    readiness: ProbeSettings = ProbeSettings()
    startup: ProbeSettings | None = None


class ScalingRuleSettings(StrictModel):
    """When to scale, and by how much. Exactly one of `above` and `below`.

    Attributes:
        metric: Required. A platform metric: of the deployment (utilisation, requests) or of its endpoint (latency, ms).
        above: Conditional. Scale out above this average, in the metric's unit.
        below: Conditional. Scale in below it.
        by: Optional. Instances to add or remove.
        window_minutes: Optional. Minutes that the average is of, 5 to 720.
    """

    metric: Literal[
        "GpuUtilizationPercentage",
        "GpuMemoryUtilizationPercentage",
        "CpuUtilizationPercentage",
        "CpuMemoryUtilizationPercentage",
        "RequestLatency",
        "RequestLatency_P50",
        "RequestLatency_P90",
        "RequestLatency_P95",
        "RequestLatency_P99",
        "RequestsPerMinute",
    ] = Field(description="a metric, such as 'GpuUtilizationPercentage' or 'RequestLatency_P95'")
    above: Annotated[int, AfterValidator(endpoint_checks.at_least(0, "threshold"))] | None = None
    below: Annotated[int, AfterValidator(endpoint_checks.at_least(0, "threshold"))] | None = None
    by: Instances = 1
    window_minutes: Annotated[
        int, AfterValidator(checks.between(*WINDOW_MINUTES, "the minutes that Azure Monitor looks back"))
    ] = 5


class ScheduleSettings(StrictModel):
    """A fixed number of instances at times of the week.

    Attributes:
        days: Required. Days of the week, in English.
        start: Optional. Time of each of those days at which it begins.
        end: Optional. Time of the same day at which it ends.
        time_zone: Optional. A time zone of Windows, which is what Azure Monitor takes.
        instances: Required. How many.
    """

    days: list[Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]] = Field(
        description="a list of days, such as [Saturday, Sunday]"
    )
    start: Clock = time(0, 0)
    end: Clock = time(23, 59)
    time_zone: Annotated[str, AfterValidator(endpoint_checks.time_zone)] = "UTC"
    instances: Instances = Field(description="a number of instances")


class AutoscaleSettings(StrictModel):
    """How Azure Monitor scales a deployment. Its number of instances is then no longer Pulumi's.

    Attributes:
        minimum: Optional. Instances, 1 or more: managed endpoints do not scale to none.
        maximum: Required. Instances, up to 50. Quota has to have them.
        default: Optional. Instances when there are no measurements; the minimum when None.
        rules: Required. At least one that scales out.
        cooldown_minutes: Optional. Between two steps, 1 to 10,080 (a week). A large model takes a quarter of an hour to
            start, and a rule that does not wait for it adds one more.
        schedules: Optional. By name.
    """

    minimum: Instances = 1
    maximum: Instances = Field(description="the most instances")
    default: Instances | None = None
    rules: list[ScalingRuleSettings] = Field(description="a list of at least one rule that scales out")
    cooldown_minutes: Annotated[
        int, AfterValidator(checks.between(*COOLDOWN_MINUTES, "the minutes that Azure Monitor can wait"))
    ] = 60
    schedules: dict[str, ScheduleSettings] = Field(default_factory=dict)

    @property
    def initial(self) -> int:
        """Instances to begin with."""
        return self.minimum if self.default is None else self.default


class DeploymentSettings(StrictModel):
    """A deployment behind a managed endpoint.

    Attributes:
        model: Required. A model of the catalogue, or another publisher's by its asset id without a version.
        model_version: Optional. Its version, as a text; the newest that the catalogue knows when None. Conditional:
            required where the catalogue knows none.
        vm_size: Required. A GPU size that Azure ML serves and that holds the model; see `fit`.
        instances: Optional. Virtual machines, 1 to 50; with `autoscale` only those to begin with.
        traffic: Optional. Percentage of the endpoint's requests, 0 to 100; see `ManagedSettings.traffic`.
        environment: Optional. Asset id of an environment: a container of one's own in place of the model's.
        packaged_model: Optional. Whether `environment` is what packaging the model made: image and weights in one.
            Conditional: only with `environment`.
        fit: Optional. `Unchecked` lets any size pass. Conditional: only with `environment`, whose container decides
            how the model is loaded.
        data_collection: Optional. What is kept of prompts and answers; nothing when None.
        application_insights: Optional. Whether the workspace's Application Insights gets traces.
        egress_public_network_access: Optional. Whether the container may reach the internet; only in workspaces
            without a managed network. Azure's default (`Enabled`) when None.
        environment_variables: Optional. Of the container. No place for secrets: Azure shows them to all readers.
        request_timeout_seconds: Optional. 1 to 180.
        max_concurrent_requests_per_instance: Optional. Azure's default (1) when None.
        probes: Optional. With defaults for large models.
        autoscale: Optional. Scaling by Azure Monitor; none when None.
    """

    model: ManagedModel = Field(description="a model of the catalogue, such as 'Meta-Llama-3.1-8B-Instruct'")
    model_version: ModelVersion | None = None
    vm_size: VmSize = Field(description="a GPU size, such as 'Standard_NC24ads_A100_v4'")
    instances: Instances = 1
    traffic: Percentage | None = None
    environment: Environment | None = None
    packaged_model: bool = False
    fit: Literal["Checked", "Unchecked"] = "Checked"
    data_collection: Annotated[DataCollectionSettings | None, BeforeValidator(endpoint_checks.yes_means_defaults)] = (
        None
    )
    application_insights: bool = True
    egress_public_network_access: SwitchedOn | None = None
    environment_variables: dict[Annotated[str, AfterValidator(endpoint_checks.variable)], str] = Field(
        default_factory=dict
    )
    request_timeout_seconds: Annotated[
        int, AfterValidator(checks.between(1, REQUEST_TIMEOUT.low, "the seconds that Azure gives a request"))
    ] = REQUEST_TIMEOUT.low
    max_concurrent_requests_per_instance: (
        Annotated[int, AfterValidator(endpoint_checks.at_least(1, "number of requests"))] | None
    ) = None
    probes: ProbesSettings = ProbesSettings()
    autoscale: AutoscaleSettings | None = None

    @model_validator(mode="after")
    def _related(self) -> Self:
        first(deployment_relations.deployment(plain(self)))
        return self

    @property
    def initial_instances(self) -> int:
        """Machines to begin with: `instances`, or autoscale's own number where that was left out."""
        return self.autoscale.initial if self.autoscale and "instances" not in self.model_fields_set else self.instances

    @property
    def most_instances(self) -> int:
        """The most machines that it can come to have, which is what quota has to hold."""
        scheduled = [each.instances for each in self.autoscale.schedules.values()] if self.autoscale else []
        return max(self.autoscale.maximum, *scheduled, 1) if self.autoscale else self.instances


class EndpointIdentitySettings(StrictModel):
    """Who an endpoint is when it reads its model and its image.

    Attributes:
        type: Optional. `SystemAssigned` gets its roles from Azure; `UserAssigned` has those that it was given.
        id: Conditional. ARM id of the identity; required with `UserAssigned`, and not allowed without.
    """

    type: Literal["SystemAssigned", "UserAssigned"] = "SystemAssigned"
    id: IdentityId | None = None


class SharedQuotaSettings(StrictModel):
    """Azure's shared quota, for tests: no GPU quota of one's own, and the endpoint goes after 168 hours.

    Attributes:
        since: Required. When the 168 hours begin, with its time zone. Stated, since a plan may not depend on the clock.
    """

    since: Moment = Field(description="when the 168 hours begin, such as '2026-11-25T18:00:00Z'")

    @property
    def deletion(self) -> datetime:
        """When Azure deletes the endpoint, in UTC."""
        return self.since + timedelta(hours=SHARED_QUOTA_HOURS.low)


class ManagedSettings(StrictModel):
    """A managed endpoint: one address, and the deployments behind it.

    Attributes:
        existing: Optional. Whether the endpoint is there already and not this stack's: then only `deployments` are,
            without traffic, and nothing else is said of it.
        auth: Optional. What callers send: an Entra token, an Azure ML token or a key.
        public_network_access: Optional. `Disabled`: callers come through the workspace's private endpoint.
        identity: Optional. Who the endpoint is.
        mirror_traffic: Optional. One deployment, and the percentage of requests (1 to 50) that it gets a copy of.
        content_safety: Optional. Whether the stack has an Azure AI Content Safety account for callers of this endpoint.
        shared_quota: Optional. Whether it runs on Azure's shared quota for tests.
        diagnostics: Optional. Whether its logs and metrics go to Log Analytics; as the workspace's when None.
        deployments: Required. At least one, by name.
    """

    existing: bool = False
    auth: Literal["AADToken", "AMLToken", "Key"] = "AADToken"
    public_network_access: SwitchedOn = "Enabled"
    identity: EndpointIdentitySettings = EndpointIdentitySettings()
    mirror_traffic: dict[str, MirrorPercentage] = Field(default_factory=dict)
    content_safety: bool = True
    shared_quota: SharedQuotaSettings | None = None
    diagnostics: bool | None = None
    deployments: dict[DeploymentName, DeploymentSettings] = Field(description="a map of at least one deployment")

    @model_validator(mode="after")
    def _related(self) -> Self:
        first(relations.endpoint(plain(self)))
        return self

    @property
    def traffic(self) -> dict[str, int]:
        """The percentage of every deployment: all of it for one that leaves it out alone, else 0 where left out.

        Empty for an endpoint that exists already: its traffic is not this stack's.
        """
        if self.existing:
            return {}
        if len(self.deployments) == 1:
            return {name: 100 if each.traffic is None else each.traffic for name, each in self.deployments.items()}
        return {name: each.traffic or 0 for name, each in self.deployments.items()}

    @property
    def has_keys(self) -> bool:
        """Whether the endpoint has keys that are this stack's to read."""
        return self.auth == "Key" and not self.existing


class SecretsSettings(StrictModel):
    """Keys of endpoints as secrets of a key vault.

    Attributes:
        key_vault: Optional. `workspace` for the workspace's own, or the ARM id of another; same subscription.
        expires_on: Required. The day on which they expire; 00:00 UTC.
    """

    key_vault: VaultId = "workspace"
    expires_on: Day = Field(description="the day on which the secrets expire, such as '2027-01-01'")
