"""Answers on the wire: bodies, and streams of data-only server-sent events.

A stream is `data: `, one line of JSON, two line feeds, and `data: [DONE]` at its end: never a comment, another field
or a carriage return, since one client or another breaks on each of them (facts on inference clients, section 5).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_core import to_json

from azure_llama_sandbox.inference import safety
from azure_llama_sandbox.inference.asking import Ask
from azure_llama_sandbox.inference.endpoints import Deployment
from azure_llama_sandbox.inference.words import Draft, canned, draft

FINGERPRINT = "azure-llama-sandbox"
DONE = b"data: [DONE]\n\n"
_ALTERNATIVES = (" the", " a", " llama", " of", " it")


def write(ask: Ask, deployment: Deployment, *, filtered: bool) -> list[Draft]:
    """The answers to all prompts of a request, `n` to each, in the order of their index.

    Args:
        ask: Required. The request.
        deployment: Required. Who answers.
        filtered: Required. Whether content safety looks at the answers.
    """
    drafts = []
    for prompt in ask.prompts:
        if filtered and safety.harmful_answer(prompt.text):
            drafts += [Draft([], "content_filter")] * ask.n
            continue
        for _ in range(ask.n):
            text = (
                safety.verdict(prompt.text)
                if deployment.model.safety
                else canned(deployment.speaker, prompt, len(drafts), as_json=ask.as_json)
            )
            drafts.append(draft(text, stops=ask.stops, max_tokens=ask.max_tokens, endless=ask.endless))
    return drafts


def usage(ask: Ask, drafts: Sequence[Draft]) -> dict[str, int]:
    """The `usage` object."""
    prompt = sum(each.tokens for each in ask.prompts)
    completion = sum(len(each.tokens) for each in drafts)
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}


def logprobs(tokens: Sequence[str], alternatives: int, start: int = 0) -> dict[str, Any]:
    """The `logprobs` object of the Llama API: made up, but the same for the same tokens.

    Args:
        tokens: Required. The tokens of the answer, or of one chunk.
        alternatives: Required. How many likely tokens are wanted beside the chosen one; at most five are given.
        start: Optional. Characters of the answer before the first token.
    """
    offsets, chosen, top = [], [], []
    for token in tokens:
        value = -(zlib.crc32(token.encode()) % 500) / 1000
        offsets.append(start)
        chosen.append(value)
        others = [other for other in _ALTERNATIVES if other != token][:alternatives]
        top.append({token: value, **{other: value - 1 - rank for rank, other in enumerate(others)}})
        start += len(token)
    return {"tokens": list(tokens), "token_logprobs": chosen, "top_logprobs": top, "text_offsets": offsets}


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to one request, in either form.

    Attributes:
        id: Required. A GUID.
        created: Required. Epoch seconds.
        ask, deployment, drafts: Required. What was asked, who answers, with what.
        chat: Required. Messages rather than texts.
        llama: Required. Whether the route is the Llama API's, whose choices have `logprobs`.
    """

    id: str
    created: int
    ask: Ask
    deployment: Deployment
    drafts: Sequence[Draft]
    chat: bool
    llama: bool

    def body(self) -> bytes:
        """The whole answer as JSON."""
        choices = [self._choice(index, each) for index, each in enumerate(self.drafts)]
        content = self._envelope("chat.completion", choices)
        content["usage"] = usage(self.ask, self.drafts)
        return to_json(content, ensure_ascii=True)

    def stream(self) -> Iterator[bytes]:
        """The answer as server-sent events, one token each."""
        for index, each in enumerate(self.drafts):
            if self.chat:
                yield self._event(index, {"delta": {"role": "assistant", "content": ""}})
            offset = 0
            for token in each.tokens:
                piece: dict[str, Any] = {"delta": {"content": token}} if self.chat else {"text": token}
                if self.ask.logprobs is not None:
                    piece["logprobs"] = logprobs([token], self.ask.logprobs, offset)
                    offset += len(token)
                yield self._event(index, piece)
            yield self._event(index, {"delta": {}} if self.chat else {"text": ""}, each.finish_reason)
        if self.ask.usage:
            yield self._data(self._envelope("chat.completion.chunk", []) | {"usage": usage(self.ask, self.drafts)})
        yield DONE

    def _choice(self, index: int, each: Draft) -> dict[str, Any]:
        choice: dict[str, Any] = {"index": index, "finish_reason": each.finish_reason}
        if self.chat:
            choice["message"] = {"role": "assistant", "content": each.text}
        else:
            choice["text"] = each.text
        if self.llama:
            wanted = self.ask.logprobs
            choice["logprobs"] = None if wanted is None else logprobs(each.tokens, wanted)
        return choice

    def _event(self, index: int, piece: dict[str, Any], finish_reason: str | None = None) -> bytes:
        choice = {"index": index, **piece, "finish_reason": finish_reason}
        return self._data(self._envelope("chat.completion.chunk", [choice]))

    def _envelope(self, chat_object: str, choices: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "id": self.id,
            "object": chat_object if self.chat else "text_completion",
            "created": self.created,
            "model": self.deployment.model.name,
            "system_fingerprint": FINGERPRINT,
            "choices": choices,
        }

    @staticmethod
    def _data(content: dict[str, Any]) -> bytes:
        # ASCII only: some clients end a line at U+2028 too.
        return b"data: " + to_json(content, ensure_ascii=True) + b"\n\n"
