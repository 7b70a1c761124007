"""GET deletedWorkspaces: in no document that was found; scripts of 2026 read it (secondary), and its fields are guessed
from their like."""

from __future__ import annotations

from typing import Any

from azure_llama_sandbox.arm import access, verbs
from azure_llama_sandbox.arm.calls import Answer, Call, timestamp
from azure_llama_sandbox.arm.machine_learning.common import NAMESPACE, WORKSPACE
from azure_llama_sandbox.store import Resource

DAYS = 14
_DAY = 86_400


def list_deleted(call: Call) -> Answer:
    """The subscription's workspaces whose names are not free yet."""
    access.require(call, f"{NAMESPACE}/workspaces/read", scope=call.id.scope)
    return verbs.value([_body(each) for each in call.store.soft_deleted() if each.type == WORKSPACE])


def _body(workspace: Resource) -> dict[str, Any]:
    return {
        "id": workspace.id,
        "name": workspace.name,
        "type": f"{NAMESPACE}/deletedWorkspaces",
        "location": workspace.body["location"],
        "properties": {
            "workspaceArmId": workspace.id,
            "deletionDate": timestamp(workspace.modified),
            "scheduledPurgeDate": timestamp(workspace.modified + DAYS * _DAY),
        },
    }
