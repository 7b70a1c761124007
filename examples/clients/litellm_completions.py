"""Complete a text with LiteLLM, for base models: `openai/<model>`, since `azure_ai/` makes a chat of every prompt."""

from __future__ import annotations

import asyncio
import os

from azure.identity import DefaultAzureCredential, get_bearer_token_provider
from stack import ENTRA_SCOPE, MAX_TOKENS, QUESTION, Endpoint, endpoints

# Without it the import fetches a table of prices from the network.
os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")
import litellm

# Else it fetches a tokenizer from the network for each model, to count what is streamed.
litellm.disable_hf_tokenizer_download = True

entra = get_bearer_token_provider(DefaultAzureCredential(), ENTRA_SCOPE)


async def complete(endpoint: Endpoint) -> None:
    request = {
        "model": f"openai/{endpoint.model}",
        "api_base": endpoint.openai_base_url,
        "api_key": endpoint.key or entra(),
        "headers": dict(endpoint.headers),
        "prompt": QUESTION,
        "max_tokens": MAX_TOKENS,
    }
    print("answer:", litellm.text_completion(**request).choices[0].text)
    print("stream:", "".join(chunk.choices[0].text or "" for chunk in litellm.text_completion(**request, stream=True)))
    print("async answer:", (await litellm.atext_completion(**request)).choices[0].text)
    chunks = await litellm.atext_completion(**request, stream=True)
    print("async stream:", "".join([chunk.choices[0].text or "" async for chunk in chunks]))


async def main() -> None:
    for endpoint in endpoints():
        print(f"[{endpoint.name}]")
        await complete(endpoint)


asyncio.run(main())
