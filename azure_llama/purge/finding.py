"""Finds and purges the soft-deleted resources that hold a stack's names."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from azure_llama.arm import ArmClient, ArmError, NotFoundError, versions
from azure_llama.arm.soft_deleted import Deleted, Kind, Name, find, purge_request

_ORDER = {Kind.WORKSPACE: 0, Kind.VAULT: 1, Kind.ACCOUNT: 1, Kind.GATEWAY: 1}
"""Workspaces first: a purge of theirs may still look at the vault."""


class Outcome(StrEnum):
    """The result for a name."""

    FREE = "free"
    KEPT = "kept"
    PROTECTED = "protected"
    PURGED = "purged"
    UNKNOWN = "unknown"
    REFUSED = "refused"


@dataclass(frozen=True)
class NameFinding:
    """A name, and what keeps it.

    Attributes:
        name: Required.
        outcome: Required.
        said: Required. What there is to know, as a sentence.
        deleted: Optional. What keeps it.
    """

    name: Name
    outcome: Outcome
    said: str
    deleted: Deleted | None = None


async def find_all(azure: ArmClient, names: Iterable[Name]) -> list[NameFinding]:
    """Look up all names concurrently; a name is unknown where Azure does not answer."""
    ordered = sorted(names, key=lambda each: (_ORDER[each.kind], each.name))
    return list(await asyncio.gather(*(_find(azure, each) for each in ordered)))


async def _find(azure: ArmClient, name: Name) -> NameFinding:
    try:
        deleted = await find(azure, name)
    except ArmError as error:
        return NameFinding(name, Outcome.UNKNOWN, f"Azure does not say: {error.reason}: {error}")
    if deleted is None:
        return NameFinding(name, Outcome.FREE, "nothing deleted keeps it")
    since = f" on {_day(deleted.deleted)}" if deleted.deleted else ""
    until = f"; free by itself on {_day(deleted.free)}" if deleted.free else "; when it is free by itself is not told"
    if deleted.protected:
        said = f"deleted{since}, under purge protection: nobody can purge it{until}"
        return NameFinding(name, Outcome.PROTECTED, said, deleted)
    return NameFinding(name, Outcome.KEPT, f"deleted{since}, recoverable{until}", deleted)


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"


async def free(azure: ArmClient, findings: Iterable[NameFinding]) -> list[NameFinding]:
    """Purge the soft-deleted resources in sequence, workspaces first; other results are unchanged.

    A workspace is purged under its resource group. Where that is gone, it is made for the purge and taken away again.
    """
    found = list(findings)
    kept = [each for each in found if each.outcome is Outcome.KEPT]
    groups = {each.name.group_id: each.name.location for each in kept if each.name.kind is Kind.WORKSPACE}
    made: list[str] = []
    done: dict[str, NameFinding] = {}
    try:
        for group, location in groups.items():
            if await _make_group(azure, group, location):
                made.append(group)
        for each in kept:
            done[each.name.id] = await _purge(azure, each)
    except ArmError as error:
        done |= {each.name.id: _refused(each, error) for each in kept if each.name.id not in done}
    finally:
        for group in made:
            with suppress(ArmError):
                await azure.change("DELETE", group, versions.RESOURCE_GROUPS)
    return [done.get(each.name.id, each) for each in found]


async def _make_group(azure: ArmClient, group: str, location: str) -> bool:
    """Whether it was made."""
    try:
        await azure.get(group, versions.RESOURCE_GROUPS)
    except NotFoundError:
        await azure.change(
            "PUT", group, versions.RESOURCE_GROUPS, {"location": location, "tags": {"purpose": "azure-llama purge"}}
        )
        return True
    return False


def _refused(finding: NameFinding, error: ArmError) -> NameFinding:
    return NameFinding(finding.name, Outcome.REFUSED, f"not purged: {error.reason}: {error}", finding.deleted)


async def _purge(azure: ArmClient, finding: NameFinding) -> NameFinding:
    method, path, version, query = purge_request(finding.name)
    try:
        await azure.change(method, path, version, **query)
        left = await find(azure, finding.name)
    except ArmError as error:
        return _refused(finding, error)
    if left is not None:
        # Azure has answered 204 to purges that freed nothing (docs/purge.md).
        said = "Azure accepted the purge, and still lists it: look again in some minutes"
        return NameFinding(finding.name, Outcome.REFUSED, said, left)
    return NameFinding(finding.name, Outcome.PURGED, "purged: the name is free, and what had it is gone permanently")
