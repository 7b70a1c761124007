"""What ARM itself checks before it asks a resource provider."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from azure_llama.catalog import find_region, limits, regions
from azure_llama.sandbox.arm import operations
from azure_llama.sandbox.arm.calls import Answer, Call
from azure_llama.sandbox.arm.errors import ArmError, bad_request, conflict, group_not_found, user_error
from azure_llama.sandbox.arm.ids import ArmId, parse
from azure_llama.sandbox.arm.kinds import Kind, Style
from azure_llama.sandbox.store import Resource, Store
from azure_llama.sandbox.world import SUBSCRIPTION

REGISTRATION = "Microsoft.Resources/providers"
_ALWAYS_REGISTERED = ("microsoft.resources", "microsoft.authorization")


def registration_id(namespace: str) -> str:
    """Where the store keeps whether a provider is registered."""
    return f"/subscriptions/{SUBSCRIPTION}/providers/{namespace}"


def canonical(store: Store, id_: ArmId, types: tuple[str, ...]) -> ArmId:
    """The id with types, group and parents spelled as they were first."""
    namespace, *spelled = types
    named = replace(id_, namespace=namespace, types=(*spelled, *id_.types[len(spelled) :]))
    group = store.get(id_.group_id) if id_.group_id else None
    if group is not None and id_.scope.lower() == group.id.lower():
        named = replace(named, scope=group.id)
    parent = named.parent
    holder = store.get(parent.text) if parent is not None and parent.names else None
    known = parse(holder.id) if holder is not None else None
    if known is not None:
        named = replace(named, scope=known.scope, names=(*known.names, *named.names[len(known.names) :]))
    return named


def require_subscription(call: Call) -> None:
    """Refuse another subscription than the sandbox's."""
    if call.id.subscription and call.id.subscription.lower() != SUBSCRIPTION:
        raise ArmError(
            HTTPStatus.NOT_FOUND,
            "SubscriptionNotFound",
            f"The subscription '{call.id.subscription}' could not be found.",
        )


def require_place(call: Call, *, writing: bool) -> None:
    """Refuse unless group and parent are there, and for a write unless the provider is registered."""
    store, id_ = call.store, call.id
    if writing:
        _require_registration(call)
    if id_.group_id and id_.group_id.lower() != id_.text.lower():
        group = require_group(call)
        if writing and group.properties.get("provisioningState") == "Deleting":
            raise ArmError(
                HTTPStatus.CONFLICT,
                "ResourceGroupBeingDeleted",
                f"The resource group '{id_.group}' is in deprovisioning state and cannot perform this operation.",
            )
    parent = id_.parent
    if parent is None or parent.type.lower() == "microsoft.resources/subscriptions":
        return
    if store.get(parent.text) is None:
        raise ArmError(
            HTTPStatus.NOT_FOUND,
            "ParentResourceNotFound",
            f"Failed to perform '{'write' if writing else 'read'}' on resource(s) of type"
            f" '{'/'.join(id_.types)}', because the parent resource '{parent.text}' could not be found.",
        )
    if writing:
        _require_standing(call, parent)


def require_group(call: Call) -> Resource:
    """The resource group that the call lies in; refuse when it does not exist."""
    group = call.store.get(call.id.group_id or "")
    if group is None:
        raise group_not_found(str(call.id.group))
    return group


def _require_registration(call: Call) -> None:
    namespace = call.id.namespace
    state = call.store.get(registration_id(namespace))
    if state is None or namespace.lower() in _ALWAYS_REGISTERED:
        return
    if state.body["registrationState"] != "Registered":
        raise ArmError(
            HTTPStatus.CONFLICT,
            "MissingSubscriptionRegistration",
            f"The subscription is not registered to use namespace '{namespace}'. See https://aka.ms/rps-not-found for"
            " how to register subscriptions.",
        )


def _require_standing(call: Call, parent: ArmId) -> None:
    holder: ArmId | None = parent
    while holder is not None and holder.names:
        for operation in operations.running(call, holder.text):
            if operation.verb == "DELETE":
                raise conflict(operation.id, holder.text)
        holder = holder.parent


def join_or_refuse(call: Call, kind: Kind, existing: Resource | None) -> Answer | None:
    """None when nothing runs on the resource; the running operation when this is the same PUT once more.

    Clients send a PUT again when the connection broke before the answer: it must not fail for that.

    Raises:
        ArmError: 409, another change runs.
    """
    for operation in operations.running(call, call.id.text):
        same = operation.verb == call.method == "PUT" and operation.detail.get("request") == operations.digest(
            call.body
        )
        if existing is None or not same:
            raise conflict(operation.id, call.id.text, kind.busy_code)
        if kind.put is Style.ACCEPTED:
            return Answer(HTTPStatus.ACCEPTED, None, operations.location_header(call, operation), operation.id)
        headers = operations.status_header(call, operation)
        return Answer(HTTPStatus.OK, kind.show(call.world, existing), headers, operation.id)
    return None


def check_envelope(call: Call, kind: Kind, existing: Resource | None) -> None:
    """Refuse a bad name, tags beyond the limits, an unknown region, or a move to another one."""
    problem = None if existing else kind.names.problem(call.id.name)
    if problem:
        message = f"The name '{call.id.name}' {problem}."
        if kind.machine_learning:
            raise user_error(message, "BadArgument", target="name")
        raise bad_request(message, target="name", code=kind.name_code)
    _check_tags(call.body.get("tags") or {})
    given = call.body.get("location")
    if not kind.located or given is None:
        return
    region = find_region(given)
    if region is None:
        offered = ",".join(each.name for each in regions())
        raise bad_request(
            f"The provided location '{given}' is not available for resource type '{kind.type}'."
            f" List of available regions for the resource type is '{offered}'.",
            target="location",
            code=kind.location_code,
        )
    if existing is not None and existing.body.get("location") != region.name:
        raise ArmError(
            HTTPStatus.CONFLICT,
            kind.moved_code,
            f"The resource '{call.id.name}' already exists in location '{existing.body.get('location')}' in resource"
            f" group '{call.id.group}'. A resource with the same name cannot be created in location '{region.name}'."
            " Please select a new resource name.",
            target="location",
        )


def _check_tags(tags: dict[str, str]) -> None:
    most = limits.TAGS_PER_RESOURCE.high
    if len(tags) > most:
        raise bad_request(f"There are {len(tags)} tags; a resource has {most} at most.", target="tags")
    for name, value in tags.items():
        if len(name) > limits.TAG_NAME_LENGTH.high or set(name) & set(limits.TAG_NAME_FORBIDDEN):
            raise bad_request(
                f"The tag name '{name}' is not valid: it has at most {limits.TAG_NAME_LENGTH.high} characters, none of"
                f" them of {limits.TAG_NAME_FORBIDDEN}",
                target=f"tags.{name}",
                code="InvalidTagNameCharacters",
            )
        if len(value) > limits.TAG_VALUE_LENGTH.high:
            raise bad_request(
                f"The value of the tag '{name}' has {len(value)} characters;"
                f" {limits.TAG_VALUE_LENGTH.high} are allowed.",
                target=f"tags.{name}",
                code="InvalidTagValueLength",
            )
