"""Chat with LangChain on `/score` of a managed endpoint: what images older than Llama 3 answer.

`langchain-community` is the one published client for that route, and it only sends plain requests there: its stream
goes to a route that these endpoints do not have, and it takes no token provider. It escapes quotes and line ends
twice, so the model sees a backslash before each. It gives up after 50 seconds unless `timeout` says otherwise. Prefer
`/v1` (langchain_chat.py) where the endpoint has it.
"""

from __future__ import annotations

import asyncio
import warnings

from azure.identity import DefaultAzureCredential
from stack import ENTRA_SCOPE, MAX_TOKENS, QUESTION, REQUEST_SECONDS, Endpoint, endpoints

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the package announces its own end
    from langchain_community.chat_models.azureml_endpoint import (
        AzureMLChatOnlineEndpoint,
        CustomOpenAIChatContentFormatter,
    )


def chat(endpoint: Endpoint) -> None:
    model = AzureMLChatOnlineEndpoint(
        endpoint_url=endpoint.uri,
        endpoint_api_type="dedicated",
        endpoint_api_key=endpoint.key or DefaultAzureCredential().get_token(ENTRA_SCOPE).token,
        deployment_name="".join(endpoint.headers.values()),
        content_formatter=CustomOpenAIChatContentFormatter(),
        model_kwargs={"max_new_tokens": MAX_TOKENS},
        timeout=REQUEST_SECONDS,
    )
    print("answer:", model.invoke(QUESTION).content)
    print("async answer:", asyncio.run(model.ainvoke(QUESTION)).content)


for each in endpoints():
    print(f"[{each.name}]")
    chat(each)
