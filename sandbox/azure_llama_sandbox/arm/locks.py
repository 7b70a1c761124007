"""Microsoft.Authorization/locks (contract 2020-05-01): locks against deletion or change."""

from __future__ import annotations

from http import HTTPStatus

from azure_llama.catalog.names import NameRule
from azure_llama_sandbox.arm import access
from azure_llama_sandbox.arm.calls import Call
from azure_llama_sandbox.arm.contract import ABSENT, Strict, one_of
from azure_llama_sandbox.arm.errors import ArmError, bad_request
from azure_llama_sandbox.arm.kinds import Kind
from azure_llama_sandbox.store import Resource

LOCK = "Microsoft.Authorization/locks"
_LEVELS = ("CanNotDelete", "ReadOnly")
_LONGEST_NOTES = 512


class LockOwner(Strict):
    """One of `owners`."""

    application_id: str = ABSENT


class LockProperties(Strict):
    """`properties`."""

    level: str
    notes: str = ABSENT
    owners: list[LockOwner] = ABSENT


class LockBody(Strict):
    """A PUT's body."""

    properties: LockProperties


class Lock(Kind):
    """A lock on a subscription, a group or a resource; child resources inherit it."""

    type = LOCK
    contract = LockBody
    names = NameRule("a lock", r"[^<>%&\\?/]+", 1, 90, "no <, >, %, &, \\, ? or /", "upstream", "2026-11-22")
    located = False
    stateful = False
    extension = True
    patchable = frozenset()

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The lock."""
        given = call.properties
        one_of(given["level"], "properties.level", _LEVELS, machine_learning=False)
        if len(given.get("notes", "")) > _LONGEST_NOTES:
            raise bad_request(
                f"'properties.notes' has {len(given['notes'])} characters; {_LONGEST_NOTES} are allowed.",
                target="properties.notes",
            )
        level = next(each for each in _LEVELS if each.lower() == given["level"].lower())
        return self.new(call, existing, given | {"level": level})


def require_unlocked(call: Call) -> None:
    """Refuse a write, an action or a deletion that a lock forbids; locks themselves can always be changed.

    `ReadOnly` forbids all of them, since ARM takes an action such as `listKeys` for a write; `CanNotDelete` forbids
    deletions, and so does any lock on something inside what is to be deleted.

    Raises:
        ArmError: 409 `ScopeLocked`.
    """
    if call.id.type.lower() == LOCK.lower():
        return
    deleting = call.method == "DELETE"
    found = []
    for lock in call.store.of_type(LOCK):
        scope = access.assignment_scope(lock.id)
        above = access.covers(scope, call.id.text)
        inside = deleting and access.covers(call.id.text, scope)
        if (above or inside) and (deleting or lock.properties["level"] == "ReadOnly"):
            found.append(scope)
    if found:
        verb = "delete" if deleting else "write"
        raise ArmError(
            HTTPStatus.CONFLICT,
            "ScopeLocked",
            f"The scope '{call.id.text}' cannot perform {verb} operation because following scope(s) are locked:"
            f" '{','.join(dict.fromkeys(found))}'. Please remove the lock and try again.",
        )
