"""The settings of a gateway."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from azure_llama.settings import Settings, SettingsError, load
from tests.catalogs import PACKAGE

GUID = "00000000-0000-0000-0000-000000000001"
GROUP = f"/subscriptions/{GUID}/resourceGroups/rg/providers"
SERVICE = f"{GROUP}/Microsoft.ApiManagement/service/shared"
VAULT = f"{GROUP}/Microsoft.KeyVault/vaults/kv"
OTHER = {"endpoint": "contoso-east", "stack": "contoso/llama/eastus2"}
STACK: dict[str, Any] = {
    "azure-native:location": "swedencentral",
    "azure-llama:gateway": {
        "name": "contoso-models",
        "publisherName": "Contoso",
        "publisherEmail": "ai@contoso.com",
        "models": {"llama-33-70b": {"members": {"east": OTHER}}},
        "teams": {"search": {}},
    },
}
CHAT = {"model": "Llama-3.3-70B-Instruct", "modelVersion": "9", "capacity": 100}
FOUNDRY = {"contoso-here": {"deployments": {"llama-33-70b": CHAT}}}
MANAGED = {
    "llama-8b": {
        "deployments": {
            "blue": {"model": "Meta-Llama-3.1-8B-Instruct", "vmSize": "Standard_NC24ads_A100_v4", "traffic": 100}
        }
    }
}
Change = Callable[[dict[str, Any]], object]


def settings(*changes: Change) -> Settings:
    stack = copy.deepcopy(STACK)
    for change in changes:
        change(stack)
    return load({key: each if isinstance(each, str) else json.dumps(each) for key, each in stack.items()}, PACKAGE)


def gateway(**values: Any) -> Change:
    return lambda stack: stack["azure-llama:gateway"].update(values)


def model(**values: Any) -> Change:
    return lambda stack: stack["azure-llama:gateway"]["models"]["llama-33-70b"].update(values)


def members(**values: Any) -> Change:
    return model(members=values)


def stack(**sections: Any) -> Change:
    return lambda config: config.update({f"azure-llama:{key}": each for key, each in sections.items()})


def without(*keys: str) -> Change:
    return lambda stack: [stack["azure-llama:gateway"].pop(key) for key in keys]


def problems(*changes: Change) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        settings(*changes)
    return [str(problem).removeprefix("azure-llama:gateway.") for problem in caught.value.problems]


def test_a_gateway_alone_needs_no_workspace() -> None:
    found = settings()
    assert found.workspace is None
    assert list(found.endpoints()) == []
    assert found.gateway is not None
    assert (found.gateway.called, found.gateway.sku, found.gateway.capacity) == ("contoso-models", "StandardV2", 1)
    pool = found.gateway.models["llama-33-70b"]
    assert (pool.endpoint_kind.name, pool.token_audience) == ("foundry", "https://cognitiveservices.azure.com")


@pytest.mark.parametrize(
    ("changes", "audience"),
    [
        ((model(audience="https://ai.azure.com"),), "https://ai.azure.com"),
        ((model(kind="managed"),), "https://ml.azure.com"),
        ((members(east={**OTHER, "secret": "east-key"}), model(auth="keys"), gateway(keyVault=VAULT)), None),
    ],
)
def test_the_token_is_for_the_kind_of_the_endpoints(changes: tuple[Change, ...], audience: str | None) -> None:
    found = settings(*changes).gateway
    assert found is not None
    assert found.models["llama-33-70b"].token_audience == audience


def test_a_service_that_exists_needs_its_id_alone() -> None:
    found = settings(gateway(id=SERVICE), without("name", "publisherName", "publisherEmail")).gateway
    assert found is not None
    assert (found.called, found.existing is not None) == ("shared", True)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ((gateway(sku="Consumption"),), "sku: 'Consumption' has no circuit breaker and no token limits"),
        ((gateway(sku="StandardV3"),), "sku: 'StandardV3' is not a SKU of API Management; did you mean 'StandardV2'?"),
        ((gateway(sku="Developer", capacity=2),), "capacity: 2 is above 1, the most units of Developer; lower it"),
        ((gateway(capacity=11),), "capacity: 11 is above 10, the most units of StandardV2; lower it"),
        ((without("name"),), "name: is missing; set the name, or id for a service that exists"),
        ((without("publisherEmail"),), "publisherEmail: is missing; set the e-mail address"),
        ((gateway(publisherEmail="Contoso"),), "publisherEmail: 'Contoso' is not an e-mail address"),
        ((gateway(id=SERVICE),), "name: cannot be combined with id"),
        (
            (gateway(id=VAULT),),
            "is the ARM id of a Microsoft.KeyVault/vaults, not of an API Management service",
        ),
        ((gateway(models={}),), "models: {} must have at least one model"),
        ((gateway(teams={}),), "teams: {} must have at least one team"),
        ((members(),), "models.llama-33-70b.members: {} must have at least one member"),
        (
            (members(**{f"east{number}": {**OTHER, "endpoint": f"east{number}"} for number in range(31)}),),
            "models.llama-33-70b.members: must have at most 30 members, and has 31; remove the others",
        ),
        ((gateway(teams={"1st": {}}),), "'1st' is not 1 to 24 letters, digits and dashes that begin with a letter"),
        ((gateway(teams={"Master": {}}),), "is the name of a product or subscription that each service has from the"),
        ((gateway(teams={"search-": {}}),), "'search-' is not 1 to 24 letters, digits and dashes"),
        ((gateway(teams={"a": {}, "A": {}}),), "teams.A: 'A' differs from 'a' in letter case only"),
        ((members(east=OTHER, East={**OTHER, "endpoint": "x"}),), "members.East: 'East' differs from 'east' in"),
        ((members(east=OTHER, west=OTHER),), "members.west: is the endpoint of 'east', too; remove one of them"),
        (
            (members(east={**OTHER, "priority": 2}),),
            "east.priority: 2 is the lowest of the pool, and the first priority",
        ),
        ((members(east={**OTHER, "weight": 5}),), "east.weight: 5 has no effect: the member is the only one of its"),
        ((members(east={**OTHER, "weight": 101}),), "east.weight: 101 is outside 1 to 100, the weights of a pool"),
        ((members(east={**OTHER, "stack": "eastus2"}),), "east.stack: 'eastus2' is not the full name of a stack"),
        ((model(kind="foundri"),), "kind: 'foundri' is not a kind of endpoint; did you mean 'foundry'?"),
        ((model(auth="keys"), gateway(keyVault=VAULT)), "members.east.secret: is missing, and auth is keys"),
        ((model(auth="keys"),), "keyVault: is missing, and a model has auth: keys"),
        ((gateway(keyVault=VAULT),), "keyVault: has no effect: no model has auth: keys; remove it"),
        ((members(east={**OTHER, "secret": "key"}),), "east.secret: 'key' requires auth: keys"),
        (
            (gateway(teams={"a": {"models": ["llama-33-70B"]}}),),
            "a.models.0: 'llama-33-70B' is not a model of the gatew",
        ),
        (
            (gateway(teams={"a": {"tokensPerMinute": 10, "tokensPerMonth": 9}}),),
            "teams.a.tokensPerMinute: 10 is above tokensPerMonth, 9; lower it",
        ),
        ((gateway(applicationInsights="workspace"),), "applicationInsights: 'workspace' is known only for a workspace"),
    ],
)
def test_what_azure_would_refuse_is_an_error(changes: tuple[Change, ...], says: str) -> None:
    assert says in "\n".join(problems(*changes))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (
            (members(here={"endpoint": "contoso-her"}),),
            "'contoso-her' is not a Foundry account of this stack; did you mea",
        ),
        (
            (members(here={"endpoint": "contoso-here"}), model(deployment="chat")),
            "endpoint: 'contoso-here' has no deployment 'chat', the name that all members of the model have; set dep",
        ),
        (
            (members(here={"endpoint": "contoso-here"}), model(auth="keys"), gateway(keyVault=VAULT)),
            "endpoint: 'contoso-here' has auth: AADToken and so no keys, and the model has auth: keys; set auth: ident",
        ),
        (
            (members(here={"endpoint": "llama-8b"}), stack(workspace={"name": "llama"}, managed=MANAGED)),
            "endpoint: 'llama-8b' is a managed endpoint, and the model's kind is foundry: its members are of one kind",
        ),
    ],
)
def test_a_member_of_the_same_stack_fits_the_model(changes: tuple[Change, ...], says: str) -> None:
    assert says in "\n".join(problems(stack(foundry=FOUNDRY), *changes))


def test_the_address_of_an_endpoint_that_exists_already_is_unknown() -> None:
    blue = {"model": "Meta-Llama-3.1-8B-Instruct", "vmSize": "Standard_NC24ads_A100_v4"}
    managed = {"llama-8b": {"existing": True, "contentSafety": False, "deployments": {"blue": blue}}}
    here = members(here={"endpoint": "llama-8b"})
    (said,) = problems(stack(workspace={"name": "llama"}, managed=managed), here, model(kind="managed"))
    assert said == (
        "models.llama-33-70b.members.here.endpoint: 'llama-8b' exists already, and this stack does not know its URL;"
        " set stack to the one that created it, or choose another endpoint"
    )


def test_an_endpoint_without_routes_of_openai_is_no_member() -> None:
    blue = MANAGED["llama-8b"]["deployments"]["blue"] | {"serves": "score"}
    here = members(here={"endpoint": "llama-8b"})
    managed = {"llama-8b": {"deployments": {"blue": blue}}}
    said = "\n".join(problems(stack(workspace={"name": "llama"}, managed=managed), here, model(kind="managed")))
    assert "members.here.endpoint: 'llama-8b' answers no route of OpenAI's API, which the gateway calls; choose" in said


@pytest.mark.parametrize(
    "served",
    ["Prompt-Guard-86M", "azureml://registries/azureml-mistral/models/Mistral-Nemo"],
    ids=["classifier", "other"],
)
def test_a_serverless_endpoint_without_routes_of_openai_is_no_member(served: str) -> None:
    found = problems(
        stack(workspace={"name": "llama"}, serverless={"guard": {"model": served}}),
        members(here={"endpoint": "guard"}),
        model(kind="serverless"),
    )
    assert (
        "members.here.endpoint: 'guard' answers no route of OpenAI's API, which the gateway calls; choose" in found[0]
    )


def test_a_managed_endpoint_with_keys_takes_no_token() -> None:
    managed = {"llama-8b": {**MANAGED["llama-8b"], "auth": "Key"}}
    found = problems(
        stack(workspace={"name": "llama"}, managed=managed),
        members(here={"endpoint": "llama-8b"}),
        model(kind="managed"),
    )
    assert "has auth: Key and takes no tokens of Entra ID" in found[0]
