"""`foundry-model-lifecycle`: Azure still accepts deployments of the model."""

from __future__ import annotations

from collections.abc import Iterator

from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.foundry import CLOSED, NAME, catalog_row, other_models, retirement_of
from azure_llama_policies.lifecycle import by
from azure_llama_policies.resources import NotSeenError, Resource
from azure_llama_policies.rule import AS_OF, Context, Refused, ResourceRule, Severity, Violation
from azure_llama_policies.subjects import called
from azure_llama_policies.unseen import naming


def check(deployment: Resource, context: Context) -> Iterator[Violation]:
    """One violation when the model is retired, or takes no new deployments."""
    catalog, day, who = context.catalog, context.as_of, called(deployment)
    with naming(deployment):
        row = catalog_row(deployment, catalog)
    instead, end = other_models(row, catalog, day), retirement_of(row, catalog)
    past = end is not None and end.on <= day
    if end and past and end.confirmed:
        yield Violation(
            f"{who}: {row.name} retired on {end.on} ({by(end.source, catalog)}): Azure answers calls with 410; "
            f"{instead}",
            NAME,
        )
    elif row.lifecycle in CLOSED:
        until = f"; existing ones answer until {end.on}" if end and not past else ""
        yield Violation(
            f"{who}: {row.name} is {row.lifecycle} ({by(row.source, catalog)}): Azure takes no new deployment of it"
            f"{until}; {instead}",
            NAME,
        )
    elif end and past:
        raise NotSeenError(
            f"{who}: the retirement date of {row.name}, {end.on}, is past ({by(end.source, catalog)}), and no page of "
            "Microsoft confirms it; check it with `azure-llama preflight`",
            NAME,
        )
    elif end is None and row.lifecycle is None:
        raise NotSeenError(f"{who}: no source says how long Azure offers {row.name}", NAME)


RULE = ResourceRule(
    id="foundry-model-lifecycle",
    title="A Foundry deployment has a model that Azure still deploys.",
    what="The lifecycle status and the retirement date of each deployment's model, in the catalogue.",
    why="Azure refuses a new deployment of a model in the state Deprecating (ServiceModelDeprecating), often months "
    "before it retires. A retired model answers every call with 410.",
    fix="Deploy a model that the message names, under a new deployment name, and move the callers.",
    severity=Severity.HIGH,
    sources=("foundry-retired-2026-07", "lifecycle-2026-07", "lifecycle-2026-02", "lifecycle-2025-05"),
    types=frozenset({types.FOUNDRY_DEPLOYMENT}),
    config=AS_OF,
    azure=Refused(("ServiceModelDeprecating", "ServiceModelDeprecated", "DeploymentModelNotSupported")),
    check=check,
    example=Example(
        noncompliant="""\
azure-llama:foundry:
  contoso-llama:
    deployments:
      chat:
        model: Meta-Llama-3.1-8B-Instruct  # violated: retired on 2026-06-13
        modelVersion: "5"
        capacity: 1
""",
        compliant="""\
azure-llama:foundry:
  contoso-llama:
    deployments:
      chat:
        model: Llama-3.3-70B-Instruct
        modelVersion: "5"
        capacity: 1
""",
    ),
    notes="The status is that of the catalogue or of `llama-catalog.yaml`; Azure changes it without notice, so "
    "`azure-llama preflight` reads it from Azure. A subscription that deployed the version before may still pass while "
    "it is Deprecating: exempt the deployment then.\n\n"
    "A retirement date that only a secondary source gives never makes a model retired: from that day on it is not "
    "seen, and [foundry-model-retiring](foundry-model-retiring.md) keeps its violation.",
)
