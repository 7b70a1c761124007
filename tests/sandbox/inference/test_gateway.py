"""The host of a gateway: keys, pools, breakers, limits, streams, identities."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sandbox.arm.gateway import SERVICE, breaker, subscription_body
from tests.sandbox.inference.gateways import (
    ACCOUNTS,
    ASK,
    CHAT,
    HOST,
    MODEL,
    OPENAI_USER,
    Gateway,
    limit,
)

THREE = (("east", 1, 50), ("west", 1, 30), ("north", 1, 20))


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Gateway]:
    gateway = Gateway(tmp_path)
    yield gateway
    gateway.close()


@pytest.fixture
def pair(gateway: Gateway) -> Gateway:
    """Two members of one priority."""
    gateway.member("east")
    gateway.member("west")
    gateway.pool(("east", 1, 1), ("west", 1, 1))
    return gateway


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

    async def many() -> None:
        for _ in range(5000):
            gateway.azure.clock.at[0] += 1  # below the members' own limits
            answer = await gateway.http.post(CHAT, content=body, headers={"api-key": key})
            assert answer.status_code == 200, answer.text

    body = json.dumps(ASK).encode()
    gateway.azure.loop.run_until_complete(many())
    shares = Counter(gateway.served())
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
    statuses = []
    for seconds in (0, 0, 11, 0, 0, 0):
        gateway.azure.clock.at[0] += seconds
        statuses.append(gateway.call(key).json().get("message"))
    assert statuses == [None] * 5 + ["The service is unavailable."]
    assert len(gateway.served()) == 5


def test_a_region_is_limited_fails_and_goes_away_and_no_call_fails(pair: Gateway) -> None:
    key = pair.team()
    east = {"host": "east.openai.azure.com"}
    statuses = []
    for fault in ({"status": 429, "headers": {"Retry-After": "1"}}, {"status": 500}, {"cut": 0, "status": 200}):
        pair.fail({"match": east, **fault}) if fault["status"] != 200 else pair.fail()
        for _ in range(20):
            pair.azure.clock.at[0] += 0.1
            statuses.append(pair.call(key).status_code)
        pair.azure.clock.at[0] += 60
    pair.azure.delete(f"{ACCOUNTS}/east/deployments/{MODEL}")
    pair.azure.delete(f"{ACCOUNTS}/east")
    pair.azure.log.clear()
    statuses += [pair.call(key).status_code for _ in range(20)]
    assert set(statuses) == {200}
    # Once, then its breaker is open.
    assert pair.served().count("east") == 1


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


# -- limits and metrics ------------------------------------------------------------------------------------------------


def test_a_team_over_its_minute(pair: Gateway) -> None:
    attributes = {"retry_after_header_name": "Retry-After", "remaining_tokens_header_name": "x-left"}
    key = pair.team(policy=limit(tokens_per_minute="50", **attributes))
    other = pair.team("team-b")
    first = pair.call(key)
    assert (first.status_code, first.headers["x-left"]) == (200, "50")
    left = 50 - first.json()["usage"]["total_tokens"]
    assert pair.call(key).headers["x-left"] == str(left)
    pair.azure.clock.at[0] += 20
    while (answer := pair.call(key)).status_code == 200:
        pass
    assert answer.headers["Retry-After"] == "40"
    assert answer.json() == {"statusCode": 429, "message": "Token limit is exceeded. Try again in 40 seconds."}
    assert pair.call(other).status_code == 200
    pair.azure.clock.at[0] += 40
    assert pair.call(key).status_code == 200


def test_a_team_over_its_month(pair: Gateway) -> None:
    quota = limit(token_quota="1", token_quota_period="Monthly", remaining_quota_tokens_header_name="x-left")
    key, other = pair.team(policy=quota), pair.team("team-b")
    assert pair.call(key).headers["x-left"] == "1"
    answer = pair.call(key)
    assert answer.status_code == 403
    assert answer.json()["message"].startswith("Out of token quota. Quota will be replenished in 8.")
    assert "Retry-After" not in answer.headers
    assert pair.call(other).status_code == 200


def test_tokens_are_counted_by_team_and_model(pair: Gateway) -> None:
    key = pair.team()
    assert pair.call(key).status_code == 200
    assert not [line for line in pair.azure.log if line["path"] == "/v2.1/track"]
    pair.measure()
    used = pair.call(key).json()["usage"]
    streamed = pair.call(key, ASK | {"stream": True})
    assert streamed.text.endswith("data: [DONE]\n\n")
    first, second = (line["body"] for line in pair.azure.log if line["path"] == "/v2.1/track")
    assert first == {
        "namespace": "azure-llama",
        "metrics": {
            "Total Tokens": used["total_tokens"],
            "Prompt Tokens": used["prompt_tokens"],
            "Completion Tokens": used["completion_tokens"],
        },
        "dimensions": {"Team": "team-a", "Model": MODEL},
    }
    assert second["metrics"]["Completion Tokens"] > 0


def test_streams_are_limited_too(pair: Gateway) -> None:
    key = pair.team(policy=limit(tokens_per_minute="5"))
    assert pair.call(key, ASK | {"stream": True}).status_code == 200
    assert pair.call(key).status_code == 429


# -- streams and identities --------------------------------------------------------------------------------------------


def test_streams_are_not_buffered(pair: Gateway) -> None:
    key = pair.team()
    messages = pair.azure.loop.run_until_complete(pair.messages(key, ASK | {"stream": True}))
    parts = [each["body"] for each in messages if each["type"] == "http.response.body"]
    assert len(parts) > 10
    assert all(part.count(b"\n\n") == 1 for part in parts[:-1])


def test_an_answer_that_breaks_off(pair: Gateway) -> None:
    key = pair.team()
    pair.fail({"match": {"host": "*.openai.azure.com"}, "cut": 400})
    messages = pair.azure.loop.run_until_complete(pair.messages(key, ASK | {"stream": True}))
    assert messages[-1]["more_body"] is True


def test_the_identity_of_the_service_needs_its_role(gateway: Gateway) -> None:
    gateway.member("east", credentials={})
    gateway.pool(("east", 1, 1), audience="https://cognitiveservices.azure.com")
    key = gateway.team()
    refused = gateway.call(key)
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, "PermissionDenied")
    gateway.grant(OPENAI_USER, f"{ACCOUNTS}/east")
    assert gateway.call(key).status_code == 200
    principal = gateway.azure.get(SERVICE)["identity"]["principalId"]
    assert gateway.azure.log[-1]["principal"] == "subscription:team-a"
    assert principal in {line["principal"] for line in gateway.azure.log}


def test_a_service_without_an_identity(gateway: Gateway) -> None:
    gateway.member("east", credentials={})
    gateway.pool(("east", 1, 1), audience="https://cognitiveservices.azure.com")
    key = gateway.team()
    gateway.azure.wait(gateway.azure.call("PATCH", SERVICE, {"identity": {"type": "None"}}))
    assert gateway.call(key).json() == {"statusCode": 500, "message": "Internal server error"}
