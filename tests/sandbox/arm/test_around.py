"""Every resource around a workspace: made, read, made again, listed, changed, deleted, and refused as ARM refuses."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from azure_llama_sandbox.arm.ids import parse
from tests.sandbox.arm.cases import CASES, Case
from tests.sandbox.arm.harness import GROUP, SUB, Azure

EACH = pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in CASES.items()])
_CHANGING = ("systemData", "etag", "eTag", "lastUpdatedTime", "updated", "secretUriWithVersion")


def steady(value: Any) -> Any:
    """A body without what every PUT changes."""
    if isinstance(value, dict):
        return {key: steady(each) for key, each in value.items() if key not in _CHANGING}
    return [steady(each) for each in value] if isinstance(value, list) else value


@EACH
def test_the_body_is_one_that_arm_takes(case: Case, contract_errors: Any) -> None:
    id_ = parse(case.path)
    assert id_ is not None
    assert contract_errors(id_.type, case.version, case.body) == []


@EACH
def test_it_is_made_read_listed_and_made_again(azure: Azure, case: Case) -> None:
    case.prepare(azure)
    assert azure.refused("GET", case.path).status == 404
    answer = azure.call("PUT", case.path, case.body, version=case.version)
    assert answer.status_code == case.first, answer.text
    assert azure.wait(answer).status_code < 300
    made = azure.get(case.path)
    assert made["id"] == case.path
    assert made["name"].rsplit("/", 1)[-1] == case.path.rsplit("/", 1)[-1]
    id_ = parse(case.path)
    assert id_ is not None
    assert made["type"].lower() == id_.type.lower()
    assert made["properties"].get("provisioningState", "Succeeded") == "Succeeded"
    assert azure.put(case.path, deepcopy(case.body)).keys() == made.keys()
    assert steady(azure.get(case.path)) == steady(made)
    assert case.path in [each["id"] for each in azure.get(case.path.rsplit("/", 1)[0])["value"]]


@EACH
def test_ids_have_no_letter_case(azure: Azure, case: Case) -> None:
    case.prepare(azure)
    azure.put(case.path, case.body)
    assert azure.get(case.path.upper().replace("/PROVIDERS/", "/providers/"))["id"] == case.path


@EACH
def test_tags_are_patched_where_arm_patches(azure: Azure, case: Case) -> None:
    case.prepare(azure)
    azure.put(case.path, case.body)
    answer = azure.call("PATCH", case.path, {"tags": {"team": "a"}})
    assert (answer.status_code < 300) == case.patch, answer.text
    if case.patch:
        azure.wait(answer)
        assert azure.get(case.path)["tags"] == {"team": "a"}


@EACH
def test_it_is_deleted_once(azure: Azure, case: Case) -> None:
    case.prepare(azure)
    azure.put(case.path, case.body)
    if case.last is None:
        assert azure.refused("DELETE", case.path).status == 405
        return
    answer = azure.call("DELETE", case.path)
    assert answer.status_code == case.last, answer.text
    assert azure.wait(answer).status_code in (200, 204)
    assert azure.refused("GET", case.path).status == 404
    assert azure.call("DELETE", case.path).status_code == 204


@EACH
def test_it_goes_with_its_group(azure: Azure, case: Case) -> None:
    case.prepare(azure)
    azure.put(case.path, case.body)
    if "/locks/" in case.path:
        azure.delete(case.path)
    azure.delete(GROUP)
    assert azure.store.below(SUB) == []


@EACH
def test_a_body_with_an_unknown_property_is_refused(azure: Azure, case: Case) -> None:
    case.prepare(azure)
    refusal = azure.refused("PUT", case.path, case.body | {"colour": "blue"})
    assert (refusal.status, refusal.code, refusal.error["target"]) == (400, case.unknown_code, "colour")


@EACH
def test_without_a_role_nothing_is_allowed(azure: Azure, case: Case) -> None:
    case.prepare(azure)
    id_ = parse(case.path)
    assert id_ is not None
    for method, verb in (("GET", "read"), ("PUT", "write"), ("DELETE", "delete")):
        refusal = azure.refused(method, case.path, case.body if method == "PUT" else None, who="guest")
        assert (refusal.status, refusal.code) == (403, "AuthorizationFailed")
        assert f"'{id_.type}/{verb}'".lower() in refusal.message.lower()


@EACH
def test_its_provider_has_to_be_registered(azure: Azure, case: Case) -> None:
    case.prepare(azure)
    id_ = parse(case.path)
    assert id_ is not None
    azure.call("POST", f"{SUB}/providers/{id_.namespace}/unregister")
    if id_.namespace == "Microsoft.Authorization":
        azure.put(case.path, case.body)
        return
    refusal = azure.refused("PUT", case.path, case.body)
    assert (refusal.status, refusal.code) == (409, "MissingSubscriptionRegistration")


@EACH
def test_nothing_is_made_in_a_group_that_is_not_there(azure: Azure, case: Case) -> None:
    path = case.path.replace("/resourceGroups/llama/", "/resourceGroups/none/")
    refusal = azure.refused("PUT", path, case.body)
    assert (refusal.status, refusal.code) == (404, "ResourceGroupNotFound")


@pytest.mark.parametrize("name", ["subnet", "zone-group", "link", "key", "secret", "container"])
def test_nothing_is_made_in_a_parent_that_is_not_there(azure: Azure, name: str) -> None:
    azure.with_group()
    refusal = azure.refused("PUT", CASES[name].path, CASES[name].body)
    assert (refusal.status, refusal.code) == (404, "ParentResourceNotFound")


@pytest.mark.parametrize("name", ["diagnostics", "lock"])
def test_nothing_is_put_on_a_resource_that_is_not_there(azure: Azure, name: str) -> None:
    azure.with_group()
    refusal = azure.refused("PUT", CASES[name].path, CASES[name].body)
    assert (refusal.status, refusal.code) == (404, "ResourceNotFound")


def test_only_extensions_are_put_on_resources(azure: Azure) -> None:
    CASES["lock"].prepare(azure)
    wrong = CASES["identity"].path.replace(GROUP, CASES["lock"].path.split("/providers/Microsoft.Authorization/")[0])
    assert azure.refused("PUT", wrong, CASES["identity"].body).status == 404


@pytest.mark.parametrize("name", ["identity", "vnet", "nsg", "private-endpoint", "zone", "safety", "registry"])
def test_a_tracked_resource_needs_a_location(azure: Azure, name: str) -> None:
    case = CASES[name]
    case.prepare(azure)
    refusal = azure.refused("PUT", case.path, {k: v for k, v in case.body.items() if k != "location"})
    assert refusal.status == 400
    assert refusal.error["target"] == "location"


@pytest.mark.parametrize("name", ["zone", "metric-alert", "action-group"])
def test_what_is_in_no_region_is_refused_in_one(azure: Azure, name: str) -> None:
    case = CASES[name]
    case.prepare(azure)
    refusal = azure.refused("PUT", case.path, case.body | {"location": "eastus2"})
    assert (refusal.status, refusal.code) == (400, "LocationNotAvailableForResourceType")
    assert "global" in refusal.message
    azure.put(case.path, case.body | {"location": "Global"})
    assert azure.get(case.path)["location"] == "global"
