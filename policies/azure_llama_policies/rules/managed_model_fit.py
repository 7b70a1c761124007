"""`managed-model-fit`: the model fits the GPUs of its size."""

from __future__ import annotations

from collections.abc import Iterator

from azure_llama.catalog.fit import fits
from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.lifecycle import other_sizes
from azure_llama_policies.managed import served_model
from azure_llama_policies.resources import NotApplicableError, NotSeenError, Resource
from azure_llama_policies.rule import Context, Refused, ResourceRule, Severity, Violation
from azure_llama_policies.subjects import called
from azure_llama_policies.unseen import naming

_PATH = "properties.instanceType"


def check(deployment: Resource, context: Context) -> Iterator[Violation]:
    """One violation when the model does not fit."""
    who = called(deployment)
    with naming(deployment):
        if deployment.value("properties.environmentId") is not None:
            raise NotApplicableError("its own container decides how the model is loaded")
        given = deployment.text(_PATH)
    reference = served_model(deployment, context)
    model, size = reference.model, context.catalog.find_gpu_size(given)
    if model is None:
        unknown = f"may or may not hold {reference.text}: the catalogue does not have that model"
        raise NotSeenError(f"{who}: {given} {unknown}", _PATH)
    if size is None:
        unknown = f"is not in the catalogue, so whether it holds {model.name} is unknown"
        raise NotSeenError(f"{who}: {given} {unknown}", _PATH)
    tokens = context.config["maxModelLength"]
    fit = fits(model, size, max_model_len=tokens)
    if fit.fits is None:
        raise NotSeenError(f"{who}: {given} {fit.reason}", _PATH)
    if not fit.fits:
        yield Violation(f"{who}: {given} {fit.reason}; {other_sizes(deployment, context, tokens)}", _PATH)


RULE = ResourceRule(
    id="managed-model-fit",
    title="The model fits the GPUs of its managed deployment.",
    what="The memory that the model's weights and the cache of one long request take, against that of the size's GPUs; "
    "and whether the GPUs compute in the format of the weights.",
    why="A model that does not fit never becomes healthy: the deployment fails after an hour that is paid for.",
    fix="Take one of the sizes that the message names, or a smaller model.",
    severity=Severity.HIGH,
    sources=("architectures-2025-08", "vm-sku-list-2025-10"),
    types=frozenset({types.ONLINE_DEPLOYMENT}),
    config={
        "maxModelLength": {
            "type": "integer",
            "minimum": 1,
            "default": 8192,
            "description": "Tokens, prompt and answer, that a deployment must hold for one caller.",
        }
    },
    azure=Refused(("ResourceNotReady",)),
    check=check,
    example=Example(
        noncompliant="""\
azure-llama:managed:
  llama-70b:
    deployments:
      blue:
        model: Llama-3.3-70B-Instruct
        vmSize: Standard_NC24ads_A100_v4  # violated: 141 GB of weights, one GPU of 80 GB
""",
        compliant="""\
azure-llama:managed:
  llama-70b:
    deployments:
      blue:
        model: Llama-3.3-70B-Instruct
        vmSize: Standard_NC96ads_A100_v4
""",
        rejected_at="azure-llama:managed.llama-70b.deployments.blue.vmSize",
    ),
    notes="The share of memory that an engine takes (0.9) and what it keeps for itself (2 GiB a GPU) are assumptions, "
    "named in `azure_llama/catalog/fit.py`. A deployment with a container of its own (`environment`) is not judged.",
)
