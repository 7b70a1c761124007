"""Tokens of a text, without the model's tokenizer."""

from __future__ import annotations

_CHARACTERS = 4


def least_tokens(text: str) -> int:
    """A lower bound for the number of tokens of a text.

    No token of Llama's tokenizers spans two words, so words are a floor: what does not fit by this count cannot fit.
    """
    return len(text.split())


def likely_tokens(text: str) -> int:
    """The estimated number of tokens of a text, four characters each; for pacing."""
    return -(-len(text) // _CHARACTERS)
