"""User-assigned identities, and the resources that carry them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.arm.around import HERE, IDENTITY
from tests.sandbox.arm.harness import GROUP, STORAGE, SUB, Azure, account_body

CONTRIBUTOR = f"{SUB}/providers/Microsoft.Authorization/roleDefinitions/b24988ac-6180-42a0-ab88-20f7382dd24c"
ASSIGNMENT = "providers/Microsoft.Authorization/roleAssignments/10000000-0000-0000-0000-000000000000"
GUEST_OBJECT = "00000000-0000-0000-0000-00000000000b"


def carrying(*ids: str) -> dict[str, Any]:
    identity = {"type": "UserAssigned", "userAssignedIdentities": {id_: {} for id_ in ids}}
    return account_body() | {"identity": identity}


@pytest.fixture
def known(azure: Azure) -> Azure:
    azure.with_group()
    azure.put(IDENTITY, HERE)
    return azure


def test_a_resource_carries_the_principal_of_its_identity(known: Azure) -> None:
    properties = known.get(IDENTITY)["properties"]
    account = known.put(STORAGE, carrying(IDENTITY))
    assert account["identity"]["userAssignedIdentities"][IDENTITY] == {
        "principalId": properties["principalId"],
        "clientId": properties["clientId"],
    }
    known.put(STORAGE, account_body())
    answer = known.call("PATCH", STORAGE, {"identity": carrying(IDENTITY)["identity"]})
    assert answer.json()["identity"]["userAssignedIdentities"][IDENTITY]["clientId"] == properties["clientId"]


def test_it_keeps_its_principal_and_roles_are_given_to_it(known: Azure) -> None:
    before = known.get(IDENTITY)["properties"]
    assert known.put(IDENTITY, HERE | {"tags": {"a": "b"}})["properties"] == before
    body = {"principalId": before["principalId"], "roleDefinitionId": CONTRIBUTOR}
    known.put(f"{GROUP}/{ASSIGNMENT}", {"properties": body})


def test_a_patch_may_repeat_what_is_there(known: Azure) -> None:
    known.put(STORAGE, account_body())
    answer = known.call("PATCH", STORAGE, carrying(IDENTITY))
    assert list(answer.json()["identity"]["userAssignedIdentities"]) == [IDENTITY]
    assert "location" in known.refused("PATCH", STORAGE, {"location": "westus"}).message


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_an_identity_that_is_not_there(known: Azure, method: str) -> None:
    known.put(STORAGE, account_body())
    gone = carrying(f"{IDENTITY}-gone")
    refusal = known.refused(method, STORAGE, gone if method == "PUT" else {"identity": gone["identity"]})
    assert (refusal.status, refusal.code) == (400, "FailedIdentityOperation")


def test_lending_an_identity_takes_a_right_on_it(known: Azure) -> None:
    other = f"{SUB}/resourceGroups/other"
    known.put(other, {"location": "eastus2"})
    account = STORAGE.replace(GROUP, other)
    given = {"principalId": GUEST_OBJECT, "roleDefinitionId": CONTRIBUTOR}
    known.put(f"{other}/{ASSIGNMENT}", {"properties": given})
    refusal = known.refused("PUT", account, carrying(IDENTITY), who="guest")
    assert (refusal.status, refusal.code) == (403, "LinkedAuthorizationFailed")
    assert "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action" in refusal.message
    known.put(f"{IDENTITY}/{ASSIGNMENT}", {"properties": given | {"roleDefinitionId": CONTRIBUTOR}})
    assert known.call("PUT", account, carrying(IDENTITY), who="guest").status_code == 202


def test_clients_send_empty_properties_to_a_type_that_takes_none(known: Azure) -> None:
    assert known.call("PUT", f"{IDENTITY}-2", HERE | {"properties": {}}).status_code == 201
    assert known.refused("PUT", f"{IDENTITY}-3", HERE | {"properties": {"a": 1}}).code == "InvalidRequestContent"
