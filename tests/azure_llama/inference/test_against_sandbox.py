"""The client and the sandbox's hosts, each as it is, in one process."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from azure_llama.inference import (
    AsyncClient,
    AuthenticationError,
    ContentFilterError,
    Endpoint,
    ParameterError,
    RateLimitError,
    RouteError,
)
from azure_llama.inference.validation import Api
from azure_llama_sandbox.inference.safety import PROMPT_PHRASE
from tests.sandbox.inference.harness import PRIMARY, Azure

pytestmark = pytest.mark.anyio
CHAT, BASE, GREEN = "Meta-Llama-3.1-8B-Instruct", "Meta-Llama-3.1-8B", "Llama-3.2-3B-Instruct"


async def no_wait(_: float) -> None:
    """Time is the test's."""


def endpoint(azure: Azure, kind: str = "serverless", model: str = CHAT, key: str = PRIMARY) -> Endpoint:
    output: dict[str, Any] = {"kind": kind}
    if kind == "serverless":
        url = azure.serverless(model="Llama-3.3-70B-Instruct")
        output |= {"uri": url, "model": "Llama-3.3-70B-Instruct"}
    else:
        models = {"blue": model, "green": GREEN}
        url = azure.managed(deployments=models, traffic={"blue": 100})
        output |= {"uri": f"{url}/score", "deployments": {name: {"model": each} for name, each in models.items()}}
    output |= {"chatUrl": f"{url}/v1/chat/completions", "completionsUrl": f"{url}/v1/completions"}
    return Endpoint.from_output("llama", output, key)


def client(azure: Azure, of: Endpoint, api: Api = "llama", deployment: str | None = None) -> AsyncClient:
    http = httpx.AsyncClient(transport=httpx.ASGITransport(azure.app))
    return AsyncClient(of, http=http, api=api, deployment=deployment, sleep=no_wait)


@pytest.mark.parametrize("kind", ["serverless", "managed"])
@pytest.mark.parametrize("api", ["llama", "inference"])
async def test_chat_whole_and_streamed(azure: Azure, kind: str, api: Api) -> None:
    async with client(azure, endpoint(azure, kind), api) as llama:
        answer = await llama.chat("What is a llama?", max_tokens=64)
        assert answer.text
        assert answer.finish_reason in ("stop", "length")
        assert answer.usage
        usage = {"stream_options": {"include_usage": True}}
        chunks = [chunk async for chunk in await llama.stream_chat("What is a llama?", max_tokens=64, extra=usage)]
        assert "".join(chunk.text for chunk in chunks) == answer.text
        assert [chunk.usage for chunk in chunks if chunk.usage]


@pytest.mark.parametrize("api", ["llama", "inference"])
async def test_completions_whole_and_streamed(azure: Azure, api: Api) -> None:
    async with client(azure, endpoint(azure, "managed", BASE), api) as llama:
        answer = await llama.complete("A llama is", max_tokens=32)
        chunks = [chunk async for chunk in await llama.stream_complete("A llama is", max_tokens=32)]
        assert "".join(chunk.text for chunk in chunks) == answer.text != ""


async def test_logprobs(azure: Azure) -> None:
    async with client(azure, endpoint(azure, "managed", BASE)) as llama:
        answer = await llama.complete("A llama is", max_tokens=8, logprobs=3)
        logprobs = answer.choices[0].logprobs
        assert logprobs
        assert len(logprobs.tokens) == len(logprobs.token_logprobs) == len(logprobs.text_offsets) > 0
        assert logprobs.top_logprobs
        assert all(each and 1 <= len(each) <= 4 for each in logprobs.top_logprobs)


async def test_health_and_info(azure: Azure) -> None:
    async with client(azure, endpoint(azure)) as llama:
        health = await llama.health()
        assert health.info
        assert health.info.model_name == "Llama-3.3-70B-Instruct"


async def test_a_deployment_by_its_header(azure: Azure) -> None:
    of = endpoint(azure, "managed")
    for deployment, model in ((None, CHAT), ("green", GREEN)):
        async with client(azure, of, deployment=deployment) as llama:
            assert (await llama.info()).model_name == model
            assert (await llama.chat("hi")).model == model


async def test_refusals(azure: Azure) -> None:
    of = endpoint(azure)
    async with client(azure, of) as llama:
        with pytest.raises(ParameterError) as refused:
            await llama.post("chat", {"messages": [], "temperature": 9})
        assert refused.value.status in (400, 422)
        with pytest.raises(RouteError):
            await llama.complete("hi")  # a chat model
    async with client(azure, endpoint_with(of, "wrong-key-0123456789")) as llama:
        with pytest.raises(AuthenticationError, match="401"):
            await llama.chat("hi")
        with pytest.raises(AuthenticationError):
            await llama.health()


def endpoint_with(of: Endpoint, key: str) -> Endpoint:
    return Endpoint.from_output("llama", {"kind": of.kind, "uri": of.uri, "chatUrl": of.chat_url}, key)


async def test_the_content_filter(azure: Azure) -> None:
    async with client(azure, endpoint(azure)) as llama:
        with pytest.raises(ContentFilterError) as refused:
            await llama.chat(PROMPT_PHRASE)
        assert refused.value.code == "content_filter"


async def test_the_rate_limit(azure: Azure) -> None:
    async with client(azure, endpoint(azure)) as llama:
        hello = {"messages": [{"role": "user", "content": "hi"}], "max_tokens": 1}
        for _ in range(1_000):
            await llama.post("chat", hello)
        with pytest.raises(RateLimitError) as refused:
            await llama.post("chat", hello)
        assert refused.value.retry_after is not None
