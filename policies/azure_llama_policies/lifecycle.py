"""What rules say of where a model stands in its life."""

from __future__ import annotations

from datetime import date

from azure_llama.catalog import Catalog, Model, Stage, find_model, source
from azure_llama_policies.resources import NotSeenError, Resource
from azure_llama_policies.serverless import MODEL_ID, model_name
from azure_llama_policies.subjects import called
from azure_llama_policies.unseen import naming


def known_model(endpoint: Resource) -> Model:
    """The catalogue's model of a serverless endpoint.

    Raises:
        NotSeenError: its id is not known yet, or the catalogue does not have it.
    """
    with naming(endpoint):
        model_id = endpoint.text(MODEL_ID)
    model = find_model(model_id)
    if model is None:
        raise NotSeenError(
            f"{called(endpoint)}: the catalogue does not have {model_name(model_id)}, so how long Azure offers it is "
            "unknown",
            MODEL_ID,
        )
    return model


def known_stage(endpoint: Resource, day: date) -> tuple[Model, Stage]:
    """The catalogue's model of a serverless endpoint, and where it stands on a day.

    Raises:
        NotSeenError: as of `known_model`, or nobody published its stage on that day.
    """
    model = known_model(endpoint)
    stage = model.stage(day)
    if stage is Stage.UNKNOWN:
        raise NotSeenError(
            f"{called(endpoint)}: where {model.name} stands on {day} is unknown: no document says it", MODEL_ID
        )
    return model, stage


def instead(model: Model, day: date) -> str:
    """What to take instead, as the end of a sentence."""
    other = Catalog.package().recommended(model, day)
    return f"take {other} instead" if other else "take another model"


def by(key: str | None) -> str:
    """Who says so: the source, and that it is not Microsoft when it is not."""
    assert key is not None  # a date has a source
    found = source(key)
    return f"source {key}" if found.official else f"source {key}, not Microsoft's"
