"""What each client costs over bare httpx: one chat call, and 100 streams at once, to one managed endpoint.

    azure-llama sandbox exec -- python scripts/bench_clients.py llama-8b OUTPUTS.json RESULT.json

Run by scripts/bench.py, which prints the result. Clients take turns in random order, so that a machine that slows down
slows all. Each is as its package makes it, with its own way to keep connections or not. The server runs on the same
machine and its time is in every figure, so the true ratios are further from 1. Ratios are medians over rounds, each
against httpx in the same round.
"""

from __future__ import annotations

import asyncio
import functools
import json
import os
import random
import statistics
import sys
import time
import warnings
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path
from typing import Any

os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")
warnings.simplefilter("ignore")

import httpx
import litellm
import openai
import requests
from azure.ai.inference import ChatCompletionsClient
from azure.ai.inference.aio import ChatCompletionsClient as AsyncChatCompletionsClient
from azure.core.credentials import AzureKeyCredential
from azure.identity import DefaultAzureCredential
from langchain_azure_ai.chat_models import AzureAIOpenAIApiChatModel
from langchain_openai import ChatOpenAI

from azure_llama.inference import AsyncClient, Client, Endpoint

litellm.disable_hf_tokenizer_download = True
litellm.suppress_debug_info = True

BASE = "httpx"
CALLS = 100
STREAMS = 100
ROUNDS = int(os.environ.get("BENCH_RUNS", "5"))
TOKENS = 64
MESSAGES = [{"role": "user", "content": "How far away is the moon?"}]
BODY = {"messages": MESSAGES, "max_tokens": TOKENS}

Call = Callable[[], str]
Stream = Callable[[], Awaitable[str]]


def main(name: str, outputs: str, result: str) -> None:
    """Measure, and write the result."""
    output = json.loads(Path(outputs).read_text())["endpoints"][name]
    key = DefaultAzureCredential().get_token("https://ml.azure.com/.default").token
    with ExitStack() as stack:
        one_call = take_turns(calls(name, output, key, stack))
    figures = {
        "calls": CALLS,
        "streams": STREAMS,
        "rounds": ROUNDS,
        "one_call": one_call,
        "concurrent_streams": asyncio.run(streamed(name, output, key)),
    }
    Path(result).write_text(json.dumps(figures))


def calls(name: str, output: Mapping[str, Any], key: str, stack: ExitStack) -> dict[str, Call]:
    """One call of each client, its connection kept alive."""
    url, base, model = output["chatUrl"], output["openaiBaseUrl"], output["modelName"]
    bearer = {"Authorization": f"Bearer {key}"}
    bare = stack.enter_context(httpx.Client(headers=bearer))
    session = stack.enter_context(requests.Session())
    session.headers.update(bearer)
    ours = stack.enter_context(Client(Endpoint.from_output(name, output, key)))
    sdk = stack.enter_context(openai.OpenAI(base_url=base, api_key=key)).chat.completions
    azure = stack.enter_context(ChatCompletionsClient(base.removesuffix("/v1"), AzureKeyCredential(key)))
    chain, chain_azure = langchain(base, key, model)
    return {
        BASE: lambda: bare.post(url, json=BODY).json()["choices"][0]["message"]["content"],
        "requests": lambda: session.post(url, json=BODY).json()["choices"][0]["message"]["content"],
        "azure_llama.inference": lambda: ours.chat(MESSAGES, max_tokens=TOKENS).text,
        "openai": lambda: sdk.create(model=model, messages=MESSAGES, max_tokens=TOKENS).choices[0].message.content,
        "azure-ai-inference": lambda: azure.complete(messages=MESSAGES, max_tokens=TOKENS).choices[0].message.content,
        "langchain-openai": lambda: chain.invoke(MESSAGES).content,
        "langchain-azure-ai": lambda: chain_azure.invoke(MESSAGES).content,
        "litellm": lambda: litellm.completion(**for_litellm(base, key, model)).choices[0].message.content,
    }


async def streamed(name: str, output: Mapping[str, Any], key: str) -> dict[str, dict[str, float]]:
    """100 streams at once, of each client in turn."""
    async with AsyncExitStack() as stack:
        clients = await streams(name, output, key, stack)
        times: dict[str, list[float]] = {client: [] for client in clients}
        said = {client: await stream() for client, stream in clients.items()}
        agree(said)
        for _ in range(ROUNDS):
            for client in shuffled(clients):
                begin = time.perf_counter()
                texts = await at_once(clients[client])
                times[client].append(time.perf_counter() - begin)
                agree({**dict(enumerate(texts)), BASE: said[BASE]})
    return summary(times)


async def at_once(stream: Stream) -> list[str]:
    """What 100 streams say."""
    return await asyncio.gather(*(stream() for _ in range(STREAMS)))


async def streams(name: str, output: Mapping[str, Any], key: str, stack: AsyncExitStack) -> dict[str, Stream]:
    """One stream of each client, as its package makes it."""
    url, base, model = output["chatUrl"], output["openaiBaseUrl"], output["modelName"]
    bare = await stack.enter_async_context(httpx.AsyncClient(headers={"Authorization": f"Bearer {key}"}, timeout=60))
    ours = await stack.enter_async_context(AsyncClient(Endpoint.from_output(name, output, key)))
    sdk = (await stack.enter_async_context(openai.AsyncOpenAI(base_url=base, api_key=key))).chat.completions
    azure = await stack.enter_async_context(
        AsyncChatCompletionsClient(base.removesuffix("/v1"), AzureKeyCredential(key))
    )
    chain, chain_azure = langchain(base, key, model)

    return {
        BASE: functools.partial(by_httpx, bare, url),
        "azure_llama.inference": functools.partial(by_ours, ours),
        "openai": functools.partial(by_openai, sdk, model),
        "azure-ai-inference": functools.partial(by_azure, azure),
        "langchain-openai": functools.partial(by_langchain, chain),
        "langchain-azure-ai": functools.partial(by_langchain, chain_azure),
        "litellm": functools.partial(by_litellm, for_litellm(base, key, model)),
    }


async def by_httpx(bare: httpx.AsyncClient, url: str) -> str:
    pieces = []
    async with bare.stream("POST", url, json=BODY | {"stream": True}) as answer:
        async for line in answer.aiter_lines():
            if line.startswith("data: ") and line != "data: [DONE]":
                pieces.append(json.loads(line[6:])["choices"][0]["delta"].get("content") or "")
    return "".join(pieces)


async def by_ours(ours: AsyncClient) -> str:
    async with await ours.stream_chat(MESSAGES, max_tokens=TOKENS) as chunks:
        return "".join([chunk.text async for chunk in chunks])


async def by_openai(sdk: Any, model: str) -> str:
    return await content(await sdk.create(model=model, messages=MESSAGES, max_tokens=TOKENS, stream=True))


async def by_azure(azure: AsyncChatCompletionsClient) -> str:
    return await content(await azure.complete(messages=MESSAGES, max_tokens=TOKENS, stream=True))


async def by_langchain(model: ChatOpenAI) -> str:
    return "".join([str(chunk.content) async for chunk in model.astream(MESSAGES)])


async def by_litellm(options: Mapping[str, Any]) -> str:
    return await content(await litellm.acompletion(**options, stream=True))


async def content(chunks: Any) -> str:
    """What chunks in OpenAI's form say; one with usage or filter results alone has no choices."""
    return "".join([chunk.choices[0].delta.content or "" async for chunk in chunks if chunk.choices])


def langchain(base: str, key: str, model: str) -> tuple[ChatOpenAI, ChatOpenAI]:
    """LangChain's two clients."""
    body = {"max_tokens": TOKENS}
    return (
        ChatOpenAI(base_url=base, api_key=key, model=model, extra_body=body),
        AzureAIOpenAIApiChatModel(endpoint=base, credential=key, model=model, use_responses_api=False, extra_body=body),
    )


def for_litellm(base: str, key: str, model: str) -> dict[str, Any]:
    """A request of LiteLLM's."""
    return {"model": f"azure_ai/{model}", "api_base": base, "api_key": key, **BODY}


def take_turns(clients: Mapping[str, Call]) -> dict[str, dict[str, float]]:
    """Time each client's call, in random order, round by round."""
    agree({client: call() for client, call in clients.items()})
    times: dict[str, list[float]] = {client: [] for client in clients}
    for _ in range(CALLS):
        for client in shuffled(clients):
            begin = time.perf_counter()
            clients[client]()
            times[client].append(time.perf_counter() - begin)
    return summary(times)


def shuffled(clients: Mapping[str, Any]) -> list[str]:
    """The clients in random order."""
    return random.sample(list(clients), len(clients))


def agree(said: Mapping[Any, str]) -> None:
    """Stop where a client got another answer than the others: its time would mean nothing."""
    odd = {client: text for client, text in said.items() if text != said[BASE] or not text}
    if odd:
        sys.exit(f"bench_clients: not the answer that {BASE} got: {odd}")


def summary(times: Mapping[str, list[float]]) -> dict[str, dict[str, float]]:
    """Median of the times, and of their ratios to bare httpx in the same round."""
    return {
        client: {
            "ms": 1000 * statistics.median(each),
            "ratio": statistics.median(ours / base for ours, base in zip(each, times[BASE], strict=True)),
        }
        for client, each in times.items()
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
