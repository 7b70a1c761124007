"""A gateway's service costs by the unit, at the price of its SKU."""

from __future__ import annotations

import json
from typing import Any

from azure_llama.catalog import Range
from azure_llama.pricing import estimate
from azure_llama.settings import load
from tests.catalogs import overlaid

MEMBERS = {"east": {"endpoint": "contoso-east", "stack": "contoso/llama/eastus2"}}
GATEWAY: dict[str, Any] = {
    "name": "contoso-models",
    "publisherName": "Contoso",
    "publisherEmail": "ai@contoso.com",
    "sku": "BasicV2",
    "capacity": 2,
    "models": {"llama-33-70b": {"members": MEMBERS}},
    "teams": {"search": {}},
}
SERVICE = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.ApiManagement"
PRICES = "prices: {monthly: {gatewayBasicV2: {usdPerMonth: 150, source: Contoso, asOf: 2026-11-30}}}"


def lines(overlay: str, **gateway: Any) -> list[tuple[str, Any]]:
    values = {key: value for key, value in {**GATEWAY, **gateway}.items() if value is not None}
    config = {"azure-native:location": "swedencentral", "azure-llama:gateway": json.dumps(values)}
    return [(line.resource, line.monthly) for line in estimate(load(config, overlaid(overlay))).lines]


def test_a_price_that_no_source_has_is_unknown() -> None:
    assert lines("models: {}") == [("gateway", None)]


def test_units_have_the_price_that_a_team_states() -> None:
    assert lines(PRICES) == [("gateway", Range(300, 300))]


def test_a_service_that_exists_is_paid_for_anyway() -> None:
    named = {"name": None, "publisherName": None, "publisherEmail": None, "sku": None, "capacity": None}
    assert lines("models: {}", id=f"{SERVICE}/service/shared", **named) == []
