"""The official OpenAI client, unmodified, over TLS and under Azure's own host names."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest

from tests.sandbox.inference.harness import CHAT, OWNER, PRIMARY, V1, Azure, events
from tests.sandbox.inference.wire import Wire, wired

pytestmark = pytest.mark.anyio

MODEL = "Llama-3.3-70B-Instruct"
MESSAGES: Any = CHAT["messages"]


@pytest.fixture
async def wire(azure: Azure, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Wire]:
    async with wired(azure.app, certificate, monkeypatch) as wire:
        yield wire


async def test_sync_client_on_a_serverless_endpoint(azure: Azure, wire: Wire) -> None:
    url = azure.serverless()

    def talk() -> tuple[str | None, list[str]]:
        with wire.sync(url) as client:
            whole = client.chat.completions.create(model=MODEL, messages=MESSAGES, max_tokens=64)
            stream = client.chat.completions.create(model=MODEL, messages=MESSAGES, max_tokens=64, stream=True)
            pieces = [chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices]
            return whole.choices[0].message.content, pieces

    text, pieces = await asyncio.to_thread(talk)
    assert text
    assert "llama-33-70b" in text
    assert "".join(pieces) == text
    assert len(pieces) > 20


async def test_async_client_on_a_managed_endpoint(azure: Azure, wire: Wire) -> None:
    url = azure.managed(auth="AADToken")
    token = azure.tokens.issue(OWNER.client_id, "https://ml.azure.com")
    async with wire.unsync(url, token) as client:
        whole = await client.chat.completions.with_raw_response.create(model=MODEL, messages=MESSAGES, max_tokens=64)
        assert whole.headers["azureml-model-deployment"] == "blue"
        text = whole.parse().choices[0].message.content
        stream = await client.chat.completions.create(
            model=MODEL, messages=MESSAGES, max_tokens=64, stream=True, stream_options={"include_usage": True}
        )
        chunks = [chunk async for chunk in stream]
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices) == text
    usage = chunks[-1].usage
    assert usage
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens


async def test_completions_of_a_base_model(azure: Azure, wire: Wire) -> None:
    url = azure.managed(deployments={"blue": "Meta-Llama-3.1-8B"})
    async with wire.unsync(url) as client:
        whole = await client.completions.create(model="m", prompt="Once", max_tokens=8)
        stream = await client.completions.create(model="m", prompt="Once", max_tokens=8, stream=True)
        pieces = [chunk.choices[0].text async for chunk in stream]
    assert "".join(pieces) == whole.choices[0].text
    assert whole.usage
    assert whole.usage.completion_tokens == 8


async def test_client_reads_the_refusals(azure: Azure, wire: Wire) -> None:
    url = azure.serverless()
    async with wire.unsync(url, "wrong") as client:
        with pytest.raises(openai.AuthenticationError, match="not valid here"):
            await client.chat.completions.create(model=MODEL, messages=MESSAGES)
    async with wire.unsync(url) as client:
        with pytest.raises(openai.UnprocessableEntityError) as caught:
            await client.chat.completions.create(model=MODEL, messages=MESSAGES, temperature=3)
        assert caught.value.code == "parameter_not_supported"
        with pytest.raises(openai.NotFoundError):
            await client.completions.create(model=MODEL, prompt="hi")
        with pytest.raises(openai.BadRequestError, match="Extra parameters"):
            await client.chat.completions.create(model=MODEL, messages=MESSAGES, seed=1)


async def test_bytes_on_the_wire(azure: Azure, wire: Wire) -> None:
    url = azure.serverless()
    async with httpx.AsyncClient(verify=wire.trust, trust_env=False) as client:
        answer = await client.post(
            f"{url}:{wire.port}{V1}",
            json=CHAT | {"stream": True},
            headers={"Authorization": f"Bearer {PRIMARY}", "Accept": "application/json"},
        )
        assert len(events(answer.content)) == 18
        head = await client.request("HEAD", f"{url}:{wire.port}/", headers={"Authorization": f"Bearer {PRIMARY}"})
        assert head.status_code == 405
