"""Prices asked today: they go before the dated ones, which stay for whatever Azure does not answer."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import httpx

from azure_llama.catalog import Range
from azure_llama.pricing import Estimate, Kind, PriceBook, estimate
from azure_llama.pricing.live import SOURCE, LivePrices, live_prices
from azure_llama.settings import load
from azure_llama_sandbox import retail_prices
from azure_llama_sandbox.clock import Clock
from tests.catalogs import PACKAGE

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
DEPLOYMENT = {"model": "Meta-Llama-3.1-8B-Instruct", "vmSize": "Standard_NC48ads_A100_v4"}
SERVERLESS = {"llama-a": {"model": "Llama-3.3-70B-Instruct"}, "llama-b": {"model": "Meta-Llama-3.1-8B-Instruct"}}
INSTANCES = {"ci-one": {"vmSize": "Standard_DS3_v2", "publicIp": True}}


def _asking(location: str) -> tuple[LivePrices, Estimate]:
    return _with(location, httpx.ASGITransport(retail_prices.build(Clock(1, date(2026, 11, 25)))))


def _with(location: str, transport: httpx.AsyncBaseTransport) -> tuple[LivePrices, Estimate]:
    settings = load(
        {
            "azure-native:location": location,
            "azure-llama:workspace": json.dumps({"name": "llama-dev", "computeInstances": INSTANCES}),
            "azure-llama:serverless": json.dumps(SERVERLESS),
            "azure-llama:managed": json.dumps({"mine": {"deployments": {"blue": DEPLOYMENT}}}),
        },
        PACKAGE,
    )

    def estimated(book: PriceBook) -> Estimate:
        return estimate(settings, prices=book, today=NOW.date())

    book = live_prices(estimated, PACKAGE, now=NOW, transport=transport)
    return book, estimated(book)


def test_live_prices_go_before_dated_ones() -> None:
    _, found = _asking("eastus")
    machine = next(line for line in found.lines if line.resource == "managed.mine.deployments.blue")
    # The dated ones are 7.346 and 9.554; only the latter holds today.
    assert machine.price == Range(9.554, 9.554)
    assert [(source.title, source.as_of) for source in machine.sources] == [(SOURCE, "2026-11-25")]


def test_live_tokens_keep_the_list_price_of_the_marketplace_beside_them() -> None:
    _, found = _asking("swedencentral")
    tokens = [line for line in found.lines if line.kind is Kind.TOKENS and line.resource == "serverless.llama-a"]
    for line in tokens:
        assert line.price is not None
        assert (round(line.price.low, 6), round(line.price.high, 6)) == (0.71, 0.859)
        assert [source.key for source in line.sources] == ["retail-prices-live", "litellm-1.70"]


def test_what_azure_does_not_have_keeps_its_dated_price_and_a_note_says_so() -> None:
    book, found = _asking("eastus")
    dated = next(line for line in found.lines if line.resource == "serverless.llama-b" and line.kind is Kind.TOKENS)
    assert [source.key for source in dated.sources] == ["litellm-1.70"]
    assert book.notes == (
        "The Retail Prices API has no price of Standard_DS3_v2 in eastus today; a dated one may be used.",
        "The Retail Prices API has no meter of Meta-Llama-3.1-8B-Instruct in eastus today; a dated price may be used.",
    )
    assert found.notes == book.notes


def test_without_a_network_the_dated_prices_hold_and_it_is_said_once() -> None:
    def cut(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route to host")

    _, found = _with("eastus", httpx.MockTransport(cut))
    machine = next(line for line in found.lines if line.resource == "managed.mine.deployments.blue")
    assert machine.price == Range(7.346, 9.554)
    assert found.notes == (
        "No live prices (no network): prices.azure.com cannot be reached: no route to host."
        " Dated prices are used instead.",
    )
