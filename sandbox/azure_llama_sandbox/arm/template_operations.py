"""The operations of a template deployment: a row for each resource that it has put."""

from __future__ import annotations

from typing import Any

from azure_llama_sandbox.arm import access, verbs
from azure_llama_sandbox.arm.calls import Answer, Call, timestamp
from azure_llama_sandbox.arm.ids import parse
from azure_llama_sandbox.arm.templates import DEPLOYMENTS


def list_operations(call: Call) -> Answer:
    """GET operations of a deployment, under the path with `providers` and the one without."""
    deployment_id = call.id.parent
    assert deployment_id is not None
    access.require(call, f"{DEPLOYMENTS}/operations/read", scope=deployment_id.text)
    deployment = verbs.get(call.about(deployment_id), verbs.KINDS[DEPLOYMENTS.lower()]).body
    running = call.store.get_operation(deployment["properties"]["correlationId"])
    done = running.detail["done"] if running else []
    return verbs.value([_operation_row(deployment["id"], index, each) for index, each in enumerate(done)])


def _operation_row(deployment_id: str, index: int, done: dict[str, Any]) -> dict[str, Any]:
    id_ = parse(done["id"])
    assert id_ is not None
    codes = {"Succeeded": "OK", "Failed": "BadRequest", "Running": "Accepted"}
    properties = {
        "provisioningOperation": "Create",
        "provisioningState": done["state"],
        "timestamp": timestamp(done["ended"]),
        "duration": f"PT{done['ended'] - done['started']:.3f}S",
        "statusCode": codes[done["state"]],
        "targetResource": {"id": done["id"], "resourceType": id_.type, "resourceName": "/".join(id_.names)},
    }
    if done["error"]:
        properties["statusMessage"] = {"status": "Failed", "error": done["error"]}
    operation_id = f"{index:016X}"
    return {"id": f"{deployment_id}/operations/{operation_id}", "operationId": operation_id, "properties": properties}
