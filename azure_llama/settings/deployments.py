"""Deployments of managed endpoints: model, VM size, container, and how they are observed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from re import IGNORECASE
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from azure_llama.catalog import GpuSize, Model
from azure_llama.catalog.fit import fits
from azure_llama.catalog.kinds import MANAGED
from azure_llama.catalog.limits import COLLECTORS_PER_DEPLOYMENT, REQUEST_TIMEOUT
from azure_llama.catalog.llama_models import ModelReference
from azure_llama.settings import checks
from azure_llama.settings.autoscale import AutoscaleSettings, Instances
from azure_llama.settings.base import CatalogModel, StrictModel, relation
from azure_llama.settings.problems import Violation
from azure_llama.settings.values import Access, Secret, TagName, TagValue
from azure_llama.settings.wire import Wire, decides, seconds, unless_empty

_SIZES_NAMED = 3
_PLAIN_COLLECTIONS = ("request", "response")
"""Collections that need no scoring script; all others come from a Collector in one."""

_version = checks.matching("[0-9]{1,9}", "is not a version: registries use whole numbers", "set one such as '4'")
_environment = checks.matching(
    r"azureml://registries/[^/]+/environments/[^/]+/(versions|labels)/[^/]+"
    r"|/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.MachineLearningServices/workspaces/[^/]+"
    r"/environments/[^/]+/versions/[^/]+",
    "is not the asset id of an environment's version",
    "write it as azureml://registries/<registry>/environments/<name>/versions/<version>",
    IGNORECASE,
)
_variable = checks.matching(
    "[A-Za-z_][A-Za-z0-9_]*",
    "is not the name of an environment variable",
    "use letters, digits and underscores, with no digit first",
)
_collection = checks.matching(
    "[A-Za-z0-9_]+",
    "is not the name of a collection",
    "set request, response, or the name that the scoring script gives its Collector",
)
_duration = checks.matching(
    r"PT(?=[0-9])([0-9]+H)?([0-9]+M)?([0-9]+(\.[0-9]+)?S)?",
    "is not a duration in ISO 8601",
    "set one such as 'PT0.5S' or 'PT1M30S'",
)
_header = checks.matching(
    "[A-Za-z0-9!#$%&'*+.^_`|~-]+", "is not the name of an HTTP header", "set one such as 'x-ms-client-request-id'"
)


def _sampling_rate(number: float) -> float:
    if 0 < number <= 1:
        return number
    raise Violation("must be greater than 0 and at most 1", "set 1 to keep all requests").error


_rate = checks.Check(_sampling_rate, {"exclusiveMinimum": 0, "maximum": 1})


ManagedModel = Annotated[str, AfterValidator(checks.model("set {model} and modelVersion: {version}"))]
ModelVersion = Annotated[str, AfterValidator(_version)]
VmSize = Annotated[str, AfterValidator(checks.vm_size)]
Environment = Annotated[str, AfterValidator(_environment)]
Percentage = Annotated[int, AfterValidator(checks.between(0, 100, "a percentage"))]
Seconds = Annotated[int, AfterValidator(checks.at_least(1, "number of seconds"))]
Times = Annotated[int, AfterValidator(checks.at_least(1, "number of times"))]
Requests = Annotated[int, AfterValidator(checks.at_least(1, "number of requests"))]
Timeout = Annotated[
    int, AfterValidator(checks.between(1, REQUEST_TIMEOUT.low, "the seconds that Azure allows for a request"))
]


def _collected(names: Iterable[str]) -> dict[str, Any]:
    return {name: {"dataCollectionMode": "Enabled"} for name in names}


class DataCollectionSettings(StrictModel):
    """What a deployment keeps of prompts and answers, in the workspace's blob store.

    Attributes:
        collections: Optional. `request` and `response` need no scoring script; up to five others are Collectors of one.
        sampling_rate: Optional. The proportion of requests that each collection keeps, above 0 up to 1.
        rolling_rate: Optional. How often a new file is started.
        capture_headers: Optional. HTTP headers to keep.
    """

    collections: Annotated[list[Annotated[str, AfterValidator(_collection)]], Wire("collections", _collected)] = Field(
        default_factory=lambda: list(_PLAIN_COLLECTIONS)
    )
    sampling_rate: Annotated[
        float,
        AfterValidator(_rate),
        Wire("collections.*.samplingRate"),
    ] = 1.0
    rolling_rate: Annotated[Literal["Minute", "Hour", "Day", "Month", "Year"], Wire("rollingRate")] = "Hour"
    capture_headers: Annotated[
        list[Annotated[str, AfterValidator(_header)]], Wire("requestLogging.captureHeaders", unless_empty)
    ] = Field(default_factory=list)

    @relation
    def _collections_are_distinct_and_few(self) -> Iterator[Violation]:
        if not self.collections:
            yield Violation("is empty", "name one, or remove dataCollection", at=("collections",))
        yield from checks.repeated(self.collections, ("collections",))
        most = COLLECTORS_PER_DEPLOYMENT.low
        own = [name for name in self.collections if name not in _PLAIN_COLLECTIONS]
        if len(own) > most:
            rule = f"has {len(own)} collections of a scoring script, and a deployment has {most} at most"
            yield Violation(rule, f"remove {len(own) - most}", at=("collections",), shown="")


class ProbeSettings(StrictModel):
    """How Azure checks that an instance works; defaults suit large models.

    Attributes:
        initial_delay_seconds: Optional. Seconds before the first probe.
        period_seconds: Optional. Seconds between two probes.
        timeout_seconds: Optional. Seconds for the answer.
        failure_threshold: Optional. Consecutive failures after which an instance counts as failed.
        success_threshold: Optional. Consecutive successes after which it counts as working; 1 for a liveness probe.
    """

    initial_delay_seconds: Annotated[Seconds, Wire("initialDelay", seconds)] = 500
    period_seconds: Annotated[Seconds, Wire("period", seconds)] = 100
    timeout_seconds: Annotated[Seconds, Wire("timeout", seconds)] = 10
    failure_threshold: Annotated[Times, Wire("failureThreshold")] = 30
    success_threshold: Annotated[Times, Wire("successThreshold")] = 1


class ProbesSettings(StrictModel):
    """The probes of a deployment.

    Attributes:
        liveness: Optional. Decides when an instance is restarted.
        readiness: Optional. Decides when an instance gets requests.
        startup: Optional. Decides when an instance has started, before the two others begin; none when not set.
    """

    liveness: Annotated[ProbeSettings, Wire("properties.livenessProbe")] = ProbeSettings()
    readiness: Annotated[ProbeSettings, Wire("properties.readinessProbe")] = ProbeSettings()
    startup: Annotated[ProbeSettings | None, Wire("properties.startupProbe")] = None

    @relation
    def _liveness_needs_one_success(self) -> Iterator[Violation]:
        if self.liveness.success_threshold != 1:
            remedy = "set 1, or remove it"
            yield Violation("must be 1 for a liveness probe", remedy, at=("liveness", "successThreshold"))


class DeploymentSettings(CatalogModel):
    """A deployment behind a managed endpoint.

    Attributes:
        model: Required. A model of the catalogue by its name, or one of another publisher by its asset id without
            `/versions/N`.
        model_version: Conditional. The model's version, an integer in quotes. Required where the catalogue knows none,
            which includes every model of another publisher; otherwise the newest known.
        vm_size: Required. A GPU size that Azure ML serves and that holds the model.
        instances: Optional. Virtual machines. With `autoscale`, only those at the start: `autoscale.default` when not
            set.
        traffic: Optional. Percentage of the endpoint's requests. Those of an endpoint sum to 100, or to 0 for none; a
            single deployment gets 100 when not set.
        environment: Optional. Asset id of an environment: a container of your own in place of the model's.
        packaged_model: Conditional. Whether `environment` is a packaged model: image and weights in one. Only with
            `environment`.
        fit: Conditional. `Unchecked` allows any size. Only with `environment`, whose container decides how the model is
            loaded.
        data_collection: Optional. What is kept of prompts and answers, in the workspace's blob store: a map, or `true`
            for its defaults. Nothing is kept when not set.
        application_insights: Optional. Whether the workspace's Application Insights gets traces.
        egress_public_network_access: Optional. `Disabled` keeps the container from the internet. Only in workspaces
            without a managed network, which decides it for all. Azure's default, `Enabled`, when not set.
        environment_variables: Optional. Environment variables of the container. Everyone who may read the deployment in
            Azure sees them. Set with `pulumi config set --secret --path`, they are also secrets in Pulumi's state.
        request_timeout_seconds: Optional. After how many seconds a request fails. Azure's own default is 5.
        max_concurrent_requests_per_instance: Optional. Requests that an instance handles at once. Azure rejects those
            beyond twice that number with 429. Azure's default, 1, when not set.
        max_queue_wait: Optional. How long a request may wait for an instance, as an ISO 8601 duration. Azure has
            deprecated it for managed endpoints: set `request_timeout_seconds` first. Azure's default, `PT0.5S`, when
            not set.
        probes: Optional. How Azure checks that an instance works.
        autoscale: Optional. Scaling by Azure Monitor; none when not set.
        description: Optional. For people.
        tags: Optional. Tags of the deployment, beside those of the endpoint.
    """

    wire_resource: ClassVar[str] = "machinelearningservices:OnlineDeployment"

    model: Annotated[ManagedModel, Wire("properties.model")] = Field(
        description="a model of the catalogue, such as 'Meta-Llama-3.1-8B-Instruct'"
    )
    model_version: Annotated[ModelVersion | None, decides("properties.model")] = None
    vm_size: Annotated[VmSize, Wire("properties.instanceType")] = Field(
        description="a GPU size, such as 'Standard_NC24ads_A100_v4'"
    )
    instances: Annotated[Instances, decides("sku.capacity")] = 1
    traffic: Annotated[Percentage | None, Wire("properties.traffic.*", resource=MANAGED.endpoint_type)] = None
    environment: Annotated[Environment | None, Wire("properties.environmentId")] = None
    packaged_model: Annotated[bool, decides("properties.model")] = False
    fit: Literal["Checked", "Unchecked"] = "Checked"
    data_collection: Annotated[
        DataCollectionSettings | None, BeforeValidator(checks.defaults_if_true), Wire("properties.dataCollector")
    ] = None
    application_insights: Annotated[bool, Wire("properties.appInsightsEnabled")] = True
    egress_public_network_access: Annotated[Access | None, Wire("properties.egressPublicNetworkAccess")] = None
    environment_variables: Annotated[
        dict[Annotated[str, AfterValidator(_variable)], Secret], Wire("properties.environmentVariables", unless_empty)
    ] = Field(default_factory=dict)
    request_timeout_seconds: Annotated[Timeout, Wire("properties.requestSettings.requestTimeout", seconds)] = (
        REQUEST_TIMEOUT.low
    )
    max_concurrent_requests_per_instance: Annotated[
        Requests | None, Wire("properties.requestSettings.maxConcurrentRequestsPerInstance")
    ] = None
    max_queue_wait: Annotated[
        Annotated[str, AfterValidator(_duration)] | None, Wire("properties.requestSettings.maxQueueWait")
    ] = None
    probes: ProbesSettings = ProbesSettings()
    autoscale: AutoscaleSettings | None = None
    description: Annotated[str | None, Wire("properties.description")] = None
    tags: Annotated[dict[TagName, TagValue], decides("tags")] = Field(default_factory=dict)

    @relation
    def _version_is_known(self) -> Iterator[Violation]:
        known = self.catalog_model or self.reference.asset
        if self.model_version is not None or known is None or (self.catalog_model and self.catalog_model.versions):
            return
        remedy = f"look it up in the registry {known.registry} and set it here, in quotes"
        rule = f"is missing, and no version of {known.name} is known"
        yield Violation(rule, remedy, at=("modelVersion",), shown="")

    @relation
    def _package_has_an_environment(self) -> Iterator[Violation]:
        if self.packaged_model and self.environment is None:
            remedy = "set environment to the packaged model's, or remove packagedModel"
            yield Violation("requires environment", remedy, at=("packagedModel",))

    @relation
    def _unchecked_fit_has_an_environment(self) -> Iterator[Violation]:
        if self.fit == "Unchecked" and self.environment is None:
            rule = "requires environment: only a container of your own decides how the model is loaded"
            yield Violation(rule, "set environment, or remove fit", at=("fit",))

    @relation
    def _size_holds_the_model(self) -> Iterator[Violation]:
        """A model that is not in the catalogue, or of unknown needs, passes."""
        if self.fit == "Unchecked" or self.catalog_model is None or self.gpu_size is None:
            return
        fit = fits(self.catalog_model, self.gpu_size)
        if fit.fits is not False:
            return
        holding = self._catalog.smallest_sizes(self.catalog_model)[:_SIZES_NAMED]
        if holding:
            remedy = f"the smallest that hold it are {', '.join(holding)}"
        else:
            remedy = "no size that Azure ML serves holds it; with an environment of your own, set fit: Unchecked"
        yield Violation(fit.reason, remedy, holding[0] if holding else None, at=("vmSize",))

    @relation
    def _instances_are_within_autoscale(self) -> Iterator[Violation]:
        scale = self.autoscale
        if scale is None or "instances" not in self.model_fields_set or not scale.minimum <= scale.maximum:
            return
        if not scale.minimum <= self.instances <= scale.maximum:
            rule = f"is outside autoscale's minimum to maximum ({scale.minimum} to {scale.maximum})"
            remedy = f"set a number from {scale.minimum} to {scale.maximum}, or remove it"
            yield Violation(rule, remedy, at=("instances",))

    @cached_property
    def reference(self) -> ModelReference:
        """What `model` names: a model of the catalogue, or the asset id of another publisher's."""
        return self._catalog.reference(self.model)

    @property
    def catalog_model(self) -> Model | None:
        """The model's entry in the catalogue; None for another publisher's model."""
        return self.reference.model

    @cached_property
    def gpu_size(self) -> GpuSize | None:
        """The VM size's entry in the catalogue."""
        return self._catalog.find_gpu_size(self.vm_size)

    @property
    def initial_instances(self) -> int:
        """Instances at the start: `instances`, or autoscale's own number where that is not set."""
        return self.autoscale.initial if self.autoscale and "instances" not in self.model_fields_set else self.instances

    @property
    def most_instances(self) -> int:
        """The most instances that it can have at any time, which quota must cover."""
        if self.autoscale is None:
            return self.instances
        return max(self.autoscale.maximum, *(schedule.instances for schedule in self.autoscale.schedules.values()), 1)
