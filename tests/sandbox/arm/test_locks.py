"""Locks: what they forbid, and to whom they do not matter."""

from __future__ import annotations

import pytest

from tests.sandbox.arm.around import LOCK, SECRET, lock_body, secret_body
from tests.sandbox.arm.harness import (
    GROUP,
    HUB,
    PROJECT,
    STORAGE,
    SUB,
    VAULT,
    Azure,
    account_body,
    vault_body,
)

LOCKS = "providers/Microsoft.Authorization/locks"


@pytest.fixture
def stored(azure: Azure) -> Azure:
    azure.with_group()
    azure.put(STORAGE, account_body())
    azure.put(VAULT, vault_body())
    return azure


@pytest.mark.parametrize("scope", [STORAGE, GROUP, SUB])
def test_what_is_kept_is_changed_but_not_deleted(stored: Azure, scope: str) -> None:
    stored.put(f"{scope}/{LOCKS}/keep", lock_body())
    refusal = stored.refused("DELETE", STORAGE)
    assert (refusal.status, refusal.code) == (409, "ScopeLocked")
    assert f"'{scope}'" in refusal.message
    stored.put(STORAGE, account_body() | {"tags": {"a": "b"}})
    assert stored.call("POST", f"{STORAGE}/listKeys").status_code == 200
    stored.delete(f"{scope}/{LOCKS}/keep")
    stored.delete(STORAGE)


def test_a_group_with_a_locked_resource_in_it_stays_whole(stored: Azure) -> None:
    stored.put(LOCK, lock_body())
    refusal = stored.refused("DELETE", GROUP)
    assert (refusal.status, refusal.code) == (409, "ScopeLocked")
    assert VAULT in refusal.message
    stored.delete(STORAGE)
    stored.delete(LOCK)
    stored.delete(GROUP)
    assert stored.store.below(SUB) == []


def test_what_is_read_only_is_neither_changed_nor_acted_on(stored: Azure) -> None:
    stored.put(f"{GROUP}/{LOCKS}/still", lock_body("ReadOnly"))
    assert stored.get(STORAGE)
    for method, path, body in (
        ("PUT", STORAGE, account_body()),
        ("PATCH", STORAGE, {"tags": {}}),
        ("DELETE", STORAGE, None),
        ("POST", f"{STORAGE}/listKeys", None),
        ("PUT", SECRET, secret_body()),
        ("PUT", GROUP, {"location": "eastus2"}),
    ):
        assert stored.refused(method, path, body).code == "ScopeLocked"
    stored.put(f"{GROUP}/{LOCKS}/still", lock_body())
    stored.put(STORAGE, account_body())


def test_children_of_a_locked_workspace_are_kept(hub: Azure) -> None:
    hub.subscribe()
    hub.serverless()
    hub.put(f"{HUB}/{LOCKS}/keep", lock_body())
    hub.put(f"{PROJECT}/{LOCKS}/keep", lock_body())
    assert hub.refused("DELETE", f"{PROJECT}/serverlessEndpoints/llama-33-70b").code == "ScopeLocked"


def test_contributors_do_not_lock(stored: Azure) -> None:
    contributor = f"{SUB}/providers/Microsoft.Authorization/roleDefinitions/b24988ac-6180-42a0-ab88-20f7382dd24c"
    body = {"properties": {"principalId": "00000000-0000-0000-0000-00000000000b", "roleDefinitionId": contributor}}
    name = "10000000-0000-0000-0000-000000000000"
    stored.put(f"{GROUP}/providers/Microsoft.Authorization/roleAssignments/{name}", body)
    assert stored.call("PUT", STORAGE, account_body(), who="guest").status_code == 200
    refusal = stored.refused("PUT", LOCK, lock_body(), who="guest")
    assert (refusal.status, refusal.code) == (403, "AuthorizationFailed")


@pytest.mark.parametrize(
    ("body", "target"),
    [
        ({"properties": {"level": "Sometimes"}}, "properties.level"),
        ({"properties": {"level": "ReadOnly", "notes": "x" * 513}}, "properties.notes"),
    ],
)
def test_refusals(stored: Azure, body: dict[str, object], target: str) -> None:
    refusal = stored.refused("PUT", LOCK, body)
    assert (refusal.status, refusal.error["target"]) == (400, target)
