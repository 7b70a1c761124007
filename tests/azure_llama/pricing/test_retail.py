"""The Retail Prices API: read to the last page, and everything left out that was not meant."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest

from azure_llama.arm import ArmError, HalfAnswerError, NoNetworkError, NotAzureError, RefusedError, ThrottledError
from azure_llama.pricing.retail import RetailPrices
from azure_llama_sandbox import retail_prices
from azure_llama_sandbox.clock import Clock

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
ITEM = {
    "tierMinimumUnits": 0.0,
    "retailPrice": 3.673,
    "armRegionName": "eastus",
    "effectiveStartDate": "2026-01-01T00:00:00Z",
    "meterName": "NC24ads A100 v4",
    "productName": "Virtual Machines NCads A100 v4 Series",
    "skuName": "NC24ads A100 v4",
    "unitOfMeasure": "1 Hour",
    "type": "Consumption",
}


def _azure() -> httpx.AsyncBaseTransport:
    return httpx.ASGITransport(retail_prices.build(Clock(1, date(2026, 11, 25))))


def _ask(transport: httpx.AsyncBaseTransport, size: str, region: str) -> float | None:
    async def ask() -> float | None:
        async with RetailPrices(now=NOW, transport=transport, sleep=_no_wait) as retail:
            return await retail.vm(size, region)

    return asyncio.run(ask())


async def _no_wait(_: float) -> None:
    return None


def _answering(*answers: Callable[[httpx.Request], httpx.Response] | httpx.Response) -> httpx.MockTransport:
    left = list(answers)

    def answer(request: httpx.Request) -> httpx.Response:
        following = left.pop(0) if len(left) > 1 else left[0]
        return following(request) if callable(following) else following

    return httpx.MockTransport(answer)


def _page(*items: dict[str, Any], link: str | None = None) -> httpx.Response:
    return httpx.Response(200, json={"Items": list(items), "NextPageLink": link, "Count": len(items)})


def test_the_price_that_holds_among_all_that_azure_says() -> None:
    # Over several pages: Windows, Spot, Low Priority, the price until November and the one from December.
    assert _ask(_azure(), "Standard_NC48ads_A100_v4", "eastus") == 9.554
    assert _ask(_azure(), "Standard_NC48ads_A100_v4", "westus") == 9.55


def test_no_price_is_none() -> None:
    assert _ask(_azure(), "Standard_NC48ads_A100_v4", "uksouth") is None
    assert _ask(_azure(), "Standard_DS3_v2", "eastus") is None


@pytest.mark.parametrize(
    "change",
    [
        {"productName": "Virtual Machines NCads A100 v4 Series Windows"},
        {"skuName": "NC24ads A100 v4 Spot"},
        {"meterName": "NC24ads A100 v4 Low Priority"},
        {"effectiveStartDate": "2026-11-25T12:00:01Z"},
        {"retailPrice": 0.0},
        {"tierMinimumUnits": 100.0},
        {"unitOfMeasure": "1 Month"},
    ],
)
def test_what_was_not_meant(change: dict[str, Any]) -> None:
    cheaper = {**ITEM, "retailPrice": 0.1, **change}
    assert _ask(_answering(_page(cheaper)), "x", "y") is None
    assert _ask(_answering(_page(ITEM, cheaper)), "x", "y") == 3.673


def test_the_latest_price_that_holds() -> None:
    older = {**ITEM, "retailPrice": 9.0, "effectiveStartDate": "2020-01-01T00:00:00Z"}
    assert _ask(_answering(_page(ITEM, older)), "x", "y") == 3.673
    assert _ask(_answering(_page(older, ITEM)), "x", "y") == 3.673


def test_meters_of_tokens() -> None:
    async def ask() -> dict[str, float]:
        async with RetailPrices(now=NOW, transport=_azure()) as retail:
            return await retail.llama_meters("swedencentral")

    found = asyncio.run(ask())
    assert found["Llama 3.3 70B Inp regnl Tokens"] == pytest.approx(0.859)
    assert found["Llama 4 Maverick 17B Outp glbl Tokens"] == pytest.approx(1.0)


def test_throttled_once_it_asks_again() -> None:
    throttled = httpx.Response(429, headers={"Retry-After": "1"}, json={"error": {"message": "slow down"}})
    assert _ask(_answering(throttled, _page(ITEM)), "x", "y") == 3.673


def _cut(_: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("no route to host")


def _slow(_: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("")


@pytest.mark.parametrize(
    ("answer", "kind", "said"),
    [
        (_cut, NoNetworkError, "prices.azure.com cannot be reached: no route to host"),
        (_slow, NoNetworkError, "no answer in time"),
        (httpx.Response(200, text="<html><title>Sign in</title></html>"), NotAzureError, "titled 'Sign in'"),
        (httpx.Response(200, text='{"Items": ['), HalfAnswerError, "the JSON ends"),
        (httpx.Response(200, json=[]), HalfAnswerError, "no object"),
        (httpx.Response(200, json={"Items": None}), HalfAnswerError, "no 'Items'"),
        (httpx.Response(400, json={"Error": {"Code": "BadRequest"}}), RefusedError, "400"),
        (httpx.Response(429, json={"error": {"message": "slow"}}), ThrottledError, "too many requests"),
        (httpx.Response(502, text="<html>bad gateway</html>"), NotAzureError, "page in HTML"),
        (_page({**ITEM, "retailPrice": "3"}), HalfAnswerError, "lacks what every price has"),
        (_page({**ITEM, "effectiveStartDate": "soon"}), HalfAnswerError, "lacks what every price has"),
        (_page(ITEM, link="https://example.com/api?$skip=1"), NotAzureError, "leads to example.com"),
        (_page(ITEM, link="https://prices.azure.com:443/api/retail/prices?$skip=1"), HalfAnswerError, "than 200 pages"),
    ],
)
def test_no_usable_answer_is_an_error_with_its_reason(answer: Any, kind: type[ArmError], said: str) -> None:
    with pytest.raises(kind) as raised:
        _ask(_answering(answer), "x", "y")
    assert said in str(raised.value)
