"""Endpoints that exist: how many the region has, and whose names are taken."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from azure_llama.arm import NotFoundError, RefusedError, versions
from azure_llama.catalog.limits import (
    DEPLOYMENTS_PER_ENDPOINT,
    DEPLOYMENTS_PER_SUBSCRIPTION,
    ENDPOINTS_PER_SUBSCRIPTION,
    Limit,
)
from azure_llama.preflight.plan import WORKSPACE, Plan
from azure_llama.preflight.reader import Reader
from azure_llama.preflight.results import Result, failed, passed, skipped
from azure_llama.settings import ServerlessSettings

_KINDS = ("onlineEndpoints", "serverlessEndpoints", "batchEndpoints")


@dataclass(frozen=True)
class Endpoint:
    """An endpoint that exists.

    Attributes:
        id: Required. ARM id.
        kind: Required. `onlineEndpoints`, `serverlessEndpoints` or `batchEndpoints`.
        model: Required. Asset id of a serverless endpoint's model; empty for the others.
    """

    id: str
    kind: str
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
    workspaces = await azure.list(f"{plan.scope}/providers/{WORKSPACE}", versions.MACHINE_LEARNING)
    ids = [str(each.get("id") or "") for each in workspaces if _region(plan, each.get("location")) == plan.region]
    answers = await asyncio.gather(*(_listed(azure, id_, kind) for id_ in ids if id_ for kind in _KINDS))
    return [endpoint for answer in answers for endpoint in answer]


def _region(plan: Plan, location: object) -> str:
    found = plan.catalog.find_region(str(location or ""))
    return found.name if found else ""


async def _listed(azure: Reader, workspace: str, kind: str) -> list[Endpoint]:
    try:
        rows = await azure.list(f"{workspace}/{kind}", versions.MACHINE_LEARNING)
    except RefusedError as error:
        if error.status != HTTPStatus.NOT_FOUND:
            raise
        return []  # Gone meanwhile, or a kind that the region does not have.
    return [Endpoint(f"{workspace}/{kind}/{row.get('name', '')}", kind, _model(row)) for row in rows]


def _model(row: dict[str, Any]) -> str:
    properties = row.get("properties")
    settings = properties.get("modelSettings") if isinstance(properties, dict) else None
    return str(settings.get("modelId") or "") if isinstance(settings, dict) else ""


async def counts(plan: Plan, azure: Reader) -> list[Result]:
    """Whether the limits of endpoints and deployments have room for the plan."""
    settings = plan.settings
    if not settings.serverless and not settings.managed:
        return [skipped("endpoints", "the plan has none")]
    there = await in_region(plan, azure)
    known = {each.id.casefold() for each in there}
    wanted = [f"{plan.workspace}/{kind}/{name}" for kind, name in _planned(plan)]
    new = [each for each in wanted if each.casefold() not in known]
    results = [_judge(f"endpoints in {plan.region}", len(there), len(new), ENDPOINTS_PER_SUBSCRIPTION)]
    if settings.managed:
        results += await _deployments(plan, azure, there)
    return results


def _planned(plan: Plan) -> Iterable[tuple[str, str]]:
    yield from (("serverlessEndpoints", name) for name in plan.settings.serverless)
    yield from (("onlineEndpoints", name) for name in plan.settings.managed)


async def _deployments(plan: Plan, azure: Reader, there: list[Endpoint]) -> list[Result]:
    online = [each for each in there if each.kind == "onlineEndpoints"]
    answers = await asyncio.gather(*(_names(azure, each) for each in online))
    found = {
        f"{e.id}/deployments/{name}".casefold() for e, names in zip(online, answers, strict=True) for name in names
    }
    results, new_in_all = [], 0
    for name, endpoint in plan.settings.managed.items():
        base = f"{plan.workspace}/onlineEndpoints/{name}/deployments/".casefold()
        held = {each for each in found if each.startswith(base)}
        new = sum(f"{base}{key.casefold()}" not in held for key in endpoint.deployments)
        new_in_all += new
        results.append(_judge(f"deployments of {name}", len(held), new, DEPLOYMENTS_PER_ENDPOINT))
    whole = _judge(f"deployments in {plan.region}", len(found), new_in_all, DEPLOYMENTS_PER_SUBSCRIPTION)
    return [whole, *results]


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
    mend = (
        f"delete {there + new - limit.low} that nobody uses, or ask for a higher limit (portal: Azure Machine Learning"
        " > Quotas > Request quota; type Endpoints)"
    )
    # Azure raises it on request, and does not tell to what.
    return failed(where, f"{figures}, unless Azure has raised it for this subscription", mend)


async def names(plan: Plan, azure: Reader) -> list[Result]:
    """Whether the names, unique in the region, are free, and each model is deployed once in the workspace."""
    if not plan.settings.serverless and not plan.settings.managed:
        return [skipped("endpoints", "the plan has none")]
    there = await in_region(plan, azure)
    results = [_name(plan, there, kind, name) for kind, name in _planned(plan)]
    results += [
        result
        for name, asked in plan.settings.serverless.items()
        if (result := _second(plan, there, name, asked)) is not None
    ]
    return results


def _name(plan: Plan, there: list[Endpoint], kind: str, name: str) -> Result:
    where = f"{'serverless' if kind == 'serverlessEndpoints' else 'managed'}.{name}"
    id_ = f"{plan.workspace}/{kind}/{name}"
    same = [each for each in there if each.kind == kind and each.name.casefold() == name.casefold()]
    mine = next((each for each in same if each.id.casefold() == id_.casefold()), None)
    if kind == "onlineEndpoints" and plan.settings.managed[name].existing:
        return _existing(plan, where, name, there=mine is not None)
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
        return failed(
            where,
            f"the name {name!r} is taken in {plan.region} by {same[0].id}",
            f"give the endpoint another name in the stack's YAML (now {where}), or delete the other one",
        )
    return passed(where, f"{name!r} is free in this subscription; Azure has no call for those of others")


def _existing(plan: Plan, where: str, name: str, *, there: bool) -> Result:
    if there:
        return passed(where, f"{name!r} is in the workspace, as the stack says: only its deployments are the stack's")
    return failed(
        where,
        f"the stack says that {name!r} exists, and {plan.workspace} has no such endpoint",
        f"take {where}.existing out of the stack's YAML, so that it is made",
    )


def _second(plan: Plan, there: list[Endpoint], name: str, asked: ServerlessSettings) -> Result | None:
    model = asked.catalog_model
    asset = (model.asset_id if model else asked.model).casefold()
    inside = [e for e in there if e.workspace.casefold() == plan.workspace.casefold() and e.model.casefold() == asset]
    other = next((each for each in inside if each.name.casefold() != name.casefold()), None)
    if other is None:
        return None
    return failed(
        f"serverless.{name}",
        f"the workspace deploys {asked.model} already, as {other.name!r}: one serverless endpoint of a model is allowed"
        " in it",
        f"delete it first: az rest --method delete --url '{other.id}?api-version={versions.MACHINE_LEARNING}'",
    )
