"""The Azure Retail Prices API: prices of VMs and of a model's tokens.

It wants no sign-in. Values in filters are compared letter case and all. For a machine it answers with Windows, Spot and
Low Priority too, and with prices that hold no more or do not hold yet.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

from azure_llama.arm import ArmError, HalfAnswerError, NoNetworkError, NotAzureError, answers, waiting
from azure_llama.arm.tls import trust
from azure_llama.arm.waiting import AgainError

HOST = "prices.azure.com"
PATH = "/api/retail/prices"
ATTEMPTS = 3
PATIENCE = 20.0
"""Seconds that one question may wait in all before it is asked again."""
TIMEOUT = httpx.Timeout(30, connect=10)
CONNECTIONS = 8
PAGES = 200
"""More pages than that are a circle."""

Item = dict[str, Any]


class RetailPrices:
    """Asks prices.azure.com. Use it as an async context manager. Every error is an `ArmError`."""

    def __init__(
        self,
        *,
        now: datetime | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        sleep: waiting.Sleep = asyncio.sleep,
    ) -> None:
        """Make a client.

        Args:
            now: Optional. The moment that a price must hold at; the present unless given.
            transport: Optional. For tests.
            sleep: Optional. For tests.
        """
        self.now = now or datetime.now(UTC)
        self._sleep = sleep
        self._turns = asyncio.Semaphore(CONNECTIONS)
        self._http = httpx.AsyncClient(base_url=f"https://{HOST}", timeout=TIMEOUT, transport=transport, verify=trust())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def vm(self, size: str, region: str) -> float | None:
        """US dollars an hour of a VM: Linux, pay as you go; None when there is no such price.

        Args:
            size: Required. The VM size as Azure writes it, letter case and all.
            region: Required. ARM name of the region.

        Raises:
            ArmError: there is no usable answer.
        """
        found = await self.items(
            f"serviceName eq 'Virtual Machines' and armSkuName eq '{_plain(size)}'"
            f" and armRegionName eq '{_plain(region)}' and priceType eq 'Consumption'"
        )
        held = [item for item in found if _is_linux(item) and self._holds(item) and item["unitOfMeasure"] == "1 Hour"]
        return max(held, key=_since)["retailPrice"] if held else None

    async def llama_meters(self, region: str) -> dict[str, float]:
        """US dollars a million tokens by the name of the meter, such as `Llama 3.3 70B Inp glbl Tokens`.

        Args:
            region: Required. ARM name of the region.

        Raises:
            ArmError: there is no usable answer.
        """
        found = await self.items(
            f"contains(productName, 'Azure Llama Models') and armRegionName eq '{_plain(region)}'"
            " and priceType eq 'Consumption'"
        )
        thousands = {"1K": 1000.0, "1M": 1.0}
        held = sorted((each for each in found if self._holds(each) and each["unitOfMeasure"] in thousands), key=_since)
        return {each["meterName"]: each["retailPrice"] * thousands[each["unitOfMeasure"]] for each in held}

    async def items(self, wanted: str) -> list[Item]:
        """Every item that a filter takes, over all pages.

        Raises:
            ArmError: there is no usable answer, or a page of it fails: some prices are no prices.
        """
        found: list[Item] = []
        url = str(httpx.URL(PATH, params={"$filter": wanted}))
        for _ in range(PAGES):
            page = await self._page(url)
            items = page.get("Items")
            if not isinstance(items, list) or not all(_is_whole(item) for item in items):
                raise HalfAnswerError(f"{HOST}: the answer has no 'Items', or one that lacks what every price has")
            found += items
            link = page.get("NextPageLink")
            if not link:
                return found
            if urlsplit(str(link)).hostname != HOST:
                raise NotAzureError(f"{HOST}: the answer leads to {urlsplit(str(link)).hostname}")
            address = urlsplit(str(link))
            url = f"{address.path}?{address.query}"
        raise HalfAnswerError(f"{HOST}: more than {PAGES} pages")

    def _holds(self, item: Mapping[str, Any]) -> bool:
        # Lowest tier alone: the others are discounts of volume, which an estimate does not foresee.
        return item["tierMinimumUnits"] == 0 and item["retailPrice"] > 0 and _since(item) <= self.now

    async def _page(self, url: str) -> dict[str, Any]:
        answer = await waiting.answer_to(lambda: self._once(url), waiting.Stop(PATIENCE, ATTEMPTS), self._sleep)
        body = answers.body_of(HOST, answer, frozenset())
        if not isinstance(body, dict):
            raise HalfAnswerError(f"{HOST}: the answer is {'empty' if body is None else 'no object'}")
        return body

    async def _once(self, url: str) -> httpx.Response:
        try:
            async with self._turns:
                answer = await self._http.get(url)
        except httpx.TimeoutException as error:
            raise AgainError(NoNetworkError(f"{HOST}: no answer in time ({type(error).__name__})")) from None
        except httpx.HTTPError as error:
            raise AgainError(NoNetworkError(f"{HOST} cannot be reached: {error or type(error).__name__}")) from None
        if answer.status_code in waiting.RETRIED:
            seconds = waiting.retry_after(answer.headers)
            raise AgainError(_failed(answer), seconds)
        return answer


def _failed(answer: httpx.Response) -> ArmError:
    try:
        answers.body_of(HOST, answer, frozenset())
    except ArmError as error:
        return error
    return HalfAnswerError(f"{HOST}: {answer.status_code}")


def _plain(text: str) -> str:
    return text.replace("'", "''")


def _since(item: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(item["effectiveStartDate"])


def _is_linux(item: Mapping[str, Any]) -> bool:
    return not (
        item["productName"].endswith(" Windows")
        or item["skuName"].endswith((" Spot", " Low Priority"))
        or item["meterName"].endswith((" Spot", " Low Priority"))
    )


_TEXTS = ("armRegionName", "meterName", "productName", "skuName", "unitOfMeasure", "effectiveStartDate")


def _is_whole(item: Any) -> bool:
    if not isinstance(item, dict) or not all(isinstance(item.get(key), str) for key in _TEXTS):
        return False
    try:
        aware = _since(item).tzinfo is not None
    except ValueError:
        return False
    return aware and all(type(item.get(key)) in (int, float) for key in ("retailPrice", "tierMinimumUnits"))
