"""`serverless-model-legacy`: the model of a serverless endpoint is not deprecated."""

from __future__ import annotations

from collections.abc import Iterator

from azure_llama.catalog import Stage
from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.lifecycle import by, instead, known_stage
from azure_llama_policies.resources import Resource
from azure_llama_policies.rule import AS_OF, Accepted, Context, Level, ResourceRule, Severity, Violation
from azure_llama_policies.serverless import MODEL_ID
from azure_llama_policies.subjects import called


def check(endpoint: Resource, context: Context) -> Iterator[Violation]:
    """One violation when the model is legacy."""
    catalog = context.catalog
    model, stage = known_stage(endpoint, context)
    life = model.lifecycle
    if stage is Stage.LEGACY:
        yield Violation(
            f"{called(endpoint)}: {model.name} is legacy since {life.legacy} ({by(life.source, catalog)}), and "
            f"will take no new deployments; {instead(endpoint, model, context)}",
            MODEL_ID,
        )


RULE = ResourceRule(
    id="serverless-model-legacy",
    title="A serverless endpoint has a model that is not legacy.",
    what="The model of each serverless endpoint, against the dates that Microsoft published.",
    why="A legacy model still takes deployments, for 30 days at least; then it takes none, and 90 days later it stops "
    "answering.",
    fix="Plan the move to the replacement that the message names.",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    advice=True,
    sources=("lifecycle-2026-02", "lifecycle-2025-05"),
    types=frozenset({types.SERVERLESS_ENDPOINT}),
    config=AS_OF,
    azure=Accepted.LIFECYCLE,
    check=check,
    example=Example(
        noncompliant="""\
azure-llama:serverless:
  llama:
    model: Meta-Llama-3.1-405B-Instruct   # violated from 2026-02-13 to 2026-03-12
""",
        compliant="""\
azure-llama:serverless:
  llama:
    model: Llama-3.3-70B-Instruct
""",
        settings={"asOf": "2026-03-01"},
    ),
)
