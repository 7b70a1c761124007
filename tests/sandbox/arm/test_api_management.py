"""API Management: services and their names, tiers, backends, named values, products, keys and policies."""

from __future__ import annotations

from typing import Any

import pytest

from azure_llama.catalog import gateways
from azure_llama_sandbox.conditions import Conditions
from tests.sandbox.arm.around import secret_body
from tests.sandbox.arm.gateway import (
    LIMIT,
    MEMBER,
    NAME,
    NAMED_VALUE,
    POOL,
    PRODUCT,
    PRODUCT_POLICY,
    SERVICE,
    VALUE_BODY,
    breaker,
    member_body,
    policy_body,
    pool_body,
    product_body,
    refused,
    service_body,
)
from tests.sandbox.arm.harness import GROUP, SUB, VAULT, Azure, vault_body

PROVIDER = f"{SUB}/providers/Microsoft.ApiManagement"
DELETED = f"{PROVIDER}/locations/eastus2/deletedservices/{NAME}"
CHECK = f"{PROVIDER}/checkNameAvailability"
SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"


# -- services ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["east.us", "east_us", "1-east", "east-", "e" * 81])
@pytest.mark.parametrize("kind", ["backends", "products"])
def test_names_are_letters_digits_and_dashes(service: Azure, kind: str, name: str) -> None:
    body = member_body() if kind == "backends" else product_body()
    assert service.refused("PUT", f"{SERVICE}/{kind}/{name}", body).status == 400


def test_a_service(azure: Azure) -> None:
    azure.with_group()
    answer = azure.call("PUT", SERVICE, service_body())
    assert (answer.status_code, answer.json()["properties"]["provisioningState"]) == (201, "Creating")
    azure.wait(answer)
    made = azure.get(SERVICE)
    assert made["properties"]["gatewayUrl"] == "https://llama-gateway.azure-api.net"
    assert made["properties"]["hostnameConfigurations"][0]["hostName"] == "llama-gateway.azure-api.net"
    assert made["identity"]["principalId"]
    again = azure.put(SERVICE, service_body(capacity=2))
    assert again["identity"] == made["identity"]
    answer = azure.call("PATCH", SERVICE, {"sku": {"name": "StandardV2", "capacity": 1}, "tags": {"a": "b"}})
    azure.wait(answer)
    assert azure.get(SERVICE)["sku"]["name"] == "StandardV2"
    assert azure.call("DELETE", SERVICE).status_code == 202


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (service_body("PremiumV2"), "'PremiumV2' is not one of an API Management service"),
        (service_body("BasicV2", 11), "BasicV2 has 1 to 10 units"),
        (service_body("Consumption", 1), "Consumption has 0 to 0 units"),
        (service_body("Developer", 2), "Developer has 1 to 1 units"),
    ],
)
def test_tiers_and_units(azure: Azure, body: dict[str, Any], words: str) -> None:
    azure.with_group()
    refusal = azure.refused("PUT", SERVICE, body)
    assert (refusal.code, words in refusal.message) == ("InvalidParameters", True)


def test_a_tier_is_not_in_every_region(azure: Azure) -> None:
    azure.with_group()
    refusal = azure.refused("PUT", SERVICE, service_body("BasicV2") | {"location": "polandcentral"})
    assert refusal.code == "InvalidParameters"
    assert "not available in the region 'polandcentral'" in refusal.message
    azure.put(SERVICE, service_body("Developer", 1) | {"location": "polandcentral"})


@pytest.mark.parametrize("sku", [("Developer", 1), ("Consumption", 0)])
def test_a_tier_is_not_changed_into_one_of_another_family(azure: Azure, sku: tuple[str, int]) -> None:
    azure.with_group()
    azure.put(SERVICE, service_body())
    refusal = azure.refused("PUT", SERVICE, service_body(*sku))
    assert f"cannot be changed from BasicV2 to {sku[0]}" in refusal.message
    patch = {"sku": {"name": sku[0], "capacity": sku[1]}}
    assert azure.refused("PATCH", SERVICE, patch).code == "InvalidParameters"


def test_premium_has_as_many_units_as_the_package_knows_of(azure: Azure) -> None:
    assert gateways.SKUS["Premium"].most_units is None
    azure.with_group()
    assert azure.put(SERVICE, service_body("Premium", 1001))["sku"]["capacity"] == 1001


def test_a_deleted_service_keeps_its_name_until_it_is_purged(service: Azure) -> None:
    principal = service.get(SERVICE)["identity"]["principalId"]
    service.delete(SERVICE)
    other = SERVICE.replace(GROUP, f"{SUB}/resourceGroups/other")
    service.put(f"{SUB}/resourceGroups/other", {"location": "eastus2"})
    for path in (SERVICE, other):
        refusal = service.refused("PUT", path, service_body())
        assert (refusal.status, refusal.code) == (409, "ServiceAlreadyExistsInSoftDeletedState")
    listed = service.get(f"{PROVIDER}/deletedservices", version="2024-05-01")["value"]
    assert [each["properties"]["serviceId"] for each in listed] == [SERVICE]
    assert service.get(DELETED, version="2024-05-01") == listed[0]
    refusal = service.refused("PUT", other, service_body(restore=True))
    assert refusal.code == "ServiceNotFoundInSoftDeletedState"
    restored = service.put(SERVICE, service_body(restore=True))
    assert restored["identity"]["principalId"] != principal
    assert "restore" not in restored["properties"]
    service.delete(SERVICE)
    service.delete(DELETED, version="2024-05-01")
    assert service.refused("GET", DELETED, version="2024-05-01").code == "ServiceNotFound"
    service.put(other, service_body())


def test_names_are_taken_in_the_whole_cloud(service: Azure) -> None:
    def available(name: str) -> dict[str, Any]:
        answer: dict[str, Any] = service.call("POST", CHECK, {"name": name}, version="2024-05-01").json()
        return answer

    other = SERVICE.replace(NAME, "Llama-Gateway").replace(GROUP, f"{SUB}/resourceGroups/other")
    service.put(f"{SUB}/resourceGroups/other", {"location": "eastus2"})
    refusal = service.refused("PUT", other, service_body())
    assert (refusal.status, refusal.code, refusal.message) == (
        409,
        "ServiceAlreadyExists",
        "Api service already exists: Llama-Gateway",
    )
    assert available(NAME)["reason"] == "AlreadyExists"
    assert available("1-no")["reason"] == "Invalid"
    assert available("free") == {"nameAvailable": True, "reason": "Valid", "message": ""}
    service.delete(SERVICE)
    assert available(NAME)["reason"] == "AlreadyExists"
    conditions = Conditions.model_validate({"names": {"taken": ["free.azure-api.net"]}})
    object.__setattr__(service.world, "conditions", lambda: conditions)
    assert available("free")["nameAvailable"] is False


# -- backends and named values -----------------------------------------------------------------------------------------


def test_a_pool_of_backends(service: Azure) -> None:
    assert service.put(MEMBER, member_body())["properties"]["type"] == "Single"
    made = service.put(POOL, pool_body(("eastus2", 1, 100)))
    assert made["properties"]["pool"]["services"][0]["id"] == MEMBER
    service.put(POOL, {"properties": {"type": "Pool", "pool": {"services": [{"id": "/backends/eastus2"}]}}})
    mistakes = pool_body(("eastus2", 1, 1), ("nobody", 1, 1), ("llama-33", 2, 1))
    mistakes["properties"] |= {"url": "https://x", "protocol": "http"}
    assert refused(service, f"{SERVICE}/backends/two", mistakes) == [
        ("url", "Url is not supported for backend pool."),
        ("protocol", "Protocol is not supported for backend pool."),
        ("pool.services[1].id", "Backend with id 'nobody' could not be found."),
        ("pool.services[2].id", "A backend pool cannot be a member of a backend pool."),
    ]
    assert refused(service, POOL, {"properties": {"type": "Pool"}})[0][0] == "pool"
    assert service.refused("PUT", POOL, pool_body(("eastus2", 101, 1))).code == "InvalidRequestContent"


@pytest.mark.parametrize(
    ("properties", "target"),
    [
        ({"url": "http://plain.example.com"}, "url"),
        ({"protocol": "grpc"}, "protocol"),
        ({"type": "Many"}, "type"),
        ({"circuitBreaker": {"rules": breaker()["rules"] * 2}}, "circuitBreaker.rules"),
        ({"circuitBreaker": breaker(trip="a minute")}, "circuitBreaker.rules"),
        ({"circuitBreaker": {"rules": [{"tripDuration": "PT1M", "failureCondition": {}}]}}, "circuitBreaker.rules"),
        ({"credentials": {"header": {"api-key": ["{{nobody}}"]}}}, "credentials.header"),
    ],
)
def test_backends_are_refused(service: Azure, properties: dict[str, Any], target: str) -> None:
    body = member_body(**{"circuitBreaker": breaker(), **properties})
    assert target in {each for each, _ in refused(service, MEMBER, body)}
    service.put(MEMBER, member_body())
    assert target in {each for each, _ in refused(service, MEMBER, {"properties": properties}, "PATCH")}


def test_what_consumption_lacks(azure: Azure) -> None:
    azure.with_group()
    azure.put(SERVICE, service_body("Consumption", 0))
    azure.put(PRODUCT, product_body())
    text = "Circuit breakers are not supported in the Consumption tier."
    assert refused(azure, MEMBER, member_body()) == [("circuitBreaker", text)]
    ((element, message),) = refused(azure, PRODUCT_POLICY, policy_body(LIMIT))
    assert (element, "not supported in the Consumption tier" in message) == ("llm-token-limit", True)


def test_named_values_hide_what_is_secret(service: Azure) -> None:
    made = service.put(NAMED_VALUE, VALUE_BODY)
    assert "value" not in made["properties"]
    assert service.call("POST", f"{NAMED_VALUE}/listValue").json() == {"value": "a-member-s-key"}
    service.call("PATCH", NAMED_VALUE, {"properties": {"value": "another"}})
    assert service.call("POST", f"{NAMED_VALUE}/listValue").json() == {"value": "another"}
    plain = f"{SERVICE}/namedValues/plain"
    assert service.put(plain, {"properties": {"displayName": "plain", "value": "x"}})["properties"]["value"] == "x"
    assert refused(service, plain, VALUE_BODY) == [("displayName", "The named value 'llama-key' already exists.")]
    assert refused(service, f"{SERVICE}/namedValues/none", {"properties": {"displayName": "none"}})[0][0] == "value"


def test_a_named_value_from_a_vault_needs_the_role_of_the_identity(service: Azure) -> None:
    service.put(VAULT, vault_body())
    service.put(f"{VAULT}/secrets/llama-key", secret_body("from-the-vault"))

    def from_vault(identifier: str = "https://llama-vault.vault.azure.net/secrets/llama-key") -> dict[str, Any]:
        reference = {"secretIdentifier": identifier}
        return {"properties": {"displayName": "llama-key", "secret": True, "keyVault": reference}}

    principal = service.get(SERVICE)["identity"]["principalId"]
    ((target, message),) = refused(service, NAMED_VALUE, from_vault())
    assert (target, f"the principal '{principal}'" in message) == ("keyVault", True)
    assignment = f"{VAULT}/providers/Microsoft.Authorization/roleAssignments/00000000-0000-4000-8000-000000000007"
    role = f"{SUB}/providers/Microsoft.Authorization/roleDefinitions/{SECRETS_USER}"
    service.put(assignment, {"properties": {"principalId": principal, "roleDefinitionId": role}})
    made = service.put(NAMED_VALUE, from_vault())
    assert made["properties"]["keyVault"]["lastStatus"]["code"] == "Success"
    assert service.call("POST", f"{NAMED_VALUE}/listValue").json() == {"value": "from-the-vault"}
    service.put(f"{VAULT}/secrets/llama-key", secret_body("a-new-one"))
    assert service.call("POST", f"{NAMED_VALUE}/refreshSecret").status_code == 200
    assert service.call("POST", f"{NAMED_VALUE}/listValue").json() == {"value": "a-new-one"}
    for identifier in (
        "https://llama-vault.vault.azure.net/secrets/nothing",
        "https://nowhere.vault.azure.net/secrets/llama-key",
        f"https://llama-vault.vault.azure.net/secrets/llama-key/{'0' * 32}",
        "a secret",
    ):
        assert refused(service, NAMED_VALUE, from_vault(identifier))[0][0] == "keyVault"
    service.wait(service.call("PATCH", SERVICE, {"identity": {"type": "None"}}))
    assert "has no such managed identity" in refused(service, NAMED_VALUE, from_vault())[0][1]


def test_an_access_policy_is_enough(service: Azure) -> None:
    principal = service.get(SERVICE)["identity"]["principalId"]
    policy = {"tenantId": vault_body()["properties"]["tenantId"], "objectId": principal}
    body = vault_body(enableRbacAuthorization=False, accessPolicies=[policy | {"permissions": {"secrets": ["get"]}}])
    service.put(VAULT, body)
    service.put(f"{VAULT}/secrets/llama-key", secret_body("from-the-vault"))
    reference = {"secretIdentifier": "https://llama-vault.vault.azure.net/secrets/llama-key"}
    service.put(NAMED_VALUE, {"properties": {"displayName": "k", "secret": True, "keyVault": reference}})
    service.put(VAULT, vault_body(enableRbacAuthorization=False, accessPolicies=[]))
    assert refused(service, NAMED_VALUE, {"properties": {"displayName": "k", "keyVault": reference}})
