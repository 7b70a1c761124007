"""API Management: APIs, products, subscriptions with their keys, loggers, and the policies that are refused."""

from __future__ import annotations

import pytest

from tests.sandbox.arm.gateway import (
    API,
    API_LINK,
    API_POLICY,
    COUNTER,
    DIAGNOSTIC,
    DIAGNOSTIC_BODY,
    LOGGER,
    LOGGER_BODY,
    MEMBER,
    NAME,
    NEEDS_LOGGER,
    OPERATION,
    PRODUCT,
    PRODUCT_POLICY,
    SERVICE,
    SUBSCRIPTION,
    api_body,
    member_body,
    operation_body,
    policy_body,
    product_body,
    refused,
    subscription_body,
)
from tests.sandbox.arm.harness import SUB, VAULT, Azure

PROVIDER = f"{SUB}/providers/Microsoft.ApiManagement"
DELETED = f"{PROVIDER}/locations/eastus2/deletedservices/{NAME}"
CHECK = f"{PROVIDER}/checkNameAvailability"
SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"


# -- APIs, products, subscriptions -------------------------------------------------------------------------------------


def test_apis_and_operations(service: Azure) -> None:
    made = service.get(API)["properties"]
    assert (made["apiRevision"], made["subscriptionRequired"]) == ("1", True)
    assert refused(service, f"{SERVICE}/apis/second", api_body())[0][0] == "path"
    assert refused(service, f"{SERVICE}/apis/second", api_body("x", format="openapi"))[0][0] == "format"
    assert refused(service, API, {"properties": {"path": "x", "value": "y"}}, "PUT")[0][0] == "format"
    service.put(f"{SERVICE}/apis/second", api_body("second"))
    assert refused(service, API, {"properties": {"path": "second"}}, "PATCH")[0][0] == "path"
    service.put(OPERATION, operation_body())
    template = operation_body("GET", "/models/{model}")
    assert refused(service, f"{API}/operations/model", template)[0][0] == "templateParameters"
    template["properties"]["templateParameters"] = [{"name": "model", "type": "string"}]
    service.put(f"{API}/operations/model", template)
    assert refused(service, OPERATION, operation_body(policies="<policies/>"))[0][0] == "policies"
    assert len(service.get(f"{API}/operations", version="2024-05-01")["value"]) == 2


def test_keys_of_a_subscription(service: Azure) -> None:
    assert service.put(SUBSCRIPTION, subscription_body())["properties"]["scope"] == PRODUCT

    def keys() -> dict[str, str]:
        found: dict[str, str] = service.call("POST", f"{SUBSCRIPTION}/listSecrets").json()
        return found

    before = keys()
    assert set(before) == {"primaryKey", "secondaryKey"}
    assert before["primaryKey"] not in str(service.get(SUBSCRIPTION))
    assert service.call("POST", f"{SUBSCRIPTION}/regenerateSecondaryKey").status_code == 204
    after = keys()
    assert (after["primaryKey"], after["secondaryKey"] == before["secondaryKey"]) == (before["primaryKey"], False)
    service.put(SUBSCRIPTION, subscription_body())
    assert keys() == after
    service.call("PATCH", SUBSCRIPTION, {"properties": {"primaryKey": "of-my-choice"}})
    assert keys()["primaryKey"] == "of-my-choice"
    assert "of-my-choice" not in str(service.get(SUBSCRIPTION))
    assert service.call("POST", f"{SUBSCRIPTION}/listSecrets", who="guest").status_code == 403


@pytest.mark.parametrize(
    ("scope", "becomes"),
    [
        ("/products/team-a", PRODUCT),
        ("/apis/openai", API),
        ("/apis", f"{SERVICE}/apis"),
        (f"{SERVICE}/", f"{SERVICE}/"),
    ],
)
def test_scopes(service: Azure, scope: str, becomes: str) -> None:
    body = subscription_body(scope)
    del body["properties"]["state"]
    made = service.put(SUBSCRIPTION, body)["properties"]
    assert (made["scope"], made["state"]) == (becomes, "submitted")
    assert refused(service, SUBSCRIPTION, subscription_body("/products/nobody"))[0][0] == "scope"


def test_products(service: Azure) -> None:
    assert refused(service, f"{SERVICE}/products/second", product_body())[0][0] == "displayName"
    assert refused(service, API_LINK, {"properties": {"apiId": f"{SERVICE}/apis/nobody"}})[0][0] == "apiId"
    service.put(API_LINK, {"properties": {"apiId": API}})
    service.put(SUBSCRIPTION, subscription_body())
    assert refused(service, PRODUCT, {}, "DELETE")[0][0] == "productId"
    assert service.call("DELETE", PRODUCT, deleteSubscriptions="true").status_code == 200
    assert service.call("GET", SUBSCRIPTION).status_code == 404


def test_loggers_hide_their_credentials(service: Azure) -> None:
    for path, body in NEEDS_LOGGER:
        service.put(path, body)
    assert "InstrumentationKey" not in str(service.get(LOGGER))
    service.put(DIAGNOSTIC, DIAGNOSTIC_BODY)
    other = LOGGER_BODY["properties"]
    assert refused(service, LOGGER, {"properties": other | {"loggerType": "azureEventHub"}})[0][0] == "loggerType"
    assert refused(service, LOGGER, {"properties": other | {"credentials": {}}})[0][0] == "credentials"
    assert refused(service, LOGGER, {"properties": other | {"resourceId": VAULT}})[0][0] == "resourceId"
    assert refused(service, f"{API}/diagnostics/mine", DIAGNOSTIC_BODY)[0][0] == "diagnosticId"
    assert refused(service, DIAGNOSTIC, {"properties": {"loggerId": f"{LOGGER}-2"}})[0][0] == "loggerId"


# -- policies ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inbound", "element", "words"),
    [
        ("<mock-response />", "mock-response", "does not emulate this element in 'inbound'"),
        ("<base><base /></base>", "base", "it takes no elements"),
        ("<base colour='blue' />", "base", "does not emulate the attribute 'colour'"),
        ("<set-variable name='model' />", "set-variable", "the required attribute 'value' is missing"),
        ("<set-variable name='model' value='@(1 + 1)' />", "set-variable", "the value of the attribute 'value'"),
        ("<set-header name='a'><value>{{secret}}</value></set-header>", "value", "the text: {{secret}}"),
        ("words", "inbound", "does not emulate the text: words"),
        (f"<llm-token-limit {COUNTER} />", "llm-token-limit", "'tokens-per-minute' and 'token-quota' must be set"),
        (f"<llm-token-limit {COUNTER} token-quota='5' />", "llm-token-limit", "must be set together"),
        (
            f"<llm-token-limit {COUNTER} token-quota='5' token-quota-period='Daily' />",
            "llm-token-limit",
            "the value of the attribute 'token-quota-period': Daily",
        ),
        ("<choose><otherwise><base /></otherwise></choose>", "base", "in 'otherwise'; it must be one of return-resp"),
    ],
)
def test_policies_are_refused(service: Azure, inbound: str, element: str, words: str) -> None:
    body = policy_body(inbound)
    found = refused(service, API_POLICY, body)
    assert [each for each, _ in found] == [element]
    assert found[0][1].startswith(f"Error in element '{element}' on line 1, column ")
    assert words in found[0][1]
    assert refused(service, PRODUCT_POLICY, body) == found


def test_all_mistakes_of_a_policy_have_their_lines(service: Azure) -> None:
    found = refused(service, API_POLICY, policy_body("\n<mock />\n<cache-lookup />\n<base x='1' />\n"))
    assert [(target, message.partition(":")[0]) for target, message in found] == [
        ("mock", "Error in element 'mock' on line 2, column 1"),
        ("cache-lookup", "Error in element 'cache-lookup' on line 3, column 1"),
        ("base", "Error in element 'base' on line 4, column 1"),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<policies>", "no element found"),
        ("<policies><inbound></policies>", "mismatched tag"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><policies />', "a document type declaration is not allowed"),
        ("<inbound />", "the root element must be 'policies'"),
    ],
)
def test_what_is_no_policy(service: Azure, text: str, words: str) -> None:
    ((_, message),) = refused(service, API_POLICY, {"properties": {"value": text}})
    assert words in message


def test_policies_name_what_is_there(service: Azure) -> None:
    body = policy_body("<choose><when condition='@(context.Operation.Id == \"models\")'>{}</when></choose>")
    text = body["properties"]["value"].format('<set-backend-service backend-id="eastus2" />')
    body["properties"]["value"] = text
    ((element, message),) = refused(service, API_POLICY, body)
    assert (element, "Backend with id 'eastus2' could not be found." in message) == ("set-backend-service", True)
    service.put(MEMBER, member_body())
    assert service.put(API_POLICY, body)["properties"] == body["properties"]
    assert refused(service, f"{API}/policies/mine", body)[0][0] == "policyId"
    raw = {"properties": body["properties"] | {"format": "rawxml"}}
    assert refused(service, API_POLICY, raw)[0][0] == "format"
    assert refused(service, API_POLICY, {"properties": {"value": "<x/>"}}, "PATCH")[0][0] == "x"
