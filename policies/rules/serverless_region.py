"""`serverless-region`: the model is offered in the endpoint's region."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from azure_llama.catalog import Model, Stage, find_model, find_region, models
from policies.rule import AS_OF, Context, NotSeenError, Resource, ResourceRule, Severity
from policies.serverless import ENDPOINT, MODEL_ID, endpoint_name, model_name


def check(endpoint: Resource, context: Context) -> Iterator[str]:
    """One message when the region is not among those that offer the model."""
    name, day = endpoint_name(endpoint), context.as_of
    try:
        model_id, location = endpoint.text(MODEL_ID), endpoint.text("location")
    except NotSeenError as unseen:
        raise NotSeenError(f"endpoint '{name}': {unseen}") from None
    model, found = find_model(model_id), find_region(location)
    region = found.name if found else location
    if model and model.stage(day) is Stage.RETIRED:
        yield (
            f"endpoint '{name}': {model.name} retired on {model.lifecycle.retired}, so {region} no longer offers it "
            f"on {day}; {_instead(region, day)}"
        )
        return
    regions = model.serverless_regions(day) if model else None
    if model is None or regions is None:
        raise NotSeenError(
            f"endpoint '{name}': the regions of {model_name(model_id)} on {day} are not in the catalogue; "
            "look them up before you rely on this deployment"
        )
    if not regions:
        yield (
            f"endpoint '{name}': no region offers {model.name} as a serverless endpoint on {day} (wanted: {region}); "
            f"deploy it on managed compute, or {_instead(region, day)}"
        )
    elif region not in regions:
        yield (
            f"endpoint '{name}': {model.name} is not offered in {region} on {day}; "
            f"it is in {', '.join(sorted(regions))}. Set azure-native:location to one of these, or choose another model"
        )


def _instead(region: str, day: date) -> str:
    offered = [each.name for each in models() if _offers(each, region, day)]
    return f"choose one that {region} offers: {', '.join(offered)}" if offered else "choose another model and region"


def _offers(model: Model, region: str, day: date) -> bool:
    return model.stage(day) is not Stage.RETIRED and region in (model.serverless_regions(day) or ())


RULE = ResourceRule(
    id="serverless-region",
    title="A serverless endpoint stands in a region that offers its model.",
    what="The location and the model id of each serverless endpoint, against the region tables of the catalogue.",
    why="Azure offers each model in a few regions only, and refuses the endpoint elsewhere, after the workspace and "
    "all that it needs have been made there.",
    fix="Set azure-native:location to a region that offers the model, or choose a model that the region offers.",
    severity=Severity.HIGH,
    sources=("regions-2026-02", "lifecycle-2026-07"),
    types=frozenset({ENDPOINT}),
    config=AS_OF,
    check=check,
)
