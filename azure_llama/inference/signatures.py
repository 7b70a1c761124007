"""The keyword arguments of the clients' methods: what `parameters` checks, for editors and type checkers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict


class _Parameters(TypedDict, total=False):
    model: str | None
    max_tokens: int | None
    temperature: float
    top_p: float
    stop: str | list[str] | None
    presence_penalty: float | None
    # Llama routes.
    n: int
    best_of: int
    logprobs: int | None
    ignore_eos: bool
    use_beam_search: bool
    stop_token_ids: list[int] | None
    skip_special_tokens: bool | None
    # Model Inference routes.
    frequency_penalty: float
    seed: int | None


class CompletionParameters(_Parameters, total=False):
    """Of `complete` and `stream_complete`: LlamaCompletion, InferenceCompletion."""


class ChatParameters(_Parameters, total=False):
    """Of `chat` and `stream_chat`: LlamaChat, InferenceChat."""

    response_format: Mapping[str, Any] | None
    tools: Sequence[Mapping[str, Any]] | None
    tool_choice: str | Mapping[str, Any] | None
