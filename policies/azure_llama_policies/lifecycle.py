"""Messages about a model's lifecycle and its replacement, for rules."""

from __future__ import annotations

from datetime import date

from azure_llama.catalog import Catalog, Model, Stage
from azure_llama.catalog.fit import MAX_MODEL_LEN
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


def instead(endpoint: Resource, model: Model, context: Context, until: date | None = None) -> str:
    """The remediation for a serverless endpoint whose model Azure rejects, as the end of a sentence.

    Args:
        endpoint: Required. The endpoint.
        model: Required. Its model.
        context: Required. The rule's context.
        until: Optional. A later day on which the proposals must still take deployments.
    """
    return context.catalog.instead(model, known_region(endpoint, context), context.as_of, until)


def other_sizes(deployment: Resource, context: Context, max_model_len: int = MAX_MODEL_LEN) -> str:
    """The remediation for a managed deployment's VM size, as the end of a sentence.

    Args:
        deployment: Required. The deployment.
        context: Required. The rule's context.
        max_model_len: Optional. Tokens, prompt and answer, that the deployment holds for one caller.
    """
    try:
        model = context.catalog.find_model(deployment.text("properties.model"))
    except NotSeenError:
        model = None
    return context.catalog.other_sizes(model, known_region(deployment, context), max_model_len)


def known_region(resource: Resource, context: Context) -> str | None:
    """ARM name of a resource's region; None as long as it is unknown."""
    try:
        location = resource.text("location")
    except NotSeenError:
        return None
    found = context.catalog.find_region(location)
    return found.name if found else location


def by(key: str | None, catalog: Catalog) -> str:
    """The source of a date, and whether it is someone else than Microsoft."""
    assert key is not None  # a date has a source
    found = catalog.sources[key]
    return f"source {key}" if found.official else f"source {key}, not Microsoft's"
