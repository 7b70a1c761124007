"""Resource groups: regions, tags, lists, deletion."""

from __future__ import annotations

import pytest

from tests.sandbox.arm.harness import (
    GROUP,
    HUB,
    LOGS,
    PROJECT,
    STORAGE,
    SUB,
    VAULT,
    Azure,
    account_body,
    vault_body,
)


def test_created_then_replaced(azure: Azure) -> None:
    first = azure.call("PUT", GROUP, {"location": "East US 2", "tags": {"team": "llama"}})
    assert first.status_code == 201
    assert first.json() == {
        "id": GROUP,
        "name": "llama",
        "type": "Microsoft.Resources/resourceGroups",
        "location": "eastus2",
        "tags": {"team": "llama"},
        "properties": {"provisioningState": "Succeeded"},
    }
    assert azure.call("PUT", GROUP, {"location": "eastus2"}).status_code == 200
    assert azure.get(GROUP)["tags"] == {}
    assert azure.call("PATCH", GROUP, {"tags": {"a": "b"}}).json()["tags"] == {"a": "b"}
    assert [each["id"] for each in azure.get(f"{SUB}/resourcegroups")["value"]] == [GROUP]


def test_an_unknown_region_and_a_move(azure: Azure) -> None:
    refusal = azure.refused("PUT", GROUP, {"location": "eastus22"})
    assert (refusal.status, refusal.code) == (400, "LocationNotAvailableForResourceGroup")
    azure.with_group()
    moved = azure.refused("PUT", GROUP, {"location": "westus3"})
    assert (moved.status, moved.code) == (409, "InvalidResourceGroupLocation")


@pytest.mark.parametrize("name", ["ends-with-dot.", "a" * 91, "blank here"])
def test_names(azure: Azure, name: str) -> None:
    refusal = azure.refused("PUT", f"{SUB}/resourceGroups/{name}", {"location": "eastus2"})
    assert (refusal.status, refusal.code) == (400, "InvalidResourceGroupName")


@pytest.mark.parametrize(
    ("tags", "target"),
    [
        ({f"t{n}": "v" for n in range(51)}, "tags"),
        ({"a/b": "v"}, "tags.a/b"),
        ({"a": "v" * 257}, "tags.a"),
        ({"a" * 513: "v"}, f"tags.{'a' * 513}"),
    ],
)
def test_limits_of_tags(azure: Azure, tags: dict[str, str], target: str) -> None:
    refusal = azure.refused("PUT", GROUP, {"location": "eastus2", "tags": tags})
    assert refusal.status == 400
    assert refusal.error["target"] == target


def test_resources_of_a_group_and_of_the_subscription(hub: Azure) -> None:
    hub.subscribe()
    listed = hub.get(f"{GROUP}/resources")["value"]
    assert {each["id"] for each in listed} == {STORAGE, VAULT, HUB, PROJECT}
    assert next(each["kind"] for each in listed if each["id"] == HUB) == "Hub"
    assert len(hub.get(f"{SUB}/resources")["value"]) == 4
    only = hub.get(f"{GROUP}/resources", **{"$filter": "resourceType eq 'Microsoft.KeyVault/vaults'"})["value"]
    assert [each["name"] for each in only] == ["llama-vault"]
    hub.endpoint()
    names = {each["name"] for each in hub.get(f"{GROUP}/resources")["value"]}
    assert "llama-dev/llama-8b" in names


@pytest.mark.parametrize(
    ("filter_", "names"),
    [
        ("resourceGroup eq 'LLAMA' and resourceType eq 'Microsoft.KeyVault/vaults'", {"llama-vault"}),
        ("name eq 'llama-hub'", {"llama-hub"}),
        ("location eq 'East US 2' and name eq 'llama-hub'", {"llama-hub"}),
        ("location eq 'westus'", set()),
        ("tagname eq 'team'", {"llama-vault"}),
        ("tagName eq 'team' and tagValue eq 'a and b'", {"llama-vault"}),
        ("tagname eq 'team' and tagvalue eq 'c'", set()),
    ],
)
def test_filters_of_resources(hub: Azure, filter_: str, names: set[str]) -> None:
    hub.put(VAULT, vault_body() | {"tags": {"team": "a and b"}})
    listed = hub.get(f"{SUB}/resources", **{"$filter": filter_})["value"]
    assert {each["name"] for each in listed} == names


@pytest.mark.parametrize("filter_", ["name ne 'x'", "colour eq 'blue'", "substringof('x', name)"])
def test_other_filters_are_refused(azure: Azure, filter_: str) -> None:
    refusal = azure.refused("GET", f"{SUB}/resources", **{"$filter": filter_})
    assert refusal.code == "InvalidFilterInQueryString"


def test_expanded_resources(hub: Azure) -> None:
    more = {"createdTime", "changedTime", "provisioningState"}
    for expand, expected in (("", set()), ("createdTime", {"createdTime"}), (",".join(sorted(more)), more)):
        (first, *_) = hub.get(f"{SUB}/resources", **{"$expand": expand})["value"]
        assert set(first) & more == expected


def test_a_group_that_is_being_deleted_takes_nothing_more(azure: Azure) -> None:
    azure.with_group()
    answer = azure.call("DELETE", GROUP)
    assert answer.status_code == 202
    assert azure.get(GROUP)["properties"]["provisioningState"] == "Deleting"
    refusal = azure.refused("PUT", STORAGE, account_body())
    assert (refusal.status, refusal.code) == (409, "ResourceGroupBeingDeleted")
    again = azure.call("DELETE", GROUP)
    assert again.headers["Location"] == answer.headers["Location"]
    azure.wait(answer)
    assert azure.refused("GET", GROUP).code == "ResourceGroupNotFound"
    assert azure.refused("DELETE", GROUP).code == "ResourceGroupNotFound"


def test_deleting_a_group_cancels_what_runs_in_it(azure: Azure) -> None:
    azure.with_group()
    running = azure.call("PUT", LOGS, {"location": "eastus2"})
    answer = azure.call("DELETE", GROUP)
    # The workspace would have been ready before the group was gone: let it begin later than that.
    operation = azure.store.open_operations(key=LOGS.lower())[0]
    operation.ends += 3600
    azure.store.put_operation(operation)
    azure.wait(answer)
    status = azure.get(running.headers["Azure-AsyncOperation"])
    assert (status["status"], status["error"]["code"]) == ("Canceled", "OperationCanceled")
