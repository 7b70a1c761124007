"""Microsoft.KeyVault/vaults (contract 2024-11-01), with soft delete."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from azure_llama.catalog.names import NameRule
from azure_llama_sandbox.arm import access, durations, operations, verbs
from azure_llama_sandbox.arm.calls import Answer, Call, timestamp
from azure_llama_sandbox.arm.errors import ArmError, bad_request
from azure_llama_sandbox.arm.key_vault_body import VaultBody
from azure_llama_sandbox.arm.kinds import Kind
from azure_llama_sandbox.store import Operation, Resource
from azure_llama_sandbox.world import SUBSCRIPTION, TENANT, World

VAULT = "Microsoft.KeyVault/vaults"
_DAY = 86_400


class Vault(Kind):
    """A vault: its name is taken in the whole cloud, and stays so after a deletion until it is purged."""

    type = VAULT
    contract = VaultBody
    names = NameRule(
        "a vault",
        r"[a-zA-Z](-?[a-zA-Z0-9])*",
        3,
        24,
        "letters, digits and single dashes, beginning with a letter and ending with a letter or digit",
        "upstream",
        "2026-11-22",
    )
    name_code = "VaultNameNotValid"
    fresh = HTTPStatus.OK
    patchable = frozenset({"tags", "properties"})
    link_groups = ("vault",)

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The vault."""
        given = call.properties
        recover = given.pop("createMode", "default") == "recover"
        _check(given, existing, recover=recover)
        deleted = None if existing else _deleted(call, call.id.name)
        if existing is None:
            _check_name(call, deleted, recover=recover)
        before = deleted.properties if deleted and recover else {}
        properties = {
            "accessPolicies": [],
            "enabledForDeployment": False,
            "enableSoftDelete": True,
            "softDeleteRetentionInDays": 90,
            "enableRbacAuthorization": False,
            "publicNetworkAccess": "Enabled",
            **before,
            **given,
            "vaultUri": f"https://{call.id.name.lower()}.vault.azure.net/",
        }
        return self.new(call, existing, properties)

    def stored(self, call: Call, resource: Resource) -> None:
        """A vault that was recovered is no longer deleted."""
        deleted = _deleted(call, resource.name)
        if deleted is not None:
            call.store.purge(deleted.id)

    def check_patch(self, call: Call, resource: Resource) -> None:
        """The same rules as for a PUT."""
        existing = call.store.get(resource.id)
        _check(resource.properties, existing, recover=False)

    def removed(self, world: World, resource: Resource, when: float, *, purge: bool) -> None:
        """Deleted vaults stay recoverable."""
        world.store.soft_delete(resource, when)


def _check(properties: dict[str, Any], existing: Resource | None, *, recover: bool) -> None:
    if properties["tenantId"].lower() != TENANT:
        raise bad_request(
            f"The tenant ID '{properties['tenantId']}' in the request does not match the subscription's '{TENANT}'.",
            target="properties.tenantId",
        )
    if properties.get("enablePurgeProtection") is False:
        raise bad_request(
            'The property "enablePurgeProtection" cannot be set to false. Enabling the purge protection for a vault is'
            " an irreversible action. Leave it out instead.",
            target="properties.enablePurgeProtection",
        )
    if properties.get("enableSoftDelete") is False:
        raise bad_request(
            'The property "enableSoftDelete" cannot be set to false: soft delete is on for every vault.',
            target="properties.enableSoftDelete",
        )
    days = properties.get("softDeleteRetentionInDays", 90)
    if not 7 <= days <= 90:
        raise bad_request(
            f'The property "softDeleteRetentionInDays" is {days}; it is a number of days from 7 to 90.',
            target="properties.softDeleteRetentionInDays",
        )
    if existing is not None and days != existing.properties["softDeleteRetentionInDays"]:
        raise bad_request(
            'The property "softDeleteRetentionInDays" has been set already and it can\'t be modified.',
            target="properties.softDeleteRetentionInDays",
        )
    if "accessPolicies" not in properties and not properties.get("enableRbacAuthorization") and not recover:
        raise bad_request(
            "The parameter accessPolicies is not specified. Give it, or set enableRbacAuthorization.",
            target="properties.accessPolicies",
        )


def _taken(call: Call, name: str) -> bool:
    ours = any(vault.name.lower() == name.lower() for vault in call.store.of_type(VAULT))
    return ours or call.world.conditions().takes(f"{name}.vault.azure.net")


def check_name(call: Call) -> Answer:
    """POST checkNameAvailability: a deleted vault's name is taken, too."""
    access.require(call, f"{call.id.namespace}/checkNameAvailability/read", scope=call.id.scope)
    name = str((call.body if isinstance(call.body, dict) else {}).get("name", ""))
    if not _taken(call, name) and _deleted(call, name) is None:
        return Answer(HTTPStatus.OK, {"nameAvailable": True})
    said = f"The vault name '{name}' is already in use."
    return Answer(HTTPStatus.OK, {"nameAvailable": False, "reason": "AlreadyExists", "message": said})


def _check_name(call: Call, deleted: Resource | None, *, recover: bool) -> None:
    name = call.id.name
    if _taken(call, name):
        raise ArmError(
            HTTPStatus.CONFLICT,
            "VaultAlreadyExists",
            f"The vault name '{name}' is already in use. Vault names are globally unique so it is possible that the"
            " name is already taken. If you are sure that the vault name was not taken then it is possible that a"
            " vault with the same name was recently deleted but not purged after being placed in a recoverable state.",
        )
    if recover and (deleted is None or deleted.id.lower() != call.id.text.lower()):
        raise ArmError(
            HTTPStatus.NOT_FOUND,
            "SoftDeletedVaultDoesNotExist",
            f"A soft deleted vault with the given name '{name}' does not exist. Create it with createMode 'default'.",
        )
    if deleted is not None and not recover:
        raise ArmError(
            HTTPStatus.CONFLICT,
            "ConflictError",
            f"A vault with the same name '{name}' already exists in deleted state. You need to either recover or purge"
            " existing key vault. Follow this link https://go.microsoft.com/fwlink/?linkid=2149745 for more"
            " information on soft delete.",
        )


def _deleted(call: Call, name: str) -> Resource | None:
    found = (vault for vault in call.store.soft_deleted() if vault.type == VAULT)
    return next((vault for vault in found if vault.name.lower() == name.lower()), None)


def _deleted_body(vault: Resource) -> dict[str, Any]:
    location = vault.body["location"]
    purge_day = vault.modified + vault.properties["softDeleteRetentionInDays"] * _DAY
    properties = {
        "vaultId": vault.id,
        "location": location,
        "deletionDate": timestamp(vault.modified),
        "scheduledPurgeDate": timestamp(purge_day),
        "tags": vault.body.get("tags") or {},
    }
    if vault.properties.get("enablePurgeProtection"):
        properties["purgeProtectionEnabled"] = True
    id_ = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.KeyVault/locations/{location}/deletedVaults/{vault.name}"
    return {"id": id_, "name": vault.name, "type": "Microsoft.KeyVault/deletedVaults", "properties": properties}


def list_deleted(call: Call) -> Answer:
    """GET deletedVaults of the subscription."""
    access.require(call, "Microsoft.KeyVault/deletedVaults/read", scope=call.id.scope)
    return verbs.value([_deleted_body(vault) for vault in call.store.soft_deleted() if vault.type == VAULT])


def _must_be_deleted(call: Call) -> Resource:
    location, name = call.id.names[:2]
    vault = _deleted(call, name)
    if vault is None or vault.body["location"] != location.lower():
        raise ArmError(
            HTTPStatus.NOT_FOUND,
            "DeletedVaultNotFound",
            f"The specified deleted vault '{name}' does not exist in '{location}'.",
        )
    return vault


def get_deleted(call: Call) -> Answer:
    """GET locations/{region}/deletedVaults/{name}."""
    access.require(call, "Microsoft.KeyVault/locations/deletedVaults/read", scope=call.id.scope)
    return Answer(HTTPStatus.OK, _deleted_body(_must_be_deleted(call)))


def purge(call: Call) -> Answer:
    """POST locations/{region}/deletedVaults/{name}/purge."""
    access.require(call, "Microsoft.KeyVault/locations/deletedVaults/purge/action", scope=call.id.scope)
    vault = _must_be_deleted(call)
    if vault.properties.get("enablePurgeProtection"):
        # Azure's code for it is unknown; this one is the sandbox's.
        raise bad_request(
            f"The vault '{vault.name}' has purge protection: it cannot be purged before its scheduled purge date.",
            code="VaultPurgeProtected",
        )
    operation = operations.begin(
        call,
        VAULT,
        vault.id,
        "DELETE",
        location=vault.body["location"],
        seconds=durations.PURGE,
        detail={"do": "purge"},
    )
    call.store.put_operation(operation)
    return Answer(HTTPStatus.ACCEPTED, None, operations.location_header(call, operation), operation.id)


def finish_purge(world: World, operation: Operation) -> None:
    """The end of a purge, of a vault, a workspace or an account, with what was deleted in it before."""
    for each in world.store.soft_deleted():
        if access.covers(operation.detail["id"], each.id):
            world.store.purge(each.id)
    operations.finish(world, operation)
