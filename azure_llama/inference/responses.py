"""Response types of the service: complete answers and streams.

Read leniently, unlike requests: a field that Azure adds tomorrow is kept (`model_extra`), not refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, PrivateAttr

FINISH_REASONS = frozenset({"stop", "length", "content_filter", "content_filter_error", "tool_calls"})
"""Why an answer ended, as documented; null while it has not."""


@dataclass(frozen=True)
class Meta:
    """The transport details of an answer.

    Attributes:
        trace_id: The `x-ms-client-request-id` that was sent.
        headers: Of the HTTP response, names in small letters.
        attempts: How many requests it took.
    """

    trace_id: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    attempts: int = 1


class _Shape(BaseModel):
    model_config = ConfigDict(extra="allow", protected_namespaces=())


class Usage(_Shape):
    """Tokens read and written."""

    prompt_tokens: int
    completion_tokens: int = 0
    total_tokens: int


class Logprobs(_Shape):
    """Log probabilities of a text's tokens, of the Llama API.

    Attributes:
        tokens: The tokens chosen.
        token_logprobs: The log probability of each.
        top_logprobs: For each, the likeliest tokens and their log probabilities: up to `logprobs` + 1, since the
            chosen one is always there.
        text_offsets: Where each begins in the text.
    """

    tokens: list[str] = Field(default_factory=list)
    token_logprobs: list[float | None] = Field(default_factory=list)
    top_logprobs: list[dict[str, float] | None] | None = None
    text_offsets: list[int] = Field(default_factory=list, validation_alias=AliasChoices("text_offsets", "text_offset"))


class Message(_Shape):
    """An answer's message, or the part of it that a chunk brings."""

    role: str | None = None
    content: str | None = None
    tool_calls: list[dict[str, Any]] | None = None


class _Choice(_Shape):
    index: int = 0
    finish_reason: str | None = None
    logprobs: Logprobs | None = None


class ChatChoice(_Choice):
    """One answer of a chat. The article's table calls the key `messages`, its sample `message`."""

    message: Message = Field(validation_alias=AliasChoices("message", "messages"))

    @property
    def text(self) -> str:
        """Its text; empty when it has none."""
        return self.message.content or ""


class ChatDelta(_Choice):
    """The addition of a chunk to one answer of a chat."""

    delta: Message = Field(default_factory=Message)

    @property
    def text(self) -> str:
        """The text that it adds."""
        return self.delta.content or ""


class TextChoice(_Choice):
    """One completion, or what a chunk adds to it."""

    text: str = ""


class Answer(_Shape):
    """Fields of complete answers and chunks."""

    id: str = ""
    object: str = ""
    created: int = 0
    model: str | None = None
    usage: Usage | None = None
    system_fingerprint: str | None = None
    choices: list[Any]
    _meta: Meta = PrivateAttr(default_factory=Meta)

    @property
    def text(self) -> str:
        """The first choice's text; empty when there is none."""
        return str(self.choices[0].text) if self.choices else ""

    @property
    def finish_reason(self) -> str | None:
        """Why the first choice ended; see FINISH_REASONS. None while it has not."""
        reason: str | None = self.choices[0].finish_reason if self.choices else None
        return reason

    @property
    def meta(self) -> Meta:
        """Its transport details."""
        return self._meta

    @property
    def headers(self) -> Mapping[str, str]:
        """Headers of the HTTP response, names in small letters."""
        return self._meta.headers

    @property
    def trace_id(self) -> str:
        """The `x-ms-client-request-id` that was sent."""
        return self._meta.trace_id

    def came(self, meta: Meta) -> None:
        """Note how it came."""
        self._meta = meta


class ChatCompletion(Answer):
    """The answer to a chat, `chat.completion`."""

    choices: list[ChatChoice]


class TextCompletion(Answer):
    """The answer to a prompt, `text_completion`."""

    choices: list[TextChoice]


class ChatChunk(Answer):
    """One event of a streamed chat. Its choices may be empty: a chunk that has `usage` alone."""

    choices: list[ChatDelta] = Field(default_factory=list)


class TextChunk(Answer):
    """One event of a streamed completion."""

    choices: list[TextChoice] = Field(default_factory=list)


class ModelInfo(_Shape):
    """The answer of `GET /info`.

    Attributes:
        model_name: The model that answers.
        model_type: `chat_completion`, `text_generation`, `embeddings`, ...
        model_provider_name: Who made it.
    """

    model_name: str
    model_type: str
    model_provider_name: str


@dataclass(frozen=True)
class Health:
    """An endpoint that answers and takes the caller's key or token.

    Attributes:
        seconds: How long it took to say so.
        info: What it says that it serves; None where `/info` is not served, which is no fault.
    """

    seconds: float
    info: ModelInfo | None
