"""A gateway on API Management, as the engine shows it to policies."""

from __future__ import annotations

from typing import Any

from tests.policies.cases import Given, given

IN = {"serviceName": "contoso-models", "resourceGroupName": "rg"}


def service(sku: Any = "StandardV2", location: Any = "swedencentral", **inputs: Any) -> Given:
    """The service."""
    stated = {
        **IN,
        "location": location,
        "sku": {"name": sku, "capacity": 1},
        "publisherName": "Contoso",
        "publisherEmail": "ai@contoso.com",
    }
    return given("apimanagement:ApiManagementService", "gateway", stated | inputs)


def member(name: str = "here", url: Any = "https://contoso.openai.azure.com/openai/v1", **inputs: Any) -> Given:
    """A backend with an address."""
    stated = {**IN, "backendId": name, "type": "Single", "url": url, "protocol": "http"}
    return given("apimanagement:Backend", name, stated | inputs)


def pool(*services: Any, name: str = "pool", type_: Any = "Pool", **inputs: Any) -> Given:
    """A backend that is a pool."""
    stated = {**IN, "backendId": name, "type": type_, "pool": {"services": list(services)}}
    return given("apimanagement:Backend", name, stated | inputs)


def team(value: Any, name: str = "search") -> Given:
    """The policy of a team's product."""
    return given("apimanagement:ProductPolicy", name, {**IN, "productId": name, "policyId": "policy", "value": value})


def limited(tokens: int) -> str:
    """The text of a policy with a limit."""
    limit = f'<llm-token-limit counter-key="@(context.Subscription.Id)" tokens-per-minute="{tokens}" />'
    return f"<policies><inbound><base />{limit}</inbound></policies>"
