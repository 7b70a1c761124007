"""`known-model`: the catalogue has the model."""

from __future__ import annotations

from collections.abc import Iterator

from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.kinds import endpoint_resources
from azure_llama_policies.managed import served_model
from azure_llama_policies.resources import Resource
from azure_llama_policies.rule import Accepted, Context, Level, ResourceRule, Severity, Violation
from azure_llama_policies.subjects import called
from azure_llama_policies.unseen import naming

_PATHS = {type_: resource.model for type_, resource in endpoint_resources() if resource.model}


def check(resource: Resource, context: Context) -> Iterator[Violation]:
    """One violation when the catalogue does not have the model."""
    path = _PATHS[resource.type]
    if resource.type == types.ONLINE_DEPLOYMENT:
        reference = served_model(resource, context)
    else:
        with naming(resource):
            reference = context.catalog.reference(resource.text(path))
    if reference.model is None:
        question = context.catalog.recognise_model(reference.text).question
        where = f" in registry '{reference.asset.registry}'" if reference.asset else ""
        hint = f"{question} If not, " if question else ""
        yield Violation(
            f"{called(resource)}: the catalogue has no model '{reference.name}'{where}; {hint}add it to "
            "llama-catalog.yaml, so that regions, dates and sizes can be checked",
            path,
        )


RULE = ResourceRule(
    id="known-model",
    title="The model is in the catalogue.",
    what="The model of each serverless endpoint, marketplace subscription and managed deployment.",
    why="Of a model that the catalogue does not have, no region, date or size can be checked: the other rules do not "
    "see it. A misspelt name is found by Azure, late.",
    fix="Correct the name, or add the model, with a source and its date, to llama-catalog.yaml beside Pulumi.yaml.",
    severity=Severity.LOW,
    level=Level.ADVISORY,
    advice=True,
    sources=("assets-head",),
    types=frozenset(_PATHS),
    mirrors=("12e5dd16-d201-47ff-849b-8454061c293d",),
    azure=Accepted.UNKNOWN,
    check=check,
    example=Example(
        noncompliant="""\
azure-llama:serverless:
  phi:
    model: azureml://registries/azureml/models/Phi-4  # violated: the catalogue has only Meta's models
""",
        compliant="""\
azure-llama:serverless:
  llama:
    model: Llama-3.3-70B-Instruct
""",
    ),
)
