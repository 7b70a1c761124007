"""Checks that ARM makes before it calls a resource provider."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from azure_llama.catalog import limits
from azure_llama_sandbox.arm import kinds, operations
from azure_llama_sandbox.arm.calls import Answer, Call
from azure_llama_sandbox.arm.errors import ArmError, bad_request, conflict, group_not_found, not_played, user_error
from azure_llama_sandbox.arm.ids import ArmId, parse
from azure_llama_sandbox.arm.kinds import Kind, Style
from azure_llama_sandbox.conditions import NEW_DEPLOYMENTS_IN
from azure_llama_sandbox.facts import CATALOG
from azure_llama_sandbox.store import Resource, Store
from azure_llama_sandbox.world import SUBSCRIPTION

REGISTRATION = "Microsoft.Resources/providers"
_WRITES = frozenset({"PUT", "PATCH", "POST"})
_ALWAYS_REGISTERED = ("microsoft.resources", "microsoft.authorization")
_SELLERS = ("Microsoft.SaaS", "Microsoft.Marketplace", "Microsoft.MarketplaceOrdering")
_WITH_PARENT = frozenset({"microsoft.storage/storageaccounts/blobservices"})
"""Resources named `default` that are there as long as their parent is."""


def registration_id(namespace: str) -> str:
    """The store key of a provider's registration."""
    return f"/subscriptions/{SUBSCRIPTION}/providers/{namespace}"


def canonical(store: Store, id_: ArmId, types: tuple[str, ...]) -> ArmId:
    """The id with types, group and parents spelled as they were first."""
    namespace, *spelled = types
    named = replace(id_, namespace=namespace, types=(*spelled, *id_.types[len(spelled) :]))
    group = store.get(id_.group_id) if id_.group_id else None
    if group is not None and id_.scope.lower() == group.id.lower():
        named = replace(named, scope=group.id)
    elif (extended := store.get(id_.scope)) is not None:
        named = replace(named, scope=extended.id)
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
    state = call.world.conditions().subscription.state
    if call.method in _WRITES and state not in NEW_DEPLOYMENTS_IN:
        # Which code goes with which state is general knowledge of Azure.
        raise ArmError(
            HTTPStatus.CONFLICT,
            "ReadOnlyDisabledSubscription",
            f"The subscription '{SUBSCRIPTION}' is in state {state} and therefore marked as read only. You cannot"
            " perform any write actions on this subscription until it is re-enabled.",
        )


def require_place(call: Call, kind: Kind, *, writing: bool) -> None:
    """Refuse unless group, scope and parent are there, and for a write unless the provider is registered."""
    store, id_ = call.store, call.id
    if writing:
        require_registration(call, call.id.namespace)
    if id_.group_id and id_.group_id.lower() != id_.text.lower():
        group = require_group(call)
        if writing and group.properties.get("provisioningState") == "Deleting":
            raise ArmError(
                HTTPStatus.CONFLICT,
                "ResourceGroupBeingDeleted",
                f"The resource group '{id_.group}' is in deprovisioning state and cannot perform this operation.",
            )
    _require_scope(call, kind)
    parent = id_.parent
    if parent is not None and parent.type.lower() in _WITH_PARENT and parent.name.lower() == "default":
        parent = parent.parent
    if parent is not None and kind.makes_parent and writing:
        parent = parent.parent
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


def _require_scope(call: Call, kind: Kind) -> None:
    """Refuse a resource on another one that is not there, or that takes none of its kind."""
    scope = call.id.scope
    plain = ("", f"/subscriptions/{SUBSCRIPTION}", (call.id.group_id or "").lower())
    if scope.lower() in plain:
        return
    if not kind.extension:
        raise not_played(f"'{kind.type}' on '{scope}'")
    holder = parse(scope)
    if holder is not None and holder.type.lower() in _WITH_PARENT and holder.parent is not None:
        holder = holder.parent
    if holder is None or call.store.get(holder.text) is None:
        raise ArmError(HTTPStatus.NOT_FOUND, "ResourceNotFound", f"The resource '{scope}' was not found.")


def require_group(call: Call) -> Resource:
    """The resource group of the call; an error when it does not exist."""
    group = call.store.get(call.id.group_id or "")
    if group is None:
        raise group_not_found(str(call.id.group))
    return group


def is_registered(store: Store, namespace: str) -> bool:
    """Whether a resource provider is registered in the subscription: it is, until a caller unregisters it."""
    state = store.get(registration_id(namespace))
    always = state is None or namespace.lower() in _ALWAYS_REGISTERED
    return always or (state is not None and bool(state.body["registrationState"] == "Registered"))


def missing_seller(store: Store) -> str | None:
    """Why an offer of Azure Marketplace cannot be bought: a provider that sells it is not registered.

    The documents demand the registration; what Azure answers without it is unknown, and the sandbox's choice.
    """
    for namespace in _SELLERS:
        if not is_registered(store, namespace):
            # Not ARM's own 409: clients that register providers would register the request's own, and repeat.
            return (
                f"The subscription is not registered to use namespace '{namespace}', which sells the model's offer."
                f" Register it: az provider register --namespace {namespace}."
            )
    return None


def require_registration(call: Call, namespace: str) -> None:
    """Refuse when a resource provider is not registered in the subscription."""
    if not is_registered(call.store, namespace):
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
    if not kind.located:
        return
    if given is None:
        if call.method == "PUT" and not kind.machine_learning:
            raise bad_request(
                "The location property is required for this definition.", target="location", code="LocationRequired"
            )
        return
    name = kinds.location_of(call.body)
    known = CATALOG.find_region(given) is not None if kind.locations is None else name in kind.locations
    if not known:
        offered = ",".join(kind.locations or (each.name for each in CATALOG.regions))
        raise bad_request(
            f"The provided location '{given}' is not available for resource type '{kind.type}'."
            f" List of available regions for the resource type is '{offered}'.",
            target="location",
            code=kind.location_code,
        )
    if existing is not None and kinds.location_of(existing.body) != name:
        raise ArmError(
            HTTPStatus.CONFLICT,
            kind.moved_code,
            f"The resource '{call.id.name}' already exists in location '{existing.body.get('location')}' in resource"
            f" group '{call.id.group}'. A resource with the same name cannot be created in location '{name}'."
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
