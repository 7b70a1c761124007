"""`serverless-model-retired`: the model of a serverless endpoint can still be deployed."""

from __future__ import annotations

from collections.abc import Iterator

from azure_llama.catalog import Stage
from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.lifecycle import by, instead, known_stage
from azure_llama_policies.resources import Resource
from azure_llama_policies.rule import AS_OF, Context, Refused, ResourceRule, Severity, Violation
from azure_llama_policies.serverless import MODEL_ID
from azure_llama_policies.subjects import called


def check(endpoint: Resource, context: Context) -> Iterator[Violation]:
    """One violation when the model is deprecated or retired."""
    catalog = context.catalog
    model, stage = known_stage(endpoint, context)
    life = model.lifecycle
    if stage is Stage.RETIRED:
        yield Violation(
            f"{called(endpoint)}: {model.name} retired on {life.retired} ({by(life.retired_source, catalog)}): "
            f"calls are answered with 404; {instead(endpoint, model, context)}",
            MODEL_ID,
        )
    elif stage is Stage.DEPRECATED:
        yield Violation(
            f"{called(endpoint)}: {model.name} is deprecated since {life.deprecated} ({by(life.source, catalog)}): "
            f"Azure takes no new deployment of it; {instead(endpoint, model, context)}",
            MODEL_ID,
        )


RULE = ResourceRule(
    id="serverless-model-retired",
    title="A serverless endpoint has a model that is neither deprecated nor retired.",
    what="The model of each serverless endpoint, against the dates that Microsoft published.",
    why="Azure takes no new deployment of a deprecated model, and answers every call to a retired one with 404.",
    fix="Take the replacement that the message names, under a new endpoint name, and move the callers.",
    severity=Severity.HIGH,
    sources=("lifecycle-2026-02", "lifecycle-2026-07", "lifecycle-2025-05"),
    types=frozenset({types.SERVERLESS_ENDPOINT}),
    config=AS_OF,
    azure=Refused(("UserError",)),
    check=check,
    example=Example(
        noncompliant="""\
azure-llama:serverless:
  llama:
    model: Meta-Llama-3.1-8B-Instruct     # violated: retired on 2026-06-13
""",
        compliant="""\
azure-llama:serverless:
  llama:
    model: Llama-3.3-70B-Instruct
""",
    ),
    notes="A model whose dates nobody published, and one past a date that only a secondary source gives, is not seen.",
)
