"""`serverless-region`: the model is offered in the endpoint's region."""

from __future__ import annotations

from collections.abc import Iterator

from azure_llama.catalog import Stage
from azure_llama_policies import resource_types as types
from azure_llama_policies.example import Example
from azure_llama_policies.rule import AS_OF, Context, NotSeenError, Refused, Resource, ResourceRule, Severity, Violation
from azure_llama_policies.serverless import MODEL_ID
from azure_llama_policies.subjects import azure_name
from azure_llama_policies.unseen import naming


def check(endpoint: Resource, context: Context) -> Iterator[Violation]:
    """One message when the region is not among those that offer the model."""
    name, day, catalog = azure_name(endpoint), context.as_of, context.catalog
    with naming(endpoint):
        reference, location = catalog.reference(endpoint.text(MODEL_ID)), endpoint.text("location")
    model, found = reference.model, catalog.find_region(location)
    region = found.name if found else location
    advice = catalog.instead(model, region, day) if model else ""
    if model and model.stage(day) is Stage.RETIRED:
        yield Violation(
            f"endpoint '{name}': {model.name} retired on {model.lifecycle.retired}, so {region} no longer offers it "
            f"on {day}; {advice}",
            MODEL_ID,
        )
        return
    regions = model.serverless_regions(day) if model else None
    if model is None or regions is None:
        raise NotSeenError(
            f"endpoint '{name}': the regions of {reference.name} on {day} are not in the catalogue; "
            "look them up before you rely on this deployment",
            MODEL_ID,
        )
    if not regions:
        yield Violation(
            f"endpoint '{name}': {model.name} is not available as a serverless endpoint in any region on {day}; "
            f"{advice}",
            MODEL_ID,
        )
    elif region not in regions:
        yield Violation(
            f"endpoint '{name}': {model.name} is not offered in {region} on {day}; {advice}",
            "location",
        )


RULE = ResourceRule(
    id="serverless-region",
    title="A serverless endpoint is in a region that offers its model.",
    what="The location and the model id of each serverless endpoint, against the region tables of the catalogue.",
    why="Azure offers each model in a few regions only, and refuses the endpoint elsewhere, after the workspace and "
    "all that it needs have been made there.",
    fix="Set azure-native:location to a region that offers the model, or choose a model that the region offers.",
    severity=Severity.HIGH,
    sources=("regions-2026-02", "lifecycle-2026-07", "direct-2026-03", "marketplace-matrix-2026-09"),
    types=frozenset({types.SERVERLESS_ENDPOINT}),
    config=AS_OF,
    azure=Refused(("UserError", "LocationNotAvailableForResourceType")),
    check=check,
    example=Example(
        noncompliant="""\
azure-native:location: westeurope         # violated: the model is not offered there
azure-llama:serverless:
  llama-33-70b:
    model: Llama-3.3-70B-Instruct
""",
        compliant="""\
azure-native:location: eastus2
azure-llama:serverless:
  llama-33-70b:
    model: Llama-3.3-70B-Instruct
""",
    ),
    notes="A model that has retired is offered nowhere, whatever the tables said. A model that Azure offers only on "
    "another route (Llama 4: a deployment on a Microsoft Foundry resource) violates the rule in every region, and the "
    "message names that route. A model whose serverless offering is unknown, one that the catalogue does not "
    "know, or a day before its first table (2024-08-05), is not a pass: [not-seen](not-seen.md) reports it.",
)
