"""Chat with LangChain (`langchain-openai`): `base_url` is the stack's `openaiBaseUrl`.

`max_tokens` goes into `extra_body`, because ChatOpenAI renames its own to `max_completion_tokens`, which is not a
parameter of the Llama API: the endpoint refuses it. Without `model` it would ask for `gpt-3.5-turbo`.
"""

from __future__ import annotations

import asyncio

from azure.identity import DefaultAzureCredential, get_bearer_token_provider
from langchain_openai import ChatOpenAI
from stack import MAX_TOKENS, QUESTION, endpoints


def chat(model: ChatOpenAI) -> None:
    print("answer:", model.invoke(QUESTION).content)

    print("stream: ", end="")
    for chunk in model.stream(QUESTION):
        print(chunk.content, end="", flush=True)
    print()


async def chat_async(model: ChatOpenAI) -> None:
    print("async answer:", (await model.ainvoke(QUESTION)).content)

    print("async stream: ", end="")
    async for chunk in model.astream(QUESTION):
        print(chunk.content, end="", flush=True)
    print()


async def main() -> None:
    # One event loop for all: LangChain keeps its asynchronous HTTP clients, which belong to the loop they began in.
    for endpoint in endpoints():
        print(f"[{endpoint.name}]")
        model = ChatOpenAI(
            base_url=endpoint.openai_base_url,
            api_key=endpoint.key or get_bearer_token_provider(DefaultAzureCredential(), endpoint.scope),
            model=endpoint.model,
            default_headers=endpoint.headers,
            extra_body={"max_tokens": MAX_TOKENS},
        )
        chat(model)
        await chat_async(model)


asyncio.run(main())
