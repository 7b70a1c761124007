"""Deployments of managed endpoints: model, VM size, container, and how they are observed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from azure_llama.catalog import GpuSize
from azure_llama.catalog.fit import fits
from azure_llama.catalog.kinds import MANAGED
from azure_llama.catalog.limits import REQUEST_TIMEOUT
from azure_llama.settings import checks
from azure_llama.settings.autoscale import AutoscaleSettings, Instances
from azure_llama.settings.base import relation
from azure_llama.settings.data_collection import DataCollectionSettings
from azure_llama.settings.probes import ProbesSettings
from azure_llama.settings.problems import Violation
from azure_llama.settings.served import ServedSettings
from azure_llama.settings.values import Access, Secret, TagName, TagValue
from azure_llama.settings.wire import Wire, decides, seconds, unless_empty

_SIZES_NAMED = 3
_variable = checks.matching(
    "[A-Za-z_][A-Za-z0-9_]*",
    "is not the name of an environment variable",
    "use letters, digits and underscores, with no digit first",
)
_duration = checks.matching(
    r"PT(?=[0-9])([0-9]+H)?([0-9]+M)?([0-9]+(\.[0-9]+)?S)?",
    "is not a duration in ISO 8601",
    "set one such as 'PT0.5S' or 'PT1M30S'",
)
VmSize = Annotated[str, AfterValidator(checks.vm_size)]
Percentage = Annotated[int, AfterValidator(checks.between(0, 100, "a percentage"))]
Requests = Annotated[int, AfterValidator(checks.at_least(1, "number of requests"))]
Timeout = Annotated[
    int, AfterValidator(checks.between(1, REQUEST_TIMEOUT.low, "the seconds that Azure allows for a request"))
]


class DeploymentSettings(ServedSettings):
    """A deployment behind a managed endpoint.

    Attributes:
        vm_size: Required. A GPU size that Azure ML serves and that holds the model.
        instances: Optional. Virtual machines. With `autoscale`, only those at the start: `autoscale.default` when not
            set.
        traffic: Optional. Percentage of the endpoint's requests. Those of an endpoint sum to 100, or to 0 for none; a
            single deployment gets 100 when not set.
        stopped: Optional. Whether it is deleted for now, with its machines: it costs nothing and gets no requests.
            Without it, `pulumi up` creates the deployment again.
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
            beyond twice that number with 429. 64 when not set, which fits servers for language models; Azure's
            default, 1, where `/score` is all that answers.
        max_queue_wait: Optional. How long a request may wait for an instance, as an ISO 8601 duration. Azure has
            deprecated it for managed endpoints: set `request_timeout_seconds` first. Azure's default, `PT0.5S`, when
            not set.
        probes: Optional. How Azure checks that an instance works.
        autoscale: Optional. Scaling by Azure Monitor; none when not set.
        properties: Optional. Entries of the deployment's own map in Azure. Entries can be added at any time, and never
            changed or removed.
        description: Optional. For people.
        tags: Optional. Tags of the deployment, beside those of the endpoint.
    """

    wire_resource: ClassVar[str] = "machinelearningservices:OnlineDeployment"

    vm_size: Annotated[VmSize, Wire("properties.instanceType")] = Field(
        description="a GPU size, such as 'Standard_NC24ads_A100_v4'"
    )
    instances: Annotated[Instances, decides("sku.capacity")] = 1
    traffic: Annotated[Percentage | None, Wire("properties.traffic.*", resource=MANAGED.endpoint_type)] = None
    stopped: bool = False
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
    properties: Annotated[dict[str, str], decides("properties.properties")] = Field(default_factory=dict)
    description: Annotated[str | None, Wire("properties.description")] = None
    tags: Annotated[dict[TagName, TagValue], decides("tags")] = Field(default_factory=dict)

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
