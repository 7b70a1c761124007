"""`foundry-model-retiring`: the model of a Foundry deployment does not retire soon."""

from __future__ import annotations

from collections.abc import Iterator

from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.foundry import CLOSED, NAME, catalog_row, other_models, retirement_of
from azure_llama_policies.lifecycle import by
from azure_llama_policies.resources import NotApplicableError, NotSeenError, Resource
from azure_llama_policies.rule import Accepted, Context, Level, ResourceRule, Severity, Violation, warn_days
from azure_llama_policies.subjects import called
from azure_llama_policies.unseen import naming


def check(deployment: Resource, context: Context) -> Iterator[Violation]:
    """One violation when the retirement date is near, past without confirmation, or the model is legacy."""
    catalog, day, who = context.catalog, context.as_of, called(deployment)
    with naming(deployment):
        row = catalog_row(deployment, catalog)
    end = retirement_of(row, catalog)
    if end is None:
        if row.lifecycle != "Legacy":
            raise NotSeenError(f"{who}: no source has a retirement date of {row.name}", NAME)
        yield Violation(
            f"{who}: {row.name} is legacy ({by(row.source, catalog)}); plan the move to another model", NAME
        )
        return
    left, source = (end.on - day).days, by(end.source, catalog)
    if left <= 0 and (end.confirmed or row.lifecycle in CLOSED):
        raise NotApplicableError(f"{row.name} is retired; foundry-model-lifecycle reports it")
    if left <= 0:
        yield Violation(
            f"{who}: the retirement date of {row.name}, {end.on}, is past ({source}): Azure may answer calls with 410; "
            f"{other_models(row, catalog, day)}",
            NAME,
        )
    elif left <= context.config["warnDays"]:
        yield Violation(
            f"{who}: {row.name} retires on {end.on}, in {left} days ({source}); {other_models(row, catalog, end.on)}",
            NAME,
        )


RULE = ResourceRule(
    id="foundry-model-retiring",
    title="A Foundry deployment's model does not retire soon.",
    what="The retirement date of the model of each deployment on a Foundry account.",
    why="A move to another model takes longer than the notice that is left.",
    fix="Plan the move to another model before that day.",
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    advice=True,
    sources=("litellm-1.109", "foundry-retired-2026-07"),
    types=frozenset({types.FOUNDRY_DEPLOYMENT}),
    config=warn_days(90, "the date"),
    azure=Accepted.LIFECYCLE,
    check=check,
    example=Example(
        noncompliant="""\
azure-llama:foundry:
  contoso-llama:
    deployments:
      chat:
        model: Llama-4-Maverick-17B-128E-Instruct-FP8  # violated: retires on 2026-11-19, in 49 days
        modelVersion: "1"
        capacity: 100
""",
        compliant="""\
azure-llama:foundry:
  contoso-llama:
    deployments:
      chat:
        model: Llama-3.3-70B-Instruct
        modelVersion: "5"
        capacity: 100
""",
        settings={"asOf": "2026-10-01"},
    ),
    notes="Dates of secondary sources count here, and the message says so: a warning costs little. They never make a "
    "model retired: from such a date on, this rule keeps its violation until Microsoft publishes a date.",
)
