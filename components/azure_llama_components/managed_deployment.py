"""One deployment of a managed endpoint: a model on machines of a size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pulumi
from pulumi import CustomTimeouts, ResourceOptions
from pulumi_azure_native import machinelearningservices as ml

from azure_llama.catalog import Model
from azure_llama.catalog.limits import REQUEST_TIMEOUT
from azure_llama.catalog.serving import Serves
from azure_llama.catalog.workspace_assets import parse_workspace_asset
from azure_llama.settings import DeploymentSettings
from azure_llama.settings.wire import body
from azure_llama_components import in_place
from azure_llama_components.autoscale import ScalingArgs
from azure_llama_components.containers import CodeArgs, EnvironmentArgs, create_environment
from azure_llama_components.deployment_entries import entries_of, ignored
from azure_llama_components.failed_deployment import UnlessFailed
from azure_llama_components.inputs import inputs
from azure_llama_components.served_deployment import ServedDeployment, model_id, served_deployment
from azure_llama_components.served_model import ServedModel
from azure_llama_components.workspace import Workspace

FIXED = UnlessFailed(
    what="deployment",
    properties={
        "model": in_place.at("properties", "model"),
        "vmSize": in_place.at("properties", "instanceType"),
        "environment": in_place.at("properties", "environmentId"),
        "codeConfiguration": in_place.at("properties", "codeConfiguration"),
        "modelMountPath": in_place.at("properties", "modelMountPath"),
    },
    why="what a deployment runs is never changed in place, because it would stop answering meanwhile",
    recipe="Add a deployment under a new name, move the traffic to it, then remove this one.",
)
"""A deployment that failed and has no traffic may change all of it."""


@dataclass(frozen=True, kw_only=True)
class ProbeArgs:
    """How Azure finds out whether an instance works.

    Loading the weights takes many minutes, and Azure's own defaults give up after five (azureml-examples pull request
    3983).

    Attributes:
        initial_delay_seconds: Optional. Before the first question.
        period_seconds: Optional. Between two.
        timeout_seconds: Optional. For the answer.
        failure_threshold: Optional. Failures in a row that give an instance up.
        success_threshold: Optional. Successes in a row that trust it again; 1 for a liveness probe.
    """

    initial_delay_seconds: int = 500
    period_seconds: int = 100
    timeout_seconds: int = 10
    failure_threshold: int = 30
    success_threshold: int = 1


@dataclass(frozen=True, kw_only=True)
class DataCollectionArgs:
    """Collection of a deployment's prompts and answers in the workspace's blob store.

    Attributes:
        collections: Optional. `request` and `response` need no scoring script; others are those of its Collectors.
        sampling_rate: Optional. The share of requests that is kept, above 0 up to 1.
        rolling_rate: Optional. How often a new file is begun: `Minute`, `Hour`, `Day`, `Month` or `Year`.
        capture_headers: Optional. HTTP headers to keep.
    """

    collections: Sequence[str] = ("request", "response")
    sampling_rate: float = 1.0
    rolling_rate: str = "Hour"
    capture_headers: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class ManagedDeploymentArgs:
    """Arguments of a deployment.

    Attributes:
        model: Conditional. The model's name in the catalogue, its asset id in a registry, or `azureml:NAME:VERSION` of
            the workspace. Required unless the container of `environment` brings it along.
        vm_size: Required. Size of the machines, e.g. `Standard_NC24ads_A100_v4`.
        model_version: Conditional. Version of the model; required when the catalogue knows none, else the newest known.
        instances: Optional. 1-50 machines; with `autoscale` only those to begin with.
        traffic: Optional. Percentage of the endpoint's traffic, 0-100; those of an endpoint sum to 0 or 100. Not looked
            at where the endpoint exists already.
        stopped: Optional. Whether it is deleted for now; its environment is kept.
        base: Optional. The model of the catalogue that the model was made from.
        model_name: Conditional. What clients send as `model`; the model's name when None. Required without `model`.
        model_mount_path: Optional. Where the container finds the model's files.
        environment: Optional. A container in place of the model's own; a text is the id of an environment.
        code_configuration: Optional. A script that Azure's inference server runs in `environment`.
        packaged_model: Optional. Whether `environment` is a package of image and model, so that Azure is given no model
            beside it. Conditional: only with `environment`.
        serves: Optional. `openai` or `score`; what the catalogue says of the model when None.
        data_collection: Optional. What is kept of prompts and answers; nothing when None.
        application_insights: Optional. Whether the workspace's Application Insights gets traces.
        egress_public_network_access: Optional. `Enabled` or `Disabled`; azure-native says `Enabled` when None. Only in
            workspaces without a managed network.
        environment_variables: Optional. Of the container.
        request_timeout_seconds: Optional. 1-180.
        max_concurrent_requests_per_instance: Optional. 64 when None; azure-native says 1 where `/score` alone answers.
        max_queue_wait: Optional. How long a request may wait for an instance, as an ISO 8601 duration; azure-native
            says `PT0.5S` when None. Azure has deprecated it for managed endpoints.
        liveness: Optional. When an instance is restarted.
        readiness: Optional. When it gets requests.
        startup: Optional. When it has started, before the two others begin; none when None.
        autoscale: Optional. Scaling by Azure Monitor; none when None.
        properties: Optional. Entries of the deployment's own map: they can be added, and never changed or removed.
        description: Optional. For people.
        tags: Optional. Beside those of the endpoint; of two of the same name, these count.
    """

    model: str | ServedModel | None = None
    vm_size: str
    model_version: str | None = None
    instances: int = 1
    traffic: int = 0
    stopped: bool = False
    base: str | Model | None = None
    model_name: str | None = None
    model_mount_path: str | None = None
    environment: EnvironmentArgs | str | None = None
    code_configuration: CodeArgs | None = None
    packaged_model: bool = False
    serves: Serves | None = None
    data_collection: DataCollectionArgs | None = None
    application_insights: bool = True
    egress_public_network_access: str | None = None
    environment_variables: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    # The longest that Azure allows: its own default of 5 s is shorter than most answers.
    request_timeout_seconds: int = REQUEST_TIMEOUT.low
    max_concurrent_requests_per_instance: int | None = None
    max_queue_wait: str | None = None
    liveness: ProbeArgs = ProbeArgs()
    readiness: ProbeArgs = ProbeArgs()
    startup: ProbeArgs | None = None
    autoscale: ScalingArgs | None = None
    properties: Mapping[str, str] = field(default_factory=dict)
    description: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def container(self) -> EnvironmentArgs | None:
        """The container in place of the model's own."""
        return EnvironmentArgs(id=self.environment) if isinstance(self.environment, str) else self.environment

    @property
    def served(self) -> ServedDeployment:
        """The model that it serves."""
        return served_deployment(self)

    @property
    def outputs(self) -> dict[str, Any]:
        """model, vmSize, instances, traffic; base where it is set, and modelName of a model outside the registries;
        stopped where it is.
        """
        served = self.served
        return {
            "model": served.key,
            "vmSize": self.vm_size,
            "instances": 0 if self.stopped else self.instances,
            "traffic": 0 if self.stopped else self.traffic,
            **({"stopped": True} if self.stopped else {}),
            **({"base": served.base.name} if served.base else {}),
            **({"modelName": served.name} if served.own else {}),
        }


def properties(args: ManagedDeploymentArgs, workspace: Workspace, environment: str | None) -> dict[str, Any]:
    """The body of a deployment, with defaults for large language models where the service has those of small ones.

    Args:
        args: Required. The deployment.
        workspace: Required. Its workspace.
        environment: Required. Id of its environment; None for the model's own.
    """
    served = args.served
    concurrent = args.max_concurrent_requests_per_instance or served.serving.concurrent_requests
    # The arguments have the three probes themselves, the settings below `probes`.
    own = {"model": model_id(args, workspace.id), "probes": args, "max_concurrent_requests_per_instance": concurrent}
    stated: dict[str, Any] = body(DeploymentSettings, SimpleNamespace(**{**vars(args), **own}))["properties"]
    if environment is not None:
        stated["environmentId"] = environment
    if args.code_configuration is not None:
        code = parse_workspace_asset(args.code_configuration.code, "codes")
        stated["codeConfiguration"]["codeId"] = code.arm_id(workspace.id) if code else args.code_configuration.code
    entries = entries_of(args)
    return {
        "endpointComputeType": "Managed",
        "scaleSettings": {"scaleType": "Default"},
        **stated,
        **({"properties": entries} if entries else {}),
    }


@dataclass(frozen=True, kw_only=True)
class Owner:
    """The endpoint that a deployment belongs to.

    Attributes:
        name: Azure's name of it.
        workspace: The workspace that it is in.
        resource: The endpoint itself; None where it exists already, and then the deployment is deleted by itself.
        tags: On its deployments.
        parent: The component.
    """

    name: str
    workspace: Workspace
    resource: ml.OnlineEndpoint | None
    tags: Mapping[str, str]
    parent: pulumi.Resource


def deploy(name: str, args: ManagedDeploymentArgs, *, deployment_name: str, owner: Owner) -> ml.OnlineDeployment:
    """Create a deployment that goes with its endpoint, and that Pulumi never deletes to make room for its successor.

    Args:
        name: Required. Pulumi's name of it.
        args: Required. Its arguments.
        deployment_name: Required. Azure's name of it.
        owner: Required. Its endpoint.
    """
    if args.packaged_model and args.environment is None:
        raise ValueError(f"deployment {name!r} has packaged_model without environment; give the package's environment.")
    workspace = owner.workspace
    depends_on: list[pulumi.Resource] = [owner.resource] if owner.resource else list(workspace.depends_on)
    environment, environment_id = make_environment(name, args, deployment_name=deployment_name, owner=owner)
    depends_on += [environment] if environment else []
    return ml.OnlineDeployment(
        name,
        deployment_name=deployment_name,
        endpoint_name=owner.name,
        resource_group_name=workspace.resource_group_name,
        workspace_name=workspace.name,
        location=workspace.location,
        tags={**owner.tags, **args.tags},
        # Kind and tier are what Azure would put there: said here, a deployment that is imported shows no difference.
        kind="Managed",
        sku=ml.SkuArgs(name="Default", tier=ml.SkuTier.STANDARD, capacity=args.instances),
        properties=inputs(ml.ManagedOnlineDeploymentArgs, properties(args, workspace, environment_id)),
        opts=ResourceOptions(
            parent=owner.parent,
            depends_on=depends_on,
            deleted_with=owner.resource,
            # Azure keeps entries of its own there; with autoscale the number of instances is Azure Monitor's.
            ignore_changes=[*ignored(entries_of(args)), *(["sku.capacity"] if args.autoscale else [])],
            # Machines of a rare size are hours away at times.
            custom_timeouts=CustomTimeouts(create="3h", update="3h", delete="1h"),
            delete_before_replace=False,
            hooks=FIXED.hook(f"{name}-keeps-model-and-size"),
        ),
    )


def make_environment(
    name: str, args: ManagedDeploymentArgs, *, deployment_name: str, owner: Owner
) -> tuple[ml.EnvironmentVersion | None, str | None]:
    """The environment that the stack creates for a deployment, and the id of the one that it has; None for none.

    Args:
        name: Required. Pulumi's name of the deployment.
        args: Required. Its arguments.
        deployment_name: Required. Azure's name of it.
        owner: Required. Its endpoint.
    """
    container, workspace = args.container, owner.workspace
    if container is None:
        return None, None
    called = f"{owner.name}-{deployment_name}"
    opts = ResourceOptions(parent=owner.parent, depends_on=list(workspace.depends_on))
    created = create_environment(f"{name}-environment", container, called=called, workspace=workspace, opts=opts)
    return created, container.arm_id(called, workspace)
