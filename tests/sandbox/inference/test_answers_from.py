"""Answers of a server of the user: real text under Azure's names, with what Azure checks before and after."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from azure_llama_sandbox.answer_source import UrlError, base_url
from azure_llama_sandbox.inference import safety
from tests.sandbox.inference.foundry_account import KEY, Foundry
from tests.sandbox.inference.harness import CHAT, INFERENCE, V1, Azure, events
from tests.sandbox.inference.openai_server import MODELS, PIECES, USAGE, Script, openai_server
from tests.sandbox.inference.requests import COMPLETIONS, said

pytestmark = pytest.mark.anyio
SAID = "".join(PIECES)
TOOLS = {"tools": [{"type": "function", "function": {"name": "weather", "parameters": {"type": "object"}}}]}


@pytest.fixture
def server() -> Iterator[tuple[str, Script]]:
    with openai_server() as running:
        yield running


@pytest.fixture
def script(azure: Azure, server: tuple[str, Script]) -> Script:
    azure.answer_from(server[0])
    return server[1]


@pytest.fixture
async def client(azure: Azure, script: Script) -> AsyncIterator[httpx.AsyncClient]:
    async with azure.client() as client:
        yield client
    answers = azure.world.answers
    assert answers
    await answers.close()


async def test_the_answer_is_real_and_the_names_are_those_of_azure(
    azure: Azure, client: httpx.AsyncClient, script: Script
) -> None:
    answer = await client.post(azure.serverless() + V1, json={**CHAT, "model": "x", "seed": None})
    body = answer.json()
    assert body["choices"] == [{"index": 0, "message": script.message, "finish_reason": "stop"}]
    assert (body["model"], body["id"], body["usage"]) == (
        "Llama-3.3-70B-Instruct",
        answer.headers["x-request-id"],
        USAGE,
    )
    # 16 tokens are the default of Azure's route.
    assert script.bodies == [{**CHAT, "model": MODELS[0], "max_tokens": 16}]
    assert not {"authorization", "api-key"} & script.received[0].keys()


async def test_a_model_is_chosen_by_name(azure: Azure, server: tuple[str, Script]) -> None:
    azure.answer_from(server[0], "another")
    async with azure.client() as client:
        assert (await client.post(azure.serverless() + V1, json=CHAT)).status_code == 200
    assert server[1].bodies[0]["model"] == "another"


async def test_completions_and_both_route_families(azure: Azure, client: httpx.AsyncClient, script: Script) -> None:
    url = azure.managed(deployments={"blue": "Meta-Llama-3.1-8B"})
    body = (await client.post(url + COMPLETIONS, json={"prompt": "Once", "max_tokens": 8})).json()
    assert (body["object"], body["choices"][0]["text"]) == ("text_completion", SAID)
    body = (await client.post(azure.serverless() + INFERENCE, json=CHAT)).json()
    assert body["choices"][0]["message"]["content"] == SAID
    assert "max_tokens" not in script.bodies[-1]


async def test_a_stream_ends_as_azure_ends_it(azure: Azure, client: httpx.AsyncClient, script: Script) -> None:
    asked = CHAT | {"stream": True, "stream_options": {"include_usage": True}}
    chunks = events((await client.post(azure.serverless() + V1, json=asked)).content)
    assert [chunk["choices"][0]["delta"].get("content") for chunk in chunks[:-1]] == [*PIECES, None]
    assert (chunks[-1]["choices"], chunks[-1]["usage"]) == ([], USAGE)
    assert {chunk["model"] for chunk in chunks} == {"Llama-3.3-70B-Instruct"}
    # Without the option the caller gets no usage; the server is asked for it all the same, to count the tokens.
    assert "usage" not in events((await client.post(azure.serverless() + V1, json=CHAT | {"stream": True})).content)[-1]
    assert script.bodies[-1]["stream_options"] == {"include_usage": True}


async def test_what_azure_refuses_does_not_reach_the_server(
    azure: Azure, client: httpx.AsyncClient, script: Script
) -> None:
    url = azure.serverless()
    async with azure.client("wrong") as stranger:
        assert (await stranger.post(url + V1, json=CHAT)).status_code == 401
    assert (await client.post(url + V1, json=CHAT | {"temperature": 3})).status_code == 422
    assert (await client.post(url + V1, json=CHAT | {"seed": 1})).status_code == 400
    assert (await client.post(url + V1, json=said(safety.PROMPT_PHRASE))).json()["code"] == "content_filter"
    withheld = (await client.post(url + V1, json=said(safety.ANSWER_PHRASE))).json()["choices"][0]
    assert withheld["finish_reason"] == "content_filter"
    assert script.bodies == []


@pytest.mark.parametrize("stream", [False, True])
async def test_the_tokens_of_real_answers_count(
    azure: Azure, client: httpx.AsyncClient, script: Script, stream: bool
) -> None:
    url = azure.serverless()
    script.usage = {"prompt_tokens": 1, "completion_tokens": 300_000, "total_tokens": 300_001}
    assert (await client.post(url + V1, json=CHAT | {"stream": stream})).status_code == 200
    limited = await client.post(url + V1, json=CHAT)
    assert (limited.status_code, len(script.bodies)) == (429, 1)


async def test_tools_reach_the_server_where_the_model_on_azure_has_them(
    azure: Azure, server: tuple[str, Script]
) -> None:
    script = server[1]
    call = {"id": "call_1", "type": "function", "function": {"name": "weather", "arguments": "{}"}}
    script.message = {"role": "assistant", "content": None, "tool_calls": [call]}
    url = azure.serverless() + INFERENCE
    for tools, asked in (("ignored", False), ("called", True)):
        azure.state({"features": {"Llama-3.3-70B-Instruct": {"tools": tools}}})
        azure.answer_from(server[0])
        async with azure.client() as client:
            choice = (await client.post(url, json=CHAT | TOOLS)).json()["choices"][0]
        assert ("tools" in script.bodies[-1]) is asked
    assert (choice["message"], choice["finish_reason"]) == (script.message, "tool_calls")


async def test_a_foundry_deployment_keeps_annotations_and_rate_limits(azure: Azure, server: tuple[str, Script]) -> None:
    azure.answer_from(server[0])
    account = Foundry(azure)
    url = "https://contoso.openai.azure.com/openai/v1/chat/completions"
    headers = {"api-key": KEY}
    async with account.client() as client:
        whole = await client.post(url, json=CHAT | {"model": "chat"}, headers=headers)
        stream = await client.post(url, json=CHAT | {"model": "chat", "stream": True}, headers=headers)
        later = await client.post(url, json=CHAT | {"model": "chat"}, headers=headers)
    body = whole.json()
    assert (body["model"], body["choices"][0]["message"]["content"]) == ("Llama-3.3-70B-Instruct", SAID)
    assert {"prompt_filter_results"} < body.keys()
    assert events(stream.content)[0]["choices"] == []
    left = [int(each.headers["x-ratelimit-remaining-tokens"]) for each in (whole, later)]
    assert left[0] - left[1] == 2 * USAGE["total_tokens"]


# -- the server is at fault --------------------------------------------------------------------------


async def test_a_server_that_is_down(azure: Azure) -> None:
    with openai_server() as (url, _):
        pass
    azure.answer_from(url, "m")
    async with azure.client() as client:
        answer = await client.post(azure.serverless() + V1, json=CHAT | {"stream": True})
    assert (answer.status_code, answer.json()["code"]) == (502, "AnswersUnavailable")
    assert url in answer.json()["message"]
    assert "restart the sandbox without --answers-from" in answer.json()["message"]


@pytest.mark.parametrize("stream", [False, True])
async def test_a_server_that_is_slower_than_the_deployment_allows(
    azure: Azure, client: httpx.AsyncClient, script: Script, stream: bool
) -> None:
    script.wait.clear()
    url = azure.managed(requestSettings={"requestTimeout": "PT0.2S"})
    answer = await client.post(url + V1, json=CHAT | {"stream": stream})
    if stream:
        assert answer.content.count(b"data: ") == 2
        assert b'"error":{"code":"RequestTimeout"' in answer.content
    else:
        assert (answer.status_code, answer.json()["code"]) == (408, "RequestTimeout")
        assert "raise requestTimeoutSeconds" in answer.json()["message"]


@pytest.mark.parametrize(
    ("status", "text", "serverless", "managed", "words"),
    [
        (
            404,
            {"error": {"message": "model 'm' not found"}},
            502,
            502,
            "model 'm' not found. Fix: name a model that it",
        ),
        (400, {"error": {"message": "too long"}}, 400, 424, "too long"),
        (500, {"detail": "out of memory"}, 502, 502, "answered 500: out of memory"),
        (307, "", 502, 502, "answered 307"),
        (200, "<html>", 502, 502, "not JSON"),
        (200, {"object": "list"}, 502, 502, "without choices"),
    ],
)
async def test_a_server_that_answers_an_error(
    azure: Azure,
    client: httpx.AsyncClient,
    script: Script,
    status: int,
    text: object,
    serverless: int,
    managed: int,
    words: str,
) -> None:
    script.status, script.text = status, text if isinstance(text, str) else json.dumps(text)
    script.headers = {"Location": "http://127.0.0.1:1/elsewhere"} if status == 307 else {}
    for url, wanted in ((azure.serverless(), serverless), (azure.managed(), managed)):
        answer = await client.post(url + V1, json=CHAT)
        assert answer.status_code == wanted
        assert words in answer.json()["message"]


async def test_a_stream_that_breaks_off_says_so_and_has_no_end(
    azure: Azure, client: httpx.AsyncClient, script: Script
) -> None:
    script.cut = True
    content = (await client.post(azure.serverless() + V1, json=CHAT | {"stream": True})).content
    assert b"[DONE]" not in content
    assert (
        "ended its stream early" in json.loads(content.split(b"\n\n")[-2].removeprefix(b"data: "))["error"]["message"]
    )


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("http://127.0.0.1:11434", "http://127.0.0.1:11434/v1"),
        ("http://localhost:8080/v1/", "http://localhost:8080/v1"),
        ("https://llm.example.com/api/openai/v1", "https://llm.example.com/api/openai/v1"),
    ],
)
def test_base_urls(text: str, url: str) -> None:
    assert base_url(text) == url


@pytest.mark.parametrize(
    "text",
    [
        "127.0.0.1:11434",
        "ftp://h",
        "http://",
        "http://u:p@h/v1",
        "http://h/v1?a=b",
        "http://h/v1/chat/completions",
        "http://h:x",
    ],
)
def test_urls_that_no_answers_can_come_from(text: str) -> None:
    with pytest.raises(UrlError, match=r"http://127\.0\.0\.1|base URL"):
        base_url(text)
