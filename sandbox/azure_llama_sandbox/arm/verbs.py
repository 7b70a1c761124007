"""GET, PUT, PATCH, DELETE and POST, the same for every resource type."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import Any

from azure_llama_sandbox.arm import (
    access,
    contract,
    guards,
    leniency,
    locks,
    managed_identity,
    operations,
    private_links,
)
from azure_llama_sandbox.arm.api_versions import announced
from azure_llama_sandbox.arm.calls import Answer, Call
from azure_llama_sandbox.arm.errors import (
    ArmError,
    bad_request,
    conflict,
    group_not_found,
    not_played,
    resource_not_found,
)
from azure_llama_sandbox.arm.ids import ArmId
from azure_llama_sandbox.arm.kinds import HEALTHY, Kind, Style, identity_of, location_of, merged
from azure_llama_sandbox.store import Operation, Resource
from azure_llama_sandbox.world import World

KINDS: dict[str, Kind] = {}
"""All resource types, by type in lower case; `registry` fills it."""


def kind_of(id_: ArmId) -> Kind | None:
    """The resource type of an id."""
    return KINDS.get(id_.type.lower())


def _must_have(call: Call) -> Resource:
    resource = call.store.get(call.id.text)
    if resource is None and call.id.text == call.id.group_id:
        raise group_not_found(call.id.name)
    if resource is None:
        kind = kind_of(call.id)
        missing = kind.not_found(call) if kind is not None else None
        raise missing or resource_not_found("/".join((call.id.namespace, *call.id.types)), call.id.name, call.id.group)
    return resource


def get(call: Call, kind: Kind) -> Answer:
    """Read one resource."""
    access.require(call, *access.actions_for(call))
    guards.require_place(call, kind, writing=False)
    resource = call.store.get(call.id.text)
    if call.method == "HEAD":
        return Answer(HTTPStatus.NO_CONTENT if resource else HTTPStatus.NOT_FOUND)
    return Answer(HTTPStatus.OK, kind.show(call.world, _must_have(call)))


def list_(call: Call, kind: Kind) -> Answer:
    """Read all resources of a type in a scope, on one page; of a subscription, those that the caller may read."""
    parent = call.id.parent
    container = parent.text if parent is not None and parent.names else call.id.scope
    readable = access.readable(call, container)
    guards.require_place(call, kind, writing=False)
    found = [each for each in call.store.below(container, kind.type) if readable(each)]
    return Answer(HTTPStatus.OK, {"value": [kind.show(call.world, resource) for resource in found]})


def list_links(call: Call, target: ArmId) -> Answer:
    """The private endpoint connections of a resource that private endpoints can lead to."""
    access.require(call, *access.actions_for(call))
    return value(private_links.connections(call.store, _must_have(call.about(target))))


def put(call: Call, kind: Kind) -> Answer:
    """Create or replace a resource."""
    access.require(call, *access.actions_for(call))
    guards.require_place(call, kind, writing=True)
    locks.require_unlocked(call)
    existing = call.store.get(call.id.text)
    call = _normalized(kind.adapt(call), kind, existing)
    contract.check(kind.contract, call.body, machine_learning=kind.machine_learning)
    guards.check_envelope(call, kind, existing)
    held = kind.holds(call)
    joined = guards.join_or_refuse(call, kind, existing)
    if joined is not None:
        return joined
    resource = kind.build(call, existing)
    managed_identity.attach(call, resource)
    return _apply(call, kind, resource, existing, kind.put, held)


def _normalized(call: Call, kind: Kind, existing: Resource | None) -> Call:
    shown = kind.show(call.world, existing) if existing else None
    strict = call.api_version == announced(kind.type)[0]
    return replace(call, body=leniency.normalize(kind.contract, call.body, shown, strict=strict))


def patch(call: Call, kind: Kind) -> Answer:
    """Change parts of a resource."""
    if not kind.patchable:
        raise refuse_method(call)
    access.require(call, *access.actions_for(call))
    guards.require_place(call, kind, writing=True)
    locks.require_unlocked(call)
    existing = _must_have(call)
    asked, call = call.body, _normalized(call, kind, None)
    contract.check(kind.contract, call.body, partial=True, machine_learning=kind.machine_learning)
    changes = {name for name in call.body if not _unchanged(existing.body, name, call.body)}
    forbidden = sorted(changes - kind.patchable)
    if forbidden:
        names = ", ".join(sorted(kind.patchable))
        raise bad_request(
            f"'{forbidden[0]}' cannot be changed by PATCH; {kind.type} takes {names}. Use PUT.", target=forbidden[0]
        )
    guards.check_envelope(call, kind, existing)
    held = kind.holds(call)
    guards.join_or_refuse(call, kind, existing)
    changed = replace(existing, body=merged(existing.body, call.body), modified=call.now)
    if "tags" in call.body:
        changed.body["tags"] = dict(call.body["tags"])
    if "identity" in call.body:
        identity = merged(existing.body.get("identity") or {}, call.body["identity"], removed=asked["identity"])
        changed.body["identity"] = identity_of({"identity": identity}, existing)
        managed_identity.attach(call, changed)
    kind.check_patch(call, changed)
    return _apply(call, kind, changed, existing, kind.patch, held)


def _apply(
    call: Call, kind: Kind, resource: Resource, existing: Resource | None, style: Style, held: str | None
) -> Answer:
    fresh = existing is None or (kind.stateful and not _served(existing))
    again = HTTPStatus.OK if call.method == "PATCH" else kind.again
    status = kind.fresh if existing is None else again
    if style is Style.SYNC or not kind.seconds(call.method, fresh=fresh):
        if kind.stateful:
            resource.properties["provisioningState"] = HEALTHY
        kind.finished(call.world, resource)
        call.store.put(resource)
        kind.stored(call, resource)
        seconds = kind.seconds(call.method, fresh=fresh) if held else 0
        return Answer(status, kind.show(call.world, resource), held=held, seconds=seconds)
    resource.properties["provisioningState"] = "Creating" if fresh else kind.busy_state(call)
    call.store.put(resource)
    kind.stored(call, resource)
    operation = kind.begin(call, resource, fresh=fresh)
    call.store.put_operation(operation)
    shown = kind.show_accepted(call.world, resource)
    if style is Style.ACCEPTED:
        return Answer(HTTPStatus.ACCEPTED, None, operations.location_header(call, operation), operation.id)
    return Answer(status, shown, operations.status_header(call, operation), operation.id)


def _served(resource: Resource) -> bool:
    return resource.properties.get("provisioningState") == HEALTHY


def delete(call: Call, kind: Kind) -> Answer:
    """Delete a resource, or nothing when it is not there."""
    access.require(call, *access.actions_for(call))
    existing = call.store.get(call.id.text)
    if existing is None:
        if call.id.group_id and call.id.group_id.lower() != call.id.text.lower():
            guards.require_group(call)
        return kind.delete_absent(call)
    guards.require_place(call, kind, writing=True)
    locks.require_unlocked(call)
    held = kind.holds(call)
    purge = call.query.get("forcetopurge", "").lower() == "true"
    for operation in operations.running(call, call.id.text, below=kind.waits_for_children):
        if operation.verb == "DELETE" and operation.key == existing.id.lower():
            headers = operations.location_header(call, operation)
            return Answer(HTTPStatus.ACCEPTED, None, headers, operation.id)
        raise conflict(operation.id, operation.detail["id"])
    kind.check_delete(call, existing)
    if kind.delete is Style.SYNC:
        shown = kind.show(call.world, existing) if kind.shows_deleted else None
        forget(call.world, existing, call.now, purge=purge)
        seconds = kind.seconds("DELETE", fresh=False) if held else 0
        return Answer(HTTPStatus.OK, shown, held=held, seconds=seconds)
    if kind.stateful:
        existing.properties["provisioningState"] = "Deleting"
    kind.deleting(existing)
    call.store.put(existing)
    operation = operations.begin(
        call,
        kind.type,
        existing.id,
        "DELETE",
        location=kind.region(call, existing),
        seconds=kind.seconds("DELETE", fresh=False),
        detail={"do": "delete", "purge": purge},
    )
    call.store.put_operation(operation)
    return Answer(HTTPStatus.ACCEPTED, None, operations.location_header(call, operation), operation.id)


def act(call: Call) -> Answer:
    """POST of an action on a resource."""
    parent = call.id.parent
    kind = kind_of(parent) if parent is not None else None
    action = kind.actions.get(call.id.types[-1].lower()) if kind is not None else None
    if parent is None or kind is None or action is None:
        raise not_played(f"the action '{call.id.types[-1]}' of {'/'.join((call.id.namespace, *call.id.types[:-1]))}")
    access.require(call, *access.actions_for(call), scope=parent.text)
    on_resource = call.about(parent)
    guards.require_place(on_resource, kind, writing=False)
    locks.require_unlocked(call)
    return action(call, _must_have(on_resource))


def _unchanged(existing: dict[str, Any], name: str, body: dict[str, Any]) -> bool:
    """Whether a PATCH says what is there already: azure-native sends the whole body to remove an identity."""
    if name == "location":
        return location_of(body) == existing.get(name)
    return merged(existing, {name: body[name]}) == existing


def forget(world: World, resource: Resource, when: float, *, purge: bool = False) -> None:
    """Remove a resource and all its children, with the deletion of each type."""
    for each in (*reversed(world.store.below(resource.id)), resource):
        kind = KINDS.get(each.type.lower())
        if kind is not None:
            kind.removed(world, each, when, purge=purge and each is resource)
    world.store.delete(resource.id)


def finish_put(world: World, operation: Operation) -> None:
    """The end of a PUT or PATCH."""
    resource = world.store.get(operation.key)
    if resource is None:
        operations.finish(world, operation, status="Canceled")
        return
    kind = KINDS[resource.type.lower()]
    failure = kind.outcome(world, resource)
    if failure is not None:
        resource.properties["provisioningState"] = "Failed"
        world.store.put(resource)
        operations.finish(world, operation, error=failure.stored())
        return
    resource.properties["provisioningState"] = HEALTHY
    kind.finished(world, resource)
    world.store.put(resource)
    operations.finish(world, operation)


def finish_delete(world: World, operation: Operation) -> None:
    """The end of a DELETE."""
    resource = world.store.get(operation.key)
    if resource is not None:
        operations.cancel(world, resource.id, operation.ends, spare=operation.id)
        forget(world, resource, operation.ends, purge=bool(operation.detail["purge"]))
    operations.finish(world, operation)


def refuse_method(call: Call) -> ArmError:
    """A method that the resource does not take."""
    return ArmError(
        HTTPStatus.METHOD_NOT_ALLOWED,
        "MethodNotAllowed",
        f"{call.method} is not a method of '{call.id.text}'.",
    )


def value(items: list[Any]) -> Answer:
    """A list."""
    return Answer(HTTPStatus.OK, {"value": items})
