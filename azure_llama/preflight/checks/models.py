"""Checks whether Azure still offers the models, and where.

For serverless endpoints the catalogue answers: ARM has no call for it.
"""

from __future__ import annotations

import asyncio

from azure_llama.catalog import Model, Stage
from azure_llama.catalog.kinds import SERVERLESS
from azure_llama.preflight.plan import Plan
from azure_llama.preflight.reader import Reader
from azure_llama.preflight.results import Result, failed, passed, skipped, unknown
from azure_llama.settings import ServerlessSettings

_ADD = "add what you know of it, with source and date, to llama-catalog.yaml (docs/catalog.md)"


async def regions(plan: Plan, azure: Reader) -> list[Result]:
    """Whether the models of serverless endpoints and Foundry deployments are offered in the region."""
    asked = (plan.kinds[endpoint.kind.name].region(plan, azure, endpoint) for endpoint in plan.endpoints)
    results = [result for answer in await asyncio.gather(*asked) for result in answer]
    none = "the plan has no serverless endpoint; a managed one needs a size, not an offer"
    return results or [skipped(SERVERLESS.name, none)]


def region(plan: Plan, where: str, asked: ServerlessSettings) -> Result:
    """Whether the model of a serverless endpoint is offered in the region."""
    model = asked.catalog_model
    if model is None:
        return unknown(where, f"{asked.model} is not in the catalogue; its regions are not known", _ADD)
    offered = model.serverless_regions(plan.today)
    if offered is None:
        return unknown(where, f"where {model.name} is offered is not known for {plan.today}")
    table = max(day for day in model.serverless.tables if day <= plan.today)
    if plan.region in offered:
        return passed(where, f"{model.name} is offered in {plan.region} (Microsoft's table of {table})")
    if not offered:
        return failed(
            where,
            f"{model.name} is not available as a serverless endpoint in any region (Microsoft's table of {table})",
            _instead(plan, model),
        )
    return failed(
        where,
        f"{model.name} is not offered in {plan.region} (Microsoft's table of {table})",
        _instead(plan, model),
    )


async def lifecycle(plan: Plan, azure: Reader) -> list[Result]:
    """Whether each model still takes new deployments."""
    asked = (plan.kinds[endpoint.kind.name].lifecycle(plan, azure, endpoint) for endpoint in plan.endpoints)
    results = [result for answer in await asyncio.gather(*asked) for result in answer]
    return results or [skipped("models", "the plan has none")]


def stage(plan: Plan, where: str, asked: ServerlessSettings) -> Result:
    """Whether the model of a serverless endpoint still takes new deployments."""
    model = asked.catalog_model
    if model is None:
        return unknown(where, f"{asked.model} is not in the catalogue; whether it is retired is not known", _ADD)
    stage, dates, sources = model.stage(plan.today), model.lifecycle, plan.catalog.sources
    if stage.takes_deployments:
        later = _retires(plan, model)
        advice = f" Plan the move: {_instead(plan, model)}." if stage is Stage.LEGACY else ""
        return passed(where, f"{model.name} is {stage.value.replace('-', ' ')} on {plan.today}{later}.{advice}")
    if stage is Stage.UNKNOWN:
        evidence = f"no document by Microsoft says whether {model.name} takes new deployments{_retires(plan, model)}"
        return unknown(where, evidence, _ADD)
    since = dates.retired if stage is Stage.RETIRED else dates.deprecated
    by = f" ({sources[dates.source].title})" if dates.source else ""
    return failed(
        where,
        f"{model.name} is {stage.value} since {since}{by}: Azure takes no new deployment of it.",
        _instead(plan, model),
    )


def _retires(plan: Plan, model: Model) -> str:
    """When a model retires, by which source, and the command that prints the deployment to move to."""
    day, source = model.lifecycle.retired, model.lifecycle.retired_source
    if day is None:
        return ""
    verb = "retires" if day > plan.today else "retired"
    by = f" ({plan.catalog.sources[source].title})" if source else ""
    return f"; it {verb} on {day}{by}: `azure-llama convert --from-serverless STACK` prints its Foundry deployment"


def _instead(plan: Plan, model: Model) -> str:
    return plan.catalog.instead(model, plan.region, plan.today)
