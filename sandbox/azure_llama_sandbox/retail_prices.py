"""prices.azure.com: the Azure Retail Prices API, over the prices of the catalogue.

It has what trips a reader of the real one: pages, Windows, Spot and Low Priority beside what was meant, prices that
held before and prices that will hold next month, filter values whose letter case counts.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from azure_llama.catalog.prices import Reading
from azure_llama_sandbox import hosts
from azure_llama_sandbox.clock import Clock
from azure_llama_sandbox.facts import CATALOG

PATH = "/api/retail/prices"
PAGE = 4
"""Items of a page. Azure's has up to 1,000; so few make every client page."""

_NOT_YET = timedelta(days=30)
_CLAUSE = re.compile(
    r"\s*(?:(?P<field>\w+)\s+eq\s+'(?P<value>[^']*)'|contains\(\s*(?P<within>\w+)\s*,\s*'(?P<part>[^']*)'\s*\))\s*"
)
_FIELDS = frozenset(
    {"serviceName", "armSkuName", "armRegionName", "productName", "skuName", "meterName", "priceType", "currencyCode"}
)
_ITEM = {"priceType": "type"}
"""Filter fields that an item has under another name."""
_NAMESPACE = uuid.UUID("5a0d80c5-11a3-4a5d-9b0e-000000000003")

Item = dict[str, Any]


class _BadFilterError(ValueError):
    pass


def build(clock: Clock) -> ASGIApp:
    """The application.

    Args:
        clock: Required. Tells the day, from which a coming price is a month away.
    """

    async def answer(request: Request) -> JSONResponse:
        query = request.query_params
        try:
            skip = int(query.get("$skip", "0"))
            wanted = _clauses(query.get("$filter", ""))
        except ValueError as error:
            return _refused(str(error))
        if query.get("currencyCode", "USD").strip("'") != "USD":
            return _refused("The sandbox has prices in USD alone.")
        found = [item for item in _all(clock.today()) if _takes(wanted, item)]
        page = found[skip : skip + PAGE]
        more = skip + PAGE < len(found)
        return JSONResponse(
            {
                "BillingCurrency": "USD",
                "CustomerEntityId": "Default",
                "CustomerEntityType": "Retail",
                "Items": page,
                "NextPageLink": _next(request, skip + PAGE) if more else None,
                "Count": len(page),
            }
        )

    return Starlette(routes=[Route(PATH, answer)])


def _refused(message: str) -> JSONResponse:
    return JSONResponse({"Error": {"Code": "BadRequest", "Message": message}}, status_code=400)


def _next(request: Request, skip: int) -> str:
    kept = {key: value for key, value in request.query_params.items() if key != "$skip"} | {"$skip": str(skip)}
    # The port is there in Azure's links too.
    return f"https://{hosts.PRICES}:443{PATH}?" + "&".join(f"{key}={quote(value)}" for key, value in kept.items())


def _clauses(text: str) -> list[tuple[str, str, bool]]:
    """What a filter asks for: field, value, and whether the whole value is meant."""
    found: list[tuple[str, str, bool]] = []
    while text.strip():
        match = _CLAUSE.match(text)
        if match is None:
            raise _BadFilterError(f"Invalid OData query options: {text!r} cannot be read.")
        field = match["field"] or match["within"]
        if field not in _FIELDS:
            raise _BadFilterError(f"Invalid OData query options: there is no field {field!r}.")
        whole = match["field"] is not None
        found.append((_ITEM.get(field, field), match["value"] if whole else match["part"], whole))
        rest = text[match.end() :]
        if rest and not rest.startswith("and "):
            raise _BadFilterError(f"Invalid OData query options: 'and' is expected before {rest!r}.")
        text = rest.removeprefix("and ")
    return found


def _takes(wanted: list[tuple[str, str, bool]], item: Mapping[str, Any]) -> bool:
    return all(item[field] == value if whole else value in item[field] for field, value, whole in wanted)


@lru_cache(maxsize=2)
def _all(today: date) -> tuple[Item, ...]:
    return tuple(_items(today))


def _items(today: date) -> Iterator[Item]:
    for size in CATALOG.gpu_sizes:
        for region in sorted(size.prices):
            price = CATALOG.vm_price(size.name, region)
            for reading in price.readings if price else ():
                yield from _machine(size.name, region, reading, today)
    for row in CATALOG.rows("token_prices"):
        if row["meter"] is not None:
            yield from _tokens(row)


def _machine(size: str, region: str, reading: Reading, today: date) -> Iterator[Item]:
    name = size.removeprefix("Standard_").replace("_", " ")
    product = f"Virtual Machines {name} Series"
    since = datetime.fromisoformat(reading.as_of)
    coming = datetime.combine(today + _NOT_YET, datetime.min.time())
    # Whatever is not meant costs something else, so that a reader who takes it is seen to.
    for product_name, suffix, kind, factor, start in (
        (product, "", "Consumption", 1.0, since),
        (product, "", "Consumption", 1.25, coming),
        (product, "", "DevTestConsumption", 0.9, since),
        (f"{product} Windows", "", "Consumption", 1.5, since),
        (product, " Spot", "Consumption", 0.2, since),
        (product, " Low Priority", "Consumption", 0.3, since),
    ):
        yield _item(
            region,
            service="Virtual Machines",
            product=product_name,
            sku=name + suffix,
            arm_sku=size,
            unit="1 Hour",
            kind=kind,
            price=round(reading.usd * factor, 6),
            start=start,
        )


def _tokens(row: Mapping[str, Any]) -> Iterator[Item]:
    scope = {"global": "glbl", "data zone": "Dzone", "regional": "regnl"}[row["scope"]]
    for region in row["regions"] or [each.name for each in CATALOG.regions]:
        for side, short in (("input", "Inp"), ("output", "Outp")):
            yield _item(
                region,
                service="Foundry Models",
                product="Azure Llama Models",
                sku=f"{row['meter']} {short} {scope}",
                arm_sku="",
                unit="1K",
                kind="Consumption",
                price=round(row[f"{side}_usd_per_million"] / 1000, 9),
                start=datetime.fromisoformat(row["as_of"]),
                meter=f"{row['meter']} {short} {scope} Tokens",
            )


def _item(
    region: str,
    *,
    service: str,
    product: str,
    sku: str,
    arm_sku: str,
    unit: str,
    kind: str,
    price: float,
    start: datetime,
    meter: str | None = None,
) -> Item:
    known = CATALOG.find_region(region)
    key = f"{region}|{product}|{sku}|{kind}"
    return {
        "currencyCode": "USD",
        "tierMinimumUnits": 0.0,
        "retailPrice": price,
        "unitPrice": price,
        "armRegionName": region,
        "location": known.display_name if known else region,
        "effectiveStartDate": f"{start:%Y-%m-%dT%H:%M:%SZ}",
        "meterId": str(uuid.uuid5(_NAMESPACE, key)),
        "meterName": meter or sku,
        "productId": str(uuid.uuid5(_NAMESPACE, product)),
        "skuId": str(uuid.uuid5(_NAMESPACE, sku)),
        "productName": product,
        "skuName": sku,
        "serviceName": service,
        "serviceId": str(uuid.uuid5(_NAMESPACE, service)),
        "serviceFamily": "Compute" if service == "Virtual Machines" else "AI + Machine Learning",
        "unitOfMeasure": unit,
        "type": kind,
        "isPrimaryMeterRegion": True,
        "armSkuName": arm_sku,
    }
