"""Relations beside invalid values: only those that need an invalid value are skipped."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from azure_llama.settings import ManagedSettings, SettingsError, load
from azure_llama.settings.base import InvalidValueError, violations_below
from azure_llama.settings.partial import partial
from tests.catalogs import PACKAGE

Make = Callable[..., dict[str, str]]
BLUE = {"model": "Meta-Llama-3.1-8B-Instruct", "vmSize": "Standard_NC24ads_A100_v4"}


def paths(config: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(config, PACKAGE)
    return [problem.path.removeprefix("azure-llama:") for problem in caught.value.problems]


def workspace(**keys: Any) -> dict[str, str]:
    return {"azure-native:location": "eastus2", "azure-llama:workspace": json.dumps({"name": "llama-dev", **keys})}


def test_a_partial_model_has_its_valid_fields_and_defaults() -> None:
    endpoint = partial(ManagedSettings, {"auth": "none", "deployments": {"blue": {**BLUE, "traffic": 101}}}, PACKAGE)
    assert isinstance(endpoint, ManagedSettings)
    assert endpoint.public_network_access == "Enabled"
    assert endpoint.deployments["blue"].catalog_model is PACKAGE.model(BLUE["model"])
    for read in (lambda: endpoint.auth, lambda: endpoint.traffic, lambda: endpoint.deployments["blue"].traffic):
        with pytest.raises(InvalidValueError):
            read()
    assert list(violations_below(endpoint)) == []


def test_an_invalid_entry_of_a_map_does_not_hide_the_others() -> None:
    rules = {"pypi": 1, "conda": {"type": "Tag"}, "tags": {"type": "FQDN", "destination": "example.com"}}
    network = {"isolationMode": "AllowInternetOutbound", "outboundRules": rules}
    assert paths(workspace(network=network)) == [
        "workspace.network.outboundRules.pypi",
        "workspace.network.outboundRules.conda.type",
        "workspace.network.outboundRules.tags",
    ]


def test_names_are_checked_one_by_one() -> None:
    config = workspace(kind="none", names={"hub": "llama-hub", "containerRegistry": "acrllama", "identity": "id-llama"})
    assert paths(config) == ["workspace.kind", "workspace.names.containerRegistry", "workspace.names.identity"]


def test_tags_are_required_beside_an_invalid_value() -> None:
    tags = {"azure-llama:tags": '{"a": 1, "A": ""}', "azure-llama:requiredTags": '["a", "owner", "owner"]'}
    assert paths(workspace() | tags) == ["tags.a", "tags.A", "tags.owner"]


def test_what_cannot_be_read_violates_no_relation() -> None:
    assert paths(workspace() | {"azure-llama:tags": "{", "azure-llama:requiredTags": '["owner"]'}) == ["tags"]


def test_a_relation_of_a_valid_model_is_reported_once(config: Make) -> None:
    broken = config(lambda stack: stack["azure-llama:managed"]["llama-8b"].update(identity={"type": "UserAssigned"}))
    assert paths(broken) == ["managed.llama-8b.identity.id"]
