"""prices.azure.com: filters, pages, and beside what was meant everything that a reader must leave out."""

from __future__ import annotations

from datetime import date
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from azure_llama_sandbox import retail_prices
from azure_llama_sandbox.clock import Clock
from azure_llama_sandbox.control import Status
from tests.sandbox.harness import connect

MACHINE = (
    "serviceName eq 'Virtual Machines' and armSkuName eq 'Standard_NC48ads_A100_v4' and armRegionName eq 'eastus'"
    " and priceType eq 'Consumption'"
)
URL = "https://prices.azure.com/api/retail/prices"


@pytest.fixture
def prices() -> TestClient:
    return TestClient(retail_prices.build(Clock(1, date(2026, 11, 25))), base_url="https://prices.azure.com")


def _all(prices: TestClient, wanted: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    url: str | None = str(httpx.URL(URL, params={"$filter": wanted}))
    while url:
        page = prices.get(url).raise_for_status().json()
        assert 0 <= page["Count"] == len(page["Items"]) <= retail_prices.PAGE
        found += page["Items"]
        url = page["NextPageLink"]
    return found


def test_a_machine_has_what_was_meant_and_what_was_not(prices: TestClient) -> None:
    found = _all(prices, MACHINE)
    assert len(found) > retail_prices.PAGE
    assert {item["armRegionName"] for item in found} == {"eastus"}
    assert {item["type"] for item in found} == {"Consumption"}
    assert any(item["productName"].endswith(" Windows") for item in found)
    assert any(item["skuName"].endswith(" Spot") for item in found)
    assert any(item["meterName"].endswith(" Low Priority") for item in found)
    plain = [item for item in found if item["skuName"] == "NC48ads A100 v4" and "Windows" not in item["productName"]]
    assert sorted({item["effectiveStartDate"][:10] for item in plain}) == ["2026-06-18", "2026-11-09", "2026-12-25"]
    assert {item["retailPrice"] for item in plain if item["effectiveStartDate"] == "2026-11-09T00:00:00Z"} == {9.554}


def test_values_are_compared_letter_case_and_all(prices: TestClient) -> None:
    assert _all(prices, MACHINE.replace("eastus", "EastUS")) == []
    assert _all(prices, MACHINE.replace("Standard_", "standard_")) == []


def test_tokens_have_meters_by_scope(prices: TestClient) -> None:
    found = _all(prices, "contains(productName, 'Azure Llama Models') and armRegionName eq 'swedencentral'")
    assert {item["meterName"]: item["retailPrice"] for item in found if "3.3" in item["meterName"]} == {
        "Llama 3.3 70B Inp glbl Tokens": 0.00071,
        "Llama 3.3 70B Outp glbl Tokens": 0.00071,
        "Llama 3.3 70B Inp Dzone Tokens": 0.000781,
        "Llama 3.3 70B Outp Dzone Tokens": 0.000781,
        "Llama 3.3 70B Inp regnl Tokens": 0.000859,
        "Llama 3.3 70B Outp regnl Tokens": 0.000859,
    }


@pytest.mark.parametrize(
    "query",
    [
        {"$filter": "armSkuName is 'x'"},
        {"$filter": "colour eq 'blue'"},
        {"$filter": "armSkuName eq 'x' or armSkuName eq 'y'"},
        {"$filter": "armSkuName eq 'x"},
        {"$skip": "many"},
        {"currencyCode": "EUR"},
    ],
)
def test_what_it_cannot_read_it_refuses(prices: TestClient, query: dict[str, str]) -> None:
    answer = prices.get("/api/retail/prices", params=query)
    assert answer.status_code == 400
    assert answer.json()["Error"]["Code"] == "BadRequest"


def test_it_answers_under_its_own_name(started: Status) -> None:
    with connect(started) as client:
        answer = client.get(URL, params={"$filter": MACHINE})
    assert answer.raise_for_status().json()["Items"]
