"""Chat with LiteLLM: `azure_ai/<model>` and the stack's `openaiBaseUrl` as `api_base`.

- A Foundry account takes `openai/<deployment>`: `azure_ai/` would send an Entra token as `api-key`.
- A deployment's header goes into `headers`: `azure_ai/` puts `extra_headers` into the body too, which is refused.
- A token goes into `api_key`: `azure_ad_token` would be sent in the body as well.
- `azure/<model>` is Azure OpenAI, whose routes these endpoints do not have.
"""

from __future__ import annotations

import asyncio
import os

from azure.identity import DefaultAzureCredential, get_bearer_token_provider
from stack import MAX_TOKENS, QUESTION, Endpoint, endpoints

# Without it the import fetches a table of prices from the network.
os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")
import litellm

# Else it fetches a tokenizer from the network for each model, to count what is streamed.
litellm.disable_hf_tokenizer_download = True


async def chat(endpoint: Endpoint) -> None:
    request = {
        "model": f"{endpoint.litellm}/{endpoint.model}",
        "api_base": endpoint.openai_base_url,
        "api_key": endpoint.key or get_bearer_token_provider(DefaultAzureCredential(), endpoint.scope)(),
        "headers": dict(endpoint.headers),
        "messages": [{"role": "user", "content": QUESTION}],
        "max_tokens": MAX_TOKENS,
    }
    print("answer:", litellm.completion(**request).choices[0].message.content)

    print("stream: ", end="")
    for chunk in litellm.completion(**request, stream=True):
        print(chunk.choices[0].delta.content or "", end="", flush=True)
    print()

    print("async answer:", (await litellm.acompletion(**request)).choices[0].message.content)

    print("async stream: ", end="")
    async for chunk in await litellm.acompletion(**request, stream=True):
        print(chunk.choices[0].delta.content or "", end="", flush=True)
    print()


async def main() -> None:
    for endpoint in endpoints():
        print(f"[{endpoint.name}]")
        await chat(endpoint)


asyncio.run(main())
