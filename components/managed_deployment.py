"""One deployment of a managed endpoint: a model on machines of a size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi import CustomTimeouts, ResourceHook, ResourceHookArgs, ResourceHookOptions, ResourceOptions
from pulumi_azure_native import machinelearningservices as ml

from azure_llama import catalog

REQUEST_TIMEOUT = "PT180S"
"""The longest that Azure allows a managed endpoint; the default of 5 s is shorter than most answers."""

FIXED = {"model": "model", "instanceType": "vmSize"}
"""Properties of a deployment that are not changed in place, by the name that the stack's YAML has for them."""


@dataclass(frozen=True, kw_only=True)
class ManagedDeploymentArgs:
    """What a deployment is made from.

    Attributes:
        model: Required. The model's name in the catalogue, or its asset id.
        vm_size: Required. Size of the machines, e.g. `Standard_NC24ads_A100_v4`.
        model_version: Conditional. Version of the model; required when the catalogue knows none, else the newest known.
        instances: Optional. 1-50 machines.
        traffic: Optional. Percentage of the endpoint's traffic, 0-100; those of an endpoint sum to 0 or 100.
    """

    model: str
    vm_size: str
    model_version: str | None = None
    instances: int = 1
    traffic: int = 0

    @property
    def outputs(self) -> dict[str, Any]:
        """model, vmSize, instances, traffic."""
        return {
            "model": catalog.model(self.model).name,
            "vmSize": self.vm_size,
            "instances": self.instances,
            "traffic": self.traffic,
        }


def properties(args: ManagedDeploymentArgs) -> ml.ManagedOnlineDeploymentArgs:
    """The body of a deployment, with defaults for large language models where the service has those of small ones."""
    return ml.ManagedOnlineDeploymentArgs(
        endpoint_compute_type="Managed",
        model=catalog.model(args.model).versioned_id(args.model_version),
        instance_type=args.vm_size,
        app_insights_enabled=True,
        request_settings=ml.OnlineRequestSettingsArgs(request_timeout=REQUEST_TIMEOUT),
        liveness_probe=_patient_probe(),
        readiness_probe=_patient_probe(),
        scale_settings=ml.DefaultScaleSettingsArgs(scale_type="Default"),
    )


def _patient_probe() -> ml.ProbeSettingsArgs:
    # Loading the weights takes many minutes; the default gives up after five (azureml-examples pull request 3983).
    return ml.ProbeSettingsArgs(
        initial_delay="PT500S", period="PT100S", timeout="PT10S", failure_threshold=30, success_threshold=1
    )


def deploy(
    name: str,
    args: ManagedDeploymentArgs,
    *,
    deployment_name: str,
    endpoint_name: str,
    endpoint: ml.OnlineEndpoint,
    resource_group_name: str,
    workspace_name: str,
    location: str,
    tags: Mapping[str, str],
    parent: pulumi.Resource,
) -> ml.OnlineDeployment:
    """Create a deployment that goes with its endpoint, and that Pulumi never deletes to make room for its successor."""
    return ml.OnlineDeployment(
        name,
        deployment_name=deployment_name,
        endpoint_name=endpoint_name,
        resource_group_name=resource_group_name,
        workspace_name=workspace_name,
        location=location,
        tags=dict(tags),
        sku=ml.SkuArgs(name="Default", capacity=args.instances),
        properties=properties(args),
        opts=ResourceOptions(
            parent=parent,
            depends_on=[endpoint],
            deleted_with=endpoint,
            # Machines of a rare size are hours away at times.
            custom_timeouts=CustomTimeouts(create="3h", update="3h", delete="1h"),
            delete_before_replace=False,
            hooks=pulumi.ResourceHookBinding(before_update=[_refusal(name)]),
        ),
    )


def _refusal(name: str) -> ResourceHook:
    return ResourceHook(f"{name}-keeps-model-and-size", refuse_in_place, ResourceHookOptions(on_dry_run=True))


def refuse_in_place(change: ResourceHookArgs) -> None:
    """Refuse a change of model or size of a deployment that exists; runs in previews, too.

    Raises:
        ValueError: says what was to be changed, why it is not, and what to do instead.
    """
    old, new = (dict((inputs or {}).get("properties") or {}) for inputs in (change.old_inputs, change.new_inputs))
    changed = [
        f"{label} {old.get(key)!r} to {new.get(key)!r}" for key, label in FIXED.items() if old.get(key) != new.get(key)
    ]
    if changed:
        raise ValueError(
            f"deployment {change.name!r}: {' and '.join(changed)}: what a deployment runs is never changed in place, "
            "because it would stop answering meanwhile. Add a deployment under a new name, move the traffic to it, "
            "then remove this one."
        )
