"""Complete a text with LangChain (`langchain-openai`), for base models (those with a `completionsUrl`).

The class sends `frequency_penalty` always, which is not a parameter of the Llama API: without the header
`extra-parameters` the endpoint refuses it.
"""

from __future__ import annotations

import asyncio

from azure.identity import DefaultAzureCredential, get_bearer_token_provider
from langchain_openai import OpenAI
from stack import ENTRA_SCOPE, MAX_TOKENS, QUESTION, endpoints


async def main() -> None:
    for endpoint in endpoints():
        print(f"[{endpoint.name}]")
        model = OpenAI(
            base_url=endpoint.openai_base_url,
            api_key=endpoint.key or get_bearer_token_provider(DefaultAzureCredential(), ENTRA_SCOPE),
            model=endpoint.model,
            default_headers={"extra-parameters": "pass-through", **endpoint.headers},
            max_tokens=MAX_TOKENS,
        )
        print("answer:", model.invoke(QUESTION))
        print("stream:", "".join(model.stream(QUESTION)))
        print("async answer:", await model.ainvoke(QUESTION))
        print("async stream:", "".join([piece async for piece in model.astream(QUESTION)]))


asyncio.run(main())
