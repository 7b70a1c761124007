"""Checks whether the caller has the permissions that the plan requires, at each scope."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

from azure_llama.arm import ArmError, NotFoundError, versions
from azure_llama.preflight.actions import Need, needs
from azure_llama.preflight.checks import marketplace
from azure_llama.preflight.permissions import allows
from azure_llama.preflight.plan import Plan
from azure_llama.preflight.reader import Reader
from azure_llama.preflight.results import Result, failed, passed, unknown

_Permissions = list[dict[str, Any]]


async def allowed(plan: Plan, azure: Reader) -> list[Result]:
    """One result for each scope that has all of its actions, and one for each missing action."""
    wanted = needs(plan, subscribed=await _subscribed(plan, azure))
    scopes = list(dict.fromkeys(need.scope for need in wanted))
    there = await _group_exists(plan, azure)
    answers = await asyncio.gather(*(_at(plan, azure, scope, there) for scope in scopes))
    results = [
        unknown(each, "the actions that resources of this type take are not known here") for each in plan.unlisted
    ]
    places = dict(zip(scopes, answers, strict=True))
    for place, answer in dict(answers).items():
        results += _judge(place, [need for need in wanted if places[need.scope][0] == place], answer)
    return results


async def _subscribed(plan: Plan, azure: Reader) -> frozenset[str]:
    try:
        return frozenset(await marketplace.subscribed(plan, azure))
    except ArmError:
        return frozenset()  # Then the rights of a purchase are asked for: too many rather than too few.


async def _group_exists(plan: Plan, azure: Reader) -> bool:
    """Whether the resource group exists, or may exist: a role can be assigned at an existing one only."""
    try:
        return await azure.find(plan.group, versions.RESOURCE_GROUPS) is not None
    except ArmError:
        return True


async def _at(plan: Plan, azure: Reader, scope: str, group_exists: bool) -> tuple[str, _Permissions | ArmError]:
    """A scope with the caller's permissions there: the next one above where the scope does not exist yet."""
    for place in _upwards(plan, scope, group_exists):
        try:
            path = f"{place}/providers/Microsoft.Authorization/permissions"
            return place, await azure.list(path, versions.PERMISSIONS)
        except NotFoundError:
            continue
        except ArmError as error:
            return place, error
    return scope, NotFoundError(404, "ScopeNotFound", f"{scope} and all above it were not found")


def _upwards(plan: Plan, scope: str, group_exists: bool) -> Iterable[str]:
    parts, depth = scope.split("/"), len(plan.group.split("/"))
    inside = "/".join(parts[:depth]).casefold() == plan.group.casefold()
    if group_exists or not inside:
        yield scope
        if len(parts) > depth:
            yield "/".join(parts[:depth])
    if scope != plan.scope:
        yield plan.scope


def _judge(scope: str, wanted: list[Need], answer: _Permissions | ArmError) -> list[Result]:
    if isinstance(answer, ArmError):
        actions = ", ".join(need.action for need in wanted)
        return [unknown(scope, f"{answer.reason}: {answer}. Needed there: {actions}")]
    missing = [n for n in wanted if not any(allows(answer, each) for each in (n.action, *n.instead))]
    if not missing:
        return [passed(scope, f"actions that are needed: {len(wanted)}, all of them allowed")]
    return [_missing(scope, group) for group in _by_entry(missing)]


def _by_entry(missing: list[Need]) -> list[list[Need]]:
    """What one line of the custom role would grant, together."""
    groups: dict[str, list[Need]] = {}
    for need in missing:
        groups.setdefault(need.entry or need.action, []).append(need)
    return list(groups.values())


def _missing(scope: str, group: list[Need]) -> Result:
    grant = group[0].entry or group[0].action
    actions = ", ".join(need.action for need in group)
    said = actions if actions == grant else f"{grant} ({actions})"
    purposes = "; ".join(dict.fromkeys(need.purpose for need in group))
    remediation = (
        f"have somebody who may assign roles add the action {grant} to a role of the caller at {scope} (`az role"
        " definition update`, `az role assignment create`)"
    )
    return failed(scope, f"the caller's roles lack {said}, which is needed to {purposes}", remediation)
