"""A vault's own host: who may read and delete what ARM has put there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from azure_llama_sandbox import hosts, vaults
from azure_llama_sandbox.world import Principal
from tests.sandbox.arm import harness
from tests.sandbox.arm.around import KEY, SECRET, secret_body
from tests.sandbox.arm.harness import GUEST, OWNER, SUB, VAULT, Azure, vault_body

ROLES = "providers/Microsoft.Authorization/roleDefinitions"
HOST = "https://llama-vault.vault.azure.net"
VALUE = "a-very-secret-value"
SECRETS_OFFICER = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7"
ADMINISTRATOR = "00482a5a-887f-4fb3-b363-3b7fe8e74483"
READER = "4633458b-17de-408a-b874-0445c86b69e6"


class Vault:
    """A client of the vault's host."""

    def __init__(self, azure: Azure) -> None:
        self.azure = azure

    def call(
        self, method: str, path: str, body: Any = None, *, who: str | None = "data", version: str = "7.6"
    ) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(vaults.build(self.azure.world))
            headers = {"Authorization": f"Bearer {who}"} if who else {}
            params = {"api-version": version} if version else {}
            async with httpx.AsyncClient(transport=transport, base_url=HOST, headers=headers, params=params) as http:
                return await http.request(method, path, json=body)

        return self.azure.loop.run_until_complete(ask())

    def assign(self, guid: str) -> None:
        """Give the caller a role on the vault."""
        role = f"{SUB}/providers/Microsoft.Authorization/roleDefinitions/{guid}"
        path = f"{VAULT}/providers/Microsoft.Authorization/roleAssignments/10000000-0000-0000-0000-000000000000"
        self.azure.put(path, {"properties": {"principalId": OWNER.object_id, "roleDefinitionId": role}})


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Vault]:
    """A vault with Azure roles, a secret and a key, and a caller who owns the subscription."""
    monkeypatch.setitem(harness.TOKENS, "data", Principal(OWNER.client_id, OWNER.object_id, "https://vault.azure.net"))
    azure = Azure(tmp_path / "sandbox.db")
    azure.with_group()
    azure.put(VAULT, vault_body())
    azure.put(SECRET, secret_body(contentType="text/plain") | {"tags": {"a": "b"}})
    azure.put(KEY, {"properties": {"kty": "RSA"}})
    yield Vault(azure)
    azure.close()


def test_its_host_is_played() -> None:
    assert hosts.role("llama-vault.vault.azure.net") is hosts.Role.VAULT
    assert hosts.role("vault.azure.net") is None


def test_the_owner_of_the_subscription_may_not_touch_the_data(vault: Vault) -> None:
    for method, path in (
        ("GET", "/secrets/llama-primary"),
        ("DELETE", "/secrets/llama-primary"),
        ("DELETE", "/keys/cmk"),
    ):
        refusal = vault.call(method, path)
        assert refusal.status_code == 403
        assert refusal.json()["error"]["innererror"] == {"code": "ForbiddenByRbac"}
        assert VALUE not in refusal.text


def test_a_right_to_data_is_none_to_the_vault(vault: Vault) -> None:
    body = {"principalId": GUEST.object_id, "roleDefinitionId": f"{SUB}/{ROLES}/{ADMINISTRATOR}"}
    path = f"{VAULT}/providers/Microsoft.Authorization/roleAssignments/10000000-0000-0000-0000-000000000000"
    vault.azure.put(path, {"properties": body})
    assert vault.azure.refused("DELETE", VAULT, who="guest").code == "AuthorizationFailed"
    assert vault.azure.refused("PUT", SECRET, secret_body(), who="guest").code == "AuthorizationFailed"


def test_a_reader_of_secrets_reads(vault: Vault) -> None:
    vault.assign(READER)
    found = vault.call("GET", "/secrets/llama-primary").json()
    assert (found["value"], found["contentType"], found["tags"]) == (VALUE, "text/plain", {"a": "b"})
    version = found["id"].rsplit("/", 1)[-1]
    assert vault.call("GET", f"/secrets/llama-primary/{version}").json()["value"] == VALUE
    assert vault.call("GET", "/secrets/llama-primary/0").json()["error"]["code"] == "SecretNotFound"
    assert [each["id"] for each in vault.call("GET", "/secrets").json()["value"]] == [f"{HOST}/secrets/llama-primary"]
    assert VALUE not in vault.call("GET", "/secrets").text
    assert vault.call("PUT", "/secrets/new", {"value": "x"}).status_code == 403
    assert vault.call("GET", "/keys/cmk").status_code == 403


def test_an_officer_sets_and_deletes_and_the_name_stays_taken(vault: Vault) -> None:
    vault.assign(SECRETS_OFFICER)
    made = vault.call("PUT", "/secrets/second", {"value": "another-secret", "contentType": "x"}).json()
    assert (made["value"], made["contentType"]) == ("another-secret", "x")
    assert vault.azure.get(f"{VAULT}/secrets/second")["properties"]["contentType"] == "x"
    gone = vault.call("DELETE", "/secrets/second").json()
    assert gone["recoveryId"] == f"{HOST}/deletedsecrets/second"
    assert "value" not in gone
    assert vault.call("GET", "/secrets/second").status_code == 404
    assert vault.call("PUT", "/secrets/second", {"value": "again"}).status_code == 409
    refusal = vault.azure.refused("PUT", f"{VAULT}/secrets/second", secret_body())
    assert (refusal.status, refusal.code) == (409, "Conflict")
    assert [each["id"] for each in vault.call("GET", "/deletedsecrets").json()["value"]] == [gone["id"]]
    assert vault.call("GET", "/deletedsecrets/second").json()["deletedDate"] == gone["deletedDate"]
    assert vault.call("DELETE", "/deletedsecrets/second").status_code == 204
    assert vault.call("GET", "/deletedsecrets/second").status_code == 404
    assert vault.call("PUT", "/secrets/second", {"value": "again"}).status_code == 200


def test_keys_are_read_and_deleted(vault: Vault) -> None:
    vault.assign(ADMINISTRATOR)
    assert vault.call("GET", "/keys/cmk").json()["key"]["kty"] == "RSA"
    assert [each["kid"] for each in vault.call("GET", "/keys").json()["value"]] == [f"{HOST}/keys/cmk"]
    assert vault.call("DELETE", "/keys/cmk").status_code == 200
    assert vault.azure.refused("PUT", KEY, {"properties": {"kty": "RSA"}}).code == "Conflict"
    assert vault.call("DELETE", "/keys/cmk").json()["error"]["code"] == "KeyNotFound"


@pytest.mark.parametrize("path", ["secrets/llama-primary", "keys/cmk"])
def test_what_is_deleted_is_recovered(vault: Vault, path: str) -> None:
    vault.assign(ADMINISTRATOR)
    before = vault.call("GET", f"/{path}").json()
    assert vault.call("POST", f"/deleted{path}/recover").status_code == 404
    vault.call("DELETE", f"/{path}")
    assert vault.call("POST", f"/deleted{path}").status_code == 404
    assert "value" not in vault.call("POST", f"/deleted{path}/recover").json()
    assert vault.call("GET", f"/{path}").json() == before
    assert vault.call("GET", f"/deleted{path}").status_code == 404


def test_a_disabled_secret_is_not_read(vault: Vault) -> None:
    vault.assign(ADMINISTRATOR)
    vault.call("PUT", "/secrets/off", {"value": VALUE, "attributes": {"enabled": False}})
    refusal = vault.call("GET", "/secrets/off")
    assert refusal.status_code == 403
    assert refusal.json()["error"]["innererror"] == {"code": "SecretDisabled"}
    assert VALUE not in refusal.text


def test_a_protected_vault_purges_nothing(vault: Vault) -> None:
    vault.assign(ADMINISTRATOR)
    vault.azure.put(VAULT, vault_body(enablePurgeProtection=True))
    assert vault.call("DELETE", "/secrets/llama-primary").status_code == 200
    assert vault.call("DELETE", "/deletedsecrets/llama-primary").status_code == 403


def test_purging_a_vault_frees_what_was_in_it(vault: Vault) -> None:
    vault.assign(ADMINISTRATOR)
    vault.call("DELETE", "/secrets/llama-primary")
    vault.azure.delete(VAULT)
    deleted = f"{SUB}/providers/Microsoft.KeyVault/locations/eastus2/deletedVaults/llama-vault/purge"
    vault.azure.wait(vault.azure.call("POST", deleted))
    vault.azure.put(VAULT, vault_body())
    vault.azure.put(SECRET, secret_body())


@pytest.mark.parametrize(("permissions", "status"), [(["delete"], 200), (["All"], 200), (["get", "list"], 403)])
def test_access_policies(vault: Vault, permissions: list[str], status: int) -> None:
    policy = {"tenantId": vault_body()["properties"]["tenantId"], "objectId": OWNER.object_id}
    policies = [policy | {"permissions": {"secrets": permissions}}]
    vault.azure.put(VAULT, vault_body(enableRbacAuthorization=False, accessPolicies=policies))
    answer = vault.call("DELETE", "/secrets/llama-primary")
    assert answer.status_code == status
    assert vault.call("GET", "/keys/cmk").status_code == 403


@pytest.mark.parametrize(("who", "start"), [(None, "AKV10000"), ("nobody", "AKV10001"), ("owner", "AKV10022")])
def test_it_takes_tokens_for_vaults_alone(vault: Vault, who: str | None, start: str) -> None:
    answer = vault.call("GET", "/secrets/llama-primary", who=who)
    assert answer.status_code == 401
    assert answer.json()["error"]["message"].startswith(start)
    assert 'resource="https://vault.azure.net"' in answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize(
    ("method", "path", "body", "version", "code"),
    [
        ("GET", "/certificates/x", None, "7.6", "NotFound"),
        ("POST", "/keys/x/sign", {}, "7.6", "NotFound"),
        ("PUT", "/keys/x", {}, "7.6", "NotFound"),
        ("GET", "/", None, "7.6", "NotFound"),
        ("GET", "/secrets/x", None, "", "BadParameter"),
        ("GET", "/secrets/x", None, "7.6", "SecretNotFound"),
        ("PUT", "/secrets/x", {"value": 1}, "7.6", "BadParameter"),
        ("PUT", "/secrets/x_y", {"value": "v"}, "7.6", "BadParameter"),
        ("PUT", "/secrets/x", None, "7.6", "BadParameter"),
    ],
)
def test_refusals(vault: Vault, method: str, path: str, body: Any, version: str, code: str) -> None:
    vault.assign(ADMINISTRATOR)
    answer = vault.call(method, path, body, version=version)
    assert answer.status_code in (400, 404)
    assert answer.json()["error"]["code"] == code


def test_a_vault_that_is_not_there(vault: Vault) -> None:
    vault.azure.delete(VAULT)
    assert vault.call("GET", "/secrets/x").json()["error"]["code"] == "VaultNotFound"


def test_an_officer_updates_a_secret(vault: Vault) -> None:
    vault.assign(SECRETS_OFFICER)
    version = vault.call("GET", "/secrets/llama-primary").json()["id"]
    changes = {"contentType": "text", "attributes": {"enabled": False}, "tags": {"c": "d"}}
    changed = vault.call("PATCH", "/secrets/llama-primary/", changes).json()
    assert (changed["contentType"], changed["attributes"]["enabled"], changed["tags"]) == ("text", False, {"c": "d"})
    assert (changed["id"], "value" in changed) == (version, False)
    assert vault.call("GET", "/secrets/llama-primary").status_code == 403
    vault.call("PATCH", "/secrets/llama-primary", {"attributes": {"enabled": True}})
    assert vault.call("GET", "/secrets/llama-primary").json()["value"] == VALUE
    assert vault.call("PATCH", "/secrets/nothing", changes).status_code == 404


def test_the_current_version_of_a_secret_is_listed(vault: Vault) -> None:
    vault.assign(READER)
    version = vault.call("GET", "/secrets/llama-primary").json()["id"]
    versions = vault.call("GET", "/secrets/llama-primary/versions").json()["value"]
    assert [each["id"] for each in versions] == [version]
    assert vault.call("PATCH", "/secrets/llama-primary", {}).status_code == 403
