"""The messages of a conversation, as the two chat routes take them."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


class TextPart(_Part):
    """A piece of text."""

    type: Literal["text"]
    text: str


class ImageUrl(_Part):
    """An image: its URL, or its bytes as a `data:` URL.

    Attributes:
        url: Required. `https://...` or `data:image/...;base64,...`.
        detail: Optional. `auto`, `low` or `high`.
    """

    url: str = Field(min_length=1)
    detail: Literal["auto", "low", "high"] | None = None


class ImagePart(_Part):
    """An image, for vision models."""

    type: Literal["image_url"]
    image_url: ImageUrl


Content = str | Annotated[list[Annotated[TextPart | ImagePart, Field(discriminator="type")]], Field(min_length=1)]
"""A text, or texts and images."""


class _Message(_Part):
    # More than role and content is sent by some clients, `name` for one, and refused by no document.
    model_config = ConfigDict(extra="allow")


class SystemMessage(_Message):
    """The system message."""

    role: Literal["system"]
    content: Content


class UserMessage(_Message):
    """A message of the user."""

    role: Literal["user"]
    content: Content


class AssistantMessage(_Message):
    """An earlier message of the model."""

    role: Literal["assistant"]
    content: Content


class FunctionCall(_Part):
    """A call that the model requested; `arguments` is JSON, as a text."""

    name: str
    arguments: str


class ToolCall(_Part):
    """A tool's call, with the id that its answer refers to."""

    id: str
    type: Literal["function"]
    function: FunctionCall


class CallingMessage(_Message):
    """An earlier message of the model, and the calls that it requested; with calls, the text is optional."""

    role: Literal["assistant"]
    content: Content | None = None
    tool_calls: list[ToolCall] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.content is None and not self.tool_calls:
            raise ValueError("content is required of a message without tool_calls; give it")
        return self


class ToolMessage(_Message):
    """A tool's answer."""

    role: Literal["tool"]
    content: Content
    tool_call_id: str


LlamaMessage = Annotated[SystemMessage | UserMessage | AssistantMessage, Field(discriminator="role")]
"""A message of `/v1/chat/completions`: every one has content."""

InferenceMessage = Annotated[
    SystemMessage | UserMessage | CallingMessage | ToolMessage,
    Field(discriminator="role"),
]
"""A message of `/chat/completions`: tools have a role of their own."""
