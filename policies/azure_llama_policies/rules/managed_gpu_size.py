"""`managed-gpu-size`: a managed deployment runs on a GPU size that Azure ML serves."""

from __future__ import annotations

from collections.abc import Iterator

from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.lifecycle import other_sizes
from azure_llama_policies.resources import NotSeenError, Resource
from azure_llama_policies.rule import AS_OF, Context, Refused, ResourceRule, Severity, Violation
from azure_llama_policies.subjects import called
from azure_llama_policies.unseen import naming

_PATH = "properties.instanceType"


def check(deployment: Resource, context: Context) -> Iterator[Violation]:
    """One violation when the size is none, is not served or is gone."""
    who = called(deployment)
    with naming(deployment):
        given = deployment.value(_PATH)
        custom = deployment.value("properties.environmentId") is not None
    if given is None:
        yield Violation(
            f"{who}: '{_PATH}' is not set, so Azure takes Standard_F4s_v2, which has no GPU; "
            f"{other_sizes(deployment, context)}",
            _PATH,
        )
        return
    size, day = context.catalog.find_gpu_size(str(given)), context.as_of
    if size is None:
        if custom and not str(given).casefold().startswith("standard_n"):
            raise NotSeenError(f"{who}: whether its container does without a GPU is unknown; {given} has none", _PATH)
        hint = context.catalog.recognise_size(str(given)).question or other_sizes(deployment, context)
        yield Violation(f"{who}: {given} is not a GPU size that Azure ML serves; {hint}", _PATH)
    elif size.lifecycle == "withdrawn":
        yield Violation(
            f"{who}: {size.name} is listed, but sold in no region any more (source {size.lifecycle_source}); "
            f"{other_sizes(deployment, context)}",
            _PATH,
        )
    elif size.lifecycle == "retired" and (size.retired is None or size.retired <= day):
        since = f" on {size.retired}" if size.retired else ""
        advice = other_sizes(deployment, context)
        yield Violation(f"{who}: {size.name} retired{since} (source {size.lifecycle_source}); {advice}", _PATH)
    elif not size.managed_online:
        yield Violation(
            f"{who}: {size.name} is not on Azure ML's list of sizes for managed endpoints (source {size.source}); "
            f"{other_sizes(deployment, context)}",
            _PATH,
        )


RULE = ResourceRule(
    id="managed-gpu-size",
    title="A managed deployment runs on a GPU size that Azure ML serves and has not retired.",
    what="The VM size of each managed deployment, against Azure ML's list and the retirements of sizes.",
    why="Azure refuses a size that is not on its list, and the list itself still names sizes that are gone. Left out, "
    "the size is one without a GPU.",
    fix="Give a size of the catalogue; the smallest that hold a model are in the message of managed-model-fit.",
    severity=Severity.HIGH,
    sources=("vm-sku-list-2025-10", "vm-lifecycle-2026-09", "azure-native-3.29"),
    types=frozenset({types.ONLINE_DEPLOYMENT}),
    config=AS_OF,
    azure=Refused(("InferencingClientCreateDeploymentFailed", "ResourceNotReady")),
    check=check,
    example=Example(
        noncompliant="""\
azure-llama:managed:
  llama-8b:
    deployments:
      blue:
        model: azureml://registries/contoso/models/llama-8b-fp16
        modelVersion: "1"
        vmSize: Standard_NC24s_v3         # violated: retired on 2025-09-30
""",
        compliant="""\
azure-llama:managed:
  llama-8b:
    deployments:
      blue:
        model: azureml://registries/contoso/models/llama-8b-fp16
        modelVersion: "1"
        vmSize: Standard_NC24ads_A100_v4
""",
    ),
    notes="With your own container (`environment`), a size without a GPU may do: that is not seen.",
)
