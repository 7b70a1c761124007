"""Suggests replacements for a model or a VM size. Every message that suggests one uses this module.

A proposal can be deployed on that day, on that route, in that region, as far as the catalogue knows.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from azure_llama.catalog import fit
from azure_llama.catalog.lifecycle import Stage
from azure_llama.catalog.offerings import Route

if TYPE_CHECKING:
    from azure_llama.catalog.catalog import Catalog
    from azure_llama.catalog.llama_models import Model

_LISTED = 5
"""Names that a message lists."""


def instead(catalog: Catalog, model: Model, region: str | None, on: date, until: date | None = None) -> str:
    """The remediation for a serverless endpoint whose model Azure rejects: an imperative, without a full stop.

    Args:
        catalog: Required. The catalogue.
        model: Required. The model that is not taken, or not for long.
        region: Optional. ARM name of the endpoint's region; None when it is unknown.
        on: Required. The day (UTC) of the deployment.
        until: Optional. A later day on which the proposals must still take deployments.
    """
    where, steps = f" in {region}" if region else "", _keep(model, region, on)
    lasting = [
        other
        for other in catalog.models
        if other.stage(until or on) is Stage.GENERALLY_AVAILABLE and _replaces(other, model)
    ]
    takes = [other for other in catalog.serverless_models(None, on) if other in lasting]
    here = [other for other in takes if region is None or region in (other.serverless_regions(on) or ())]
    successor = catalog.successor(model, on)
    if here:
        here.sort(key=lambda other: other != successor)
        steps.append(f"choose {_either(other.name for other in here)}, available as {Route.SERVERLESS}{where}")
    elif takes and not steps:
        regions = sorted(set[str]().union(*(other.serverless_regions(on) or () for other in takes)))
        steps.append(f"choose {_either(other.name for other in takes)} and a region that offers it: {_either(regions)}")
    if successor in lasting and successor not in takes:
        steps.append(f"choose {recommended(catalog, model, on)}, which Microsoft recommends")
    nothing = f"no model of its kind is known to take a new serverless endpoint{where} on {until or on}"
    return ", or ".join(steps) or nothing


def recommended(catalog: Catalog, model: Model, on: date) -> str | None:
    """The successor of a model on a day (UTC) as messages name it: with the route, unless that is a serverless
    endpoint.

    Args:
        catalog: Required. The catalogue.
        model: Required. The model.
        on: Required. The day.
    """
    other = catalog.successor(model, on)
    if other is None:
        return None
    routes = other.routes(on)
    return other.name if Route.SERVERLESS in routes else f"{other.name} as {' or '.join(routes)}"


def _replaces(other: Model, model: Model) -> bool:
    """Whether a model does the work of another: one that judges texts stays one, and so does one that reads images."""
    reads_images = "image" in model.modality
    return other != model and other.safety == model.safety and (not reads_images or "image" in other.modality)


def _keep(model: Model, region: str | None, on: date) -> list[str]:
    """How to go on with the model itself: on another route, or in another region."""
    if model.stage(on) in (Stage.DEPRECATED, Stage.RETIRED):
        return []
    offered = model.serverless_regions(on)
    if not offered:
        others = [route for route in model.routes(on) if route is not Route.SERVERLESS]
        return [f"use {' or '.join(others)}"] if others else []
    if region is not None and region not in offered:
        return [f"set azure-native:location to {_either(sorted(offered), len(offered))}"]
    return []


def other_sizes(
    catalog: Catalog, model: Model | None, region: str | None, max_model_len: int = fit.MAX_MODEL_LEN
) -> str:
    """The remediation for a VM size that cannot run a managed deployment: an imperative, without a full stop.

    Args:
        catalog: Required. The catalogue.
        model: Optional. The deployment's model; None when it is unknown.
        region: Optional. ARM name of the deployment's region; None when it is unknown.
        max_model_len: Optional. Tokens, prompt and answer, that the deployment holds for one caller.
    """
    where = f" in {region}" if region else ""
    if model is None or model.architecture is None:
        listed = f"azure-llama catalog show sizes{f' --region {region}' if region else ''}"
        return f"set a size that Azure ML serves (`{listed}`)"
    sizes = catalog.smallest_sizes(model, region, max_model_len)
    if not sizes:
        return f"no size that Azure ML serves{where} is known to hold {model.name}"
    return f"set {_either(sizes)} (the smallest for {model.name}{where}), or a larger one"


def _either(names: Iterable[str], most: int = _LISTED) -> str:
    """`a, b or c`, cut after some names."""
    every = list(names)
    listed, more = every[:most], len(every) - most
    text = " or ".join([", ".join(listed[:-1]), listed[-1]] if listed[1:] else listed)
    return f"{text} ({more} more)" if more > 0 else text
