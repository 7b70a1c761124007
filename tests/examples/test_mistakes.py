"""What docs/clients.md calls wrong but tempting: each is refused, at once and with the error that the page names."""

from __future__ import annotations

import re

import pytest

from tests.examples.conftest import Stack

pytestmark = pytest.mark.engine

TRIES = """
import asyncio, json, sys
from azure.ai.inference import ChatCompletionsClient
from azure.identity import DefaultAzureCredential, get_bearer_token_provider
from openai import AsyncOpenAI, AzureOpenAI, OpenAI

endpoint = json.load(open(sys.argv[1]))["endpoints"]["llama-8b"]
base = endpoint["openaiBaseUrl"]
host = base.removesuffix("/v1")
entra = DefaultAzureCredential()
provider = get_bearer_token_provider(entra, "https://ml.azure.com/.default")
chat = {"model": endpoint["modelName"], "messages": [{"role": "user", "content": "hi"}]}

def openai(url, **more):
    OpenAI(base_url=url, api_key=provider).chat.completions.create(**chat, **more)

def azure_openai():
    client = AzureOpenAI(azure_endpoint=host, api_version="2024-05-01-preview", azure_ad_token_provider=provider)
    client.chat.completions.create(**chat)

async def with_a_provider_that_is_not_awaited():
    await AsyncOpenAI(base_url=base, api_key=provider).chat.completions.create(**chat)

def inference(url, credential):
    ChatCompletionsClient(url, credential).complete(messages=chat["messages"])

tries = {
    "right": lambda: openai(base),
    "chat url": lambda: openai(endpoint["chatUrl"]),
    "score url": lambda: openai(endpoint["uri"]),
    "query in the url": lambda: openai(base + "?api-version=2024-05-01-preview"),
    "max_completion_tokens": lambda: openai(base, max_completion_tokens=8),
    "azure openai": azure_openai,
    "responses": lambda: OpenAI(base_url=base, api_key=provider).responses.create(model=chat["model"], input="hi"),
    "sync provider": lambda: asyncio.run(with_a_provider_that_is_not_awaited()),
    "inference, key as text": lambda: inference(host, "key"),
    "inference, score url": lambda: inference(endpoint["uri"], entra),
}
for name, attempt in tries.items():
    try:
        attempt()
    except Exception as error:
        print(f"TRIED {name}: {type(error).__name__} {getattr(error, 'status_code', None)}")
    else:
        print(f"TRIED {name}: fine")
"""


def test_each_tempting_mistake_is_refused(stack: Stack) -> None:
    run = stack.azure.exec("python", "-c", TRIES, str(stack.file))
    assert dict(re.findall(r"^TRIED (.+?): (.+)$", run.text, re.MULTILINE)) == {
        "right": "fine",
        "chat url": "NotFoundError 404",
        "score url": "NotFoundError 404",
        "query in the url": "NotFoundError 404",
        "max_completion_tokens": "BadRequestError 400",
        "azure openai": "NotFoundError 404",
        "responses": "NotFoundError 404",
        "sync provider": "TypeError None",
        "inference, key as text": "TypeError None",
        "inference, score url": "ResourceNotFoundError 404",
    }
