"""Chat with the Azure AI Inference SDK: it takes the URL without any path and adds the route and `api-version`."""

from __future__ import annotations

import asyncio

from azure.ai.inference import ChatCompletionsClient
from azure.ai.inference.aio import ChatCompletionsClient as AsyncChatCompletionsClient
from azure.ai.inference.models import UserMessage
from azure.core.credentials import AzureKeyCredential
from azure.identity import DefaultAzureCredential
from azure.identity.aio import DefaultAzureCredential as AsyncDefaultAzureCredential
from stack import ENTRA_SCOPE, MAX_TOKENS, QUESTION, Endpoint, endpoints

MESSAGES = [UserMessage(QUESTION)]
SCOPES = [ENTRA_SCOPE]


def chat(endpoint: Endpoint) -> None:
    # A plain string is refused as a credential.
    credential = AzureKeyCredential(endpoint.key) if endpoint.key else DefaultAzureCredential()
    with ChatCompletionsClient(
        endpoint.host, credential, credential_scopes=SCOPES, headers=dict(endpoint.headers)
    ) as client:
        answer = client.complete(messages=MESSAGES, max_tokens=MAX_TOKENS)
        print("answer:", answer.choices[0].message.content)

        print("stream: ", end="")
        for update in client.complete(messages=MESSAGES, max_tokens=MAX_TOKENS, stream=True):
            if update.choices:
                print(update.choices[0].delta.content or "", end="", flush=True)
        print()


async def chat_async(endpoint: Endpoint) -> None:
    async with AsyncDefaultAzureCredential() as entra:
        credential = AzureKeyCredential(endpoint.key) if endpoint.key else entra
        async with AsyncChatCompletionsClient(
            endpoint.host, credential, credential_scopes=SCOPES, headers=dict(endpoint.headers)
        ) as client:
            answer = await client.complete(messages=MESSAGES, max_tokens=MAX_TOKENS)
            print("async answer:", answer.choices[0].message.content)

            print("async stream: ", end="")
            async for update in await client.complete(messages=MESSAGES, max_tokens=MAX_TOKENS, stream=True):
                if update.choices:
                    print(update.choices[0].delta.content or "", end="", flush=True)
            print()


for each in endpoints():
    print(f"[{each.name}]")
    chat(each)
    asyncio.run(chat_async(each))
