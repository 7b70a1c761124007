"""Microsoft.Storage/storageAccounts/blobServices/containers (contract 2024-01-01)."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import Literal

from azure_llama.catalog.names import NameRule
from azure_llama_sandbox.arm import access, guards, verbs
from azure_llama_sandbox.arm.calls import Answer, Call, timestamp
from azure_llama_sandbox.arm.contract import ABSENT, Strict
from azure_llama_sandbox.arm.errors import ArmError
from azure_llama_sandbox.arm.kinds import Kind
from azure_llama_sandbox.arm.storage import ACCOUNT
from azure_llama_sandbox.store import Resource

SERVICE = f"{ACCOUNT}/blobServices"
CONTAINER = f"{SERVICE}/containers"


class ImmutableContainer(Strict):
    """`immutableStorageWithVersioning`."""

    enabled: bool = ABSENT


class ContainerProperties(Strict):
    """`properties`."""

    default_encryption_scope: str = ABSENT
    deny_encryption_scope_override: bool = ABSENT
    enable_nfs_v3_all_squash: bool = ABSENT
    enable_nfs_v3_root_squash: bool = ABSENT
    immutable_storage_with_versioning: ImmutableContainer = ABSENT
    metadata: dict[str, str] = ABSENT
    public_access: Literal["Container", "Blob", "None"] = ABSENT


class ContainerBody(Strict):
    """A PUT's body."""

    properties: ContainerProperties = ABSENT


class Container(Kind):
    """A container for blobs; the blob service itself comes with the account."""

    type = CONTAINER
    contract = ContainerBody
    names = NameRule(
        "a blob container",
        r"[a-z0-9](-?[a-z0-9])*",
        3,
        63,
        "lower-case letters, digits and single dashes, beginning and ending with a letter or digit",
        "azure-names-2020-02",
        "2020-02-11",
    )
    name_code = "ContainerNameInvalid"
    located = False
    stateful = False
    patchable = frozenset({"properties"})

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The container."""
        self._check(call, call.properties.get("publicAccess"))
        before = existing.properties if existing else {}
        properties = {
            "defaultEncryptionScope": "$account-encryption-key",
            "denyEncryptionScopeOverride": False,
            "publicAccess": "None",
            **call.properties,
            "deleted": False,
            "hasImmutabilityPolicy": False,
            "hasLegalHold": False,
            "lastModifiedTime": before.get("lastModifiedTime") or timestamp(call.now),
            "leaseState": "Available",
            "leaseStatus": "Unlocked",
            "remainingRetentionDays": 0,
        }
        return self.new(call, existing, properties, etag=f'"0x{uuid.uuid4().hex[:15].upper()}"')

    def check_patch(self, call: Call, resource: Resource) -> None:
        """The same rule as for a PUT."""
        self._check(call, resource.properties.get("publicAccess"))

    def _check(self, call: Call, public: str | None) -> None:
        account = call.store.get(call.id.text.rsplit("/blobServices/", 1)[0])
        allowed = account is not None and account.properties.get("allowBlobPublicAccess")
        if public not in (None, "None") and not allowed:
            raise ArmError(
                HTTPStatus.CONFLICT,
                "PublicAccessNotPermitted",
                "Public access is not permitted on this storage account.",
                target="properties.publicAccess",
            )


def get_service(call: Call) -> Answer:
    """GET blobServices/default."""
    access.require(call, f"{SERVICE}/read")
    guards.require_place(call, verbs.KINDS[CONTAINER.lower()], writing=False)
    account = call.parent
    if account is None or call.id.name.lower() != "default":
        raise ArmError(HTTPStatus.NOT_FOUND, "ResourceNotFound", f"The resource '{call.id.text}' was not found.")
    off = {"enabled": False}
    properties = {"cors": {"corsRules": []}, "deleteRetentionPolicy": off, "containerDeleteRetentionPolicy": off}
    body = {
        "id": call.id.text,
        "name": "default",
        "type": SERVICE,
        "sku": account.body["sku"],
        "properties": properties,
    }
    return Answer(HTTPStatus.OK, body)
