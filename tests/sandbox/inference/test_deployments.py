"""Rate limits, and which deployment answers."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from typing import Any

import httpx
import pytest

from azure_llama_sandbox.inference import pending
from azure_llama_sandbox.store import Operation
from tests.sandbox.inference.harness import (
    CHAT,
    ONLINE,
    PRIMARY,
    V1,
    WORKSPACE,
    Azure,
)
from tests.sandbox.inference.requests import TWO

pytestmark = pytest.mark.anyio
HEADER = "azureml-model-deployment"


# -- limits ----------------------------------------------------------------------------------------


async def test_requests_a_minute(azure: Azure, client: httpx.AsyncClient) -> None:
    url = azure.serverless() + V1
    codes = Counter([(await client.post(url, json=CHAT)).status_code for _ in range(1000)])
    assert codes == {200: 1000}
    azure.clock.times.append(azure.clock.now() + 20)
    refused = await client.post(url, json=CHAT)
    assert refused.status_code == 429
    assert refused.json()["error"]["code"] == "TooManyRequests"
    assert float(refused.headers["retry-after"]) == pytest.approx(40)
    azure.clock.times.append(azure.clock.now() + float(refused.headers["retry-after"]) + 0.01)
    assert (await client.post(url, json=CHAT)).status_code == 200


async def test_requests_at_once(azure: Azure, client: httpx.AsyncClient) -> None:
    url = azure.managed() + V1
    answers = await asyncio.gather(*(client.post(url, json=CHAT) for _ in range(12)))
    codes = Counter(answer.status_code for answer in answers)
    assert codes == {200: 2, 429: 10}
    told = next(answer for answer in answers if answer.status_code == 429).json()["error"]["message"]
    assert "takes 2 at once (2 x maxConcurrentRequestsPerInstance 1 x instances 1)" in told
    assert "Raise maxConcurrentRequestsPerInstance" in told
    one_by_one = [(await client.post(url, json=CHAT)).status_code for _ in range(5)]
    assert one_by_one == [200] * 5


async def test_tokens_a_minute(azure: Azure, client: httpx.AsyncClient) -> None:
    url = azure.serverless() + V1
    asked = {"messages": [{"role": "user", "content": "llama " * 100_000}], "max_tokens": 1}
    codes = [(await client.post(url, json=asked)).status_code for _ in range(3)]
    assert codes == [200, 200, 429]
    other = azure.serverless("llama-4", "Llama-4-Scout-17B-16E-Instruct") + V1
    assert (await client.post(other, json=CHAT)).status_code == 200


# -- deployments -----------------------------------------------------------------------------------


async def test_ten_thousand_calls_split_as_declared(azure: Azure, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pending, "ALONE_SECONDS", 0)
    host = azure.managed(deployments=TWO, traffic={"blue": 93, "green": 7}).removeprefix("https://")
    body, statuses = json.dumps(CHAT).encode(), set()
    counts: Counter[str] = Counter()
    scope = {
        "type": "http",
        "method": "POST",
        "path": V1,
        "query_string": b"",
        "headers": [(b"host", host.encode()), (b"authorization", f"Bearer {PRIMARY}".encode())],
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.add(message["status"])
            counts[dict(message["headers"])[HEADER.encode()].decode()] += 1

    for _ in range(10_000):
        await azure.app(dict(scope), receive, send)
    assert statuses == {200}
    assert counts["blue"] == pytest.approx(9300, abs=100)
    assert counts["green"] == pytest.approx(700, abs=7)


async def test_header_reaches_its_deployment(azure: Azure, client: httpx.AsyncClient) -> None:
    url = azure.managed(deployments=TWO, traffic={"blue": 100}) + V1
    for name, model in TWO.items():
        answer = await client.post(url, json=CHAT | {"max_tokens": 99}, headers={HEADER: name})
        assert (answer.headers[HEADER], answer.json()["model"]) == (name, model)
        assert f"deployment {name}" in answer.json()["choices"][0]["message"]["content"]
    plain = await client.post(url, json=CHAT)
    assert plain.headers[HEADER] == "blue"


async def test_refusals_of_a_deployment_name_it(azure: Azure, client: httpx.AsyncClient) -> None:
    url = azure.managed() + V1
    answer = await client.post(url, json=CHAT | {"n": 0})
    assert (answer.status_code, answer.headers[HEADER]) == (422, "blue")


async def test_header_with_an_unknown_deployment(azure: Azure, client: httpx.AsyncClient) -> None:
    answer = await client.post(azure.managed() + V1, json=CHAT, headers={HEADER: "red"})
    assert answer.status_code == 404
    assert "it has: blue" in answer.json()["message"]


@pytest.mark.parametrize("traffic", [{}, {"blue": 0}])
async def test_no_deployment_with_traffic(azure: Azure, client: httpx.AsyncClient, traffic: dict[str, int]) -> None:
    answer = await client.post(azure.managed(traffic=traffic) + V1, json=CHAT)
    assert answer.status_code == 404
    assert "no valid deployment with positive weight" in answer.json()["error"]["message"]


async def test_change_of_traffic_holds_at_once(azure: Azure, client: httpx.AsyncClient) -> None:
    url = azure.managed(deployments=TWO, traffic={"blue": 100}) + V1
    assert (await client.post(url, json=CHAT)).headers[HEADER] == "blue"
    azure.managed(deployments=TWO, traffic={"green": 100})
    assert (await client.post(url, json=CHAT)).headers[HEADER] == "green"


async def test_deployment_that_is_not_ready_gets_nothing(azure: Azure, client: httpx.AsyncClient) -> None:
    url = azure.managed(deployments=TWO, traffic={"blue": 50, "green": 50}) + V1
    green = f"{WORKSPACE}/onlineEndpoints/llama-8b/deployments/green"
    azure.put(green, f"{ONLINE}/deployments", {"model": "x", "provisioningState": "Creating"})
    assert {(await client.post(url, json=CHAT)).headers[HEADER] for _ in range(4)} == {"blue"}


async def test_what_is_due_has_happened_before_the_answer(azure: Azure, client: httpx.AsyncClient) -> None:
    url = azure.managed(deployments={}, traffic={"blue": 100}) + V1
    blue = f"{WORKSPACE}/onlineEndpoints/llama-8b/deployments/blue"
    azure.put(blue, f"{ONLINE}/deployments", {"model": "x", "provisioningState": "Creating"})
    now = azure.clock.now()
    detail = {"do": "put", "id": blue, "type": f"{ONLINE}/deployments"}
    azure.world.store.put_operation(Operation("one", blue.lower(), "PUT", now, now + 10, detail=detail))
    assert (await client.post(url, json=CHAT)).status_code == 404
    azure.clock.times.append(now + 10)
    assert (await client.post(url, json=CHAT)).headers[HEADER] == "blue"


async def test_mirrored_copies_are_in_the_log(azure: Azure, client: httpx.AsyncClient) -> None:
    url = azure.managed(deployments=TWO, traffic={"blue": 100}, mirror={"green": 20}) + V1
    for _ in range(20):
        assert (await client.post(url, json=CHAT)).headers[HEADER] == "blue"
    assert len(azure.log.lines) == 4
    assert azure.log.lines[0]["body"] == {HEADER: "green", "mirrorOf": "blue"}
    assert azure.log.lines[0]["principal"] == "key:primary"
