"""The definition of a resource type: its contract and its special behaviour."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from enum import Enum
from http import HTTPStatus
from typing import Any, ClassVar

from azure_llama.catalog.names import NameRule
from azure_llama_sandbox.arm import operations, private_links
from azure_llama_sandbox.arm.calls import Answer, Call, timestamp
from azure_llama_sandbox.arm.contract import Strict, one_of
from azure_llama_sandbox.arm.durations import DURATIONS, RETAG
from azure_llama_sandbox.arm.errors import ArmError
from azure_llama_sandbox.facts import CATALOG
from azure_llama_sandbox.store import Operation, Resource
from azure_llama_sandbox.world import TENANT, World

Action = Callable[[Call, Resource], Answer]
Body = dict[str, Any]
Contract = type[Strict]
HEALTHY = "Succeeded"
GLOBAL = "global"
"""The location of what is in no region."""


class Style(Enum):
    """The documented behaviour of a verb."""

    SYNC = "200 or 201, and it is done"
    ASYNC = "200 or 201 with Azure-AsyncOperation"
    ACCEPTED = "202 with Location"


class Kind:
    """A resource type. Subclasses define its special behaviour.

    Attributes:
        type: ARM type.
        contract: What a PUT's body must be.
        names: Rule for names.
        name_code, location_code, moved_code, busy_code: Error codes of a bad name, an unknown region, a move to another
            one, a change while another runs.
        put, patch, delete: How each verb answers.
        located: Whether it is a tracked resource, with location and tags.
        locations: Where it can be, beside or instead of a region; every region when None.
        extension: Whether it is put on other resources (`{resource}/providers/...`), and not only into groups.
        fresh, again: Status of a PUT that creates it, and of one that replaces it.
        shows_deleted: Whether a synchronous DELETE answers with the resource.
        located_as_sent: Whether the location keeps the letters of the request.
        etagged: Whether it has an etag; the answer repeats it as a header.
        dated: Whether it has systemData.
        link_groups: What of it a private endpoint can lead to.
        machine_learning: Whether refusals come as Azure ML's `UserError`.
        stateful: Whether it has a provisioningState.
        patchable: What a PATCH may hold; `properties` are merged.
        makes_parent: Whether a PUT makes the resource that it lies in, where that is not there.
        waits_for_children: Whether a DELETE is refused while something runs on what lies in the resource.
        actions: POST actions by name in lower case.
    """

    type: ClassVar[str]
    contract: ClassVar[Contract]
    names: ClassVar[NameRule]
    name_code: ClassVar[str] = "InvalidResourceName"
    location_code: ClassVar[str] = "LocationNotAvailableForResourceType"
    moved_code: ClassVar[str] = "InvalidResourceLocation"
    busy_code: ClassVar[str] = "Conflict"
    put: ClassVar[Style] = Style.SYNC
    patch: ClassVar[Style] = Style.SYNC
    delete: ClassVar[Style] = Style.SYNC
    located: ClassVar[bool] = True
    locations: ClassVar[tuple[str, ...] | None] = None
    extension: ClassVar[bool] = False
    fresh: ClassVar[HTTPStatus] = HTTPStatus.CREATED
    again: ClassVar[HTTPStatus] = HTTPStatus.OK
    shows_deleted: ClassVar[bool] = False
    located_as_sent: ClassVar[bool] = False
    etagged: ClassVar[bool] = False
    dated: ClassVar[bool] = False
    link_groups: ClassVar[tuple[str, ...]] = ()
    machine_learning: ClassVar[bool] = False
    stateful: ClassVar[bool] = True
    patchable: ClassVar[frozenset[str]] = frozenset({"tags"})
    makes_parent: ClassVar[bool] = False
    waits_for_children: ClassVar[bool] = True

    @property
    def actions(self) -> Mapping[str, Action]:
        """POST actions."""
        return {}

    def holds(self, call: Call) -> str | None:
        """The resource whose other writes are refused until this one is answered; None when there is none.

        Raises:
            ArmError: another write has not ended.
        """
        return None

    def check_link(self, world: World, resource: Resource) -> None:
        """Refuse a private endpoint that leads to the resource."""

    def adapt(self, call: Call) -> Call:
        """A PUT of an older api-version, converted to the current one."""
        return call

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The resource as it will be: checks all that is particular, changes nothing.

        Raises:
            ArmError: the service refuses.
        """
        raise NotImplementedError

    def stored(self, call: Call, resource: Resource) -> None:
        """Called in the transaction in which the resource is first or newly stored."""

    def finished(self, world: World, resource: Resource) -> None:
        """Called when a PUT or PATCH is done; changes `resource`, which is stored afterwards."""

    def outcome(self, world: World, resource: Resource) -> ArmError | None:
        """Why a PUT that was taken fails in the end; None when it does not."""
        return None

    def check_patch(self, call: Call, resource: Resource) -> None:
        """Refuse a PATCH; `resource` is as it would be after it."""

    def check_delete(self, call: Call, resource: Resource) -> None:
        """Refuse a DELETE."""

    def removed(self, world: World, resource: Resource, when: float, *, purge: bool) -> None:
        """Called before a resource is forgotten."""

    def deleting(self, resource: Resource) -> None:
        """Called when a DELETE begins; changes `resource`, which is stored afterwards."""

    def not_found(self, call: Call) -> ArmError | None:
        """The service's answer to a GET of a missing resource; ARM's when None."""
        return None

    def delete_absent(self, call: Call) -> Answer:
        """The answer to a DELETE of a missing resource."""
        return Answer(HTTPStatus.NO_CONTENT)

    def busy_state(self, call: Call) -> str:
        """The provisioningState of a healthy resource while it changes."""
        return "Updating"

    def begin(self, call: Call, resource: Resource, *, fresh: bool) -> Operation:
        """The operation that a PUT or PATCH starts."""
        return operations.begin(
            call,
            self.type,
            resource.id,
            call.method,
            location=self.region(call, resource),
            seconds=self.seconds(call.method, fresh=fresh),
            detail={"do": "put", "request": operations.digest(call.body)},
        )

    def show_accepted(self, world: World, resource: Resource) -> Body:
        """The response to a PUT or PATCH whose operation still runs."""
        return self.show(world, resource)

    def show(self, world: World, resource: Resource) -> Body:
        """The answer to GET; with the private endpoints that lead to it, where any can."""
        if not self.link_groups:
            return resource.body
        connections = private_links.connections(world.store, resource)
        return resource.body | {"properties": resource.properties | {"privateEndpointConnections": connections}}

    def region(self, call: Call, resource: Resource) -> str:
        """The region in the URL of an operation's status."""
        return str(resource.body.get("location") or "global")

    def seconds(self, verb: str, *, fresh: bool) -> float:
        """Azure seconds that a verb takes."""
        table = DURATIONS[self.type.lower()]
        if verb == "DELETE":
            return table.delete
        if verb == "PATCH":
            return RETAG if table.update else 0
        return table.create if fresh else table.update

    def new(self, call: Call, existing: Resource | None, properties: Body, **entries: Any) -> Resource:
        """The resource of a body: envelope from the call, properties and other entries as given.

        Entries that are None are left out.
        """
        body: Body = {"id": call.id.text, "name": call.id.name, "type": self.type}
        if self.located:
            sent = str(call.body.get("location") or "") if self.located_as_sent else location_of(call.body)
            body["location"] = sent or (existing.body["location"] if existing else "")
            body["tags"] = dict(call.body.get("tags") or {})
        body |= {key: value for key, value in entries.items() if value is not None}
        body["properties"] = {key: value for key, value in properties.items() if value is not None}
        if self.etagged:
            body["etag"] = f'"{uuid.uuid4()}"'
        if self.machine_learning or self.dated:
            body["systemData"] = _system_data(call, existing)
        secrets = dict(existing.secrets) if existing else {}
        created = existing.created if existing else call.now
        return Resource(call.id.text, self.type, body, secrets, created, call.now)


def _system_data(call: Call, existing: Resource | None) -> Body:
    who, when = call.principal.client_id, timestamp(call.now)
    before = existing.body.get("systemData", {}) if existing else {}
    return {
        "createdAt": before.get("createdAt", when),
        "createdBy": before.get("createdBy", who),
        "createdByType": "Application",
        "lastModifiedAt": when,
        "lastModifiedBy": who,
        "lastModifiedByType": "Application",
    }


def location_of(body: Any) -> str:
    """The region that a body names, as ARM names it; as given when the catalogue does not know it."""
    given = str((body or {}).get("location") or "")
    region = CATALOG.find_region(given)
    return region.name if region else given.lower() if given.lower() == GLOBAL else given


def identity_of(body: Body, existing: Resource | None) -> Body | None:
    """The identity that a body asks for, as ARM answers it: a system-assigned one keeps its principal."""
    asked = body.get("identity")
    if not asked:
        return None
    kinds = ("None", "SystemAssigned", "UserAssigned", "SystemAssigned,UserAssigned")
    given = asked["type"].replace(" ", "")
    one_of(given, "identity.type", kinds)
    type_ = next(kind for kind in kinds if kind.lower() == given.lower())
    identity: Body = {"type": type_}
    before = (existing.body.get("identity") if existing else None) or {}
    if type_.startswith("System"):
        identity["principalId"] = before.get("principalId") or str(uuid.uuid4())
        identity["tenantId"] = TENANT
    if type_.endswith("UserAssigned"):
        known = before.get("userAssignedIdentities") or {}
        identity["userAssignedIdentities"] = {
            id_: known.get(id_) or {"principalId": str(uuid.uuid4()), "clientId": str(uuid.uuid4())}
            for id_ in asked.get("userAssignedIdentities") or {}
        }
    return identity


def merged(base: Body, changes: Body, removed: Any = None) -> Body:
    """A body with a PATCH merged into it: objects deeply, all else replaced.

    Args:
        base: Required. The body.
        changes: Required. The PATCH.
        removed: Optional. The PATCH as it came, whose nulls remove what is there.
    """
    marks = removed if isinstance(removed, dict) else {}
    result = {key: value for key, value in base.items() if key not in marks or marks[key] is not None}
    for key, value in changes.items():
        before = result.get(key)
        both = isinstance(before, dict) and isinstance(value, dict)
        result[key] = merged(before, value, marks.get(key)) if both and isinstance(before, dict) else value
    return result
