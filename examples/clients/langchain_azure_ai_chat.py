"""Chat with LangChain's Azure package (`langchain-azure-ai`).

- `use_responses_api=False`: else it may post to `/v1/responses`, which no Llama endpoint has.
- `extra_body`: as in langchain_chat.py.
- A token is given as if it were a key. With a credential in its place the package asks for a token of another scope,
  builds clients of its own and drops `default_headers` and `max_retries` without a word. The token ends after about
  an hour; langchain_chat.py renews it.
"""

from __future__ import annotations

import asyncio

from azure.identity import DefaultAzureCredential
from langchain_azure_ai.chat_models import AzureAIOpenAIApiChatModel
from stack import ENTRA_SCOPE, MAX_TOKENS, QUESTION, endpoints


async def main() -> None:
    for endpoint in endpoints():
        print(f"[{endpoint.name}]")
        model = AzureAIOpenAIApiChatModel(
            endpoint=endpoint.openai_base_url,
            credential=endpoint.key or DefaultAzureCredential().get_token(ENTRA_SCOPE).token,
            model=endpoint.model,
            default_headers=endpoint.headers,
            use_responses_api=False,
            extra_body={"max_tokens": MAX_TOKENS},
        )
        print("answer:", model.invoke(QUESTION).content)
        print("stream:", "".join(str(chunk.content) for chunk in model.stream(QUESTION)))
        print("async answer:", (await model.ainvoke(QUESTION)).content)
        print("async stream:", "".join([str(chunk.content) async for chunk in model.astream(QUESTION)]))


asyncio.run(main())
