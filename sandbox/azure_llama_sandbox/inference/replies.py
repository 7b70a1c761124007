"""Canned answers as the hosts send them: bodies, and the chunks of streams."""

from __future__ import annotations

import json
import zlib
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from azure_llama_sandbox.inference import safety, schema_values
from azure_llama_sandbox.inference.asking import Ask
from azure_llama_sandbox.inference.endpoints import Deployment
from azure_llama_sandbox.inference.words import Draft, Prompt, canned, draft

FINGERPRINT = "azure-llama-sandbox"
_ALTERNATIVES = (" the", " a", " llama", " of", " it")


def write(ask: Ask, deployment: Deployment, *, filtered: bool) -> list[Draft]:
    """The answers to all prompts of a request, `n` to each, in the order of their index.

    Args:
        ask: Required. The request.
        deployment: Required. Who answers.
        filtered: Required. Whether content safety looks at the answers.
    """
    drafts: list[Draft] = []
    for prompt in ask.prompts:
        if filtered and safety.harmful_answer(prompt.text):
            drafts += [Draft([], "content_filter")] * ask.n
            continue
        for _ in range(ask.n):
            text = _text(ask, deployment, prompt, len(drafts))
            drafted = draft(text, stops=ask.stops, max_tokens=ask.max_tokens, endless=ask.endless)
            if ask.form.function is not None:
                ended = "length" if drafted.finish_reason == "length" else "tool_calls"
                drafted = Draft(drafted.tokens, ended, ask.form.function.name)
            drafts.append(drafted)
    return drafts


def _text(ask: Ask, deployment: Deployment, prompt: Prompt, index: int) -> str:
    """An answer before it is cut: words, JSON, or the arguments of a call."""
    if deployment.model.safety:
        return safety.verdict(prompt.text)
    if ask.form.function is not None:
        return json.dumps(schema_values.value(ask.form.function.parameters or {"type": "object"}))
    text = canned(deployment.speaker, prompt, index)
    if ask.tool_result is not None:
        text += f" The tool answered: {ask.tool_result}"
    if not ask.form.as_json:
        return text
    return json.dumps({"answer": text} if ask.form.schema is None else schema_values.value(ask.form.schema, text))


def drafted(reply: Reply, *, filtered: bool) -> Reply:
    """A reply with its drafts."""
    return replace(reply, drafts=write(reply.ask, reply.deployment, filtered=filtered))


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
    """The canned answer to one request, in either form.

    Attributes:
        id: Required. A GUID.
        created: Required. Epoch seconds.
        ask, deployment: Required. What was asked, and who answers.
        chat: Required. Messages rather than texts.
        llama: Required. Whether the route is the Llama API's, whose choices have `logprobs`.
        drafts: Optional. The answers.
    """

    id: str
    created: int
    ask: Ask
    deployment: Deployment
    chat: bool
    llama: bool
    drafts: Sequence[Draft] = ()

    @property
    def usage(self) -> dict[str, int]:
        """The `usage` object."""
        return usage(self.ask, self.drafts)

    async def content(self) -> dict[str, Any]:
        """The whole answer."""
        choices = [self._choice(index, each) for index, each in enumerate(self.drafts)]
        return {**self.envelope("chat.completion", choices), "usage": self.usage}

    async def chunks(self) -> AsyncIterator[dict[str, Any]]:
        """The answer in the chunks of a stream, one token each."""
        for index, each in enumerate(self.drafts):
            for piece in self._pieces(index, each):
                yield self._chunk(index, piece)
            yield self._chunk(index, {"delta": {}} if self.chat else {"text": ""}, each.finish_reason)
        if self.ask.usage:
            yield self.envelope("chat.completion.chunk", []) | {"usage": self.usage}

    def _pieces(self, index: int, each: Draft) -> Iterator[dict[str, Any]]:
        if self.chat:
            yield {"delta": {"role": "assistant", "content": None if each.function else ""}}
        if each.function is not None:
            yield {"delta": {"tool_calls": [{"index": 0, **self._call(index, each.function, "")}]}}
            for token in each.tokens:
                yield {"delta": {"tool_calls": [{"index": 0, "function": {"arguments": token}}]}}
            return
        offset = 0
        for token in each.tokens:
            piece: dict[str, Any] = {"delta": {"content": token}} if self.chat else {"text": token}
            if self.ask.logprobs is not None:
                piece["logprobs"] = logprobs([token], self.ask.logprobs, offset)
                offset += len(token)
            yield piece

    def _call(self, index: int, name: str, arguments: str) -> dict[str, Any]:
        identity = f"call_{zlib.crc32(f'{self.id} {index}'.encode()):08x}"
        return {"id": identity, "type": "function", "function": {"name": name, "arguments": arguments}}

    def _choice(self, index: int, each: Draft) -> dict[str, Any]:
        choice: dict[str, Any] = {"index": index, "finish_reason": each.finish_reason}
        if not self.chat:
            choice["text"] = each.text
        elif each.function is None:
            choice["message"] = {"role": "assistant", "content": each.text}
        else:
            calls = [self._call(index, each.function, each.text)]
            choice["message"] = {"role": "assistant", "content": None, "tool_calls": calls}
        if self.llama:
            wanted = self.ask.logprobs
            choice["logprobs"] = None if wanted is None else logprobs(each.tokens, wanted)
        return choice

    def _chunk(self, index: int, piece: dict[str, Any], finish_reason: str | None = None) -> dict[str, Any]:
        choice = {"index": index, **piece, "finish_reason": finish_reason}
        return self.envelope("chat.completion.chunk", [choice])

    def envelope(self, chat_object: str, choices: list[dict[str, Any]]) -> dict[str, Any]:
        """The fields of a response around its choices."""
        return {
            "id": self.id,
            "object": chat_object if self.chat else "text_completion",
            "created": self.created,
            "model": self.deployment.model.name,
            "system_fingerprint": FINGERPRINT,
            "choices": choices,
        }
