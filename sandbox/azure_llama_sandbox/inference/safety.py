"""Emulates Azure AI Content Safety with two phrases; no other text is filtered."""

from __future__ import annotations

from azure_llama_sandbox.inference.errors import RefusalError

PROMPT_PHRASE = "sandbox: harmful prompt"
"""A prompt that holds it is refused with 400 where content safety is on; a guard model calls it unsafe."""

ANSWER_PHRASE = "sandbox: harmful answer"
"""An answer to a prompt that holds it is withheld with `finish_reason: content_filter` where content safety is on."""


def check_prompt(text: str, param: str) -> None:
    """Refuse a harmful prompt.

    Args:
        text: Required. The prompt.
        param: Required. The parameter that it came in: `messages` or `prompt`.

    Raises:
        RefusalError: 400 `content_filter`.
    """
    if PROMPT_PHRASE in text:
        raise RefusalError(
            400,
            "content_filter",
            "The response was filtered due to the prompt triggering Azure AI Content Safety's policy. "
            "Change the prompt and try again.",
            fields={"param": param, "type": None},
        )


def harmful_answer(text: str) -> bool:
    """Whether the answer to this prompt is withheld."""
    return ANSWER_PHRASE in text


def verdict(text: str) -> str:
    """The verdict of a guard model on a text: `safe`, or `unsafe` and a category."""
    return "unsafe\nS1" if PROMPT_PHRASE in text else "safe"
