"""`managed-gpu-region`: the GPU size is sold in the deployment's region."""

from __future__ import annotations

from collections.abc import Iterator

from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.lifecycle import other_sizes
from azure_llama_policies.resources import NotSeenError, Resource
from azure_llama_policies.rule import Context, Refused, ResourceRule, Severity, Violation
from azure_llama_policies.subjects import called
from azure_llama_policies.unseen import naming


def check(deployment: Resource, context: Context) -> Iterator[Violation]:
    """One violation when the region has no price for the size."""
    who = called(deployment)
    with naming(deployment):
        given, location = deployment.text("properties.instanceType"), deployment.text("location")
    size, region = context.catalog.find_gpu_size(given), context.catalog.find_region(location)
    if size is None or not size.meter_regions:
        raise NotSeenError(f"{who}: the regions of {given} are not in the catalogue", "properties.instanceType")
    if region is None:
        raise NotSeenError(f"{who}: the catalogue does not have region '{location}'", "location")
    if region.name not in size.meter_regions:
        yield Violation(
            f"{who}: {size.name} is not sold in {region.name}; {other_sizes(deployment, context)}, or set "
            f"azure-native:location to one of {', '.join(sorted(size.meter_regions))}",
            "properties.instanceType",
        )


RULE = ResourceRule(
    id="managed-gpu-region",
    title="A managed deployment's GPU size is sold in its region.",
    what="The VM size and the region of each managed deployment, against the regions that have a retail price for the "
    "size.",
    why="Azure refuses a size that the region does not have, some minutes into the deployment.",
    fix="Take a size that the region has, or another region for the stack.",
    severity=Severity.HIGH,
    sources=("retail-prices-2026-06",),
    types=frozenset({types.ONLINE_DEPLOYMENT}),
    azure=Refused(("InferencingClientCreateDeploymentFailed",)),
    check=check,
    example=Example(
        noncompliant="""\
azure-native:location: westcentralus
azure-llama:managed:
  llama-8b:
    deployments:
      blue:
        model: Meta-Llama-3.1-8B-Instruct
        vmSize: Standard_NC24ads_A100_v4  # violated: not sold there
""",
        compliant="""\
azure-native:location: eastus2
azure-llama:managed:
  llama-8b:
    deployments:
      blue:
        model: Meta-Llama-3.1-8B-Instruct
        vmSize: Standard_NC24ads_A100_v4
""",
    ),
    notes="A price is no proof that a subscription may deploy the size there, nor that machines are free: "
    "`azure-llama preflight` asks Azure.",
)
