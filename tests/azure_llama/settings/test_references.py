"""Every setting that names something outside the stack is found in the model, so that preflight asks for it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from pydantic import ValidationError

from azure_llama.settings import Settings, load
from azure_llama.settings.references import references, referring
from azure_llama.settings.wire import Option, options
from tests.catalogs import PACKAGE

SUBSCRIPTION = "/subscriptions/5a0d80c5-11a3-4a5d-9b0e-000000000001/resourceGroups/rg/providers"
TYPES = (
    *("Microsoft.MachineLearningServices/workspaces/a", "Microsoft.Network/virtualNetworks/a/subnets/b"),
    *("Microsoft.Network/privateDnsZones/privatelink.api.azureml.ms", "Microsoft.KeyVault/vaults/a"),
    *("Microsoft.ManagedIdentity/userAssignedIdentities/a", "Microsoft.CognitiveServices/accounts/a"),
    *("Microsoft.OperationalInsights/workspaces/a", "Microsoft.Storage/storageAccounts/a"),
    *("Microsoft.ContainerRegistry/registries/a", "Microsoft.Insights/components/a", "Microsoft.Compute/disks/a"),
)
IDS = (
    *(f"{SUBSCRIPTION}/{type_}" for type_ in TYPES),
    *("azureml:a:1", "azureml://registries/own/models/a", "azureml://registries/own/environments/a/versions/1"),
    f"https://a.vault.azure.net/keys/a/{'0' * 32}",
)
NO_IDS = ("no id, by any rule", "/no/id", "no-id", "https://cognitiveservices.azure.com")
NOT_RESOURCES = re.compile(r"(principalId|objectId|tenantId)$")
"""Ids of Entra's objects, which Azure Resource Manager does not have."""


def accepts(option: Option, value: Any) -> bool:
    """Whether the option takes a value, the rest of its settings left aside."""
    name = option.names[-1]
    for wrapped in (value, [value]):
        try:
            option.owner.model_validate({option.keys[-1]: wrapped}, strict=True, context=PACKAGE)
        except ValidationError as error:
            if not any(each["loc"][:1] in ((option.keys[-1],), (name,)) for each in error.errors()):
                return True
        else:
            return True
    return False


def is_of_an_id(option: Option) -> bool:
    """Whether an option takes an id and no other text."""
    return (
        option.section is None
        and any(accepts(option, each) for each in IDS)
        and not any(accepts(option, each) for each in NO_IDS)
    )


FOUND = {".".join(option.keys): refers for option, refers in referring(Settings)}


def test_every_option_that_takes_an_id_alone_is_found() -> None:
    by_value = {".".join(option.keys) for option in options(Settings) if is_of_an_id(option)}
    assert by_value - set(FOUND) == set()
    assert len(by_value) > 15, "the test itself finds them"


def test_every_option_with_the_name_of_an_id_is_found() -> None:
    named = {
        ".".join(option.keys)
        for option in options(Settings)
        if re.search(r"(\bid|Ids?|Identifier)$", option.keys[-1]) and not NOT_RESOURCES.search(option.keys[-1])
    }
    assert named - set(FOUND) == set()


def test_the_values_have_their_own_places() -> None:
    zone = f"{SUBSCRIPTION}/Microsoft.Network/privateDnsZones/privatelink"
    subnet = f"{SUBSCRIPTION}/Microsoft.Network/virtualNetworks/a/subnets/b"
    workspace = f"{SUBSCRIPTION}/Microsoft.MachineLearningServices/workspaces/a"
    config = {
        "azure-native:location": "eastus2",
        "azure-llama:workspace": {
            "name": "llama-dev",
            "network": {"privateEndpoint": {"subnetId": subnet, "dnsZoneIds": [f"{zone}.a", f"{zone}.b"]}},
        },
        "azure-llama:serverless": {
            "llama": {"model": "Llama-3.3-70B-Instruct", "connections": {"there": {"workspace": workspace}}}
        },
    }
    texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in config.items()}
    found = {each.place: each.text for each in references(load(texts, PACKAGE))}
    assert found == {
        "workspace.network.privateEndpoint.subnetId": subnet,
        "workspace.network.privateEndpoint.dnsZoneIds.0": f"{zone}.a",
        "workspace.network.privateEndpoint.dnsZoneIds.1": f"{zone}.b",
        "serverless.llama.model": "Llama-3.3-70B-Instruct",
        "serverless.llama.connections.there.workspace": workspace,
    }


@pytest.mark.parametrize("place", FOUND)
def test_what_it_is_the_id_of_reads_in_a_sentence(place: str) -> None:
    assert re.match("an? ", FOUND[place].what)
