"""Services that are deleted, and can be restored until they are purged."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from azure_llama_sandbox.arm import access, durations, operations, verbs
from azure_llama_sandbox.arm.api_management.common import NAMESPACE, SERVICE
from azure_llama_sandbox.arm.calls import Answer, Call, timestamp
from azure_llama_sandbox.arm.errors import ArmError
from azure_llama_sandbox.arm.kinds import location_of
from azure_llama_sandbox.store import Resource, Store

_KEPT_SECONDS = 48 * 3600


def find_deleted(store: Store, name: str) -> Resource | None:
    """The deleted service of a name, in any resource group."""
    found = (each for each in store.soft_deleted() if each.type == SERVICE)
    return next((each for each in found if each.name.lower() == name.lower()), None)


def _deleted_body(call: Call, service: Resource) -> dict[str, Any]:
    location = location_of(service.body)
    scope = f"/subscriptions/{call.id.subscription}/providers/{NAMESPACE}"
    return {
        "id": f"{scope}/locations/{location}/deletedservices/{service.name}",
        "name": service.name,
        "type": f"{NAMESPACE}/deletedservices",
        "location": location,
        "properties": {
            "serviceId": service.id,
            "deletionDate": timestamp(service.modified),
            "scheduledPurgeDate": timestamp(service.modified + _KEPT_SECONDS),
        },
    }


def list_deleted(call: Call) -> Answer:
    """GET deletedservices of the subscription."""
    access.require(call, f"{NAMESPACE}/deletedservices/read", scope=call.id.scope)
    return verbs.value([_deleted_body(call, each) for each in call.store.soft_deleted() if each.type == SERVICE])


def _must_be_deleted(call: Call) -> Resource:
    location, name = call.id.names
    service = find_deleted(call.store, name)
    if service is None or location_of(service.body) != location.lower():
        raise ArmError(
            HTTPStatus.NOT_FOUND, "ServiceNotFound", f"Api service {name} was not soft-deleted in '{location}'."
        )
    return service


def get_deleted(call: Call) -> Answer:
    """GET locations/{region}/deletedservices/{name}."""
    access.require(call, f"{NAMESPACE}/locations/deletedservices/read", scope=call.id.scope)
    return Answer(HTTPStatus.OK, _deleted_body(call, _must_be_deleted(call)))


def purge(call: Call) -> Answer:
    """DELETE of the same."""
    access.require(call, f"{NAMESPACE}/locations/deletedservices/delete", scope=call.id.scope)
    service = _must_be_deleted(call)
    operation = operations.begin(
        call,
        SERVICE,
        service.id,
        "DELETE",
        location=location_of(service.body),
        seconds=durations.PURGE,
        detail={"do": "purge"},
    )
    call.store.put_operation(operation)
    return Answer(HTTPStatus.ACCEPTED, None, operations.location_header(call, operation), operation.id)
