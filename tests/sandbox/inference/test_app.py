from __future__ import annotations

import json

import httpx
import pytest

from azure_llama_sandbox.inference.safety import PROMPT_PHRASE
from tests.sandbox.inference.harness import (
    CHAT,
    INFERENCE,
    PRIMARY,
    SECONDARY,
    V1,
    Azure,
    events,
)
from tests.sandbox.inference.requests import COMPLETIONS, TWO, said

pytestmark = pytest.mark.anyio


# -- answers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [V1, INFERENCE])
async def test_chat_answer(azure: Azure, client: httpx.AsyncClient, path: str) -> None:
    url = azure.serverless()
    answer = await client.post(url + path, json=CHAT | {"max_tokens": 200})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    assert (body["object"], body["model"]) == ("chat.completion", "Llama-3.3-70B-Instruct")
    assert body["id"] == answer.headers["x-request-id"]
    [choice] = body["choices"]
    assert (choice["index"], choice["finish_reason"], choice["message"]["role"]) == (0, "stop", "assistant")
    assert "no model ran: serverless endpoint llama-33-70b" in choice["message"]["content"]
    usage = body["usage"]
    assert usage["prompt_tokens"] + usage["completion_tokens"] == usage["total_tokens"]
    assert "logprobs" in choice if path == V1 else "logprobs" not in choice


async def test_completion_answer(azure: Azure, client: httpx.AsyncClient) -> None:
    url = azure.managed(deployments={"blue": "Meta-Llama-3.1-8B"})
    for path in (COMPLETIONS, "/completions?api-version=2024-05-01-preview"):
        body = (await client.post(url + path, json={"prompt": "Once", "max_tokens": 9})).json()
        [choice] = body["choices"]
        assert (body["object"], choice["finish_reason"]) == ("text_completion", "length")
        assert body["usage"] == {"prompt_tokens": 1, "completion_tokens": 9, "total_tokens": 10}
        assert choice["text"]


async def test_llama_answer_has_sixteen_tokens_unless_asked_for_more(azure: Azure, client: httpx.AsyncClient) -> None:
    body = (await client.post(azure.serverless() + V1, json=CHAT)).json()
    assert body["usage"]["completion_tokens"] == 16
    assert body["choices"][0]["finish_reason"] == "length"


async def test_choices_of_several_prompts(azure: Azure, client: httpx.AsyncClient) -> None:
    url = azure.managed(deployments={"blue": "Meta-Llama-3.1-8B"})
    asked = {"prompt": ["one", "two"], "n": 2, "max_tokens": 90}
    choices = (await client.post(url + COMPLETIONS, json=asked)).json()["choices"]
    assert [choice["index"] for choice in choices] == [0, 1, 2, 3]
    assert len({choice["text"] for choice in choices}) == 4


async def test_same_question_same_answer(azure: Azure, client: httpx.AsyncClient) -> None:
    url = azure.serverless() + V1
    first, second = [(await client.post(url, json=CHAT)).json() for _ in range(2)]
    assert first["choices"] == second["choices"]
    assert first["id"] != second["id"]


async def test_json_object(azure: Azure, client: httpx.AsyncClient) -> None:
    asked = CHAT | {"response_format": {"type": "json_object"}}
    body = (await client.post(azure.serverless() + INFERENCE, json=asked)).json()
    assert json.loads(body["choices"][0]["message"]["content"])


async def test_trace_header_is_cleaned_and_returned(azure: Azure, client: httpx.AsyncClient) -> None:
    answer = await client.post(
        azure.serverless() + V1, json=CHAT, headers={"x-ms-client-request-id": "a b/c-1" + "x" * 50}
    )
    assert answer.headers["x-ms-client-request-id"] == ("abc-1" + "x" * 50)[:40]


async def test_guard_model_judges(azure: Azure, client: httpx.AsyncClient) -> None:
    url = azure.managed(deployments={"blue": "Llama-Guard-3-11B-Vision"}) + V1
    verdicts = [
        (await client.post(url, json=asked)).json()["choices"][0]["message"]["content"]
        for asked in (CHAT, said(PROMPT_PHRASE))
    ]
    assert verdicts == ["safe", "unsafe\nS1"]


# -- streams ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [V1, INFERENCE])
async def test_chat_stream(azure: Azure, client: httpx.AsyncClient, path: str) -> None:
    url = azure.serverless() + path
    whole = (await client.post(url, json=CHAT | {"max_tokens": 30})).json()
    answer = await client.post(url, json=CHAT | {"max_tokens": 30, "stream": True})
    assert answer.headers["content-type"] == "text/event-stream"
    chunks = events(answer.content)
    assert {chunk["object"] for chunk in chunks} == {"chat.completion.chunk"}
    assert len({chunk["id"] for chunk in chunks}) == 1
    choices = [chunk["choices"][0] for chunk in chunks]
    assert choices[0]["delta"] == {"role": "assistant", "content": ""}
    text = "".join(choice["delta"].get("content", "") for choice in choices)
    assert text == whole["choices"][0]["message"]["content"]
    assert [choice["finish_reason"] for choice in choices] == [None] * (len(choices) - 1) + ["length"]
    assert all("usage" not in chunk for chunk in chunks)


async def test_completion_stream_keeps_the_shape(azure: Azure, client: httpx.AsyncClient) -> None:
    url = azure.managed(deployments={"blue": "Meta-Llama-3.1-8B"}) + COMPLETIONS
    asked = {"prompt": "Once", "logprobs": 2}
    whole = (await client.post(url, json=asked)).json()["choices"][0]
    chunks = events((await client.post(url, json=asked | {"stream": True})).content)
    assert {chunk["object"] for chunk in chunks} == {"text_completion"}
    choices = [chunk["choices"][0] for chunk in chunks]
    assert "".join(choice["text"] for choice in choices) == whole["text"]
    offsets = [offset for choice in choices for offset in choice.get("logprobs", {}).get("text_offsets", [])]
    assert offsets == whole["logprobs"]["text_offsets"]


async def test_stream_usage_only_on_request(azure: Azure, client: httpx.AsyncClient) -> None:
    asked = CHAT | {"stream": True, "stream_options": {"include_usage": True}}
    last = events((await client.post(azure.serverless() + V1, json=asked)).content)[-1]
    assert last["choices"] == []
    assert last["usage"]["completion_tokens"] == 16


async def test_stream_is_ascii(azure: Azure, client: httpx.AsyncClient) -> None:
    url = azure.managed(name="llama-a", deployments={"blue": "Modèle\u2028"}) + V1
    assert (await client.post(url, json=CHAT | {"stream": True})).content.isascii()


async def test_stream_of_several_choices(azure: Azure, client: httpx.AsyncClient) -> None:
    chunks = events((await client.post(azure.serverless() + V1, json=CHAT | {"stream": True, "n": 2})).content)
    ends = [c["choices"][0]["index"] for c in chunks if c["choices"][0]["finish_reason"]]
    assert ends == [0, 1]


# -- logprobs --------------------------------------------------------------------------------------


async def test_logprobs(azure: Azure, client: httpx.AsyncClient) -> None:
    body = (await client.post(azure.serverless() + V1, json=CHAT | {"logprobs": 3, "max_tokens": 5})).json()
    choice = body["choices"][0]
    found = choice["logprobs"]
    assert "".join(found["tokens"]) == choice["message"]["content"]
    assert len(found["token_logprobs"]) == len(found["text_offsets"]) == 5
    assert all(value <= 0 for value in found["token_logprobs"])
    for token, value, top in zip(found["tokens"], found["token_logprobs"], found["top_logprobs"], strict=True):
        assert len(top) <= 4
        assert top[token] == max(top.values()) == value


# -- what an endpoint says about itself ------------------------------------------------------------


async def test_health(azure: Azure, client: httpx.AsyncClient) -> None:
    for url in (azure.serverless(), azure.managed(traffic={})):
        for path in ("/", "/health"):
            assert (await client.get(url + path)).json() == {"status": "Healthy"}
    async with azure.client(None) as stranger:
        assert (await stranger.get(azure.serverless() + "/health")).status_code == 401


async def test_info(azure: Azure, client: httpx.AsyncClient) -> None:
    query = "/info?api-version=2024-05-01-preview"
    assert (await client.get(azure.serverless() + query)).json() == {
        "model_name": "Llama-3.3-70B-Instruct",
        "model_type": "chat_completion",
        "model_provider_name": "Meta",
    }
    base = azure.managed(deployments={"blue": "Meta-Llama-3.1-8B"})
    assert (await client.get(base + query)).json()["model_type"] == "text_generation"


async def test_swagger_describes_the_routes_of_the_model(azure: Azure, client: httpx.AsyncClient) -> None:
    document = (await client.get(azure.managed() + "/swagger.json")).json()
    assert "/v1/chat/completions" in document["paths"]
    assert "/score" in document["paths"]
    assert "/v1/completions" not in document["paths"]
    schema = document["paths"]["/v1/chat/completions"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert schema == {"$ref": "#/components/schemas/LlamaChat"}
    assert document["components"]["schemas"]["LlamaChat"]["required"] == ["messages"]


# -- secrets ---------------------------------------------------------------------------------------


async def test_keys_are_in_no_answer_and_no_log(azure: Azure, client: httpx.AsyncClient) -> None:
    managed = azure.managed(deployments=TWO, traffic={"blue": 100}, mirror={"green": 50})
    seen = []
    for url in (azure.serverless(), managed):
        for path in (V1, INFERENCE, COMPLETIONS, "/nowhere", "/info?api-version=2024-05-01-preview", "/swagger.json"):
            for key in (PRIMARY, SECONDARY, PRIMARY + "x"):
                headers = {"Authorization": f"Bearer {key}", "api-key": key}
                for method in ("GET", "POST"):
                    body = CHAT | {"api_key": key}
                    answer = await client.request(method, url + path, json=body, headers=headers)
                    seen.append(answer.text + str(answer.headers))
    seen.append(repr(azure.log.lines))
    assert not any(PRIMARY in text or SECONDARY in text for text in seen)
