"""Microsoft.ManagedIdentity/userAssignedIdentities (contract 2023-01-31), and the permission to assign one."""

from __future__ import annotations

import uuid
from http import HTTPStatus

from azure_llama.catalog import names
from azure_llama_sandbox.arm import access
from azure_llama_sandbox.arm.calls import Call
from azure_llama_sandbox.arm.contract import Located
from azure_llama_sandbox.arm.errors import ArmError
from azure_llama_sandbox.arm.kinds import Kind
from azure_llama_sandbox.store import Resource
from azure_llama_sandbox.world import TENANT

IDENTITY = "Microsoft.ManagedIdentity/userAssignedIdentities"


class IdentityBody(Located):
    """A PUT's body."""


class UserAssignedIdentity(Kind):
    """A service principal without a secret: roles are assigned to its `principalId`."""

    type = IDENTITY
    contract = IdentityBody
    names = names.USER_ASSIGNED_IDENTITY
    stateful = False

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The identity, which keeps its principal."""
        before = existing.properties if existing else {}
        properties = {
            "tenantId": TENANT,
            "principalId": before.get("principalId") or str(uuid.uuid4()),
            "clientId": before.get("clientId") or str(uuid.uuid4()),
        }
        return self.new(call, existing, properties)


def attach(call: Call, resource: Resource) -> None:
    """Give a resource the principals of the user-assigned identities that it names.

    Raises:
        ArmError: one is not there, or the caller may not lend it.
    """
    held = (resource.body.get("identity") or {}).get("userAssignedIdentities") or {}
    before = call.store.get(resource.id)
    known = ((before.body.get("identity") if before else None) or {}).get("userAssignedIdentities") or {}
    for id_ in held:
        identity = call.store.get(id_)
        if identity is None or identity.type != IDENTITY:
            raise ArmError(
                HTTPStatus.BAD_REQUEST,
                "FailedIdentityOperation",
                f"Identity operation for resource '{resource.id}' failed with error 'Failed to perform resource"
                f" identity operation. Status: 'BadRequest'. Response: Resource '{id_}' was not found.'.",
                target="identity.userAssignedIdentities",
            )
        if id_.lower() not in {each.lower() for each in known}:
            access.require_linked(call, f"{IDENTITY}/assign/action", id_)
        held[id_] = {key: identity.properties[key] for key in ("principalId", "clientId")}
