"""The increase of quota that a stack needs, printed and filed."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest

from azure_llama.arm import ArmClient, ArmError
from azure_llama.preflight import Reader, model_quota_requests, quota, quota_requests
from azure_llama.preflight.quota import TOTAL
from azure_llama.preflight.quota_requests import Increase
from tests.azure_llama.preflight.foundry_cases import MODEL_QUOTA, with_account
from tests.azure_llama.preflight.harness import STACK, Cloud, plan_of, sign_in, stack
from tests.catalogs import PACKAGE

A100 = "Standard NCADSA100v4 Family Cluster Dedicated vCPUs"
REGIONAL = "Total Cluster Dedicated Regional vCPUs"
FAMILY = "standardNCADSA100v4Family"


def wanted(cloud: Cloud, config: Any = STACK, family: str | None = None) -> list[Increase]:
    async def ask() -> list[Increase]:
        async with cloud.client() as arm:
            return await quota_requests.wanted(plan_of(config), Reader(arm), family)

    return asyncio.run(ask())


def test_nothing_is_wanted_where_there_is_enough(cloud: Cloud) -> None:
    assert wanted(cloud) == []
    assert wanted(cloud, stack(managed={})) == []


def test_family_and_region_are_wanted_apart(cloud: Cloud) -> None:
    cloud.limit(A100, 12)
    cloud.limit(REGIONAL, 20)
    family, region = wanted(cloud)
    assert (family.family, family.used, family.limit, family.needed, family.new_limit) == (FAMILY, 0, 12, 24, 24)
    assert (region.family, region.shown, region.new_limit) == (TOTAL, REGIONAL, 24)
    assert region.path.endswith("/providers/Microsoft.Quota/quotas/TotalDedicatedCores")
    assert region.body["properties"]["name"] == {"value": TOTAL}
    assert f"{A100} in eastus2, subscription" in family.text
    assert "usage 0, limit 12" in family.text
    for name in (FAMILY, A100, "NCADSA100V4"):
        assert [each.family for each in wanted(cloud, family=name)] == [FAMILY]
    for name in (REGIONAL, TOTAL):
        assert [each.family for each in wanted(cloud, family=name)] == [TOTAL]
    assert wanted(cloud, family="standardNDSv2Family") == []


def test_what_azure_does_not_tell_is_not_enough(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    async def ask(family: str | None = None) -> list[str]:
        async with cloud.client() as arm:
            azure, planned = Reader(arm), plan_of(STACK)
            assert await quota_requests.wanted(planned, azure) == []
            return [each.subject for each in await quota_requests.unclear(planned, azure, family)]

    assert asyncio.run(ask()) == []
    monkeypatch.setattr(quota, "read_usages", lambda _, catalog: quota.Usages({}, None, (), catalog))
    assert asyncio.run(ask()) == [f"{FAMILY} in eastus2", f"{REGIONAL} in eastus2"]
    assert asyncio.run(ask("NCADSA100V4")) == [f"{FAMILY} in eastus2"]


@pytest.mark.parametrize("name", [FAMILY, A100, "NCADSA100V4", REGIONAL, REGIONAL.lower(), TOTAL])
def test_a_family_may_have_any_of_its_names(name: str) -> None:
    assert quota_requests.problem(name, PACKAGE) is None


def models(cloud: Cloud, config: Any, family: str | None = None) -> list[str]:
    async def ask() -> list[str]:
        async with cloud.client() as arm:
            found = await model_quota_requests.wanted(plan_of(config), Reader(arm), family)
            return [each.text for each in found]

    return asyncio.run(ask())


def test_foundry_models_want_their_usage_name(cloud: Cloud) -> None:
    assert models(cloud, STACK) == []
    assert models(cloud, with_account()) == []
    cloud.conditions(foundry={"quota": {MODEL_QUOTA: 60}})
    (text,) = models(cloud, with_account())
    assert text.startswith(f"{MODEL_QUOTA} (Tokens Per Minute (thousands) - Llama-3.3-70B-Instruct) in eastus2")
    assert "now: usage 0, limit 60" in text
    assert "needed: 100 more, a limit of 100 (foundry.contoso-llama.deployments.chat: 100)" in text
    assert models(cloud, with_account(), MODEL_QUOTA) == [text]
    assert models(cloud, with_account(), "AIServices.GlobalStandard.MaaS") == []
    assert quota_requests.problem(MODEL_QUOTA, PACKAGE) is None


def test_a_family_that_nobody_knows_is_told() -> None:
    assert str(quota_requests.problem("standardNCADSA100v4Famly", PACKAGE)).endswith(f"did you mean {FAMILY!r}?")
    assert "they are Total Cluster" in str(quota_requests.problem("?", PACKAGE))


def file(increase: Increase, *answers: httpx.Response) -> tuple[str, list[httpx.Request]]:
    requests: list[httpx.Request] = []
    left = list(answers)

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return left.pop(0)

    async def no_wait(_: float) -> None:
        """Time is the test's."""

    async def run() -> str:
        async with ArmClient(sign_in(), transport=httpx.MockTransport(answer), sleep=no_wait) as arm:
            return await quota_requests.file(arm, increase)

    return asyncio.run(run()), requests


INCREASE = Increase("standard NCASv3_T4 Family", "x", "eastus2", "/subscriptions/s", 8, 8, 16, "y")


def test_a_request_is_filed_and_waited_for() -> None:
    place = {"Location": "https://management.azure.com/operations/1", "Retry-After": "1"}
    accepted, done = httpx.Response(202, headers=place), httpx.Response(200, json={"properties": {}})
    said, requests = file(INCREASE, accepted, done)
    assert "a limit of 24" in said
    assert requests[0].method == "PUT"
    assert "/providers/Microsoft.Quota/quotas/standard%20NCASv3_T4%20Family?" in str(requests[0].url)
    assert json.loads(requests[0].content)["properties"]["limit"] == {"limitObjectType": "LimitValue", "value": 24}


def test_a_refusal_is_told() -> None:
    refusal = httpx.Response(400, json={"error": {"code": "ContactSupport", "message": "Open a support request."}})
    with pytest.raises(ArmError, match="ContactSupport"):
        file(INCREASE, refusal)
