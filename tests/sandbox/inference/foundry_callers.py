"""Calls a Foundry account and a gateway with published clients, and writes a line of JSON for each: client, form, text.

Run by `test_foundry_clients` in `azure-llama sandbox exec`; the one argument is the account; `FOUNDRY_KEY` its key, and
`GATEWAY_KEY` that of a team.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

# Without these the import fetches a table of prices and tokenizers from the network.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

import litellm
import openai
from azure.identity import DefaultAzureCredential, get_bearer_token_provider
from langchain_core.language_models import BaseChatModel
from langchain_openai import AzureChatOpenAI, ChatOpenAI

litellm.disable_hf_tokenizer_download = True

DEPLOYMENT, VERSION = "Chat", "2024-10-21"
OPEN_AI = f"https://{sys.argv[1]}.openai.azure.com"
SERVICES = f"https://{sys.argv[1]}.services.ai.azure.com"
V1, PROJECT = f"{OPEN_AI}/openai/v1", f"{SERVICES}/api/projects/llama/openai/v1"
KEY = os.environ["FOUNDRY_KEY"]
GATEWAY, TEAM = f"https://{sys.argv[1]}-gateway.azure-api.net/openai/v1/", {"api-key": os.environ["GATEWAY_KEY"]}
MESSAGES: Any = [{"role": "user", "content": "What is a llama?"}]
entra = get_bearer_token_provider(DefaultAzureCredential(), "https://ai.azure.com/.default")
older = get_bearer_token_provider(DefaultAzureCredential(), "https://cognitiveservices.azure.com/.default")


def joined(chunks: Any) -> str:
    """The text of a stream, whose chunks may have no choices."""
    return "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)


def by_openai(client: openai.OpenAI) -> Iterator[str]:
    """Plain and streamed."""
    chat = client.chat.completions
    yield str(chat.create(model=DEPLOYMENT, messages=MESSAGES).choices[0].message.content)
    yield joined(chat.create(model=DEPLOYMENT, messages=MESSAGES, stream=True, stream_options={"include_usage": True}))


def by_async_openai(client: openai.AsyncOpenAI) -> Iterator[str]:
    """Plain and streamed."""

    async def call() -> tuple[str, str]:
        chat = client.chat.completions
        plain = await chat.create(model=DEPLOYMENT, messages=MESSAGES)
        stream = await chat.create(model=DEPLOYMENT, messages=MESSAGES, stream=True)
        return str(plain.choices[0].message.content), joined([chunk async for chunk in stream])

    yield from asyncio.run(call())


def by_langchain(model: BaseChatModel) -> Iterator[str]:
    """Plain and streamed."""
    yield str(model.invoke(MESSAGES).content)
    yield "".join(str(chunk.content) for chunk in model.stream(MESSAGES))


def by_litellm(model: str, **more: Any) -> Iterator[str]:
    """Plain and streamed."""
    request = {"model": f"{model}/{DEPLOYMENT}", "messages": MESSAGES} | more
    yield litellm.completion(**request).choices[0].message.content
    yield joined(litellm.completion(**request, stream=True))


def by_curl(*headers: str) -> Iterator[str]:
    """Plain and streamed."""
    for stream in (False, True):
        body = json.dumps({"model": DEPLOYMENT, "messages": MESSAGES, "stream": stream})
        options = [part for header in ("Content-Type: application/json", *headers) for part in ("-H", header)]
        command = ["curl", "-sSf", *options, "-d", body, f"{V1}/chat/completions"]
        text = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout
        if not stream:
            yield json.loads(text)["choices"][0]["message"]["content"]
            continue
        events = [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: {")]
        yield "".join(each["choices"][0]["delta"].get("content", "") for each in events if each["choices"])


CALLERS: dict[str, Callable[[], Iterator[str]]] = {
    "openai key": lambda: by_openai(openai.OpenAI(base_url=V1, api_key=KEY)),
    "openai services key": lambda: by_openai(openai.OpenAI(base_url=f"{SERVICES}/openai/v1/", api_key=KEY)),
    "openai entra": lambda: by_openai(openai.OpenAI(base_url=V1, api_key=entra)),
    "openai project entra": lambda: by_openai(openai.OpenAI(base_url=PROJECT, api_key=entra)),
    "azure openai key": lambda: by_openai(openai.AzureOpenAI(azure_endpoint=OPEN_AI, api_key=KEY, api_version=VERSION)),
    "azure openai entra": lambda: by_openai(
        openai.AzureOpenAI(azure_endpoint=SERVICES, azure_ad_token_provider=older, api_version=VERSION)
    ),
    "langchain key": lambda: by_langchain(ChatOpenAI(model=DEPLOYMENT, base_url=V1, api_key=KEY)),
    "langchain entra": lambda: by_langchain(ChatOpenAI(model=DEPLOYMENT, base_url=V1, api_key=entra)),
    "langchain azure entra": lambda: by_langchain(
        AzureChatOpenAI(
            azure_deployment=DEPLOYMENT, azure_endpoint=OPEN_AI, azure_ad_token_provider=older, api_version=VERSION
        )
    ),
    "litellm openai key": lambda: by_litellm("openai", api_base=V1, api_key=KEY),
    "litellm openai entra": lambda: by_litellm("openai", api_base=V1, api_key=entra()),
    "litellm azure_ai key": lambda: by_litellm("azure_ai", api_base=V1, api_key=KEY),
    "litellm azure_ai models key": lambda: by_litellm(
        "azure_ai", api_base=SERVICES, api_key=KEY, api_version="2024-05-01-preview"
    ),
    "litellm azure key": lambda: by_litellm("azure", api_base=OPEN_AI, api_key=KEY, api_version=VERSION),
    "litellm azure v1 key": lambda: by_litellm("azure", api_base=OPEN_AI, api_key=KEY, api_version="preview"),
    "gateway openai": lambda: by_openai(openai.OpenAI(base_url=GATEWAY, api_key="-", default_headers=TEAM)),
    "gateway async openai": lambda: by_async_openai(
        openai.AsyncOpenAI(base_url=GATEWAY, api_key="-", default_headers=TEAM)
    ),
    "gateway langchain": lambda: by_langchain(
        ChatOpenAI(model=DEPLOYMENT, base_url=GATEWAY, api_key="-", default_headers=TEAM)
    ),
    "gateway litellm": lambda: by_litellm("openai", api_base=GATEWAY, api_key="-", extra_headers=TEAM),
    "curl api-key": lambda: by_curl(f"api-key: {KEY}"),
    "curl key": lambda: by_curl(f"Authorization: Bearer {KEY}"),
    "curl entra": lambda: by_curl(f"Authorization: Bearer {entra()}"),
}


def main() -> None:
    """Call all."""
    for name, call in CALLERS.items():
        try:
            said = list(call())
        except Exception as failure:
            said = [f"{type(failure).__name__}: {failure}"]
        sys.stdout.write(json.dumps([name, *said]) + "\n")


if __name__ == "__main__":
    main()
