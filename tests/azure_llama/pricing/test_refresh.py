"""What Azure says today, and which of it an overlay takes."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest

from azure_llama.arm import ForbiddenError, NoNetworkError
from azure_llama.pricing.refresh import PRICES, SIZES, Found, ask, news
from azure_llama.pricing.retail import RetailPrices
from azure_llama_sandbox import retail_prices
from azure_llama_sandbox.clock import Clock
from tests.catalogs import PACKAGE

TODAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
ONLINE = ["AmlCompute", "MIR"]


class Arm:
    """Resource Manager with one answer."""

    def __init__(self, answer: list[dict[str, Any]] | Exception) -> None:
        self.answer = answer
        self.paths: list[str] = []

    async def list(self, path: str, api_version: str, **query: str) -> list[dict[str, Any]]:
        if "Microsoft.CognitiveServices" in path:
            return []  # test_foundry_models.py
        self.paths.append(path)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def _ask(arm: Arm | None, *locations: str, transport: httpx.AsyncBaseTransport | None = None) -> Found:
    azure = transport or httpx.ASGITransport(retail_prices.build(Clock(1, TODAY)))

    async def asked() -> Found:
        async with RetailPrices(now=NOW, transport=azure) as retail:
            return await ask(locations, PACKAGE, arm=arm, subscription="s", retail=retail, today=TODAY)

    return asyncio.run(asked())


def test_prices_of_the_sizes_that_can_still_be_had() -> None:
    found = _ask(None, "eastus", "eastus")
    changes = dict(found.changes)
    at = ("prices", "virtualMachines", "Standard_NC48ads_A100_v4", "eastus")
    assert changes[at] == {"usdPerHour": 9.554, "source": PRICES, "asOf": TODAY}
    assert ("prices", "virtualMachines", "Standard_NC6s_v3", "eastus") not in changes
    assert len(changes) == len(found.changes)
    assert found.failures == ()


def test_sizes_that_azure_ml_offers_in_the_region() -> None:
    arm = Arm(
        [
            {"name": "STANDARD_NC24ADS_A100_V4", "supportedComputeTypes": ONLINE, "gpus": 1},
            {"name": "Standard_NC48ads_A100_v4", "supportedComputeTypes": ["AmlCompute"], "gpus": 2},
            {"name": "Standard_ND96isr_H200_v5", "supportedComputeTypes": ONLINE, "family": "standardH200", "gpus": 8},
            {"name": "Standard_ND_New_v9", "supportedComputeTypes": ONLINE, "gpus": 8},
            {"name": "Standard_DS3_v2", "supportedComputeTypes": ONLINE, "gpus": 0},
        ]
    )
    found = _ask(arm, "uksouth")
    assert arm.paths == ["/subscriptions/s/providers/Microsoft.MachineLearningServices/locations/uksouth/vmSizes"]
    cited = {"source": SIZES, "asOf": TODAY}
    changes = [each for each in found.changes if each[0][0] != "prices"]
    assert changes == [
        (("sizes", "Standard_ND96isr_H200_v5"), {"managedOnline": True, "quotaFamily": "standardH200", **cited}),
        (
            ("regions", "uksouth"),
            {"managedSizes": ["Standard_NC24ads_A100_v4", "Standard_ND96isr_H200_v5"], **cited},
        ),
    ]
    assert found.notes == (
        "Standard_ND_New_v9 has GPUs and is not in the catalogue; Azure does not tell their memory: add it",
        "uksouth: Azure lists no models of Foundry accounts",
    )


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ([], "sizes of eastus: Azure lists none at all"),
        ([{"name": "Standard_NC24ads_A100_v4"}], "and not what for"),
        (NoNetworkError("no way"), "sizes of eastus: no way"),
        (ForbiddenError(403, "AuthorizationFailed", "not you"), "sizes of eastus: 403 AuthorizationFailed: not you"),
    ],
)
def test_an_answer_that_says_too_little_changes_nothing(answer: Any, said: str) -> None:
    found = _ask(Arm(answer), "eastus")
    assert all(where[0] == "prices" for where, _ in found.changes)
    assert [failure for failure in found.failures if said in failure]


def test_without_a_network_one_failure_a_region() -> None:
    def cut(_: httpx.Request) -> httpx.Response:
        return httpx.Response(403, text="<html><title>Blocked</title></html>")

    found = _ask(None, "eastus", "westus", transport=httpx.MockTransport(cut))
    assert found.changes == ()
    assert [failure.partition(":")[0] for failure in found.failures] == ["prices of eastus", "prices of westus"]


ENTRY = {"usdPerHour": 9.5, "source": PRICES, "asOf": TODAY}
AT = ("prices", "virtualMachines", "X", "eastus")


def _held(**entry: Any) -> dict[str, Any]:
    return {"prices": {"virtualMachines": {"X": {"eastus": entry}}}}


@pytest.mark.parametrize(
    ("data", "taken", "told"),
    [
        (None, True, 0),
        ({}, True, 0),
        ({"prices": None}, True, 0),
        (_held(usdPerHour=9.0, source=PRICES, asOf=date(2026, 1, 1)), True, 0),
        (_held(usdPerHour=9.5, source=PRICES, asOf=date(2026, 1, 1)), False, 0),
        (_held(usdPerHour=9.5, source="agreement", asOf=date(2026, 1, 1)), False, 0),
        (_held(usdPerHour=5.0, source="agreement", asOf=date(2026, 1, 1)), False, 1),
    ],
)
def test_what_is_new(data: Any, taken: bool, told: int) -> None:
    new, kept = news(data, [(AT, ENTRY)])
    assert new == ([(AT, ENTRY)] if taken else [])
    assert len(kept) == told
    if told:
        assert kept == [
            "prices.virtualMachines.X.eastus stays as it was written (agreement); Azure says usdPerHour 9.5"
        ]
