"""What rules say of where a model stands in its life."""

from __future__ import annotations

from datetime import date

from azure_llama.catalog import Catalog, Model, Stage
from azure_llama_policies.resources import NotSeenError, Resource
from azure_llama_policies.rule import Context
from azure_llama_policies.serverless import MODEL_ID
from azure_llama_policies.subjects import called
from azure_llama_policies.unseen import naming


def known_model(endpoint: Resource, context: Context) -> Model:
    """The catalogue's model of a serverless endpoint.

    Raises:
        NotSeenError: its id is not known yet, or the catalogue does not have it.
    """
    with naming(endpoint):
        reference = context.catalog.reference(endpoint.text(MODEL_ID))
    if reference.model is None:
        raise NotSeenError(
            f"{called(endpoint)}: the catalogue does not have {reference.name}, so how long Azure offers it is unknown",
            MODEL_ID,
        )
    return reference.model


def known_stage(endpoint: Resource, context: Context) -> tuple[Model, Stage]:
    """The catalogue's model of a serverless endpoint, and its stage on the day to judge on.

    Raises:
        NotSeenError: as of `known_model`, or no document gives its stage on that day.
    """
    model, day = known_model(endpoint, context), context.as_of
    stage = model.stage(day)
    if stage is Stage.UNKNOWN:
        raise NotSeenError(
            f"{called(endpoint)}: where {model.name} stands on {day} is unknown: no document says it", MODEL_ID
        )
    return model, stage


def instead(model: Model, day: date, catalog: Catalog) -> str:
    """What to take instead, as the end of a sentence."""
    other = catalog.recommended(model, day)
    return f"take {other} instead" if other else "take another model"


def by(key: str | None, catalog: Catalog) -> str:
    """The source of a date, and whether it is someone else than Microsoft."""
    assert key is not None  # a date has a source
    found = catalog.sources[key]
    return f"source {key}" if found.official else f"source {key}, not Microsoft's"
