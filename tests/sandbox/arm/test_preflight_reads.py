"""What a preflight reads beside resources: who pays, which names are kept by something deleted."""

from __future__ import annotations

import pytest

from tests.sandbox.arm.harness import HUB, PROJECT, SUB, VAULT, Azure

BILLING = "providers/Microsoft.Billing"


def property_of(azure: Azure) -> dict[str, str]:
    found: dict[str, str] = azure.get(f"{SUB}/{BILLING}/billingProperty/default")["properties"]
    return found


def test_the_billing_profile_tells_its_policy(azure: Azure) -> None:
    profile = property_of(azure)["billingProfileId"]
    assert azure.get(f"{profile}/policies/default")["properties"] == {"marketplacePurchases": "AllAllowed"}
    other = f"/{BILLING}/billingAccounts/x/billingProfiles/y/policies/default"
    assert azure.refused("GET", other).status == 404


def test_a_guest_is_not_told_who_pays(azure: Azure) -> None:
    path = f"{SUB}/{BILLING}/billingProperty/default"
    assert azure.refused("GET", path, who="guest").code == "AuthorizationFailed"


def test_deleted_workspaces_are_listed_until_they_are_purged(azure: Azure) -> None:
    azure.with_hub()
    azure.delete(PROJECT)
    azure.delete(HUB)
    path = f"{SUB}/providers/Microsoft.MachineLearningServices/deletedWorkspaces"
    found = {each["id"] for each in azure.get(path)["value"]}
    assert found == {HUB, PROJECT}
    azure.delete(HUB, forceToPurge="true")
    assert [each["id"] for each in azure.get(path)["value"]] == [PROJECT]


@pytest.mark.parametrize("deleted", [False, True])
def test_the_name_of_a_vault_is_taken_until_it_is_purged(azure: Azure, deleted: bool) -> None:
    path = f"{SUB}/providers/Microsoft.KeyVault/checkNameAvailability"
    body = {"name": VAULT.rsplit("/", 1)[1], "type": "Microsoft.KeyVault/vaults"}
    assert azure.call("POST", path, body).json() == {"nameAvailable": True}
    azure.with_hub()
    if deleted:
        azure.delete(PROJECT)
        azure.delete(HUB)
        azure.delete(VAULT)
    assert azure.call("POST", path, body).json()["nameAvailable"] is False
