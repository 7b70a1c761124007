"""The body of a managed deployment's PUT (contract 2025-12-01)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from azure_llama_sandbox.arm.contract import ABSENT, MachineLearning, Strict
from azure_llama_sandbox.arm.machine_learning.bodies import Text


class CodeConfiguration(Strict):
    """`codeConfiguration`."""

    scoring_script: Text
    code_id: str = ABSENT


class Collection(Strict):
    """One of `dataCollector.collections`."""

    client_id: str = ABSENT
    data_collection_mode: str = ABSENT
    data_id: str = ABSENT
    sampling_rate: float = ABSENT


class RequestLogging(Strict):
    """`dataCollector.requestLogging`."""

    capture_headers: list[str] = ABSENT


class DataCollector(Strict):
    """`dataCollector`."""

    collections: dict[str, Collection]
    request_logging: RequestLogging = ABSENT
    rolling_rate: str = ABSENT


class Probe(Strict):
    """`livenessProbe`, `readinessProbe`, `startupProbe`."""

    failure_threshold: int = ABSENT
    initial_delay: str = ABSENT
    period: str = ABSENT
    success_threshold: int = ABSENT
    timeout: str = ABSENT


class RequestSettings(Strict):
    """`requestSettings`."""

    max_concurrent_requests_per_instance: int = ABSENT
    max_queue_wait: str = ABSENT
    request_timeout: str = ABSENT


class DefaultScale(Strict):
    """`scaleSettings`: the instance count in `sku.capacity`."""

    scale_type: Literal["Default"]


class TargetScale(Strict):
    """`scaleSettings`: by utilization, on Kubernetes only."""

    scale_type: Literal["TargetUtilization"]
    max_instances: int = ABSENT
    min_instances: int = ABSENT
    polling_interval: str = ABSENT
    target_utilization_percentage: int = ABSENT


class _Properties(Strict):
    app_insights_enabled: bool = ABSENT
    code_configuration: CodeConfiguration = ABSENT
    data_collector: DataCollector = ABSENT
    description: str = ABSENT
    egress_public_network_access: str = ABSENT
    environment_id: str = ABSENT
    environment_variables: dict[str, str] = ABSENT
    instance_type: str = ABSENT
    liveness_probe: Probe = ABSENT
    model: str = ABSENT
    model_mount_path: str = ABSENT
    properties: dict[str, str] = ABSENT
    readiness_probe: Probe = ABSENT
    request_settings: RequestSettings = ABSENT
    scale_settings: Annotated[DefaultScale | TargetScale, Field(ABSENT, discriminator="scale_type")]
    startup_probe: Probe = ABSENT


class ManagedProperties(_Properties):
    """`properties` on Azure's own virtual machines."""

    endpoint_compute_type: Literal["Managed"]


class ContainerResources(Strict):
    """`containerResourceLimits`, `containerResourceRequests`."""

    cpu: str = ABSENT
    gpu: str = ABSENT
    memory: str = ABSENT


class ContainerRequirements(Strict):
    """`containerResourceRequirements`."""

    container_resource_limits: ContainerResources = ABSENT
    container_resource_requests: ContainerResources = ABSENT


class KubernetesProperties(_Properties):
    """`properties` on an attached Kubernetes cluster."""

    endpoint_compute_type: Literal["Kubernetes"]
    container_resource_requirements: ContainerRequirements = ABSENT


class DeploymentBody(MachineLearning):
    """A managed deployment's PUT."""

    properties: Annotated[ManagedProperties | KubernetesProperties, Field(discriminator="endpoint_compute_type")]
