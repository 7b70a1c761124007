"""Microsoft.CognitiveServices/accounts (contract 2025-06-01): Foundry, Content Safety and other Azure AI services."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus

from azure_llama.catalog import limits, names
from azure_llama_sandbox.arm.calls import Answer, Call, timestamp
from azure_llama_sandbox.arm.cognitive_services import account_encryption, recorded
from azure_llama_sandbox.arm.cognitive_services.account_body import AccountBody
from azure_llama_sandbox.arm.cognitive_services.availability import domain_problem, sku_problem
from azure_llama_sandbox.arm.cognitive_services.common import (
    ACCOUNT,
    DEPLOYMENT,
    PROJECT,
    AccountWriter,
    busy,
)
from azure_llama_sandbox.arm.cognitive_services.deleted import find_deleted
from azure_llama_sandbox.arm.errors import ArmError, bad_request
from azure_llama_sandbox.arm.kinds import HEALTHY, Action, Body, Style, identity_of, location_of
from azure_llama_sandbox.store import Resource
from azure_llama_sandbox.world import World

_KEY_BYTES = 42
_ACCEPTED = "Accepted"
_RESTORED = ("kind", "sku", "identity", "tags")


class Account(AccountWriter):
    """An account: its subdomain is taken in the whole cloud, and its name stays taken after a deletion."""

    type = ACCOUNT
    contract = AccountBody
    names = names.COGNITIVE_ACCOUNT
    put = Style.ASYNC
    patch = Style.ASYNC
    located_as_sent = True
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
        deleted = None if existing else find_deleted(call.store, call.id.text)
        if deleted is not None:
            call = _restoring(call, deleted, restore)
        kind = _kind(call.body, existing)
        before = existing.properties if existing else deleted.properties if deleted else {}
        domain = given.get("customSubDomainName", before.get("customSubDomainName") if deleted else None)
        _check_domain(call, domain, existing)
        account_encryption.check(call.store, given.get("encryption"))
        region = location_of(call.body)
        if existing is None:
            _check_number(call, kind, region)
        _, problem = sku_problem(call.world, kind, call.body["sku"]["name"], region)
        if problem and existing is None:
            raise bad_request(problem, target="sku.name", code="SpecialFeatureOrQuotaIdRequired")
        host = f"{domain.lower()}.cognitiveservices.azure.com" if domain else f"{region}.api.cognitive.microsoft.com"
        properties = {
            "publicNetworkAccess": "Enabled",
            "allowProjectManagement": False,
            "apiProperties": recorded.API_PROPERTIES.get(kind),
            **(before if deleted else {}),
            **given,
            "capabilities": recorded.capabilities(kind),
            "endpoint": f"https://{host}/",
            "endpoints": recorded.endpoints(kind, call.id.name, domain, region),
            "internalId": before.get("internalId") or uuid.uuid4().hex,
            "dateCreated": before.get("dateCreated") or timestamp(call.now),
            "callRateLimit": recorded.CALL_RATE_LIMIT,
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
        account_encryption.check(call.store, resource.properties.get("encryption"))

    def check_delete(self, call: Call, resource: Resource) -> None:
        """Refuse while deployments or projects lie in it."""
        nested = [*call.store.below(resource.id, DEPLOYMENT), *call.store.below(resource.id, PROJECT)]
        if nested:
            ids = ", ".join(f"'{each.id.partition('/providers/')[2]}'" for each in nested)
            raise ArmError(
                HTTPStatus.CONFLICT,
                "CannotDeleteResource",
                f"Cannot delete resource while nested resources exist. Some existing nested resource IDs include:"
                f" {ids}. Please delete all nested resources before deleting this resource.",
            )

    def busy_state(self, call: Call) -> str:
        """The state of an account that changes."""
        return _ACCEPTED

    def check_link(self, world: World, resource: Resource) -> None:
        """Refuse a private endpoint while something writes to the account."""
        if busy(world, resource):
            raise bad_request(f"Account {resource.id} in state {_ACCEPTED}", code="AccountProvisioningStateInvalid")

    def show(self, world: World, resource: Resource) -> Body:
        """The account: Accepted while a write to a child resource runs."""
        body = super().show(world, resource)
        if body["properties"]["provisioningState"] == HEALTHY and busy(world, resource):
            body = body | {"properties": body["properties"] | {"provisioningState": _ACCEPTED}}
        return body

    def removed(self, world: World, resource: Resource, when: float, *, purge: bool) -> None:
        """Deleted accounts stay recoverable."""
        world.store.soft_delete(resource, when)


def _check_number(call: Call, kind: str, region: str) -> None:
    """Refuse a Foundry account beyond the limit. Azure's code for it is unknown; this one is the sandbox's."""
    accounts = (each for each in call.store.of_type(ACCOUNT) if each.body["kind"] == "AIServices")
    held, most = sum(location_of(each.body) == region for each in accounts), limits.FOUNDRY_ACCOUNTS.high
    if kind == "AIServices" and held >= most:
        raise bad_request(
            f"The subscription has {held} accounts of kind AIServices in the region {region}; the limit is {most}.",
            code="QuotaExceeded",
        )


def _restoring(call: Call, deleted: Resource, restore: bool) -> Call:
    """A PUT of a deleted account, with what it leaves out: azure-cli's `recover` sends the location alone."""
    if restore:
        return replace(call, body={key: deleted.body[key] for key in _RESTORED if key in deleted.body} | call.body)
    raise ArmError(
        HTTPStatus.CONFLICT,
        "FlagMustBeSetForRestore",
        f"An existing resource with ID '{deleted.id}' has been soft-deleted. To restore the resource, you must"
        " specify 'restore' to be 'true' in the property. If you don't want to restore existing resource,"
        " please purge it first.",
    )


def _kind(body: Body, existing: Resource | None) -> str:
    given = body.get("kind") or (existing.body["kind"] if existing else None)
    kind = next((each for each in recorded.SKUS if each.lower() == str(given).lower()), None)
    if kind is None or (existing is not None and existing.body["kind"] != kind):
        raise bad_request(
            f"The account type '{given}' is either invalid or unavailable in given region. The sandbox knows"
            f" {', '.join(recorded.SKUS)}; the kind of an account cannot be changed.",
            target="kind",
            code="InvalidApiSetId",
        )
    sku = (body.get("sku") or {}).get("name")
    if sku not in recorded.SKUS[kind]:
        raise bad_request(
            f"The SKU '{sku}' is not one of an account of kind {kind}: {', '.join(recorded.SKUS[kind])}.",
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
    problem = domain_problem(call.world, domain, without=call.id.text)
    if problem is not None:
        raise ArmError(HTTPStatus.CONFLICT, "CustomDomainInUse", problem, target=path)


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
