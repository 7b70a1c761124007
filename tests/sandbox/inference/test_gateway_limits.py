"""The host of a gateway: limits, metrics, streams, and what it signs in with."""

from __future__ import annotations

import asyncio

from starlette.types import Message, Receive, Scope, Send

from azure_llama_sandbox.inference.gateway import build
from tests.sandbox.arm.around import ENDPOINT, secret_body
from tests.sandbox.arm.gateway import NAMED_VALUE, SERVICE, member_body
from tests.sandbox.arm.harness import VAULT, endpoint_body
from tests.sandbox.inference.gateways import (
    ACCOUNTS,
    ASK,
    ASSIGNMENT,
    MODEL,
    OPENAI_USER,
    SECRETS_USER,
    Gateway,
    limit,
)

# -- limits and metrics ------------------------------------------------------------------------------------------------


LEFT = "x-ratelimit-remaining-tokens"
"""A header that members send, too."""


def test_a_team_over_its_minute(pair: Gateway) -> None:
    attributes = {
        "retry_after_header_name": "Retry-After",
        "remaining_tokens_header_name": LEFT,
    }
    key = pair.team(policy=limit(tokens_per_minute="50", **attributes))
    other = pair.team("team-b")
    first = pair.call(key)
    assert (first.status_code, first.headers[LEFT]) == (200, "50")
    left = 50 - first.json()["usage"]["total_tokens"]
    assert pair.call(key).headers[LEFT] == str(left)
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
    key, seen = pair.team(), asyncio.Event()

    async def member(_scope: Scope, _receive: Receive, send: Send) -> None:
        head = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": b"data: {}\n\n", "more_body": True})
        await seen.wait()
        await send({"type": "http.response.body", "body": b"data: [DONE]\n\n"})

    async def call() -> list[Message]:
        async with asyncio.timeout(10):
            return await pair.messages(key, ASK, build(pair.azure.world, member), seen)

    parts = [each.get("body") for each in pair.azure.loop.run_until_complete(call())]
    assert parts == [None, b"data: {}\n\n", b"data: [DONE]\n\n", b""]


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


def test_a_managed_endpoint_with_a_key_in_a_vault(gateway: Gateway) -> None:
    azure = gateway.azure.with_hub()
    azure.endpoint("llama-8b")
    azure.deployment("blue")
    azure.put(ENDPOINT, endpoint_body(traffic={"blue": 100}))
    key = azure.wait(azure.call("POST", f"{ENDPOINT}/listKeys")).json()["primaryKey"]
    azure.put(f"{VAULT}/secrets/llama-key", secret_body(key))
    gateway.grant(SECRETS_USER, VAULT)
    reference = {"secretIdentifier": "https://llama-vault.vault.azure.net/secrets/llama-key"}
    azure.put(NAMED_VALUE, {"properties": {"displayName": "llama-key", "secret": True, "keyVault": reference}})
    url = "https://llama-8b.eastus2.inference.ml.azure.com/v1"
    credentials = {"header": {"Authorization": ["Bearer {{llama-key}}"]}}
    azure.put(f"{SERVICE}/backends/managed", member_body(url, credentials=credentials))
    gateway.pool(("managed", 1, 1))
    team = gateway.team()
    assert "endpoint llama-8b, deployment blue" in gateway.call(team).text
    azure.put(f"{VAULT}/secrets/llama-key", secret_body("another-one"))
    assert gateway.call(team).status_code == 401
    azure.delete(f"{VAULT}/providers/Microsoft.Authorization/roleAssignments/{ASSIGNMENT}")
    assert gateway.call(team).json() == {"statusCode": 500, "message": "Internal server error"}
