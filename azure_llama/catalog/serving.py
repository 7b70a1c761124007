"""The routes of a deployment on managed compute, and the number of concurrent requests of its server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from azure_llama.catalog.llama_models import Model

Serves = Literal["openai", "score"]

SCORE_ONLY = frozenset({"Llama 2", "CodeLlama"})
"""Families whose images on managed compute answer `/score` alone; those since Llama 3 answer `/v1` too."""

CONCURRENT_REQUESTS = 64
"""Requests that an instance with a server for language models handles at once, when the stack does not set it.

Such servers batch requests continuously, vLLM 256 sequences by default; Azure rejects those beyond twice this. So 128
requests reach the server of an instance, which queues what does not fit into its cache. A judgement.
"""


BASE = "azureLlamaBase"
"""The entry of a deployment's own map in Azure that names the model that its model was made from."""
PENDING_PER_CONCURRENT = 2
"""Azure rejects a request with 429 beyond this number times the concurrency times the instances."""


@dataclass(frozen=True)
class Serving:
    """The routes of a deployment.

    Attributes:
        chat: Whether it answers `/v1/chat/completions`.
        completions: Whether it answers `/v1/completions`.
        concurrent_requests: The requests that an instance handles at once; None leaves it to Azure, which says 1.
    """

    chat: bool
    completions: bool
    concurrent_requests: int | None


def serving(model: Model | None, serves: Serves | None, *, scripted: bool = False) -> Serving:
    """The routes of a deployment.

    Args:
        model: Required. Its model, or the one that it was made from, in the catalogue; None when unknown.
        serves: Required. What the stack says that it answers; None when it does not say.
        scripted: Optional. Whether Azure's inference server runs a script: it answers `/score` alone, one request a
            worker.
    """
    if scripted or serves == "score" or (serves is None and model is not None and model.family in SCORE_ONLY):
        return Serving(chat=False, completions=False, concurrent_requests=None)
    if model is None:
        return Serving(serves == "openai", serves == "openai", CONCURRENT_REQUESTS)
    return Serving(model.chat, model.completions, CONCURRENT_REQUESTS)
