"""Accounts that are deleted, and can be restored until they are purged."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from azure_llama_sandbox.arm import access, durations, operations, verbs
from azure_llama_sandbox.arm.calls import Answer, Call, timestamp
from azure_llama_sandbox.arm.cognitive_services.common import ACCOUNT, NAMESPACE
from azure_llama_sandbox.arm.errors import ArmError
from azure_llama_sandbox.arm.kinds import location_of
from azure_llama_sandbox.store import Resource, Store
from azure_llama_sandbox.world import SUBSCRIPTION

_DELETED = f"{NAMESPACE}/locations/resourceGroups/deletedAccounts"
_KEPT_SECONDS = 48 * 3600


def find_deleted(store: Store, account_id: str) -> Resource | None:
    """The deleted account of an id."""
    found = store.soft_deleted(account_id)
    return found[0] if found else None


def _deleted_body(account: Resource) -> dict[str, Any]:
    group = account.id.split("/")[4]
    location = location_of(account.body)
    id_ = (
        f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.CognitiveServices/locations/{location}/resourceGroups/"
        f"{group}/deletedAccounts/{account.name}"
    )
    properties = account.properties | {
        "privateEndpointConnections": [],
        "deletionDate": timestamp(account.modified),
        "scheduledPurgeDate": timestamp(account.modified + _KEPT_SECONDS),
    }
    type_ = "Microsoft.CognitiveServices/deletedAccounts"
    return account.body | {"id": id_, "type": type_, "properties": properties}


def list_deleted(call: Call) -> Answer:
    """GET deletedAccounts of the subscription."""
    access.require(call, "Microsoft.CognitiveServices/deletedAccounts/read", scope=call.id.scope)
    return verbs.value([_deleted_body(each) for each in call.store.soft_deleted() if each.type == ACCOUNT])


def _must_be_deleted(call: Call) -> Resource:
    location, group, name = call.id.names
    account = find_deleted(call.store, f"{call.id.scope}/resourceGroups/{group}/providers/{ACCOUNT}/{name}")
    if account is None or location_of(account.body) != location.lower():
        raise ArmError(
            HTTPStatus.NOT_FOUND,
            "DeletedAccountNotFound",
            f"The specified deleted account '{name}' does not exist in '{location}'.",
        )
    return account


def get_deleted(call: Call) -> Answer:
    """GET locations/{region}/resourceGroups/{group}/deletedAccounts/{name}."""
    access.require(call, f"{_DELETED}/read", scope=call.id.scope)
    return Answer(HTTPStatus.OK, _deleted_body(_must_be_deleted(call)))


def purge(call: Call) -> Answer:
    """DELETE of the same."""
    access.require(call, f"{_DELETED}/delete", scope=call.id.scope)
    account = _must_be_deleted(call)
    operation = operations.begin(
        call,
        ACCOUNT,
        account.id,
        "DELETE",
        location=account.body["location"],
        seconds=durations.PURGE,
        detail={"do": "purge"},
    )
    call.store.put_operation(operation)
    return Answer(HTTPStatus.ACCEPTED, None, operations.location_header(call, operation), operation.id)
