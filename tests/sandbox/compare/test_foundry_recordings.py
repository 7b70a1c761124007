"""Recorded requests of the Azure CLI to Cognitive Services: what the sandbox answers differently is listed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from azure_llama_sandbox import control
from azure_llama_sandbox.compare.differences import KIND_A
from azure_llama_sandbox.compare.recordings import Exchange, load
from azure_llama_sandbox.compare.replay import replay
from tests.conftest import RECORDINGS

BOOK = RECORDINGS / "cognitive-services.jsonl"
ACCOUNT = "/subscriptions/{sub}/resourceGroups/{rg}/providers/Microsoft.CognitiveServices/accounts/{account}"
NOT_SET = "the recorded account had set it, the replayed ones do not"
OPEN_AI_ROW = "the sandbox keeps the recorded model of OpenAI alive, and holds what a deployment of it needs"
LISTED = {
    ("deletedAccounts", "value[].properties.networkAcls"): NOT_SET,
    ("models", "value[].model.deprecation.fineTune"): OPEN_AI_ROW,
    ("models", "value[].model.skus[].deprecationDate"): OPEN_AI_ROW,
    ("models", "value[].model.skus[].costs"): OPEN_AI_ROW,
}
"""End of the path and property of every difference of kind A, with its reason."""


def before(source: str, exchange: Exchange) -> list[Exchange]:
    """What the recorded suite did beside the requests that were kept."""
    if "project_connections" in source and exchange.path == ACCOUNT and exchange.method == "GET":
        properties = {"allowProjectManagement": True, "customSubDomainName": "{subdomain}"}
        body = {"kind": "AIServices", "sku": {"name": "S0"}, "identity": {"type": "SystemAssigned"}}
        request = body | {"location": "eastus", "properties": properties}
        return [Exchange("PUT", ACCOUNT, "2025-06-01", 201, request=request)]
    if "softdelete" in source and exchange.path.endswith("/deletedAccounts"):
        return [Exchange("DELETE", ACCOUNT, "2025-06-01", 200)]
    return []


def own(exchange: Exchange, source: str, number: int) -> Exchange:
    """The request about accounts of its suite's own: the recordings call all of them `{account}`."""
    region = "southcentralus" if "softdelete" in source else "eastus2"
    names = {"{account}": f"{{account{number}}}", "{subdomain}": f"{{subdomain{number}}}", "{location}": region}

    def renamed(value: Any) -> Any:
        text = json.dumps(value)
        for placeholder, name in names.items():
            text = text.replace(placeholder, name)
        return json.loads(text)

    return replace(exchange, path=renamed(exchange.path), request=renamed(exchange.request))


def exchanges() -> Iterator[tuple[Exchange, bool]]:
    """Everything to send, and whether it is recorded."""
    sources = [json.loads(line)["source"] for line in BOOK.read_text(encoding="utf-8").splitlines()]
    for source, exchange in zip(sources, load(BOOK), strict=True):
        number = sources.index(source)
        yield from ((own(each, source, number), False) for each in before(source, exchange))
        yield own(exchange, source, number), True


@pytest.mark.skipif(not BOOK.is_file(), reason="the recordings of Azure are not beside this checkout")
def test_recorded_exchanges_differ_as_listed(tmp_path: Path) -> None:
    sent = list(exchanges())
    home = tmp_path / "home"
    control.start(home, time_scale=100_000)
    try:
        report = replay([exchange for exchange, _ in sent], home)
    finally:
        control.stop(home)
    assert report.skipped == []
    recorded = [id(exchange) for exchange, is_recorded in sent if is_recorded]
    found = {
        (exchange.path.rsplit("/", 1)[-1], each.where)
        for exchange, differing in report.found
        for each in differing
        if each.kind in KIND_A and id(exchange) in recorded
    }
    assert found == set(LISTED)
