"""Clients read a resource, change it and put it back: Azure takes its own GET as the body of a PUT."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from azure_llama_sandbox.arm import registry, verbs
from azure_llama_sandbox.arm.api_versions import announced
from azure_llama_sandbox.arm.ids import parse
from tests.sandbox.arm.everything import put_everything
from tests.sandbox.arm.harness import HUB, Azure

assert registry
TYPES = sorted(kind.type for kind in verbs.KINDS.values())
REQUEST_ONLY = {"Microsoft.Resources/deployments"}
"""Types whose GET is not a PUT: Azure shows no template."""
LOCK = "Microsoft.Authorization/locks"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Azure, dict[str, str]]]:
    """Everything, and the path of one resource of each type."""
    azure = Azure(tmp_path_factory.mktemp("whole") / "sandbox.db")
    paths = {}
    try:
        for path in put_everything(azure):
            id_ = parse(path)
            assert id_ is not None
            paths[id_.type.lower()] = path
        yield azure, paths
    finally:
        azure.close()


def steady(value: Any) -> Any:
    """A body without what every PUT changes."""
    changing = ("etag", "eTag", "systemData", "lastModifiedAt", "modifiedOn", "updatedOn", "lastUpdatedTime", "updated")
    if isinstance(value, dict):
        return {key: steady(each) for key, each in value.items() if key not in (*changing, "secretUriWithVersion")}
    return [steady(each) for each in value] if isinstance(value, list) else value


def test_every_type_is_there(whole: tuple[Azure, dict[str, str]]) -> None:
    assert {each.lower() for each in TYPES} == set(whole[1])


@pytest.mark.parametrize("type_", sorted(set(TYPES) - REQUEST_ONLY))
def test_a_get_can_be_put(whole: tuple[Azure, dict[str, str]], type_: str) -> None:
    azure, paths = whole
    path, version = paths[type_.lower()], announced(type_)[0]
    before = azure.get(path, version=version)
    body = deepcopy(before) | {"managedBy": None, "zones": None}
    body["properties"] |= {"publicNetworkAccessOfTomorrow": None}
    answer = azure.call("PUT", path, body, version=version)
    assert answer.status_code in (200, 201, 202), answer.text
    azure.wait(answer)
    after = azure.get(path, version=version)
    assert after.keys() == before.keys()
    assert steady(after)["properties"].keys() == steady(before)["properties"].keys()


@pytest.mark.parametrize("type_", sorted(set(TYPES) - REQUEST_ONLY))
def test_a_get_of_another_api_version_can_be_put(whole: tuple[Azure, dict[str, str]], type_: str) -> None:
    azure, paths = whole
    path = paths[type_.lower()]
    body = azure.get(path) | {"nameOfTomorrow": {"a": 1}}
    body["properties"] |= {"nameOfTomorrow": "x"}
    answer = azure.call("PUT", path, body, version="2030-01-01")
    assert answer.status_code in (200, 201, 202), answer.text
    azure.wait(answer)


@pytest.mark.parametrize("type_", sorted(set(TYPES) - REQUEST_ONLY))
def test_an_unknown_name_is_refused_in_the_contract_s_own_version(
    whole: tuple[Azure, dict[str, str]], type_: str
) -> None:
    azure, paths = whole
    path = paths[type_.lower()]
    body = azure.get(path) | {"nameOfNobody": 1}
    refused = azure.refused("PUT", path, body, version=announced(type_)[0])
    assert refused.status == 400
    assert "'nameOfNobody' is not a property of this object" in refused.message


def test_letter_case_of_enumerations_does_not_count(azure: Azure) -> None:
    azure.with_hub()
    rule = {"type": "fqdn", "destination": "pypi.org"}
    network = {"isolationMode": "allowonlyapprovedoutbound", "outboundRules": {"pypi": rule}}
    body = azure.get(HUB)
    body["properties"]["managedNetwork"] = network
    body["sku"] = {"name": "Basic", "tier": "basic"}
    assert azure.put(HUB, body)["properties"]["managedNetwork"]["outboundRules"]["pypi"]["type"] == "FQDN"
