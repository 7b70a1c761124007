"""Foundry deployments cost tokens at the meter of their SKU, or the hours of their throughput units."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest

from azure_llama.catalog import Range
from azure_llama.documents.errors import InputError
from azure_llama.pricing import Estimate, Kind, Volume, as_lines, estimate, paid_by_token, volumes
from azure_llama.pricing.live import live_prices
from azure_llama.settings import Settings, load
from azure_llama_sandbox import retail_prices
from azure_llama_sandbox.clock import Clock
from tests.catalogs import PACKAGE

TODAY = date(2026, 11, 30)
CHAT = {"model": "Llama-3.3-70B-Instruct", "modelVersion": "9", "capacity": 100}


def settings(**deployments: dict[str, Any]) -> Settings:
    foundry = {"contoso-llama": {"deployments": {name: CHAT | each for name, each in deployments.items()}}}
    return load({"azure-native:location": "swedencentral", "azure-llama:foundry": json.dumps(foundry)}, PACKAGE)


def priced(**deployments: dict[str, Any]) -> Estimate:
    return estimate(settings(**deployments), today=TODAY)


@pytest.mark.parametrize(("sku", "usd"), [("GlobalStandard", 0.71), ("DataZoneStandard", 0.781), ("Standard", 0.859)])
def test_tokens_have_the_price_of_the_sku(sku: str, usd: float) -> None:
    lines = priced(chat={"sku": sku}).lines
    assert [line.price for line in lines] == [Range(usd, usd)] * 2
    assert {line.resource for line in lines} == {"foundry.contoso-llama.deployments.chat"}
    assert {line.note for line in lines} == {"volume not stated"}


def test_a_model_that_is_sold_through_the_marketplace_has_its_price() -> None:
    lines = priced(chat={"model": "Llama-4-Scout-17B-16E-Instruct", "modelVersion": "1", "capacity": 1}).lines
    assert [line.price for line in lines] == [Range(0.2, 0.2), Range(0.78, 0.78)]


def test_volumes_are_stated_for_each_deployment() -> None:
    asked = settings(chat={}, other={}, units={"sku": "GlobalProvisionedManaged"})
    assert paid_by_token(asked) == ["contoso-llama/chat", "contoso-llama/other"]
    found = estimate(asked, volumes={"contoso-llama/chat": Volume(50e6, 10e6)}, today=TODAY)
    amounts = [line.monthly for line in found.lines if line.kind is Kind.TOKENS]
    assert [None if each is None else round(each.low, 2) for each in amounts] == [35.5, 7.1, None, None]
    with pytest.raises(InputError, match="neither a serverless endpoint nor a Foundry deployment"):
        volumes.stated(["contoso-llama=1M/1M"], None, paid_by_token(asked))
    assert volumes.stated(["contoso-llama/chat=1M/2M"], None, paid_by_token(asked)) == {
        "contoso-llama/chat": Volume(1e6, 2e6)
    }


def test_throughput_units_cost_their_hours() -> None:
    (one,) = priced(chat={"sku": "GlobalProvisionedManaged"}).lines
    assert (one.kind, one.quantity, one.price) == (Kind.UNITS, Range(73_000, 73_000), Range(1.0, 1.0))
    assert one.monthly == Range(73_000, 73_000)
    (zone,) = priced(chat={"sku": "DataZoneProvisionedManaged"}).lines
    assert zone.price == Range(1.1, 1.1)
    found = priced(chat={"sku": "ProvisionedManaged"})
    assert found.lines[0].price == Range(2.0, 2.4), "it differs by region"
    assert "Provisioned throughput:" in as_lines(found)


@pytest.mark.parametrize("change", [{"sku": "GlobalBatch"}, {"model": "Mistral-Large-3", "format": "Mistral AI"}])
def test_a_price_that_nobody_knows_is_unknown(change: dict[str, Any]) -> None:
    lines = priced(chat=change).lines
    assert {line.price for line in lines} == {None}
    assert all("no price of its tokens is known" in (line.note or "") for line in lines)


def test_live_prices_are_those_of_the_sku() -> None:
    asked = settings(chat={}, zone={"sku": "DataZoneStandard"})
    transport = httpx.ASGITransport(retail_prices.build(Clock(1, date(2026, 11, 25))))
    now = datetime(2026, 11, 25, 12, tzinfo=UTC)
    book = live_prices(lambda each: estimate(asked, prices=each, today=TODAY), PACKAGE, now=now, transport=transport)
    lines = estimate(asked, prices=book, today=TODAY).lines
    assert [round(line.price.low, 6) for line in lines if line.price] == [0.71, 0.71, 0.781, 0.781]
    assert {source.key for line in lines for source in line.sources} == {"retail-prices-live"}
