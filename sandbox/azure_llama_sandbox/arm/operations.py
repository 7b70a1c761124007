"""Long-running operations: their start, polling URLs and results."""

from __future__ import annotations

import hashlib
import json
import math
import uuid
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

from azure_llama_sandbox.arm import durations
from azure_llama_sandbox.arm.calls import Answer, Call, timestamp
from azure_llama_sandbox.arm.errors import ArmError
from azure_llama_sandbox.store import Operation
from azure_llama_sandbox.world import World

_FAILED = frozenset({"Failed", "Canceled"})
_LOCATION = "/subscriptions/{subscription}/providers/{namespace}/locations/{location}"
_ML = "microsoft.machinelearningservices/workspaces"


class Polling(NamedTuple):
    """The polling style of a resource type's operations.

    Attributes:
        status: Required. Path of the status document.
        result: Required. Path of the result, the `Location` of a 202.
        prefix: Optional. How operation ids begin.
        timeout: Optional. `x-ms-async-operation-timeout`; no header when empty.
        both: Optional. Whether a 202 names the status document too.
        at_resource: Optional. Whether a 201 has the resource's own address as `Location`.
        document: Optional. Whether the result path answers with the status document.
        percent: Optional. `percentComplete` at the end; absent when None.
        version: Optional. API version of the addresses; the request's when empty.
        deleted: Optional. Status of the result of a DELETE.
    """

    status: str = _LOCATION + "/operationStatuses/{id}"
    result: str = _LOCATION + "/operationResults/{id}"
    prefix: str = ""
    timeout: str = ""
    both: bool = False
    at_resource: bool = False
    document: bool = False
    percent: float | None = None
    version: str = ""
    deleted: HTTPStatus = HTTPStatus.NO_CONTENT


_MFE = Polling(
    _LOCATION + "/mfeOperationsStatus/{id}",
    _LOCATION + "/mfeOperationResults/{id}",
    timeout="PT30M",
    both=True,
    at_resource=True,
    percent=0.0,
)
_GROUP = "/subscriptions/{subscription}/operationresults/{id}"
_COGNITIVE = _LOCATION + "/operationResults/{id}"

# Recorded of Azure, except the id prefixes of serverless endpoints and marketplace subscriptions and what the types
# below a workspace share with online endpoints.
_POLLING: dict[str, Polling] = {
    "microsoft.resources/subscriptions/resourcegroups": Polling(_GROUP, _GROUP),
    "microsoft.resources/deployments": Polling("{key}/operationStatuses/{id}", "{key}/operationResults/{id}"),
    "microsoft.cognitiveservices/accounts": Polling(_COGNITIVE, _COGNITIVE, document=True, version="2017-04-18"),
    _ML: Polling(
        _LOCATION + "/workspaceOperationsStatus/{id}",
        _LOCATION + "/workspaceOperationResults/{id}",
        both=True,
        deleted=HTTPStatus.OK,
    ),
    f"{_ML}/computes": Polling(
        _LOCATION + "/computeOperationsStatus/{id}",
        _LOCATION + "/computeOperationResults/{id}",
        both=True,
        percent=100.0,
    ),
    f"{_ML}/onlineendpoints": _MFE._replace(prefix="oeidp:"),
    f"{_ML}/onlineendpoints/deployments": _MFE._replace(prefix="odidp:"),
    f"{_ML}/serverlessendpoints": _MFE._replace(prefix="seidp:"),
    f"{_ML}/marketplacesubscriptions": _MFE._replace(prefix="msidp:"),
    f"{_ML}/outboundrules": _MFE._replace(prefix="", at_resource=False),
}
_OTHERS = Polling()
_NETWORK = Polling(both=True)

STATUS_TYPES = frozenset(
    {"operationstatuses", *(f"{each}operationsstatus" for each in ("mfe", "workspace", "compute"))}
)
RESULT_TYPES = frozenset({"operationresults", *(f"{each}operationresults" for each in ("mfe", "workspace", "compute"))})


def _polling(type_: str) -> Polling:
    lower = type_.lower()
    return _POLLING.get(lower, _NETWORK if lower.startswith("microsoft.network/") else _OTHERS)


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
    prefix = _polling(type_).prefix
    name = f"{prefix}{uuid.uuid4()}:{uuid.uuid4()}" if prefix else str(uuid.uuid4())
    return Operation(
        id=name,
        key=resource_id.lower(),
        verb=verb,
        started=call.now,
        ends=call.now + call.world.clock.real(seconds),
        detail={"type": type_, "id": resource_id, "location": location, "seconds": seconds} | dict(detail),
    )


def _url(call: Call, operation: Operation, template: str) -> str:
    path = template.format(
        subscription=call.id.subscription,
        namespace=operation.detail["type"].split("/", 1)[0],
        location=operation.detail["location"] or "global",
        key=operation.detail["id"],
        id=operation.id,
    )
    version = _polling(operation.detail["type"]).version or call.api_version
    return f"{call.base}{path}?api-version={version}"


def status_header(call: Call, operation: Operation) -> dict[str, str]:
    """Headers of a 200 or 201 that is not the end: the status document's address."""
    polling = _polling(operation.detail["type"])
    headers = {"Azure-AsyncOperation": _url(call, operation, polling.status)}
    if polling.at_resource:
        headers["Location"] = f"{call.base}{operation.detail['id']}?api-version={call.api_version}"
    return headers | _timeout(polling)


def location_header(call: Call, operation: Operation) -> dict[str, str]:
    """Headers of a 202: where the result will be, and the status document where the type names both.

    Azure ML sends no `Retry-After`; the sandbox does, so that clients follow its clock. The official clients read the
    first one as a whole number and fail on any other; they ask at once anyway.
    """
    polling = _polling(operation.detail["type"])
    headers = {"Location": _url(call, operation, polling.result)}
    if polling.both and operation.verb != "POST":
        headers["Azure-AsyncOperation"] = _url(call, operation, polling.status)
    wait = call.world.clock.real(durations.poll_interval(operation.detail["seconds"]))
    if wait >= 1:
        headers["Retry-After"] = str(math.ceil(wait))
    return headers | _timeout(polling)


def _timeout(polling: Polling) -> dict[str, str]:
    return {"x-ms-async-operation-timeout": polling.timeout} if polling.timeout else {}


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
    running = operation.status == "InProgress"
    document: dict[str, Any] = {
        "id": call.id.text,
        "name": operation.id,
        "status": operation.status,
        "startTime": timestamp(operation.started),
    }
    if (percent := _polling(operation.detail["type"]).percent) is not None:
        document["percentComplete"] = 0.0 if running else percent
    if running:
        return Answer(HTTPStatus.OK, document, _wait(call.world, operation))
    document["endTime"] = timestamp(operation.ends)
    if operation.error:
        document["error"] = {key: value for key, value in operation.error.items() if key != "httpStatus"}
    return Answer(HTTPStatus.OK, document)


def result(call: Call) -> Answer:
    """202 while it runs; then what the request itself would have answered, had it been at once."""
    operation = _find(call)
    polling = _polling(operation.detail["type"])
    if polling.document and not (operation.verb == "DELETE" and operation.status == "InProgress"):
        return status(call)
    if operation.status == "InProgress":
        return Answer(HTTPStatus.ACCEPTED, None, _wait(call.world, operation) | {"Location": _self(call)})
    if operation.status in _FAILED:
        error = dict(operation.error or {"code": operation.status, "message": f"The operation was {operation.status}."})
        return Answer(error.pop("httpStatus", HTTPStatus.CONFLICT), {"error": error})
    if operation.verb == "DELETE":
        return Answer(polling.deleted)
    resource = call.store.get(operation.key)
    if operation.verb == "POST":
        keys = resource.secrets if resource and operation.detail.get("returns_keys") else None
        return Answer(HTTPStatus.OK, keys)
    return Answer(HTTPStatus.OK, resource.body if resource else None)


def _self(call: Call) -> str:
    return f"{call.base}{call.id.text}?api-version={call.api_version}"


def finish(world: World, operation: Operation, *, error: dict[str, Any] | None = None, status: str = "") -> None:
    """Close an operation: Succeeded, Failed with an error, or the given `status`."""
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
    """Operations that run on a resource, and with `below` on its children."""
    key = resource_id.lower()
    if not below:
        return call.store.open_operations(key=key)
    return [o for o in call.store.open_operations() if o.key == key or o.key.startswith(key + "/")]
