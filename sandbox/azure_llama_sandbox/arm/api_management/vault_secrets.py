"""Secrets of key vaults that a service reads with its own identity."""

from __future__ import annotations

import re
from typing import Any

from azure_llama_sandbox.arm import access
from azure_llama_sandbox.arm.api_management.common import validation_error
from azure_llama_sandbox.arm.errors import ArmError
from azure_llama_sandbox.arm.key_vault import VAULT
from azure_llama_sandbox.arm.key_vault_objects import SECRET, VALUE
from azure_llama_sandbox.store import Resource
from azure_llama_sandbox.world import Principal, World

_IDENTIFIER = re.compile(r"https://([a-z0-9-]+)\.vault\.azure\.net/secrets/([A-Za-z0-9-]+)(?:/([0-9a-f]+))?/?")
_AUDIENCE = "https://vault.azure.net"
_ACTION = f"{VAULT}/secrets/getSecret/action"


def identity(service: Resource, audience: str, client_id: str | None = None) -> Principal | None:
    """The identity of a service as a caller of something else; None when it has no such identity.

    Args:
        service: Required.
        audience: Required. What its token is for.
        client_id: Optional. Of a user-assigned identity; the service's own when None.
    """
    held: dict[str, Any] = service.body.get("identity") or {}
    if client_id is None:
        own = held.get("principalId")
        return Principal(own, own, audience) if own else None
    for assigned in (held.get("userAssignedIdentities") or {}).values():
        if assigned["clientId"].lower() == client_id.lower():
            return Principal(assigned["clientId"], assigned["principalId"], audience)
    return None


def read(world: World, service: Resource, reference: dict[str, Any]) -> str:
    """The value of a secret.

    Args:
        world: Required.
        service: Required. Who reads it.
        reference: Required. `keyVault` of a named value.

    Raises:
        ArmError: there is no such secret, or the service's identity may not read it.
    """
    identifier = str(reference.get("secretIdentifier"))
    match = _IDENTIFIER.fullmatch(identifier)
    if match is None:
        raise _refused(f"'{identifier}' is not the identifier of a secret of a key vault")
    principal = identity(service, _AUDIENCE, reference.get("identityClientId"))
    if principal is None:
        raise _refused(f"the service '{service.name}' has no such managed identity; set 'identity' of the service")
    vault = next((each for each in world.store.of_type(VAULT) if each.name.lower() == match[1].lower()), None)
    if vault is None:
        raise _refused(f"the vault '{match[1]}' was not found")
    secret = world.store.get(f"{vault.id}/secrets/{match[2]}")
    if not _may_read(world, vault, f"{vault.id}/secrets/{match[2]}", principal):
        raise _refused(
            f"the principal '{principal.object_id}' of the service '{service.name}' may not read secrets of the vault"
            f" '{vault.name}'; assign it the role Key Vault Secrets User"
        )
    current = secret is not None and match[3] in (None, secret.properties["secretUriWithVersion"].rsplit("/", 1)[-1])
    if secret is None or secret.type != SECRET or not current:
        raise _refused("the secret, or its version, was not found")
    if secret.properties["attributes"].get("enabled") is False:
        raise _refused("the secret is disabled")
    return secret.secrets[VALUE]


def _may_read(world: World, vault: Resource, secret_id: str, principal: Principal) -> bool:
    if vault.properties.get("enableRbacAuthorization"):
        return access.allows_data(world, principal, _ACTION, secret_id)
    return any(
        policy["objectId"].lower() == principal.object_id.lower()
        and {"get", "all"} & {str(each).lower() for each in policy["permissions"].get("secrets") or ()}
        for policy in vault.properties.get("accessPolicies") or ()
    )


def _refused(reason: str) -> ArmError:
    # Azure's words for it are unknown; these are the sandbox's.
    return validation_error(("keyVault", f"The secret of the key vault could not be read: {reason}."))
