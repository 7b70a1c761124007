"""Checks whether the resources that the settings reference by id exist, in the required region and subscription."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from azure_llama.arm import ArmError, ForbiddenError, NotFoundError, versions
from azure_llama.catalog.arm_ids import ArmId, parse_arm_id
from azure_llama.documents.spelling import nearest
from azure_llama.preflight.checks import content_filters
from azure_llama.preflight.named import Named, named
from azure_llama.preflight.plan import Plan
from azure_llama.preflight.reader import Reader, Stored
from azure_llama.preflight.results import Result, failed, passed, skipped, unknown

_NAMED_AT_MOST = 5
_REGISTRIES = "Microsoft.MachineLearningServices/registries"
_SUBNET = "Microsoft.Network/virtualNetworks/subnets"


async def exist(plan: Plan, azure: Reader) -> list[Result]:
    """Look up all ids of the settings."""
    filters = content_filters.exist(plan, azure)
    answers = await asyncio.gather(filters, *(_asked(plan, azure, each) for each in named(plan)))
    return [result for answer in answers for result in answer] or [skipped("ids", "the settings name none")]


async def _asked(plan: Plan, azure: Reader, what: Named) -> list[Result]:
    try:
        if what.registry:
            return [await _in_registry(plan, azure, what)]
        return list(_elsewhere(plan, what)) or await _existing(plan, azure, what)
    except ForbiddenError as error:
        remedy = f"grant {error.action} at {error.scope}" if error.scope else "grant the caller the role Reader on it"
        return [unknown(what.place, f"{what.text!r}: the caller may not read it: {error}", remedy)]
    except ArmError as error:
        return [unknown(what.place, f"{what.text!r}: {error.reason}: {error}")]


def _elsewhere(plan: Plan, what: Named) -> Iterator[Result]:
    id_ = parse_arm_id(what.id)
    if what.refers.in_subscription and id_ is not None and id_.subscription.casefold() != plan.subscription.casefold():
        yield failed(
            what.place,
            f"{what.text!r} is in the subscription {id_.subscription}, and must be in the stack's, {plan.subscription}",
            f"set the id of {what.refers.what} of the stack's subscription, or deploy into that subscription",
        )


async def _existing(plan: Plan, azure: Reader, what: Named) -> list[Result]:
    if any(each.id.casefold() == what.id.casefold() for each in plan.resources):
        return [passed(what.place, "the stack creates it")]
    id_ = parse_arm_id(what.id)
    version = await _version(azure, id_) if id_ else None
    if id_ is None or version is None:
        return [skipped(what.place, f"{what.text!r}: no version of the API of its type is known")]
    try:
        body = await azure.get(what.id, version)
    except NotFoundError:
        return [await _missing(plan, azure, what, id_)]
    problems = [*_wrong_kind(plan, what, body), *await _wrong_region(plan, azure, what, id_, body)]
    return problems or [passed(what.place, f"{id_.name!r} exists")]


async def _version(azure: Reader, id_: ArmId) -> str | None:
    """A version of the API of a type; of one that no stack deploys, what its provider states."""
    if version := versions.of_type(id_.type):
        return version
    namespace, _, type_ = id_.type.partition("/")
    provider = await azure.find(f"/subscriptions/{id_.subscription}/providers/{namespace}", versions.PROVIDERS)
    rows = (provider or {}).get("resourceTypes") or []
    found: Stored = next((row for row in rows if str(row.get("resourceType")).casefold() == type_.casefold()), {})
    stated = [each for each in found.get("apiVersions") or [] if "preview" not in each]
    return next(iter(stated), None)


def _wrong_kind(plan: Plan, what: Named, body: Stored) -> Iterator[Result]:
    kind = str(body.get("kind") or "Default")
    if what.refers.what == "a hub" and kind.casefold() != "hub":
        remedy = "set the id of the hub; a workspace of another kind that exists is set as azure-llama:workspace.id"
        yield failed(what.place, f"{what.text!r} is a workspace of kind {kind}, and must be of kind Hub", remedy)
    inside = any(endpoint.kind.in_workspace for endpoint in plan.endpoints)
    if inside and kind.casefold() == "hub" and what.id.casefold() == plan.workspace.casefold():
        remedy = "set the id of one of its projects, or of a workspace of kind Default"
        yield failed(what.place, f"{what.text!r} is a workspace of kind Hub, which takes no endpoints", remedy)


async def _wrong_region(plan: Plan, azure: Reader, what: Named, id_: ArmId, body: Stored) -> list[Result]:
    if not what.refers.in_region:
        return []
    noun = "it"
    if id_.is_a(_SUBNET):
        noun, network = "its virtual network", what.id.rsplit("/", 2)[0]
        body = await azure.get(network, versions.of_type(_SUBNET) or "")
    location = str(body.get("location") or "")
    region = plan.catalog.find_region(location)
    if region is not None and region.name == plan.region:
        return []
    evidence = f"{what.text!r}: {noun} is in {location or 'no region'}, and must be in the stack's, {plan.region}"
    remedy = f"set the id of {what.refers.what} in {plan.region}, or set azure-native:location: {location}"
    return [failed(what.place, evidence, remedy)]


async def _missing(plan: Plan, azure: Reader, what: Named, id_: ArmId) -> Result:
    if what.in_workspace and any(each.id.casefold() == plan.workspace.casefold() for each in plan.resources):
        workspace = await azure.find(plan.workspace, versions.MACHINE_LEARNING)
        if workspace is None:
            return failed(
                what.place,
                f"{what.text!r} is {what.refers.what} of the workspace {plan.workspace_name!r}, which does not exist",
                "deploy the stack without the endpoint first, create it in the workspace, then add the endpoint",
            )
    level, there = await _there(azure, what.id, id_)
    name, holder = _names(level)
    close = nearest(name, there)
    known = f"; {holder} has {_listed(there)}" if there else f"; {holder} has none" if holder else ""
    remedy = f"did you mean {close!r}?" if close else f"set the id of {what.refers.what} that exists, or create it"
    return failed(what.place, f"{what.text!r}: {name!r} does not exist{known}", remedy)


async def _there(azure: Reader, id_: str, parsed: ArmId) -> tuple[str, list[str]]:
    """The outermost part of an id that does not exist, and what there is in its place, where a list can be read."""
    version = versions.of_type(parsed.type) or ""
    level = id_
    for _ in parsed.names:
        try:
            rows = await azure.list(level.rsplit("/", 1)[0], version)
            return level, [str(row.get("name") or "") for row in rows]
        except NotFoundError:
            level = level.rsplit("/", 2)[0]
        except ArmError:
            return level, []
    group = "/".join(id_.split("/")[:5])
    try:
        rows = await azure.list("/".join(id_.split("/")[:3]) + "/resourcegroups", versions.RESOURCE_GROUPS)
    except ArmError:
        return group, []
    return group, [str(row.get("name") or "") for row in rows]


def _names(level: str) -> tuple[str, str]:
    """The name of what an id is of, and what it is in, as a sentence calls it."""
    parts = level.split("/")
    if len(parts) <= 5:
        return parts[-1], "the subscription"
    return parts[-1], f"the resource group {parts[4]!r}" if len(parts) <= 9 else repr(parts[-3])


def _listed(names: list[str]) -> str:
    shown = ", ".join(map(repr, sorted(names)[:_NAMED_AT_MOST]))
    return f"{shown} and {len(names) - _NAMED_AT_MOST} more" if len(names) > _NAMED_AT_MOST else shown


async def _in_registry(plan: Plan, azure: Reader, what: Named) -> Result:
    """An asset of a registry of the subscription; Azure Resource Manager does not show those of others."""
    try:
        rows = await azure.list(f"{plan.scope}/providers/{_REGISTRIES}", versions.MACHINE_LEARNING)
    except ArmError:
        rows = []
    registry = next((row for row in rows if str(row.get("name")).casefold() == what.registry.casefold()), None)
    if registry is None:
        own = [str(row.get("name")) for row in rows]
        close = nearest(what.registry, own)
        hint = f"; the subscription has {close!r}" if close else ""
        return skipped(what.place, f"the registry {what.registry!r} is not of the subscription, which cannot ask{hint}")
    try:
        await azure.get(f"{registry['id']}{what.id}", versions.MACHINE_LEARNING)
    except NotFoundError:
        collection = f"{registry['id']}{what.id}".rsplit("/", 1)[0]
        there = [str(row.get("name")) for row in await azure.list(collection, versions.MACHINE_LEARNING)]
        name = what.id.rsplit("/", 1)[-1]
        return failed(
            what.place,
            f"{what.text!r}: {name!r} does not exist in the registry {what.registry!r}, which has"
            f" {_listed(there) or 'none'}",
            f"set the id of {what.refers.what} that exists, or create it",
        )
    return passed(what.place, f"exists in the registry {what.registry!r}")
