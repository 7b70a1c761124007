"""The host of a gateway: keys, pools and breakers."""

from __future__ import annotations

from collections import Counter

import pytest

from azure_llama_sandbox.arm.api_management.policy_language import EXPRESSIONS
from azure_llama_sandbox.inference.gateway import build
from tests.sandbox.arm.gateway import SERVICE, breaker, subscription_body
from tests.sandbox.inference.gateways import (
    ACCOUNTS,
    ASK,
    CHAT,
    HOST,
    MODEL,
    Gateway,
    Members,
)

THREE = (("east", 1, 50), ("west", 1, 30), ("north", 1, 20))


# -- keys --------------------------------------------------------------------------------------------------------------


def test_a_call_reaches_a_member(pair: Gateway) -> None:
    answer = pair.call(pair.team())
    assert answer.status_code == 200, answer.text
    assert f"account east, deployment {MODEL}" in answer.json()["choices"][0]["message"]["content"]
    line = next(each for each in pair.azure.log if each["host"] == "llama-gateway.azure-api.net")
    assert (line["principal"], line["status"]) == ("subscription:team-a", 200)


def test_callers_need_a_key(pair: Gateway) -> None:
    missing, wrong = pair.call(None), pair.call("0" * 32)
    assert missing.json() == {
        "statusCode": 401,
        "message": "Access denied due to missing subscription key. Make sure to include subscription key when making"
        " requests to an API.",
    }
    assert missing.headers["WWW-Authenticate"].endswith('name="api-key",type="header"')
    assert (wrong.status_code, "invalid subscription key" in wrong.json()["message"]) == (401, True)
    assert pair.served() == []


def test_a_key_opens_its_own_product_alone(pair: Gateway) -> None:
    mine = pair.team()
    other = pair.team("team-b")
    assert pair.call(other).status_code == 200
    pair.azure.delete(f"{SERVICE}/products/team-b/apiLinks/openai")
    assert pair.call(other).status_code == 401
    assert pair.call(mine).status_code == 200
    pair.azure.put(
        f"{SERVICE}/subscriptions/team-a", subscription_body(f"{SERVICE}/products/team-a", state="suspended")
    )
    assert pair.call(mine).status_code == 401


def test_a_key_in_the_query_and_a_new_key(pair: Gateway) -> None:
    key = pair.team()
    assert pair.call(None, url=f"{CHAT}?api-key={key}").status_code == 200
    assert pair.azure.call("POST", f"{SERVICE}/subscriptions/team-a/regeneratePrimaryKey").status_code == 204
    assert pair.call(key).status_code == 401


@pytest.mark.parametrize(("query", "forwarded"), [("api-key={}", b""), ("a=1%20&api-key={}&b=", b"a=1+&b=")])
def test_a_key_in_the_query_is_not_forwarded(pair: Gateway, query: str, forwarded: bytes) -> None:
    members, key = Members(), pair.team()
    app = build(pair.azure.world, members)
    pair.azure.loop.run_until_complete(pair.messages(key, ASK, app, query=query.format(key).encode()))
    assert members.queries == [forwarded]


def test_other_paths_and_models(pair: Gateway) -> None:
    key = pair.team()
    for url in (f"{HOST}/openai/v1/images", f"{HOST}/other", f"{HOST}/openai/v1"):
        assert pair.call(key, url=url).json() == {"statusCode": 404, "message": "Resource not found"}
    unknown = pair.call(key, ASK | {"model": "gpt"})
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "model_not_found")
    assert pair.call(key, b"").json()["error"]["code"] == "model_not_found"
    assert pair.call(key, method="GET", url=f"{HOST}/openai/v1/models").json() == []
    broken = pair.call(key, b"{")
    assert (broken.status_code, "not valid JSON" in broken.text) == (400, True)
    assert pair.call(key, url="https://nobody.azure-api.net/openai/v1/chat/completions").status_code == 404


def test_a_deployment_of_another_name(gateway: Gateway) -> None:
    gateway.member("east", deployment="chat")
    gateway.pool(("east", 1, 1), deployment="chat")
    answer = gateway.call(gateway.team())
    assert "account east, deployment chat" in answer.text


# -- pools and breakers ------------------------------------------------------------------------------------------------


def test_weights_within_two_points_over_5000_calls(gateway: Gateway) -> None:
    for name, _, _ in THREE:
        gateway.member(name)
    gateway.pool(*THREE)
    key = gateway.team()

    members = Members()
    app = build(gateway.azure.world, members)

    async def call() -> None:
        for _ in range(5000):
            assert (await gateway.messages(key, ASK, app))[0]["status"] == 200

    gateway.azure.loop.run_until_complete(call())
    shares = Counter(members.called)
    assert shares.total() == 5000
    for name, _, weight in THREE:
        assert abs(shares[name] / 50 - weight) <= 2, shares


def test_the_next_priority_takes_over_and_gives_back(gateway: Gateway) -> None:
    for name in ("east", "west"):
        gateway.member(name)
    gateway.pool(("east", 1, 1), ("west", 2, 1))
    key = gateway.team()
    gateway.fail({"match": {"host": "east.openai.azure.com"}, "status": 500, "times": 1})
    assert [gateway.call(key).status_code for _ in range(3)] == [200, 200, 200]
    assert gateway.served() == ["east", "west", "west", "west"]
    gateway.azure.clock.at[0] += 59
    assert gateway.call(key).status_code == 200
    gateway.azure.clock.at[0] += 1
    assert gateway.call(key).status_code == 200
    assert gateway.served()[-2:] == ["west", "east"]


@pytest.mark.parametrize(("accept", "seconds"), [(True, 7), (False, 60)])
def test_retry_after_takes_the_place_of_the_breakers_own_time(gateway: Gateway, accept: bool, seconds: int) -> None:
    gateway.member("east", circuitBreaker=breaker(accept=accept))
    gateway.member("west")
    gateway.pool(("east", 1, 1), ("west", 2, 1))
    key = gateway.team()
    fault = {"match": {"host": "east.openai.azure.com"}, "status": 429, "headers": {"Retry-After": "7"}, "times": 1}
    gateway.fail(fault)
    assert gateway.call(key).status_code == 200
    gateway.azure.clock.at[0] += seconds - 0.5
    gateway.call(key)
    gateway.azure.clock.at[0] += 0.5
    gateway.call(key)
    assert gateway.served() == ["east", "west", "west", "east"]


def test_a_breaker_counts_failures_in_its_interval(gateway: Gateway) -> None:
    gateway.member("east", circuitBreaker=breaker(3, "PT10S", "PT30S"))
    gateway.pool(("east", 1, 1))
    key = gateway.team()
    gateway.fail({"match": {"host": "east.openai.azure.com"}, "status": 503})
    answers = []
    for seconds in (0, 0, 11, 0, 0, 0):
        gateway.azure.clock.at[0] += seconds
        answers.append(gateway.call(key).text)
    assert answers[:5] == [""] * 5
    assert "The service is unavailable." in answers[5]
    assert len(gateway.served()) == 5


def test_a_region_is_limited_fails_and_goes_away_and_no_call_fails(pair: Gateway) -> None:
    key = pair.team()
    statuses: list[int] = []

    def call_for_two_seconds() -> None:
        for _ in range(20):
            pair.azure.clock.at[0] += 0.1
            statuses.append(pair.call(key).status_code)

    for fault in ({"status": 429, "headers": {"Retry-After": "1"}}, {"status": 500}):
        pair.fail({"match": {"host": "east.openai.azure.com"}, **fault})
        call_for_two_seconds()
        pair.azure.clock.at[0] += 60
    pair.fail()
    pair.azure.delete(f"{ACCOUNTS}/east/deployments/{MODEL}")
    pair.azure.delete(f"{ACCOUNTS}/east")
    pair.azure.log.clear()
    call_for_two_seconds()
    assert set(statuses) == {200}
    # Once, then its breaker is open.
    assert pair.served().count("east") == 1


@pytest.mark.parametrize(("repeated", "statuses"), [(False, {200, 404}), (True, {200})])
def test_a_member_loses_its_deployment_before_its_host(gateway: Gateway, repeated: bool, statuses: set[int]) -> None:
    condition = EXPRESSIONS["retry"]
    if not repeated:
        condition = condition.replace("context.Response.StatusCode == 404 || ", "")
    for name in ("east", "west"):
        gateway.member(name, circuitBreaker=breaker(also=404 if repeated else 429))
    gateway.pool(("east", 1, 1), ("west", 1, 1), repeated=condition)
    key = gateway.team()
    gateway.azure.delete(f"{ACCOUNTS}/east/deployments/{MODEL}")
    assert {gateway.call(key).status_code for _ in range(6)} == statuses
    assert gateway.served().count("east") == (1 if repeated else 3)


def test_no_member_is_left(gateway: Gateway) -> None:
    gateway.member("east")
    gateway.pool(("east", 1, 1))
    key = gateway.team()
    gateway.azure.delete(f"{ACCOUNTS}/east/deployments/{MODEL}")
    gateway.azure.delete(f"{ACCOUNTS}/east")
    assert gateway.call(key).json() == {"statusCode": 500, "message": "Internal server error"}
    assert gateway.call(key).json() == {"statusCode": 503, "message": "The service is unavailable."}


def test_a_member_that_takes_too_long(gateway: Gateway) -> None:
    gateway.member("east")
    gateway.member("west")
    gateway.pool(("east", 1, 1), ("west", 2, 1), timeout=0)
    key = gateway.team()
    gateway.fail({"match": {"host": "*.openai.azure.com"}, "delay": 1200})
    assert gateway.call(key).status_code == 500
    assert gateway.call(key).status_code == 503
