"""Request bodies of the inference hosts, one model a route: types, ranges and defaults.

What the parameters mean together is in `asking`. Absent and null are the same, since several clients send nulls.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

MOST_CHOICES = 128
"""The sandbox's own bound on `n` and `best_of`; no document has one."""

Penalty = Annotated[float, Field(ge=-2, le=2)]
Probability = Annotated[float, Field(ge=0, le=1)]
Temperature = Annotated[float, Field(ge=0, le=2)]
Tokens = Annotated[int, Field(ge=1)]
Choices = Annotated[int, Field(ge=1, le=MOST_CHOICES)]
Prompts = Annotated[list[str], Field(min_length=1)]
TokenIds = Annotated[list[int], Field(min_length=1)]


class Body(BaseModel):
    """Strict, so that "0.5" is no number; fields it does not know are kept apart in `model_extra`."""

    model_config = ConfigDict(strict=True, extra="allow", allow_inf_nan=False)


class Part(BaseModel):
    """A piece of a message."""

    model_config = ConfigDict(strict=True, extra="ignore")


class TextPart(Part):
    """Words."""

    type: Literal["text"]
    text: str


class ImageUrl(Part):
    """The location of an image: a web address or a `data:` URL."""

    url: str = Field(min_length=1)
    detail: Literal["auto", "low", "high"] | None = None


class ImageUrlPart(Part):
    """An image by address."""

    type: Literal["image_url"]
    image_url: ImageUrl


class ImagePart(Part):
    """An image; its form is not documented, so nothing of it is checked."""

    type: Literal["image"]


Content = str | list[Annotated[TextPart | ImageUrlPart | ImagePart, Field(discriminator="type")]]


class Message(Part):
    """A turn of a conversation on the Llama route."""

    role: Literal["system", "user", "assistant"]
    content: Content


class InferenceMessage(Part):
    """A turn of a conversation on the Model Inference route; an assistant's may hold tool calls alone."""

    role: Literal["system", "user", "assistant", "tool"]
    content: Content | None = None
    tool_calls: list[dict[str, Any]] | None = None


class StreamOptions(Part):
    """Not in the article; the OpenAI clients send it to ask for a stream's usage."""

    include_usage: bool | None = None


class Sampling(Body):
    """Parameters that the Llama routes accept, and the Model Inference routes only as extra parameters."""

    n: Choices | None = None
    best_of: Choices | None = None
    logprobs: Annotated[int, Field(ge=0)] | None = None
    ignore_eos: bool | None = None
    use_beam_search: bool | None = None
    stop_token_ids: list[int] | None = None
    skip_special_tokens: bool | None = None
    stream_options: StreamOptions | None = None


class Common(Body):
    """Parameters of all four routes."""

    model: str | None = None
    stream: bool | None = None
    max_tokens: Tokens | None = None
    temperature: Temperature | None = None
    top_p: Probability | None = None
    stop: str | list[str] | None = None
    presence_penalty: Penalty | None = None


class LlamaChat(Common, Sampling):
    """`POST /v1/chat/completions`."""

    messages: list[Message] = Field(min_length=1)


class LlamaCompletion(Common, Sampling):
    """`POST /v1/completions`. The article has a text as the prompt; published clients send a list of them."""

    prompt: str | Prompts | TokenIds | Annotated[list[TokenIds], Field(min_length=1)]


class Function(Part):
    """A function that a model may ask to have called."""

    name: str = Field(pattern=r"^[a-zA-Z0-9_-]{1,64}$")
    description: str | None = None
    parameters: dict[str, Any] | None = None


class Tool(Part):
    """A tool; functions are the only kind."""

    type: Literal["function"]
    function: Function


class FunctionName(Part):
    """The function that the model must call."""

    name: str


class ToolChoice(Part):
    """The tool that the model must use."""

    type: Literal["function"]
    function: FunctionName


class JsonSchema(Part):
    """A schema that an answer has to fit."""

    name: str = Field(pattern=r"^[a-zA-Z0-9_-]{1,64}$")
    schema_: dict[str, Any] | None = Field(default=None, alias="schema")


class TextFormat(Part):
    """Prose, or some JSON object."""

    type: Literal["text", "json_object"]


class SchemaFormat(Part):
    """JSON that fits a schema."""

    type: Literal["json_schema"]
    json_schema: JsonSchema


class Wanted(Body):
    """Requested forms of an answer other than text: a tool call, or JSON."""

    response_format: Annotated[TextFormat | SchemaFormat, Field(discriminator="type")] | None = None
    tools: list[Tool] | None = None
    tool_choice: Literal["none", "auto", "required"] | ToolChoice | None = None


class InferenceCommon(Common):
    """Parameters of both Model Inference routes."""

    frequency_penalty: Penalty | None = None
    seed: int | None = None


class InferenceChat(InferenceCommon, Wanted):
    """`POST /chat/completions`. The temperature has no upper bound in the document."""

    messages: list[InferenceMessage] = Field(min_length=1)
    temperature: Annotated[float, Field(ge=0)] | None = None


class InferenceCompletion(InferenceCommon):
    """`POST /completions`."""

    prompt: str | Prompts | TokenIds | Annotated[list[TokenIds], Field(min_length=1)]


class OpenAiCommon(Body):
    """Additional parameters of the OpenAI routes of Foundry accounts."""

    n: Choices | None = None
    stream_options: StreamOptions | None = None
    max_completion_tokens: Tokens | None = None


class OpenAiChat(InferenceChat, OpenAiCommon):
    """`POST /openai/v1/chat/completions`."""


class OpenAiCompletion(InferenceCompletion, OpenAiCommon):
    """`POST /openai/v1/completions`."""


class ScoreParameters(Part):
    """Generation parameters of `/score`; the older images ignore those they do not know."""

    temperature: Temperature | None = None
    top_p: Probability | None = None
    max_new_tokens: Tokens | None = None
    return_full_text: bool | None = None
    stop: str | list[str] | None = None


class ScoreInput(Part):
    """Texts to go on with, or a conversation to answer."""

    input_string: list[str] | list[Message] = Field(min_length=1)
    parameters: ScoreParameters | None = None


class Score(Part):
    """`POST /score`."""

    input_data: ScoreInput
