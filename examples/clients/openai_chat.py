"""Chat with the OpenAI SDK: `base_url` is the stack's `openaiBaseUrl`, not the whole chat URL."""

from __future__ import annotations

import asyncio

from azure.identity import DefaultAzureCredential, get_bearer_token_provider
from azure.identity.aio import DefaultAzureCredential as AsyncDefaultAzureCredential
from azure.identity.aio import get_bearer_token_provider as get_async_bearer_token_provider
from openai import AsyncOpenAI, OpenAI
from stack import MAX_TOKENS, QUESTION, Endpoint, endpoints

MESSAGES = [{"role": "user", "content": QUESTION}]


def chat(endpoint: Endpoint) -> None:
    key = endpoint.key or get_bearer_token_provider(DefaultAzureCredential(), endpoint.scope)
    with OpenAI(base_url=endpoint.openai_base_url, api_key=key, default_headers=endpoint.headers) as client:
        ask = client.chat.completions.create
        answer = ask(model=endpoint.model, messages=MESSAGES, max_tokens=MAX_TOKENS)
        print("answer:", answer.choices[0].message.content)

        print("stream: ", end="")
        for chunk in ask(model=endpoint.model, messages=MESSAGES, max_tokens=MAX_TOKENS, stream=True):
            if chunk.choices:  # the chunk that holds the usage has none
                print(chunk.choices[0].delta.content or "", end="", flush=True)
        print()


async def chat_async(endpoint: Endpoint) -> None:
    # AsyncOpenAI awaits its key: a provider for the synchronous client would fail.
    async with AsyncDefaultAzureCredential() as credential:
        key = endpoint.key or get_async_bearer_token_provider(credential, endpoint.scope)
        async with AsyncOpenAI(
            base_url=endpoint.openai_base_url, api_key=key, default_headers=endpoint.headers
        ) as client:
            ask = client.chat.completions.create
            answer = await ask(model=endpoint.model, messages=MESSAGES, max_tokens=MAX_TOKENS)
            print("async answer:", answer.choices[0].message.content)

            print("async stream: ", end="")
            async for chunk in await ask(model=endpoint.model, messages=MESSAGES, max_tokens=MAX_TOKENS, stream=True):
                if chunk.choices:
                    print(chunk.choices[0].delta.content or "", end="", flush=True)
            print()


for each in endpoints():
    print(f"[{each.name}]")
    chat(each)
    asyncio.run(chat_async(each))
