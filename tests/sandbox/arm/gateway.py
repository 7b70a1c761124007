"""A gateway in API Management: the paths and bodies of its parts."""

from __future__ import annotations

from typing import Any

from tests.sandbox.arm.harness import GROUP, INSIGHTS, Azure

NAME = "llama-gateway"
SERVICE = f"{GROUP}/providers/Microsoft.ApiManagement/service/{NAME}"
MEMBER = f"{SERVICE}/backends/eastus2"
POOL = f"{SERVICE}/backends/llama-33"
NAMED_VALUE = f"{SERVICE}/namedValues/llama-key"
LOGGER = f"{SERVICE}/loggers/insights"
API = f"{SERVICE}/apis/openai"
OPERATION = f"{API}/operations/chat"
API_POLICY = f"{API}/policies/policy"
DIAGNOSTIC = f"{API}/diagnostics/applicationinsights"
PRODUCT = f"{SERVICE}/products/team-a"
API_LINK = f"{PRODUCT}/apiLinks/openai"
PRODUCT_POLICY = f"{PRODUCT}/policies/policy"
SUBSCRIPTION = f"{SERVICE}/subscriptions/team-a"
SECTIONS = "<backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error>"
COUNTER = 'counter-key="@(context.Subscription.Id)" estimate-prompt-tokens="false"'


def service_body(sku: str = "BasicV2", capacity: int = 1, **properties: Any) -> dict[str, Any]:
    given = {"publisherEmail": "team@example.com", "publisherName": "Team"} | properties
    return {
        "location": "eastus2",
        "sku": {"name": sku, "capacity": capacity},
        "identity": {"type": "SystemAssigned"},
        "properties": given,
    }


def breaker(
    count: int = 1, interval: str = "PT1M", trip: str = "PT1M", *, accept: bool = True, also: int = 429
) -> dict[str, Any]:
    ranges = [{"min": also, "max": also}, {"min": 429, "max": 429}, {"min": 500, "max": 599}]
    condition = {"count": count, "interval": interval, "statusCodeRanges": ranges}
    rule = {"name": "failures", "failureCondition": condition, "tripDuration": trip, "acceptRetryAfter": accept}
    return {"rules": [rule]}


def member_body(url: str = "https://llama-foundry.openai.azure.com/openai/v1", **properties: Any) -> dict[str, Any]:
    return {"properties": {"url": url, "protocol": "http", "circuitBreaker": breaker()} | properties}


def pool_body(*members: tuple[str, int, int]) -> dict[str, Any]:
    """A pool of members: name, priority and weight of each."""
    services = [
        {"id": f"{SERVICE}/backends/{name}", "priority": priority, "weight": weight}
        for name, priority, weight in members
    ]
    return {"properties": {"type": "Pool", "pool": {"services": services}}}


def api_body(path: str = "openai/v1", **properties: Any) -> dict[str, Any]:
    names = {"header": "api-key", "query": "api-key"}
    given = {"path": path, "displayName": path, "protocols": ["https"], "subscriptionKeyParameterNames": names}
    return {"properties": given | properties}


def operation_body(method: str = "POST", template: str = "/chat/completions", **properties: Any) -> dict[str, Any]:
    return {"properties": {"displayName": template, "method": method, "urlTemplate": template} | properties}


def policy_body(inbound: str = "<base />", sections: str = SECTIONS) -> dict[str, Any]:
    return {"properties": {"format": "xml", "value": f"<policies><inbound>{inbound}</inbound>{sections}</policies>"}}


def product_body(name: str = "Team A", **properties: Any) -> dict[str, Any]:
    return {"properties": {"displayName": name, "state": "published", "approvalRequired": False} | properties}


def subscription_body(scope: str = PRODUCT, **properties: Any) -> dict[str, Any]:
    return {"properties": {"displayName": "Team A", "scope": scope, "state": "active"} | properties}


LOGGER_BODY: dict[str, Any] = {
    "properties": {
        "loggerType": "applicationInsights",
        "credentials": {"connectionString": "InstrumentationKey=0"},
        "resourceId": INSIGHTS,
    }
}
DIAGNOSTIC_BODY: dict[str, Any] = {"properties": {"loggerId": LOGGER, "metrics": True}}
LIMIT = f'<llm-token-limit {COUNTER} tokens-per-minute="1000" />'
VALUE_BODY: dict[str, Any] = {"properties": {"displayName": "llama-key", "secret": True, "value": "a-member-s-key"}}

NEEDS_API = ((SERVICE, service_body()), (API, api_body()))
NEEDS_PRODUCT = (*NEEDS_API, (PRODUCT, product_body()))
NEEDS_LOGGER = (
    *NEEDS_API,
    (INSIGHTS, {"location": "eastus2", "kind": "web", "properties": {"Application_Type": "web"}}),
    (LOGGER, LOGGER_BODY),
)
PARTS: dict[str, tuple[str, dict[str, Any], tuple[tuple[str, dict[str, Any]], ...]]] = {
    "gateway-member": (MEMBER, member_body(), NEEDS_API),
    "gateway-value": (NAMED_VALUE, VALUE_BODY, NEEDS_API),
    "gateway-logger": (LOGGER, LOGGER_BODY, NEEDS_LOGGER[:-1]),
    "gateway-api": (API, api_body(), NEEDS_API[:1]),
    "gateway-operation": (OPERATION, operation_body(), NEEDS_API),
    "gateway-policy": (API_POLICY, policy_body(), NEEDS_API),
    "gateway-diagnostic": (DIAGNOSTIC, DIAGNOSTIC_BODY, NEEDS_LOGGER),
    "gateway-product": (PRODUCT, product_body(), NEEDS_API),
    "gateway-link": (API_LINK, {"properties": {"apiId": API}}, NEEDS_PRODUCT),
    "gateway-product-policy": (PRODUCT_POLICY, policy_body(f"<base />{LIMIT}"), NEEDS_PRODUCT),
    "gateway-subscription": (SUBSCRIPTION, subscription_body(), NEEDS_PRODUCT),
}
"""What lies in a service: path, body, and what it needs."""


def refused(azure: Azure, path: str, body: dict[str, Any], method: str = "PUT") -> list[tuple[str, str]]:
    """Target and message of each error of a ValidationError."""
    refusal = azure.refused(method, path, body)
    assert (refusal.status, refusal.code) == (400, "ValidationError"), refusal.error
    assert refusal.message == "One or more fields contain incorrect values:"
    return [(each["target"], each["message"]) for each in refusal.error["details"]]
