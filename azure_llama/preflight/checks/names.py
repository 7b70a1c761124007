"""Checks whether names of dependencies are in use, or held by soft-deleted resources."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from azure_llama.arm import ArmError, ForbiddenError, versions
from azure_llama.arm.soft_deleted import Kind, Name, find
from azure_llama.preflight.plan import GROUP, WORKSPACE, Plan
from azure_llama.preflight.reader import Reader
from azure_llama.preflight.results import Result, failed, passed, skipped, unknown
from azure_llama.stack.arm_ids import Planned

VAULT = "Microsoft.KeyVault/vaults"
STORAGE = "Microsoft.Storage/storageAccounts"
REGISTRY = "Microsoft.ContainerRegistry/registries"
ACCOUNT = "Microsoft.CognitiveServices/accounts"
GATEWAY = "Microsoft.ApiManagement/service"

_VERSIONS = {
    GROUP: versions.RESOURCE_GROUPS,
    WORKSPACE: versions.MACHINE_LEARNING,
    VAULT: versions.KEY_VAULT,
    STORAGE: versions.STORAGE,
    REGISTRY: versions.CONTAINER_REGISTRY,
    ACCOUNT: versions.COGNITIVE_SERVICES,
    GATEWAY: versions.API_MANAGEMENT,
}
_KINDS = {WORKSPACE: Kind.WORKSPACE, VAULT: Kind.VAULT, ACCOUNT: Kind.ACCOUNT, GATEWAY: Kind.GATEWAY}
_NAME_KEYS = {
    VAULT: "keyVault",
    STORAGE: "storageAccount",
    REGISTRY: "containerRegistry",
    ACCOUNT: "contentSafety",
}
_SAYS = {
    VAULT: "key vault",
    STORAGE: "storage account",
    REGISTRY: "container registry",
    ACCOUNT: "AI services account",
    GATEWAY: "API Management service",
}


def _of(plan: Plan, *types: str) -> list[tuple[str, Planned]]:
    return [(type_, each) for type_ in types for each in plan.of(type_)]


async def _each(
    plan: Plan, azure: Reader, found: list[tuple[str, Planned]], ask: Callable[..., Awaitable[Result]], what: str
) -> list[Result]:
    answers = await asyncio.gather(*(_guarded(ask, plan, azure, *each) for each in found))
    return list(answers) or [skipped(what, "the plan makes none")]


async def _guarded(
    ask: Callable[..., Awaitable[Result]], plan: Plan, azure: Reader, type_: str, planned: Planned
) -> Result:
    try:
        return await ask(plan, azure, type_, planned)
    except ArmError as error:
        return unknown(planned.name, f"{error.reason}: {error}")


async def workspaces(plan: Plan, azure: Reader) -> list[Result]:
    """Whether group and workspace can be made, or are there, in the plan's region."""
    return await _each(plan, azure, _of(plan, GROUP, WORKSPACE), _place, "workspace")


async def _place(plan: Plan, azure: Reader, type_: str, planned: Planned) -> Result:
    what = "resource group" if type_ == GROUP else "workspace"
    where = f"{what} {planned.name}"
    body = await azure.find(planned.id, _VERSIONS[type_])
    if body is None:
        return passed(where, "the name is free in the subscription")
    region = plan.catalog.find_region(str(body.get("location") or ""))
    if region is None or region.name != plan.region:
        return failed(
            where,
            f"it exists in {body.get('location')}, and the plan is for {plan.region}: Azure moves nothing",
            "give it another name in the stack's YAML, or deploy into its region",
        )
    if problem := _another_kind(plan, planned, where, body):
        return problem
    return _held(plan, planned, where)


def _another_kind(plan: Plan, planned: Planned, where: str, body: dict[str, Any]) -> Result | None:
    """A workspace that exists as another kind: Azure does not change it, and `pulumi up` cannot create it again."""
    asked = plan.settings.workspace
    if asked is None or not planned.is_a(WORKSPACE) or planned.id.casefold() != plan.workspace.casefold():
        return None
    kind = str(body.get("kind") or "Default")
    if kind.casefold() == asked.kind.casefold():
        return None
    return failed(
        where,
        f"it exists as kind {kind}, and azure-llama:workspace.kind is {asked.kind}: Azure changes no kind, and `pulumi"
        " up` says 'cannot create already existing resource'",
        f"set azure-llama:workspace.kind: {kind}, or give the workspace another name in the same edit",
    )


def _held(plan: Plan, planned: Planned, where: str) -> Result:
    if plan.is_held(planned.id) is False:
        return failed(
            where,
            "it exists, and is not in the stack's state: `pulumi up` says 'cannot create already existing resource'",
            f"import it (`pulumi import`, docs/recovery.md) as {planned.id}, or choose another name",
        )
    return passed(where, "it exists already, and is the stack's to update")


async def globally_unique(plan: Plan, azure: Reader) -> list[Result]:
    """Whether the names that are unique in all of Azure are free."""
    return await _each(plan, azure, _of(plan, STORAGE, VAULT, REGISTRY, ACCOUNT, GATEWAY), _available, "names")


async def _available(plan: Plan, azure: Reader, type_: str, planned: Planned) -> Result:
    where = f"{_SAYS[type_]} {planned.name}"
    hidden: ForbiddenError | None = None
    try:
        if await azure.find(planned.id, _VERSIONS[type_]) is not None:
            return _held(plan, planned, where)
    except ForbiddenError as error:
        hidden = error  # Whether it is the stack's own cannot be seen; whether the name is free can.
    free, reason = await _is_free(plan, azure, type_, planned.name)
    if free is True:
        return passed(where, "the name is free in all of Azure")
    if free is not False:
        return unknown(where, "Azure does not say whether the name is free")
    if plan.is_held(planned.id):
        return passed(where, "it is in the stack's state, and is the stack's to update")
    if hidden is not None:
        return unknown(where, f"the name is taken, and whether by the stack itself the caller is not shown: {hidden}")
    return failed(where, f"the name is not available: {reason}", _another_name(plan, type_, planned))


async def _is_free(plan: Plan, azure: Reader, type_: str, name: str) -> tuple[Any, str]:
    """Whether a name is free, as Azure states it, and its reason. An account's is its sub-domain."""
    base, version = f"{plan.scope}/providers/{type_.partition('/')[0]}", _VERSIONS[type_]
    if type_ == ACCOUNT:
        body = {"subdomainName": name, "type": type_}
        answer = await azure.post(f"{base}/checkDomainAvailability", version, body)
        free = answer.get("isSubdomainAvailable")
    else:
        # API Management looks at its own names alone, and takes no type.
        body = {"name": name} if type_ == GATEWAY else {"name": name, "type": type_}
        answer = await azure.post(f"{base}/checkNameAvailability", version, body)
        free = answer.get("nameAvailable")
    return free, str(answer.get("message") or answer.get("reason") or "no reason given")


def _another_name(plan: Plan, type_: str, planned: Planned) -> str:
    place = next((each.place for each in plan.endpoints if plan.id_of(each).casefold() == planned.id.casefold()), None)
    if type_ == GATEWAY:
        what = "give the gateway another name (azure-llama:gateway.name)"
    elif place is not None:
        what = f"give the account another name in the stack's YAML (now azure-llama:{place})"
    else:
        what = f"pulumi config set --path 'azure-llama:workspace.names.{_NAME_KEYS[type_]}' <another name>"
    return f"{what}, or free it (azure-llama purge)"


async def soft_deleted(plan: Plan, azure: Reader) -> list[Result]:
    """Checks whether a soft-deleted resource holds one of the names."""
    return await _each(plan, azure, _of(plan, WORKSPACE, VAULT, ACCOUNT, GATEWAY), _deleted, "names")


async def _deleted(plan: Plan, azure: Reader, type_: str, planned: Planned) -> Result:
    kind = _KINDS[type_]
    where = f"{kind.value} {planned.name}"
    found = await find(azure, Name(kind, planned.id, plan.region))
    if found is None:
        return passed(where, "nothing deleted keeps the name")
    since = f" on {found.deleted:%Y-%m-%d}" if found.deleted else ""
    until = f" until {found.free:%Y-%m-%d}" if found.free else ""
    evidence = f"it was deleted{since}, and Azure keeps its name{until}"
    if found.protected:
        reason = f"{evidence}; purge protection forbids to purge it before"
        return failed(where, reason, "wait, recover it, or choose another name under azure-llama:workspace.names")
    return failed(where, evidence, f"azure-llama purge --yes, or: {found.command}")
