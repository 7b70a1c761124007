"""Complete a text with the OpenAI SDK, for base models (those whose outputs have a `completionsUrl`)."""

from __future__ import annotations

import asyncio

from azure.identity import DefaultAzureCredential, get_bearer_token_provider
from azure.identity.aio import DefaultAzureCredential as AsyncDefaultAzureCredential
from azure.identity.aio import get_bearer_token_provider as get_async_bearer_token_provider
from openai import AsyncOpenAI, OpenAI
from stack import ENTRA_SCOPE, MAX_TOKENS, QUESTION, Endpoint, endpoints


def complete(endpoint: Endpoint) -> None:
    key = endpoint.key or get_bearer_token_provider(DefaultAzureCredential(), ENTRA_SCOPE)
    with OpenAI(base_url=endpoint.openai_base_url, api_key=key, default_headers=endpoint.headers) as client:
        ask = client.completions.create
        print("answer:", ask(model=endpoint.model, prompt=QUESTION, max_tokens=MAX_TOKENS).choices[0].text)

        print("stream: ", end="")
        for chunk in ask(model=endpoint.model, prompt=QUESTION, max_tokens=MAX_TOKENS, stream=True):
            if chunk.choices:
                print(chunk.choices[0].text, end="", flush=True)
        print()


async def complete_async(endpoint: Endpoint) -> None:
    async with AsyncDefaultAzureCredential() as credential:
        key = endpoint.key or get_async_bearer_token_provider(credential, ENTRA_SCOPE)
        async with AsyncOpenAI(
            base_url=endpoint.openai_base_url, api_key=key, default_headers=endpoint.headers
        ) as client:
            ask = client.completions.create
            answer = await ask(model=endpoint.model, prompt=QUESTION, max_tokens=MAX_TOKENS)
            print("async answer:", answer.choices[0].text)

            print("async stream: ", end="")
            async for chunk in await ask(model=endpoint.model, prompt=QUESTION, max_tokens=MAX_TOKENS, stream=True):
                if chunk.choices:
                    print(chunk.choices[0].text, end="", flush=True)
            print()


for each in endpoints():
    print(f"[{each.name}]")
    complete(each)
    asyncio.run(complete_async(each))
