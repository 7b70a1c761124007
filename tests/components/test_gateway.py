"""A gateway: what is registered, in which order, and what callers get."""

from __future__ import annotations

import copy
import json
import re
from functools import cache
from typing import Any

import pulumi
import pytest

from azure_llama.settings import load
from azure_llama_components.gateway_backends import member_id, pool_id
from azure_llama_components.whole_stack import create_resources
from tests.catalogs import PACKAGE
from tests.components.mocked import SUBSCRIPTION, Recorded, run, secret

GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers"
VAULT = f"{GROUP}/Microsoft.KeyVault/vaults/KV"
SERVICE = f"{GROUP}/Microsoft.ApiManagement/service/shared"
INSIGHTS = f"{GROUP}/Microsoft.Insights/components/appi"
OTHER = "/subscriptions/00000000-0000-0000-0000-000000000009/resourceGroups/rg-eastus2"
EAST, WEST = "contoso/llama/eastus2", "contoso/llama/westus"
CHAT = {"model": "Llama-3.3-70B-Instruct", "modelVersion": "9", "capacity": 100}


def entry(account: str, deployment: str = "llama-33-70b", **values: Any) -> dict[str, Any]:
    """An entry of the output `endpoints` of another stack."""
    return {
        f"{account}/{deployment}": {
            "kind": "foundry",
            "openaiBaseUrl": f"https://{account}.openai.azure.com/openai/v1/",
            "modelName": deployment,
            "auth": "AADToken",
            "id": f"{OTHER}/providers/Microsoft.CognitiveServices/accounts/{account}",
            **values,
        }
    }


STACKS = {EAST: {"endpoints": entry("contoso-east")}, WEST: {"endpoints": entry("contoso-west", auth="Key")}}
GATEWAY: dict[str, Any] = {
    "name": "Contoso-Models",
    "publisherName": "Contoso",
    "publisherEmail": "ai@contoso.com",
    "models": {
        "llama-33-70b": {
            "members": {
                "here": {"endpoint": "contoso-here", "weight": 3},
                "east": {"endpoint": "contoso-east", "stack": EAST},
                "west": {"endpoint": "contoso-west", "stack": WEST, "priority": 2},
            },
        },
    },
    "teams": {"search": {"tokensPerMinute": 20000, "tokensPerMonth": 5000000}, "support": {}},
}
FOUNDRY = {"contoso-here": {"deployments": {"llama-33-70b": CHAT}}}


def gateway(
    *, preview: bool = False, foundry: Any = None, stacks: Any = None, drop: tuple[str, ...] = (), **values: Any
) -> Recorded:
    asked = {key: value for key, value in {**GATEWAY, **values}.items() if key not in drop}
    config = {"azure-native:location": "swedencentral", "azure-llama:gateway": json.dumps(asked)}
    settings = load(config | {"azure-llama:foundry": json.dumps(FOUNDRY if foundry is None else foundry)}, PACKAGE)

    def program() -> None:
        for name, output in create_resources(settings).items():
            pulumi.export(name, output)

    recorded = run(program, preview=preview, stacks=STACKS if stacks is None else stacks)
    if recorded.error:
        raise recorded.error
    return recorded


@cache
def full(preview: bool = False) -> Recorded:
    return gateway(preview=preview)


def model(**values: Any) -> dict[str, Any]:
    changed: dict[str, Any] = copy.deepcopy(GATEWAY["models"])
    changed["llama-33-70b"].update(values)
    return changed


def test_the_service_is_known_in_a_first_preview() -> None:
    assert (
        full(preview=True).one("ApiManagementService").inputs.items()
        >= {
            "serviceName": "Contoso-Models",
            "resourceGroupName": "rg-azure-llama-dev-swedencentral",
            "location": "swedencentral",
            "tags": {},
            "identity": {"type": "SystemAssigned"},
            "sku": {"name": "StandardV2", "capacity": 1},
            "publisherName": "Contoso",
            "publisherEmail": "ai@contoso.com",
        }.items()
    )


def test_a_member_of_another_stack_is_called_at_its_address() -> None:
    (east,) = (each for each in full().of("apimanagement:Backend") if each.name.endswith(".east"))
    assert east.inputs == {
        "backendId": member_id("llama-33-70b", "east"),
        "resourceGroupName": "rg-azure-llama-dev-swedencentral",
        "serviceName": "Contoso-Models",
        "type": "Single",
        "url": "https://contoso-east.openai.azure.com/openai/v1",
        "protocol": "http",
        "circuitBreaker": {
            "rules": [
                {
                    "name": "failures",
                    "failureCondition": {
                        "count": 1,
                        "interval": "PT60S",
                        "statusCodeRanges": [
                            {"min": low, "max": high} for low, high in ((401, 401), (403, 404), (429, 429), (500, 599))
                        ],
                    },
                    "tripDuration": "PT60S",
                    "acceptRetryAfter": True,
                }
            ]
        },
    }


def test_a_pool_has_priorities_and_weights_and_no_address() -> None:
    (pool,) = (each for each in full().of("apimanagement:Backend") if each.inputs["type"] == "Pool")
    assert "url" not in pool.inputs
    assert "protocol" not in pool.inputs
    services = pool.inputs["pool"]["services"]
    assert [(each["priority"], each["weight"]) for each in services] == [(1, 3), (1, 1), (2, 1)]
    assert services[0]["id"].endswith("/gateway-llama-33-70b.here")


def test_the_gateways_identity_may_call_each_member_in_its_own_subscription() -> None:
    roles = {each.name: each.inputs for each in full().of("RoleAssignment")}
    assert set(roles) == {
        "gateway-calls-contoso-here",
        "gateway-calls-contoso.llama.eastus2.contoso-east",
        "gateway-calls-contoso.llama.westus.contoso-west",
    }
    east = roles["gateway-calls-contoso.llama.eastus2.contoso-east"]
    assert east["scope"] == f"{OTHER}/providers/Microsoft.CognitiveServices/accounts/contoso-east"
    assert east["roleDefinitionId"].startswith("/subscriptions/00000000-0000-0000-0000-000000000009/")
    assert east["roleDefinitionId"].endswith("a97b65f3-24c7-4388-baec-2e87135dc908"), "Cognitive Services User"
    assert east["principalId"] == "principal-of-gateway"
    assert len({each["roleAssignmentName"] for each in roles.values()}) == 3


def test_a_member_gets_requests_after_its_endpoint_and_its_role_exist() -> None:
    made = {each.name: each for each in full().resources}
    assert "gateway-calls-contoso-here" in made["gateway-llama-33-70b.here"].depends_on
    assert "gateway-calls-contoso.llama.westus.contoso-west" in made["gateway-llama-33-70b.west"].depends_on
    assert "contoso-here" in made["gateway-calls-contoso-here"].depends_on


def test_ids_of_backends_are_those_that_api_management_takes() -> None:
    models = ("a.b", "a-b", "a_b", "a", "A" * 50, f"{'A' * 49}.")
    ids = [pool_id(model) for model in models]
    ids += [member_id(model, member) for model in models for member in ("b-c", "c", "d" * 24)]
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9-]{0,78}[A-Za-z0-9]", each) for each in ids), ids
    assert len({each.lower() for each in ids}) == len(ids)
    assert member_id("a", "b-c") != member_id("a-b", "c")


def test_an_endpoint_of_two_models_has_one_role() -> None:
    foundry = {"contoso-here": {"deployments": {"llama-33-70b": CHAT, "drafts": CHAT}}}
    one = {"members": {"here": {"endpoint": "contoso-here"}}}
    recorded = gateway(foundry=foundry, models={"llama-33-70b": one, "drafts": one})
    assert len(recorded.of("RoleAssignment")) == 1
    assert len(recorded.of("apimanagement:Backend")) == 4


def test_a_client_of_openai_finds_its_paths() -> None:
    recorded = full()
    api = recorded.one("apimanagement:Api").inputs
    assert (api["path"], api["protocols"], api["subscriptionRequired"]) == ("openai/v1", ["https"], True)
    assert api["subscriptionKeyParameterNames"] == {"header": "api-key", "query": "api-key"}
    assert {(each.inputs["method"], each.inputs["urlTemplate"]) for each in recorded.of("ApiOperation")} == {
        ("POST", "/chat/completions"),
        ("GET", "/models"),
    }


def test_the_policy_is_one_and_waits_for_its_pools() -> None:
    policy = full().one("ApiPolicy")
    assert policy.inputs["format"] == "xml"
    assert f'<set-backend-service backend-id="{pool_id("llama-33-70b")}" />' in policy.inputs["value"]
    assert 'count="2"' in policy.inputs["value"]
    assert {"gateway-llama-33-70b", "gateway-api"} <= policy.depends_on


def test_a_team_has_a_product_with_its_limits_and_a_key_after_them() -> None:
    recorded = full()
    assert [each.inputs["productId"] for each in recorded.of("apimanagement:Product")] == ["search", "support"]
    policies = {each.inputs["productId"]: each.inputs["value"] for each in recorded.of("ProductPolicy")}
    assert 'tokens-per-minute="20000"' in policies["search"]
    assert 'token-quota="5000000"' in policies["search"]
    assert "llm-token-limit" not in policies["support"]
    (subscription, _) = recorded.of("apimanagement:Subscription")
    assert {"gateway-search-api", "gateway-search-policy"} <= subscription.depends_on
    assert subscription.inputs["scope"].endswith("/gateway-search")


def test_the_outputs_say_where_to_call_and_keep_the_keys_secret() -> None:
    recorded = full()
    found = recorded.outputs["gateway"]
    assert found["baseUrl"] == "https://contoso-models.azure-api.net/openai/v1/"
    assert found["keyHeader"] == "api-key"
    assert found["models"] == {
        "llama-33-70b": {"kind": "foundry", "deployment": "llama-33-70b", "members": ["east", "here", "west"]}
    }
    assert found["teams"]["support"]["models"] == ["llama-33-70b"]
    keys = secret(recorded.outputs["gatewayKeys"])
    assert keys["search"] == {"primary": "first-key-in-clear", "secondary": "second-key-in-clear"}
    assert "first-key-in-clear" not in str(recorded.sent)


def test_an_entry_of_the_outputs_has_the_id_that_a_gateway_needs() -> None:
    found = full().outputs["endpoints"]["contoso-here/llama-33-70b"]
    assert found["id"].endswith("/Microsoft.CognitiveServices/accounts/contoso-here")


def test_keys_of_members_stay_in_their_vault() -> None:
    members = {"west": {"endpoint": "contoso-west", "stack": WEST, "secret": "west-key"}}
    recorded = gateway(models=model(auth="keys", members=members), keyVault=VAULT)
    named = recorded.one("NamedValue").inputs
    assert named["secret"] is True
    assert named["keyVault"] == {"secretIdentifier": "https://kv.vault.azure.net/secrets/west-key"}
    (member,) = (each for each in recorded.of("apimanagement:Backend") if each.inputs["type"] == "Single")
    assert member.inputs["credentials"] == {"header": {"api-key": [f"{{{{{named['namedValueId']}}}}}"]}}
    assert "authentication-managed-identity" not in recorded.one("ApiPolicy").inputs["value"]
    assert recorded.one("RoleAssignment").inputs["scope"] == VAULT
    assert "gateway-vault" in recorded.one("NamedValue").depends_on


def test_metrics_go_to_an_application_insights_component() -> None:
    recorded = gateway(applicationInsights=INSIGHTS)
    logger = recorded.one("apimanagement:Logger").inputs
    assert logger["resourceId"] == INSIGHTS
    assert secret(logger["credentials"]) == {"connectionString": "InstrumentationKey=in-clear"}
    assert recorded.one("ApiDiagnostic").inputs["metrics"] is True
    assert "llm-emit-token-metric" in recorded.one("ApiPolicy").inputs["value"]


def test_a_service_that_exists_gets_what_is_in_it_only() -> None:
    recorded = gateway(id=SERVICE, drop=("name", "publisherName", "publisherEmail"))
    assert not recorded.of("ApiManagementService")
    assert recorded.one("apimanagement:Api").inputs["serviceName"] == "shared"
    assert recorded.outputs["gateway"]["baseUrl"] == "https://shared.azure-api.net/openai/v1/"


def test_a_service_of_another_subscription_is_an_error() -> None:
    with pytest.raises(pulumi.RunError, match="is not in the stack's subscription"):
        gateway(
            id=SERVICE.replace(SUBSCRIPTION, "0" * 8 + SUBSCRIPTION[8:-1] + "7"),
            drop=("name", "publisherName", "publisherEmail"),
        )


@pytest.mark.parametrize(
    ("outputs", "says"),
    [
        ({}, "does not exist: the stack has no endpoints, because it is not deployed or has been destroyed. Remove"),
        ({"endpoints": entry("contoso-other")}, "Its endpoints: contoso-other/llama-33-70b."),
        (
            {"endpoints": entry("contoso-east", kind="managed")},
            "is of kind managed, and the model's is foundry",
        ),
        (
            {"endpoints": entry("contoso-east", modelName="x")},
            "calls the model 'x', and the other members 'llama-33-70b'",
        ),
        ({"endpoints": entry("contoso-east", openaiBaseUrl=None)}, "has no route of OpenAI"),
        ({"endpoints": entry("contoso-east", id=None)}, "has no id in its outputs; run `pulumi up` there"),
        ({"endpoints": entry("contoso-east", auth="AMLToken")}, "has auth: AMLToken, and the model's auth is identity"),
    ],
)
def test_another_stack_that_does_not_fit_is_an_error(outputs: dict[str, Any], says: str) -> None:
    with pytest.raises(pulumi.RunError) as caught:
        gateway(stacks={**STACKS, EAST: outputs})
    place = "azure-llama:gateway.models.llama-33-70b.members.east"
    assert f"{place}: endpoint 'contoso-east' of stack contoso/llama/eastus2" in str(caught.value)
    assert says in str(caught.value)
