"""Calls a model through LiteLLM's router, run in `azure-llama sandbox exec` by `test_litellm_failover`.

The arguments are the proxy's configuration and the model. Each line of stdin is a number of calls; for each, stdout
gets a line of JSON: how many calls each account answered, and the errors.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

# Without these the import fetches a table of prices and tokenizers from the network.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

import litellm
import yaml
from litellm.router import Router

litellm.disable_hf_tokenizer_download = True
litellm.suppress_debug_info = True
CONFIGURATION = yaml.safe_load(Path(sys.argv[1]).read_text())
MESSAGES: Any = [{"role": "user", "content": "What is a llama?"}]


async def call(router: Router, stream: bool) -> str:
    """The account that answers."""
    answer: Any = await router.acompletion(model=sys.argv[2], messages=MESSAGES, stream=stream)
    if stream:
        parts = [chunk.choices[0].delta.content or "" async for chunk in answer if chunk.choices]
        text = "".join(parts)
    else:
        text = answer.choices[0].message.content
    found = re.search(r"account ([\w-]+),", text)
    return found[1] if found else text


async def main() -> None:
    """Call as often as each line says."""
    for name, value in CONFIGURATION.get("litellm_settings", {}).items():
        setattr(litellm, name, value)
    router = Router(model_list=CONFIGURATION["model_list"], **CONFIGURATION["router_settings"])
    for line in sys.stdin:
        answers: Counter[str] = Counter()
        errors = []
        for number in range(int(line)):
            try:
                answers[await call(router, stream=number % 2 == 1)] += 1
            except Exception as failure:
                errors.append(f"{type(failure).__name__}: {failure}")
        sys.stdout.write(json.dumps([answers, errors]) + "\n")
        sys.stdout.flush()


asyncio.run(main())
