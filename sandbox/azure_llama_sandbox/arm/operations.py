"""Long-running operations: how they begin, where they are asked for, what they answer."""

from __future__ import annotations

import hashlib
import json
import math
import uuid
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from azure_llama_sandbox.arm import durations
from azure_llama_sandbox.arm.calls import Answer, Call, timestamp
from azure_llama_sandbox.arm.errors import ArmError
from azure_llama_sandbox.store import Operation
from azure_llama_sandbox.world import World

_OPERATION_TIMEOUT = "PT2H"
_FAILED = frozenset({"Failed", "Canceled"})

_LOCATION = "/subscriptions/{subscription}/providers/{namespace}/locations/{location}"
_MFE = (_LOCATION + "/mfeOperationsStatus/{id}", _LOCATION + "/mfeOperationResults/{id}")
_ML = "microsoft.machinelearningservices/workspaces"

# Of a resource type: where the status of its operations is, where their result is, and how their ids begin. The first
# prefix was seen in the wild, the others are made up after it.
_PATHS: dict[str, tuple[str, str, str]] = {
    "microsoft.resources/subscriptions/resourcegroups": (
        "/subscriptions/{subscription}/operationresults/{id}",
        "/subscriptions/{subscription}/operationresults/{id}",
        "",
    ),
    "microsoft.resources/deployments": ("{key}/operationStatuses/{id}", "{key}/operationResults/{id}", ""),
    _ML: (_LOCATION + "/workspaceOperationsStatus/{id}", _LOCATION + "/workspaceOperationResults/{id}", ""),
    f"{_ML}/onlineendpoints": (*_MFE, "oeidp:"),
    f"{_ML}/onlineendpoints/deployments": (*_MFE, "odidp:"),
    f"{_ML}/serverlessendpoints": (*_MFE, "seidp:"),
    f"{_ML}/marketplacesubscriptions": (*_MFE, "msidp:"),
}
_OTHERS = (_LOCATION + "/operationStatuses/{id}", _LOCATION + "/operationResults/{id}", "")

STATUS_TYPES = frozenset({"operationstatuses", "mfeoperationsstatus", "workspaceoperationsstatus"})
RESULT_TYPES = frozenset({"operationresults", "mfeoperationresults", "workspaceoperationresults"})


def digest(body: Any) -> str:
    """A fingerprint of a request, by which a repeated PUT is known."""
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def begin(
    call: Call,
    type_: str,
    resource_id: str,
    verb: str,
    *,
    location: str,
    seconds: float,
    detail: Mapping[str, Any],
) -> Operation:
    """Note an operation that ends in so many Azure seconds; it is not stored yet.

    Args:
        call: Required. The request that starts it.
        type_: Required. The resource's type.
        resource_id: Required.
        verb: Required. PUT, PATCH, DELETE or POST.
        location: Required. The region that its status is asked of.
        seconds: Required. Azure seconds.
        detail: Required. What is to be done at the end: `do` and what that needs.
    """
    prefix = _PATHS.get(type_.lower(), _OTHERS)[2]
    name = f"{prefix}{uuid.uuid4()}:{uuid.uuid4()}" if prefix else str(uuid.uuid4())
    return Operation(
        id=name,
        key=resource_id.lower(),
        verb=verb,
        started=call.now,
        ends=call.now + call.world.clock.real(seconds),
        detail={"type": type_, "id": resource_id, "location": location, "seconds": seconds} | dict(detail),
    )


def _url(call: Call, operation: Operation, which: int) -> str:
    template = _PATHS.get(operation.detail["type"].lower(), _OTHERS)[which]
    path = template.format(
        subscription=call.id.subscription,
        namespace=operation.detail["type"].split("/", 1)[0],
        location=operation.detail["location"] or "global",
        key=operation.detail["id"],
        id=operation.id,
    )
    return f"{call.base}{path}?api-version={call.api_version}"


def status_header(call: Call, operation: Operation) -> dict[str, str]:
    """Headers of a 200 or 201 that is not the end: the status document's address."""
    headers = {"Azure-AsyncOperation": _url(call, operation, 0)}
    if operation.detail["type"].lower().startswith(_ML):
        headers["x-ms-async-operation-timeout"] = _OPERATION_TIMEOUT
    return headers


def location_header(call: Call, operation: Operation) -> dict[str, str]:
    """Headers of a 202: where the result will be.

    The official clients read the first `Retry-After` as a whole number and fail on any other; they ask at once anyway.
    """
    headers = {"Location": _url(call, operation, 1)}
    wait = call.world.clock.real(durations.poll_interval(operation.detail["seconds"]))
    if wait >= 1:
        headers["Retry-After"] = str(math.ceil(wait))
    if operation.detail["type"].lower().startswith(_ML + "/"):
        headers["x-ms-async-operation-timeout"] = _OPERATION_TIMEOUT
    return headers


def _wait(world: World, operation: Operation) -> dict[str, str]:
    return {"Retry-After": world.clock.retry_after(durations.poll_interval(operation.detail["seconds"]))}


def _find(call: Call) -> Operation:
    operation = call.store.get_operation(call.id.name)
    if operation is None:
        raise ArmError(HTTPStatus.NOT_FOUND, "OperationNotFound", f"The operation '{call.id.name}' could not be found.")
    return operation


def status(call: Call) -> Answer:
    """The status document."""
    operation = _find(call)
    document: dict[str, Any] = {
        "id": call.id.text,
        "name": operation.id,
        "status": operation.status,
        "startTime": timestamp(operation.started),
    }
    if operation.status == "InProgress":
        return Answer(HTTPStatus.OK, document, _wait(call.world, operation))
    document["endTime"] = timestamp(operation.ends)
    if operation.error:
        document["error"] = {key: value for key, value in operation.error.items() if key != "httpStatus"}
    return Answer(HTTPStatus.OK, document)


def result(call: Call) -> Answer:
    """202 while it runs; then what the request itself would have answered, had it been at once."""
    operation = _find(call)
    if operation.status == "InProgress":
        return Answer(HTTPStatus.ACCEPTED, None, _wait(call.world, operation) | {"Location": _self(call)})
    if operation.status in _FAILED:
        error = dict(operation.error or {"code": operation.status, "message": f"The operation was {operation.status}."})
        return Answer(error.pop("httpStatus", HTTPStatus.CONFLICT), {"error": error})
    if operation.verb == "DELETE":
        return Answer(HTTPStatus.NO_CONTENT)
    resource = call.store.get(operation.key)
    if operation.verb == "POST":
        keys = resource.secrets if resource and operation.detail.get("returns_keys") else None
        return Answer(HTTPStatus.OK, keys)
    return Answer(HTTPStatus.OK, resource.body if resource else None)


def _self(call: Call) -> str:
    return f"{call.base}{call.id.text}?api-version={call.api_version}"


def finish(world: World, operation: Operation, *, error: dict[str, Any] | None = None, status: str = "") -> None:
    """Close an operation: Succeeded, or Failed with an error, or as `status` says."""
    operation.status = status or ("Failed" if error else "Succeeded")
    operation.error = error
    world.store.put_operation(operation)


def cancel(world: World, prefix: str, when: float, *, spare: str) -> None:
    """Cancel what runs on a resource and below it, when it goes away; `spare` is the operation that removes it."""
    prefix = prefix.lower()
    for operation in world.store.open_operations():
        inside = operation.key == prefix or operation.key.startswith(prefix + "/")
        if inside and operation.id != spare:
            operation.ends = when
            error = {"code": "OperationCanceled", "message": "The resource was deleted while the operation ran."}
            finish(world, operation, error=error, status="Canceled")


def running(call: Call, resource_id: str, *, below: bool = False) -> list[Operation]:
    """Operations that run on a resource, and with `below` on what lies in it."""
    key = resource_id.lower()
    if not below:
        return call.store.open_operations(key=key)
    return [o for o in call.store.open_operations() if o.key == key or o.key.startswith(key + "/")]
