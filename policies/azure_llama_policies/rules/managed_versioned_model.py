"""`managed-versioned-model`: a managed deployment names its model with a version."""

from __future__ import annotations

from collections.abc import Iterator

from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.resources import NotApplicableError, NotSeenError, Resource
from azure_llama_policies.rule import Context, Refused, ResourceRule, Severity, Violation
from azure_llama_policies.subjects import called
from azure_llama_policies.unseen import naming

_PATH = "properties.model"


def check(deployment: Resource, context: Context) -> Iterator[Violation]:
    """One violation when the model id has no version."""
    who = called(deployment)
    with naming(deployment):
        if deployment.value(_PATH) is None and deployment.value("properties.environmentId") is not None:
            raise NotApplicableError("its container brings its model along")
        model_id = deployment.text(_PATH)
    reference = context.catalog.reference(model_id)
    if reference.asset is None:
        if "/versions/" not in model_id:
            raise NotSeenError(f"{who}: '{model_id}' is not the id of a registry's model", _PATH)
        return
    if reference.asset.version is None:
        latest = reference.model.latest_version if reference.model else None
        hint = f"/versions/{latest}, the newest that the catalogue knows" if latest else "/versions/ and its version"
        yield Violation(f"{who}: the model id '{model_id}' has no version; add {hint}", _PATH)


RULE = ResourceRule(
    id="managed-versioned-model",
    title="A managed deployment names its model with a version.",
    what="The model id of each managed deployment.",
    why="Managed compute needs the version in the id of a registry's model, where serverless endpoints must not have "
    "it.",
    fix="Give modelVersion, or let the catalogue choose the newest that it knows.",
    severity=Severity.HIGH,
    sources=("examples", "azure-native-3.29"),
    types=frozenset({types.ONLINE_DEPLOYMENT}),
    azure=Refused(("UserError",)),
    check=check,
    example=Example(
        noncompliant="""\
from pulumi_azure_native import machinelearningservices as ml

ml.OnlineDeployment(
    "blue",
    resource_group_name="rg-llama",
    workspace_name="llama-dev",
    endpoint_name="llama-70b",
    properties={
        "endpoint_compute_type": "Managed",
        "instance_type": "Standard_NC96ads_A100_v4",
        "model": "azureml://registries/azureml-meta/models/Llama-3.3-70B-Instruct",  # violated
    },
)
""",
        compliant="""\
from pulumi_azure_native import machinelearningservices as ml

ml.OnlineDeployment(
    "blue",
    resource_group_name="rg-llama",
    workspace_name="llama-dev",
    endpoint_name="llama-70b",
    properties={
        "endpoint_compute_type": "Managed",
        "instance_type": "Standard_NC96ads_A100_v4",
        "model": "azureml://registries/azureml-meta/models/Llama-3.3-70B-Instruct/versions/4",
    },
)
""",
    ),
)
