"""Microsoft.CognitiveServices/accounts (contract 2025-06-01): Azure AI Content Safety and its siblings."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from azure_llama.catalog import names
from azure_llama_sandbox.arm import access, durations, operations, verbs
from azure_llama_sandbox.arm import cognitive_services_data as data
from azure_llama_sandbox.arm.calls import Answer, Call, timestamp
from azure_llama_sandbox.arm.cognitive_services_body import AccountBody
from azure_llama_sandbox.arm.errors import ArmError, bad_request
from azure_llama_sandbox.arm.kinds import Action, Body, Kind, Style, identity_of, location_of
from azure_llama_sandbox.store import Resource
from azure_llama_sandbox.world import SUBSCRIPTION, World

ACCOUNT = "Microsoft.CognitiveServices/accounts"
_DELETED = "Microsoft.CognitiveServices/locations/resourceGroups/deletedAccounts"
_KEPT_SECONDS = 48 * 3600
_KEY_BYTES = 42


class Account(Kind):
    """An account: its subdomain is taken in the whole cloud, and its name stays taken after a deletion."""

    type = ACCOUNT
    contract = AccountBody
    names = names.COGNITIVE_ACCOUNT
    put = Style.ASYNC
    patch = Style.ASYNC
    located_as_sent = True
    etagged = dated = True
    patchable = frozenset({"tags", "sku", "identity", "properties", "kind"})
    link_groups = ("account",)

    @property
    def actions(self) -> Mapping[str, Action]:
        """Keys."""
        return {"listkeys": _list_keys, "regeneratekey": _regenerate_key}

    def build(self, call: Call, existing: Resource | None) -> Resource:
        """The account."""
        given = call.properties
        restore = given.pop("restore", False)
        kind = _kind(call.body, existing)
        deleted = None if existing else _deleted(call, call.id.text)
        if deleted is not None and not restore:
            raise ArmError(
                HTTPStatus.CONFLICT,
                "FlagMustBeSetForRestore",
                f"An existing resource with ID '{deleted.id}' has been soft-deleted. To restore the resource, you must"
                " specify 'restore' to be 'true' in the property. If you don't want to restore existing resource,"
                " please purge it first.",
            )
        before = existing.properties if existing else deleted.properties if deleted else {}
        domain = given.get("customSubDomainName")
        _check_domain(call, domain, existing)
        region = location_of(call.body)
        host = f"{domain.lower()}.cognitiveservices.azure.com" if domain else f"{region}.api.cognitive.microsoft.com"
        properties = {
            "publicNetworkAccess": "Enabled",
            "allowProjectManagement": False,
            "apiProperties": data.API_PROPERTIES.get(kind),
            **(before if deleted else {}),
            **given,
            "capabilities": data.capabilities(kind),
            "endpoint": f"https://{host}/",
            "endpoints": data.endpoints(kind, call.id.name, domain, region),
            "internalId": before.get("internalId") or uuid.uuid4().hex,
            "dateCreated": before.get("dateCreated") or timestamp(call.now),
            "callRateLimit": data.CALL_RATE_LIMIT,
            "isMigrated": False,
        }
        account = self.new(
            call, existing, properties, kind=kind, sku=dict(call.body["sku"]), identity=identity_of(call.body, existing)
        )
        if not account.secrets:
            account.secrets = {"key1": _key(), "key2": _key()}
        return account

    def stored(self, call: Call, resource: Resource) -> None:
        """An account that was restored is no longer deleted."""
        call.store.purge(resource.id)

    def check_patch(self, call: Call, resource: Resource) -> None:
        """The same rules as for a PUT."""
        existing = call.store.get(resource.id)
        _kind(resource.body, existing)
        _check_domain(call, resource.properties.get("customSubDomainName"), existing)

    def removed(self, world: World, resource: Resource, when: float, *, purge: bool) -> None:
        """Deleted accounts stay recoverable."""
        world.store.soft_delete(resource, when)


def _kind(body: Body, existing: Resource | None) -> str:
    given = body.get("kind") or (existing.body["kind"] if existing else None)
    kind = next((each for each in data.SKUS if each.lower() == str(given).lower()), None)
    if kind is None or (existing is not None and existing.body["kind"] != kind):
        raise bad_request(
            f"The account type '{given}' is either invalid or unavailable in given region. The sandbox knows"
            f" {', '.join(data.SKUS)}; the kind of an account cannot be changed.",
            target="kind",
            code="InvalidApiSetId",
        )
    sku = (body.get("sku") or {}).get("name")
    if sku not in data.SKUS[kind]:
        raise bad_request(
            f"The SKU '{sku}' is not one of an account of kind {kind}: {', '.join(data.SKUS[kind])}.",
            target="sku.name",
            code="InvalidSkuId",
        )
    return kind


def _check_domain(call: Call, domain: str | None, existing: Resource | None) -> None:
    before = existing.properties.get("customSubDomainName") if existing else None
    path = "properties.customSubDomainName"
    if before is not None and (domain or "").lower() != before.lower():
        # Azure's code for it is unknown; this one is the sandbox's.
        raise bad_request(f"'{path}' is '{before}' and cannot be changed or removed.", target=path)
    if domain is None:
        return
    problem = names.COGNITIVE_ACCOUNT.problem(domain)
    if problem:
        raise bad_request(f"The subdomain name '{domain}' {problem}.", target=path)
    own = call.id.text.lower()
    taken = (*call.store.of_type(ACCOUNT), *(each for each in call.store.soft_deleted() if each.type == ACCOUNT))
    others = (each.properties.get("customSubDomainName") for each in taken if each.id.lower() != own)
    if domain.lower() in {str(each).lower() for each in others if each} or call.world.conditions().takes(
        f"{domain.lower()}.cognitiveservices.azure.com"
    ):
        raise ArmError(
            HTTPStatus.CONFLICT,
            "CustomDomainInUse",
            f"Please pick a different name. The subdomain name '{domain}' is not available as it's already used by a"
            " resource.",
            target=path,
        )


def _key() -> str:
    return secrets.token_hex(_KEY_BYTES)


def _keys(account: Resource) -> Answer:
    if account.properties.get("disableLocalAuth"):
        raise bad_request("Failed to list key. disableLocalAuth is set to be true")
    return Answer(HTTPStatus.OK, dict(account.secrets))


def _list_keys(call: Call, account: Resource) -> Answer:
    return _keys(account)


def _regenerate_key(call: Call, account: Resource) -> Answer:
    given = str((call.body or {}).get("keyName") or "").lower()
    if given not in account.secrets:
        raise bad_request("'keyName' must be Key1 or Key2.", target="keyName")
    _keys(account)
    account.secrets[given] = _key()
    call.store.put(account)
    return _keys(account)


# -- accounts that are deleted, and can be restored until they are purged --------------------------------------------


def _deleted(call: Call, account_id: str) -> Resource | None:
    found = call.store.soft_deleted(account_id)
    return found[0] if found else None


def _deleted_body(account: Resource) -> dict[str, Any]:
    group = account.id.split("/")[4]
    location = location_of(account.body)
    id_ = (
        f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.CognitiveServices/locations/{location}/resourceGroups/"
        f"{group}/deletedAccounts/{account.name}"
    )
    properties = account.properties | {
        "privateEndpointConnections": [],
        "deletionDate": timestamp(account.modified),
        "scheduledPurgeDate": timestamp(account.modified + _KEPT_SECONDS),
    }
    type_ = "Microsoft.CognitiveServices/deletedAccounts"
    return account.body | {"id": id_, "type": type_, "properties": properties}


def list_deleted(call: Call) -> Answer:
    """GET deletedAccounts of the subscription."""
    access.require(call, "Microsoft.CognitiveServices/deletedAccounts/read", scope=call.id.scope)
    return verbs.value([_deleted_body(each) for each in call.store.soft_deleted() if each.type == ACCOUNT])


def _must_be_deleted(call: Call) -> Resource:
    location, group, name = call.id.names
    account = _deleted(call, f"{call.id.scope}/resourceGroups/{group}/providers/{ACCOUNT}/{name}")
    if account is None or location_of(account.body) != location.lower():
        raise ArmError(
            HTTPStatus.NOT_FOUND,
            "DeletedAccountNotFound",
            f"The specified deleted account '{name}' does not exist in '{location}'.",
        )
    return account


def get_deleted(call: Call) -> Answer:
    """GET locations/{region}/resourceGroups/{group}/deletedAccounts/{name}."""
    access.require(call, f"{_DELETED}/read", scope=call.id.scope)
    return Answer(HTTPStatus.OK, _deleted_body(_must_be_deleted(call)))


def purge(call: Call) -> Answer:
    """DELETE of the same."""
    access.require(call, f"{_DELETED}/delete", scope=call.id.scope)
    account = _must_be_deleted(call)
    operation = operations.begin(
        call,
        ACCOUNT,
        account.id,
        "DELETE",
        location=account.body["location"],
        seconds=durations.PURGE,
        detail={"do": "purge"},
    )
    call.store.put_operation(operation)
    return Answer(HTTPStatus.ACCEPTED, None, operations.location_header(call, operation), operation.id)
