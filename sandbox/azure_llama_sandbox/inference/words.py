"""The sandbox's canned answers, and its token count.

A token is a piece of at most six characters of a word, together with the blanks before it: roughly what Llama's
own tokenizer makes of English. A streamed answer's pieces are exactly its tokens.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from itertools import chain, cycle, islice

_TOKEN = re.compile(r"\s*\S{1,6}|\s+")

FACTS = (
    "A llama hums when it is content.",
    "A herd of llamas needs no load balancer.",
    "A llama carries about a third of its own weight.",
    "Llamas were domesticated in the Andes long before clouds were.",
    "A tired llama sits down and returns 429.",
    "Llamas guard sheep; a guard model guards llamas.",
    "An alpaca is not a smaller deployment of a llama.",
)


@dataclass(frozen=True, slots=True)
class Prompt:
    """The text that a model would read.

    Attributes:
        text: Required. Everything that was asked, as one text.
        tokens: Required. Its length.
    """

    text: str
    tokens: int


@dataclass(frozen=True, slots=True)
class Draft:
    """One answer.

    Attributes:
        tokens: Required. Of its text, or of the arguments of the call.
        finish_reason: Required. `stop`, `length`, `content_filter` or `tool_calls`.
        function: Optional. The function that is called; None for an answer.
    """

    tokens: list[str]
    finish_reason: str
    function: str | None = None

    @property
    def text(self) -> str:
        """The whole answer."""
        return "".join(self.tokens)


def tokenize(text: str) -> list[str]:
    """The tokens of a text; joined they are the text again."""
    return _TOKEN.findall(text)


def count(text: str) -> int:
    """The number of tokens of a text."""
    return len(_TOKEN.findall(text))


def canned(speaker: str, prompt: Prompt, index: int) -> str:
    """The canned answer: it names the sandbox and the model, and varies with the prompt and the choice's index.

    Args:
        speaker: Required. Endpoint, deployment and model, in words.
        prompt: Required. What was asked.
        index: Required. Which of several choices this is, from 0.
    """
    digest = zlib.crc32(prompt.text.encode(), index)
    fact = FACTS[digest % len(FACTS)]
    return f"Sandbox answer, no model ran: {speaker}. Prompt {digest:08x}. {fact}"


def draft(text: str, *, stops: tuple[str, ...] = (), max_tokens: int | None = None, endless: bool = False) -> Draft:
    """Cut a text the way a model's output is cut.

    Args:
        text: Required. What there is to say.
        stops: Optional. The answer ends before the first of these that occurs.
        max_tokens: Optional. The answer has no more tokens than this.
        endless: Optional. Go on from the start, up to `max_tokens`, instead of ending (`ignore_eos`).
    """
    cuts = [at for stop in stops if stop and (at := text.find(stop)) >= 0]
    pieces = tokenize(text[: min(cuts)] if cuts else text)
    if endless and not cuts and max_tokens is not None:
        again = cycle(tokenize(" " + text))
        return Draft(list(islice(chain(pieces, again), max_tokens)), "length")
    if max_tokens is not None and len(pieces) > max_tokens:
        return Draft(pieces[:max_tokens], "length")
    return Draft(pieces, "stop")
