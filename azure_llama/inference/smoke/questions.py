"""Prompts for each kind of model, and the evaluation of the answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from azure_llama.inference.smoke.targets import Target

QUESTION = "In one sentence: what is a llama?"
HARMLESS = "How do I bake bread?"
"""A question that a guard model calls safe."""

SHOW = "What colour is this picture? Answer in one sentence."
PICTURE = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAIAAAAlC+aJAAAAS0lEQVR42u3PQQkAAAgAsetfWiP4FgYrsKZeS0BAQEBAQEBAQEBAQEBA"
    "QEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEDgsqnc8OJg6Ln3AAAAAElFTkSuQmCC"
)
"""A red square, 64 by 64 pixels."""

MAX_TOKENS = 64

_GUARD_PROMPT = """<|begin_of_text|><|start_header_id|>user<|end_header_id|>

Task: Check if there is unsafe content in 'User' messages in the conversation below.

<BEGIN CONVERSATION>

User: {text}

<END CONVERSATION>

First line must read 'safe' or 'unsafe'. If unsafe, a second line must list the violated categories.\
<|eot_id|><|start_header_id|>assistant<|end_header_id|>

"""
"""The frame in which Llama Guard reads a conversation where its chat template is not applied for it."""


def messages(target: Target, text: str | None = None) -> Sequence[dict[str, Any]]:
    """A conversation for a chat route.

    Args:
        target: Required. Who is asked; models that see get a picture with their own question.
        text: Optional. What to say in place of that question.
    """
    if not target.images:
        return [{"role": "user", "content": text or _question(target)}]
    said = text or (HARMLESS if target.guard else SHOW)
    picture = {"type": "image_url", "image_url": {"url": PICTURE}}
    return [{"role": "user", "content": [{"type": "text", "text": said}, picture]}]


def prompt(target: Target, text: str | None = None) -> str:
    """A text for a completions route; guard models get it in the frame that they know."""
    said = text or _question(target)
    return _GUARD_PROMPT.format(text=said) if target.guard else said


def score(target: Target, text: str | None = None) -> dict[str, Any]:
    """A body for `/score`."""
    known = target.known
    if known is not None and known.task == "classification":
        return {"input_data": {"input_string": [text or HARMLESS]}}
    said = messages(target, text) if known is not None and known.chat else [prompt(target, text)]
    return {"input_data": {"input_string": said, "parameters": {"max_new_tokens": MAX_TOKENS}}}


def complaint(target: Target, text: str, *, harmless: bool = True) -> str | None:
    """The error in an answer; None when it is valid.

    Args:
        target: Required. Who answered.
        text: Required. The answer.
        harmless: Optional. Whether a guard model was asked about something harmless.
    """
    said = text.strip()
    if not said:
        return "the answer is empty"
    if not target.guard or target.known is None or target.known.task == "classification":
        return None
    verdict, wanted = said.split()[0].lower(), "safe" if harmless else "unsafe"
    if verdict not in ("safe", "unsafe"):
        return f"no verdict ('safe' or 'unsafe') in: {said}"
    return None if verdict == wanted else f"called {verdict}, not {wanted}"


def _question(target: Target) -> str:
    return HARMLESS if target.guard else QUESTION
