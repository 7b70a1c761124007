"""`serverless-model-retiring`: the model of a serverless endpoint is not close to deprecation or retirement."""

from __future__ import annotations

from collections.abc import Iterator

from azure_llama.catalog import Stage
from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.lifecycle import by, instead, known_model
from azure_llama_policies.resources import NotSeenError, Resource
from azure_llama_policies.rule import Accepted, Context, Level, ResourceRule, Severity, Violation, warn_days
from azure_llama_policies.serverless import MODEL_ID
from azure_llama_policies.subjects import called

_CONVERT = "`azure-llama convert --from-serverless STACK` prints its Foundry deployment"


def check(endpoint: Resource, context: Context) -> Iterator[Violation]:
    """One violation for the next date when it is near, or for a retirement date that Microsoft did not confirm."""
    catalog, day = context.catalog, context.as_of
    model = known_model(endpoint, context)
    life = model.lifecycle
    dates = (
        ("becomes legacy", life.legacy, life.source),
        ("takes no new deployments from", life.deprecated, life.source),
        ("retires", life.retired, life.retired_source),
    )
    if not any(when for _, when, _ in dates):
        raise NotSeenError(f"{called(endpoint)}: no date of {model.name} is published", MODEL_ID)
    if model.stage(day) is Stage.RETIRED:
        return
    if life.retired is not None and life.retired <= day:
        yield Violation(
            f"{called(endpoint)}: the retirement date of {model.name}, {life.retired}, is past "
            f"({by(life.retired_source, catalog)}): Azure may answer calls with 404; "
            f"{instead(endpoint, model, context)}; {_CONVERT}",
            MODEL_ID,
        )
        return
    for what, when, key in dates:
        if when is not None and 0 < (when - day).days <= context.config["warnDays"]:
            on = "" if what.endswith("from") else "on "
            yield Violation(
                f"{called(endpoint)}: {model.name} {what} {on}{when}, in {(when - day).days} days "
                f"({by(key, catalog)}); {instead(endpoint, model, context, until=when)}; {_CONVERT}",
                MODEL_ID,
            )
            return


RULE = ResourceRule(
    id="serverless-model-retiring",
    title="The model of a serverless endpoint is not close to deprecation or retirement.",
    what="The dates on which the model of each serverless endpoint becomes legacy, deprecated or retired.",
    why="Moving callers to another model takes longer than the remaining notice.",
    fix="Move to the replacement that the message names before that date; `azure-llama convert --from-serverless "
    "STACK` prints the same model as a deployment on a Foundry account.",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    advice=True,
    sources=("lifecycle-2026-02", "lifecycle-2026-07", "litellm-1.109"),
    types=frozenset({types.SERVERLESS_ENDPOINT}),
    config=warn_days(90, "a date"),
    azure=Accepted.LIFECYCLE,
    check=check,
    example=Example(
        noncompliant="""\
azure-llama:serverless:
  llama:
    model: Meta-Llama-3.1-405B-Instruct   # violated: legacy from 2026-02-13 on, in 74 days
""",
        compliant="""\
azure-llama:serverless:
  llama:
    model: Llama-3.3-70B-Instruct
""",
        settings={"asOf": "2025-12-01"},
    ),
    notes="Dates of secondary sources count here, and the message says so: a warning costs little. They never make a "
    "model retired: from such a retirement date on, this rule keeps its violation until Microsoft publishes a date.",
)
