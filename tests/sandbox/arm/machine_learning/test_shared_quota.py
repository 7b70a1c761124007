"""Shared quota: none of the subscription's, for a while."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from azure_llama_sandbox.arm import build
from azure_llama_sandbox.conditions import Conditions
from tests.catalogs import overlaid
from tests.sandbox.arm.harness import ARM, PROJECT, Azure, StoppedClock, deployment_body, endpoint_body
from tests.sandbox.arm.machine_learning.managed import usage

ENDPOINT = f"{PROJECT}/onlineEndpoints/llama-8b"
BLUE = f"{ENDPOINT}/deployments/blue"
NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)  # the day of the harness, and the hour at which its clock stands


def shared(hours: float | str = 168, enabled: str = "true") -> dict[str, Any]:
    when = hours if isinstance(hours, str) else format_datetime(NOW + timedelta(hours=hours), usegmt=True)
    return endpoint_body(properties={"SharedComputeCapacityEnabled": enabled, "TargetAutoDeletionTime": when})


def at(azure: Azure, day: date) -> Azure:
    """The same sandbox on another day."""
    azure.world = replace(azure.world, clock=StoppedClock(scale=1200, as_of=day, at=azure.clock.at))
    azure.http = httpx.AsyncClient(transport=httpx.ASGITransport(build(azure.world)), base_url=ARM)
    return azure


def test_it_takes_no_quota(hub: Azure) -> None:
    hub.put(ENDPOINT, shared())
    hub.put(BLUE, deployment_body(instances=9))
    assert usage(hub)[0] == 0


def test_the_service_deletes_the_endpoint_when_its_time_has_come(hub: Azure) -> None:
    hub.put(ENDPOINT, shared(hours=30))
    hub.put(BLUE, deployment_body())
    hub.endpoint("kept")
    assert at(hub, date(2026, 11, 23)).call("GET", ENDPOINT).status_code == 200
    at(hub, date(2026, 11, 24))
    assert hub.call("GET", ENDPOINT).status_code == 404
    assert hub.call("GET", BLUE).status_code == 404
    assert [each["name"] for each in hub.get(f"{PROJECT}/onlineEndpoints")["value"]] == ["kept"]
    hub.put(ENDPOINT, endpoint_body())


@pytest.mark.parametrize("when", ["", "soon", "2026-11-25T18:00:00Z", 170])
def test_times_refused(hub: Azure, when: float | str) -> None:
    refusal = hub.refused("PUT", ENDPOINT, shared(when))
    assert refusal.error["target"] == "properties.properties.TargetAutoDeletionTime"
    assert "168 hours" in refusal.message


def test_it_is_for_enterprise_agreements(hub: Azure) -> None:
    conditions = Conditions.model_validate({"subscription": {"quotaId": "PayAsYouGo_2014-09-01"}})
    hub.world = replace(hub.world, conditions=lambda: conditions)
    hub.http = httpx.AsyncClient(transport=httpx.ASGITransport(build(hub.world)), base_url=ARM)
    assert "Enterprise Agreement" in hub.refused("PUT", ENDPOINT, shared()).message
    hub.put(ENDPOINT, shared(enabled="false"))


def test_a_model_that_is_not_served_from_it(hub: Azure, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = "{managed: {sharedQuota: false}, source: us, asOf: 2026-11-20}"
    catalog = overlaid(f"models: {{Meta-Llama-3.1-8B-Instruct: {entry}}}")
    hub.put(ENDPOINT, shared())
    monkeypatch.setattr("azure_llama_sandbox.arm.machine_learning.deployments.CATALOG", catalog)
    assert "not served from shared quota" in hub.refused("PUT", BLUE, deployment_body()).message
