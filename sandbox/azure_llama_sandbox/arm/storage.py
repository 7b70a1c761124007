"""Microsoft.Storage/storageAccounts (contract 2024-01-01)."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from azure_llama.catalog.names import NameRule
from azure_llama_sandbox.arm import access
from azure_llama_sandbox.arm.calls import Answer, Call, timestamp
from azure_llama_sandbox.arm.contract import one_of
from azure_llama_sandbox.arm.errors import ArmError, bad_request
from azure_llama_sandbox.arm.kinds import Action, Kind, Style, identity_of
from azure_llama_sandbox.arm.storage_body import AccountBody
from azure_llama_sandbox.store import Resource

ACCOUNT = "Microsoft.Storage/storageAccounts"
_KINDS = ("Storage", "StorageV2", "BlobStorage", "FileStorage", "BlockBlobStorage")
_NAMES = NameRule(
    "a storage account", r"[a-z0-9]*", 3, 24, "lower-case letters and digits only", "upstream", "2026-11-22"
)
_PARTS = ("blob", "dfs", "file", "queue", "table")
_DEFAULTS = {
    "accessTier": "Hot",
    "allowBlobPublicAccess": False,
    "allowCrossTenantReplication": False,
    "minimumTlsVersion": "TLS1_0",
    "networkAcls": {"bypass": "AzureServices", "defaultAction": "Allow", "ipRules": [], "virtualNetworkRules": []},
    "supportsHttpsTrafficOnly": True,
    "encryption": {"keySource": "Microsoft.Storage", "services": {}},
}
"""What Azure sets where the body leaves it out.

Recorded: it answers no `isHnsEnabled`, `allowSharedKeyAccess` and `publicNetworkAccess` that nobody has set.
"""


class StorageAccount(Kind):
    """A storage account: its name is taken in the whole cloud."""

    type = ACCOUNT
    contract = AccountBody
    names = _NAMES
    name_code = "AccountNameInvalid"
    put = Style.ACCEPTED
    patchable = frozenset({"tags", "properties", "sku", "identity", "kind"})
    link_groups = ("blob", "dfs", "file", "queue", "table", "web")

    @property
    def actions(self) -> Mapping[str, Action]:
        """Keys."""
        return {"listkeys": _list_keys, "regeneratekey": _regenerate_key}

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The account."""
        _check(call, existing)
        sku: str = call.body["sku"]["name"]
        name = call.id.name
        properties = {
            **_DEFAULTS,
            **call.properties,
            "creationTime": existing.properties["creationTime"] if existing else timestamp(call.now),
            "primaryEndpoints": {part: f"https://{name}.{part}.core.windows.net/" for part in _PARTS},
            "primaryLocation": call.body["location"].lower().replace(" ", ""),
            "statusOfPrimary": "available",
        }
        account = self.new(
            call,
            existing,
            properties,
            kind=call.body["kind"],
            sku={"name": sku, "tier": sku.partition("_")[0].removesuffix("V2")},
            identity=identity_of(call.body, existing),
        )
        if not account.secrets:
            account.secrets = {"key1": _key(), "key2": _key()}
        return account


def _check(call: Call, existing: Resource | None) -> None:
    if existing is None and _taken(call, call.id.name):
        raise ArmError(
            HTTPStatus.CONFLICT,
            "StorageAccountAlreadyTaken",
            f"The storage account named {call.id.name} is already taken.",
        )
    one_of(call.body["kind"], "kind", _KINDS, machine_learning=False)
    sku: str = call.body["sku"]["name"]
    if not sku.startswith(("Standard", "Premium")):
        raise bad_request(f"'sku.name' is '{sku}'; it begins with Standard or Premium.", target="sku.name")


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(64)).decode()


def _taken(call: Call, name: str) -> bool:
    ours = any(account.name.lower() == name.lower() for account in call.store.of_type(ACCOUNT))
    return ours or call.world.conditions().takes(f"{name}.blob.core.windows.net")


def _keys(account: Resource) -> Answer:
    when = account.properties["creationTime"]
    keys = [
        {"keyName": name, "value": value, "permissions": "FULL", "creationTime": when}
        for name, value in account.secrets.items()
    ]
    return Answer(HTTPStatus.OK, {"keys": keys})


def _list_keys(call: Call, account: Resource) -> Answer:
    return _keys(account)


def _regenerate_key(call: Call, account: Resource) -> Answer:
    name = (call.body or {}).get("keyName")
    if name not in account.secrets:
        raise bad_request(f"'keyName' is '{name}'; it must be key1 or key2.", target="keyName")
    account.secrets[name] = _key()
    call.store.put(account)
    return _keys(account)


def check_name(call: Call) -> Answer:
    """POST checkNameAvailability."""
    access.require(call, f"{call.id.namespace}/checkNameAvailability/read", scope=call.id.scope)
    body: dict[str, Any] = call.body if isinstance(call.body, dict) else {}
    name = str(body.get("name", ""))
    problem = _NAMES.problem(name)
    if problem:
        return _unavailable("AccountNameInvalid", f"{name} {problem}.")
    if _taken(call, name):
        return _unavailable("AlreadyExists", f"The storage account named {name} is already taken.")
    return Answer(HTTPStatus.OK, {"nameAvailable": True})


def _unavailable(reason: str, message: str) -> Answer:
    return Answer(HTTPStatus.OK, {"nameAvailable": False, "reason": reason, "message": message})
