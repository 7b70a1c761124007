"""What keeps a stack's names is found and explained; it is purged only when that is asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from azure_llama.arm.soft_deleted import Kind, Name
from azure_llama.purge import NameFinding, find_all, free, names
from tests.azure_llama.preflight.harness import FOUNDRY, STACK, SUB, Cloud, plan_of, stack
from tests.azure_llama.preflight.test_failures import FAILURES, Broken, always
from tests.azure_llama.preflight.test_permissions import give
from tests.sandbox.arm.around import foundry_body
from tests.sandbox.arm.harness import GROUP, HUB, ML, PROJECT, STORAGE, VAULT, vault_body

ACCOUNT = f"{GROUP}/providers/Microsoft.CognitiveServices/accounts/llama-safety"


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[Cloud]:
    cloud = Cloud(tmp_path / "sandbox.db")
    yield cloud
    cloud.close()


def look(cloud: Cloud, *more: Name, act: bool = False, transport: Any = None, who: str = "owner") -> list[NameFinding]:
    """The names of the stack, looked at, and purged."""
    wanted = [*names.of(((each.type, each.id) for each in plan_of(STACK).resources), "eastus2"), *more]

    async def work() -> list[NameFinding]:
        async with cloud.client(who, transport) as arm:
            found = await find_all(arm, wanted)
            return await free(arm, found) if act else found

    return asyncio.run(work())


def outcomes(found: list[NameFinding]) -> dict[str, str]:
    return {each.name.name: each.outcome.value for each in found}


def delete_all(cloud: Cloud) -> None:
    azure = cloud.azure.with_hub()
    for id_ in (PROJECT, HUB, VAULT, STORAGE):
        azure.delete(id_)


def test_names_that_nothing_keeps_are_free(cloud: Cloud) -> None:
    assert outcomes(look(cloud)) == {"llama-dev": "free", "llama-hub": "free", "llama-vault": "free"}
    cloud.azure.with_hub()
    assert set(outcomes(look(cloud)).values()) == {"free"}


def test_looking_changes_nothing(cloud: Cloud) -> None:
    delete_all(cloud)
    for _ in range(2):
        found = look(cloud)
        assert outcomes(found) == {"llama-dev": "kept", "llama-hub": "kept", "llama-vault": "kept"}
    assert all("free by itself on" in each.said for each in found)
    commands = [each.deleted.command for each in found if each.deleted]
    assert "az keyvault purge --name llama-vault --location eastus2" in commands
    assert sum("forceToPurge=true" in command for command in commands) == 2


def test_what_is_purged_is_free_and_can_be_made_again(cloud: Cloud) -> None:
    delete_all(cloud)
    assert set(outcomes(look(cloud, act=True)).values()) == {"purged"}
    assert set(outcomes(look(cloud)).values()) == {"free"}
    cloud.azure.with_hub()


def test_a_group_that_is_gone_is_made_for_the_purge_and_taken_away_again(cloud: Cloud) -> None:
    delete_all(cloud)
    cloud.azure.delete(GROUP)
    assert set(outcomes(look(cloud, act=True)).values()) == {"purged"}
    assert cloud.azure.call("GET", GROUP).status_code == 404


def test_nothing_of_others_is_touched(cloud: Cloud) -> None:
    delete_all(cloud)
    azure = cloud.azure
    azure.put(f"{VAULT}2", vault_body())
    azure.delete(f"{VAULT}2")
    look(cloud, act=True)
    left = azure.get(f"{SUB}/providers/Microsoft.KeyVault/deletedVaults")["value"]
    assert [each["name"] for each in left] == ["llama-vault2"]
    assert f"{ML}/other" not in str(azure.log)


def test_purge_protection_is_told_with_its_end(cloud: Cloud) -> None:
    cloud.azure.with_group().put(VAULT, vault_body(enablePurgeProtection=True, softDeleteRetentionInDays=7))
    cloud.azure.delete(VAULT)
    found = {each.name.name: each for each in look(cloud, act=True)}
    assert found["llama-vault"].outcome.value == "protected"
    assert "nobody can purge it; free by itself on 2027-01-22" in found["llama-vault"].said
    assert found["llama-dev"].outcome.value == "free"


def test_an_ai_services_account_is_purged_too(cloud: Cloud) -> None:
    azure = cloud.azure.with_group()
    body = {"location": "eastus2", "kind": "ContentSafety", "sku": {"name": "S0"}, "properties": {}}
    azure.put(ACCOUNT, body, version="2025-06-01")
    azure.delete(ACCOUNT, version="2025-06-01")
    name = Name(Kind.ACCOUNT, ACCOUNT, "eastus2")
    assert outcomes(look(cloud, name))["llama-safety"] == "kept"
    assert outcomes(look(cloud, name, act=True))["llama-safety"] == "purged"
    assert outcomes(look(cloud, name))["llama-safety"] == "free"


def test_a_purge_that_is_refused_is_told_and_the_others_go_on(cloud: Cloud) -> None:
    delete_all(cloud)

    def answer(request: httpx.Request) -> Any:
        refuse = request.url.path.endswith("/purge")
        return (
            httpx.Response(403, json={"error": {"code": "AuthorizationFailed", "message": "No."}}) if refuse else None
        )

    inner = cloud.client()._http._transport
    found = outcomes(look(cloud, act=True, transport=Broken(answer, inner)))
    assert found == {"llama-dev": "purged", "llama-hub": "purged", "llama-vault": "refused"}


def test_a_purge_that_freed_nothing_is_no_success(cloud: Cloud) -> None:
    delete_all(cloud)

    def answer(request: httpx.Request) -> Any:
        return httpx.Response(204) if request.method == "DELETE" else None

    found = look(cloud, act=True, transport=Broken(answer, cloud.client()._http._transport))
    assert outcomes(found)["llama-dev"] == "refused"
    assert "still lists it" in next(each.said for each in found if each.name.name == "llama-dev")


@pytest.mark.parametrize("name", FAILURES)
def test_an_azure_that_does_not_answer_is_unknown_and_nothing_is_purged(cloud: Cloud, name: str) -> None:
    make, reason = FAILURES[name]
    found = look(cloud, act=True, transport=Broken(always(make)))
    assert set(outcomes(found).values()) == {"unknown"}
    assert all(reason in each.said for each in found)


def test_who_may_not_look_is_told_so(cloud: Cloud) -> None:
    found = look(cloud, who="guest")
    assert set(outcomes(found).values()) == {"unknown"}
    assert any("Microsoft.KeyVault/locations/deletedVaults/read" in each.said for each in found)


def test_a_foundry_account_is_purged_without_its_group(cloud: Cloud) -> None:
    id_ = f"{GROUP}/providers/Microsoft.CognitiveServices/accounts/contoso-llama"
    azure = cloud.azure.with_group()
    body = foundry_body(customSubDomainName="contoso-llama")
    azure.put(id_, body)
    azure.delete(id_)
    azure.delete(GROUP)
    planned = plan_of(stack(foundry=FOUNDRY))
    (name,) = (e for e in names.of(((each.type, each.id) for each in planned.resources), "eastus2") if e.id == id_)
    kept = next(each for each in look(cloud, name) if each.name == name)
    assert (kept.outcome.value, kept.name.kind) == ("kept", Kind.ACCOUNT)
    assert kept.deleted is not None
    assert kept.deleted.free is not None
    assert kept.deleted.deleted is not None
    assert (kept.deleted.free - kept.deleted.deleted).total_seconds() == 48 * 3600
    assert outcomes(look(cloud, name, act=True))["contoso-llama"] == "purged"
    assert cloud.azure.call("GET", GROUP).status_code == 404, "the purge is a call at subscription scope"
    azure.with_group()
    azure.put(id_, body)


def test_an_account_is_not_purged_without_the_right_at_the_subscription(cloud: Cloud) -> None:
    id_ = f"{GROUP}/providers/Microsoft.CognitiveServices/accounts/contoso-llama"
    cloud.azure.with_group()
    cloud.azure.put(id_, foundry_body(customSubDomainName="contoso-llama"))
    cloud.azure.delete(id_)
    give(cloud, SUB, ["Microsoft.CognitiveServices/locations/resourceGroups/deletedAccounts/read"])
    found = look(cloud, Name(Kind.ACCOUNT, id_, "eastus2"), act=True, who="guest")
    refused = next(each for each in found if each.name.id == id_)
    assert refused.outcome.value == "refused"
    assert "deletedAccounts/delete" in refused.said
