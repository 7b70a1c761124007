"""Checks existing endpoints: their number in the region, and names that are in use."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from azure_llama.arm import NotFoundError, RefusedError, versions
from azure_llama.catalog.limits import (
    COMPUTES_PER_REGION,
    DEPLOYMENTS_PER_ENDPOINT,
    DEPLOYMENTS_PER_SUBSCRIPTION,
    ENDPOINTS_PER_SUBSCRIPTION,
    Limit,
)
from azure_llama.preflight.plan import WORKSPACE, Plan
from azure_llama.preflight.reader import Reader
from azure_llama.preflight.results import Result, failed, passed, skipped
from azure_llama.settings import StackEndpoint

_COMPUTE = f"{WORKSPACE}/computes"
_OTHERS = ("batchEndpoints",)
"""Collections of a workspace that count against the region's limit, beside those of the kinds."""


@dataclass(frozen=True)
class Endpoint:
    """An endpoint that exists.

    Attributes:
        id: Required. ARM id.
        collection: Required. `onlineEndpoints`, `serverlessEndpoints` or `batchEndpoints`.
        model: Required. Asset id of a serverless endpoint's model; empty for the others.
    """

    id: str
    collection: str
    model: str = ""

    @property
    def name(self) -> str:
        """Its name."""
        return self.id.rsplit("/", 1)[-1]

    @property
    def workspace(self) -> str:
        """ARM id of its workspace."""
        return self.id.rsplit("/", 2)[0]


async def in_region(plan: Plan, azure: Reader) -> list[Endpoint]:
    """The subscription's endpoints of all kinds in the region."""
    ids = await _workspaces(plan, azure)
    collections = (*(kind.collection for kind in plan.catalog.kinds if kind.in_workspace), *_OTHERS)
    answers = await asyncio.gather(*(_listed(azure, id_, each) for id_ in ids for each in collections))
    return [endpoint for answer in answers for endpoint in answer]


async def _workspaces(plan: Plan, azure: Reader) -> list[str]:
    """ARM ids of the subscription's workspaces in the region."""
    rows = await azure.list(f"{plan.scope}/providers/{WORKSPACE}", versions.MACHINE_LEARNING)
    ids = [str(each.get("id") or "") for each in rows if _region(plan, each.get("location")) == plan.region]
    return [id_ for id_ in ids if id_]


def _region(plan: Plan, location: object) -> str:
    found = plan.catalog.find_region(str(location or ""))
    return found.name if found else ""


async def _listed(azure: Reader, workspace: str, collection: str) -> list[Endpoint]:
    rows = await _rows(azure, workspace, collection)
    return [Endpoint(f"{workspace}/{collection}/{row.get('name', '')}", collection, _model(row)) for row in rows]


async def _rows(azure: Reader, workspace: str, collection: str) -> list[dict[str, Any]]:
    try:
        return await azure.list(f"{workspace}/{collection}", versions.MACHINE_LEARNING)
    except RefusedError as error:
        if error.status != HTTPStatus.NOT_FOUND:
            raise
        return []  # Gone meanwhile, or a kind that the region does not have.


def _model(row: dict[str, Any]) -> str:
    properties = row.get("properties")
    settings = properties.get("modelSettings") if isinstance(properties, dict) else None
    return str(settings.get("modelId") or "") if isinstance(settings, dict) else ""


async def counts(plan: Plan, azure: Reader) -> list[Result]:
    """Whether the limits of endpoints and deployments have room for the plan."""
    if not plan.endpoints:
        return [skipped("endpoints", "the plan has none")]
    results = await _in_workspace(plan, azure) if _of_workspace(plan) else []
    for kind in plan.catalog.kinds:
        if alone := [each for each in plan.endpoints if each.kind is kind and not kind.in_workspace]:
            results += await plan.kinds[kind.name].limits(plan, azure, alone)
    return results


def _of_workspace(plan: Plan) -> list[StackEndpoint[Any]]:
    return [each for each in plan.endpoints if each.kind.in_workspace]


async def _in_workspace(plan: Plan, azure: Reader) -> list[Result]:
    there = await in_region(plan, azure)
    known = {each.id.casefold() for each in there}
    new = [each for each in _of_workspace(plan) if plan.id_of(each).casefold() not in known]
    results = [_judge(f"endpoints in {plan.region}", len(there), len(new), ENDPOINTS_PER_SUBSCRIPTION)]
    if plan.machines or plan.of(_COMPUTE):
        results += await _deployments(plan, azure, there)
    return results


async def _deployments(plan: Plan, azure: Reader, there: list[Endpoint]) -> list[Result]:
    wanted = [each for each in plan.endpoints if each.settings.machines]
    collections = {each.kind.collection for each in wanted}
    owners = [each for each in there if each.collection in collections]
    answers = await asyncio.gather(*(_names(azure, each) for each in owners))
    found = {
        f"{e.id}/deployments/{name}".casefold() for e, names in zip(owners, answers, strict=True) for name in names
    }
    results, new_in_all = [], 0
    for endpoint in wanted:
        base = f"{plan.id_of(endpoint)}/deployments/".casefold()
        held = {each for each in found if each.startswith(base)}
        new = sum(f"{base}{key.casefold()}" not in held for key in endpoint.settings.machines)
        new_in_all += new
        results.append(_judge(f"deployments of {endpoint.name}", len(held), new, DEPLOYMENTS_PER_ENDPOINT))
    whole = _judge(f"deployments in {plan.region}", len(found), new_in_all, DEPLOYMENTS_PER_SUBSCRIPTION)
    return [whole, await _computes(plan, azure, len(found), new_in_all), *results]


async def _computes(plan: Plan, azure: Reader, deployments: int, new: int) -> Result:
    """Whether the limit that deployments share with clusters and compute instances has room."""
    workspaces = await _workspaces(plan, azure)
    answers = await asyncio.gather(*(_rows(azure, each, "computes") for each in workspaces))
    known = {str(row.get("id")).casefold() for rows in answers for row in rows}
    new += sum(each.id.casefold() not in known for each in plan.of(_COMPUTE))
    there = len(known) + deployments
    return _judge(f"computes and deployments in {plan.region}", there, new, COMPUTES_PER_REGION)


async def _names(azure: Reader, endpoint: Endpoint) -> list[str]:
    try:
        rows = await azure.list(f"{endpoint.id}/deployments", versions.MACHINE_LEARNING)
    except NotFoundError:
        return []
    return [str(row.get("name", "")) for row in rows]


def _judge(where: str, there: int, new: int, limit: Limit) -> Result:
    figures = f"{there} there, {new} new, limit {limit.low}"
    if there + new <= limit.low:
        return passed(where, figures)
    remediation = (
        f"delete {there + new - limit.low} unused, or ask for a higher limit (portal: Azure Machine Learning"
        " > Quotas > Request quota; type Endpoints)"
    )
    # Azure raises it on request, and does not tell to what.
    return failed(where, f"{figures}, unless Azure has raised it for this subscription", remediation)


async def names(plan: Plan, azure: Reader) -> list[Result]:
    """Whether the names, unique in the region, are free, and each model is deployed once in the workspace."""
    if not plan.endpoints:
        return [skipped("endpoints", "the plan has none")]
    asked = (plan.kinds[each.kind.name].names(plan, azure, each) for each in plan.endpoints)
    alone = [result for answer in await asyncio.gather(*asked) for result in answer]
    inside = _of_workspace(plan)
    there = await in_region(plan, azure) if inside else []
    conflicts = (
        result for endpoint in inside for result in plan.kinds[endpoint.kind.name].conflicts(plan, endpoint, there)
    )
    found = [*(_name(plan, there, endpoint) for endpoint in inside), *conflicts, *alone]
    return found or [skipped("endpoints", "the plan creates none with a name of its own")]


def _name(plan: Plan, there: list[Endpoint], endpoint: StackEndpoint[Any]) -> Result:
    where, name, id_ = endpoint.place, endpoint.name, plan.id_of(endpoint)
    of_kind = (each for each in there if each.collection == endpoint.kind.collection)
    same = [each for each in of_kind if each.name.casefold() == name.casefold()]
    mine = next((each for each in same if each.id.casefold() == id_.casefold()), None)
    if endpoint.settings.exists:
        return _existing(plan, where, endpoint, there=mine is not None)
    if mine is not None:
        if plan.is_held(id_) is False:
            return failed(
                where,
                f"{name!r} exists in the workspace, and is not in the stack's state: `pulumi up` says 'cannot create"
                " already existing resource'",
                f"pulumi import it (docs/recovery.md), or delete it: az rest --method delete --url '{id_}?api-version="
                f"{versions.MACHINE_LEARNING}'",
            )
        return passed(where, f"{name!r} is in the workspace already, and will be updated")
    if same:
        evidence = f"the name {name!r} is taken in {plan.region} by {same[0].id}"
        remedy = f"give the endpoint another name in the stack's YAML (now {where})"
        if plan.leaves(same[0].id):
            evidence += ", which `pulumi up` deletes only after it has created the new one"
            return failed(where, evidence, f"{remedy} in the same edit")
        return failed(where, evidence, f"{remedy}, or delete the other one")
    return passed(where, f"{name!r} is free in this subscription; Azure has no call for those of others")


def _existing(plan: Plan, where: str, endpoint: StackEndpoint[Any], *, there: bool) -> Result:
    name, inside = endpoint.name, f"{plan.id_of(endpoint)}/".casefold()
    if not there and not any(each.id.casefold().startswith(inside) for each in plan.resources):
        return skipped(where, f"{plan.workspace} has no endpoint {name!r}, and the stack creates nothing in it now")
    if there:
        return passed(where, f"{name!r} is in the workspace, as the stack says: only its deployments are the stack's")
    return failed(
        where,
        f"the stack says that {name!r} exists, and {plan.workspace} has no such endpoint",
        f"take {where}.existing out of the stack's YAML, so that it is made",
    )
