"""Deployments of managed endpoints: what each runs, on what, and how it is watched and scaled."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from azure_llama.catalog import GpuSize, Model
from azure_llama.catalog.limits import INSTANCES_PER_DEPLOYMENT, REQUEST_TIMEOUT
from azure_llama.catalog.metrics import COOLDOWN_MINUTES, WINDOW_MINUTES
from azure_llama.settings import checks, deployment_relations, endpoint_checks
from azure_llama.settings.base import CatalogModel, StrictModel, first, plain

ManagedModel = Annotated[str, AfterValidator(endpoint_checks.managed_model)]
ModelVersion = Annotated[str, AfterValidator(checks.model_version)]
VmSize = Annotated[str, AfterValidator(checks.vm_size)]
Environment = Annotated[str, AfterValidator(endpoint_checks.environment)]
Percentage = Annotated[int, AfterValidator(checks.between(0, 100, "a percentage"))]
Instances = Annotated[
    int, AfterValidator(checks.between(1, INSTANCES_PER_DEPLOYMENT.low, "the instances that Azure gives a deployment"))
]
Seconds = Annotated[int, AfterValidator(endpoint_checks.at_least(1, "number of seconds"))]
Times = Annotated[int, AfterValidator(endpoint_checks.at_least(1, "number of times"))]
Clock = Annotated[time, BeforeValidator(endpoint_checks.clock)]
SwitchedOn = Literal["Enabled", "Disabled"]


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


class DeploymentSettings(CatalogModel):
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
        environment_variables: Optional. Of the container. Azure shows them to all who may read the deployment.
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
        first(deployment_relations.deployment(plain(self), self._catalog))
        return self

    @property
    def catalog_model(self) -> Model | None:
        """The model's entry in the catalogue; None for another publisher's model."""
        return self._catalog.find_model(self.model)

    @property
    def gpu_size(self) -> GpuSize | None:
        """The VM size's entry in the catalogue."""
        return self._catalog.find_gpu_size(self.vm_size)

    @property
    def initial_instances(self) -> int:
        """Machines to begin with: `instances`, or autoscale's own number where that was left out."""
        return self.autoscale.initial if self.autoscale and "instances" not in self.model_fields_set else self.instances

    @property
    def most_instances(self) -> int:
        """The most machines that it can come to have, which is what quota has to hold."""
        scheduled = [each.instances for each in self.autoscale.schedules.values()] if self.autoscale else []
        return max(self.autoscale.maximum, *scheduled, 1) if self.autoscale else self.instances
