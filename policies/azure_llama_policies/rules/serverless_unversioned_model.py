"""`serverless-unversioned-model`: a serverless endpoint names its model without a version."""

from __future__ import annotations

from collections.abc import Iterator

from azure_llama.catalog import AssetId, parse_asset_id
from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.resources import NotSeenError, Resource
from azure_llama_policies.rule import Accepted, Context, ResourceRule, Severity, Violation
from azure_llama_policies.serverless import MODEL_ID, SUBSCRIBED_MODEL_ID
from azure_llama_policies.subjects import called

_PATHS = {
    types.SERVERLESS_ENDPOINT: MODEL_ID,
    types.MARKETPLACE_SUBSCRIPTION: SUBSCRIBED_MODEL_ID,
}


def check(resource: Resource, _context: Context) -> Iterator[Violation]:
    """One violation when the model id has a version."""
    path = _PATHS[resource.type]
    model_id = resource.text(path)
    asset = parse_asset_id(model_id)
    if asset is None:
        raise NotSeenError(f"{called(resource)}: '{model_id}' is not the id of a registry's model", path)
    if asset.version is not None:
        plain = AssetId(asset.registry, asset.name)
        yield Violation(
            f"{called(resource)}: the model id '{model_id}' has a version, and Azure always deploys the newest; "
            f"give '{plain}'",
            path,
        )


RULE = ResourceRule(
    id="serverless-unversioned-model",
    title="A serverless endpoint and a marketplace subscription name their model without a version.",
    what="The model id of each serverless endpoint and marketplace subscription.",
    why="Azure's own client refuses an id with a version here: the newest is what is deployed. What the service does "
    "with one is unknown.",
    fix="Leave /versions/... out of the id. Managed deployments are the ones that need it.",
    severity=Severity.HIGH,
    sources=("azure-ai-ml-1.35", "serverless-doc-2026-01"),
    types=frozenset(_PATHS),
    azure=Accepted.UNKNOWN,
    check=check,
    example=Example(
        noncompliant="""\
from pulumi_azure_native import machinelearningservices as ml

ml.ServerlessEndpoint(
    "llama",
    resource_group_name="rg-llama",
    workspace_name="llama-dev",
    location="eastus2",
    properties={
        "auth_mode": "Key",
        "model_settings": {
            "model_id": "azureml://registries/azureml-meta/models/Llama-3.3-70B-Instruct/versions/4",  # violated
        },
    },
    sku={"name": "Consumption"},
)
""",
        compliant="""\
from pulumi_azure_native import machinelearningservices as ml

ml.ServerlessEndpoint(
    "llama",
    resource_group_name="rg-llama",
    workspace_name="llama-dev",
    location="eastus2",
    properties={
        "auth_mode": "Key",
        "model_settings": {
            "model_id": "azureml://registries/azureml-meta/models/Llama-3.3-70B-Instruct",
        },
    },
    sku={"name": "Consumption"},
)
""",
    ),
)
