"""Parameters of each route, as the article (Llama API) and the Model Inference API reference document them.

The Llama API is `/v1/chat/completions` and `/v1/completions`; the Model Inference API is `/chat/completions` and
`/completions`. Sources: article-2024-11 for the first, the reference pages of the second (both read 2026-11-22).
A default that is written here is the service's: what is not set, or is null, is not sent.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from azure_llama.inference.messages import InferenceMessage, LlamaMessage

Penalty = Annotated[float, Field(ge=-2, le=2)]
Temperature = Annotated[float, Field(ge=0, le=2)]
Mass = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=1)]
Stop = str | list[str]
FunctionName = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9_-]{1,64}$")]


class Parameters(BaseModel):
    """Parameters of all four routes.

    Attributes:
        model: Optional. The model's name. An endpoint serves what it was deployed with; OpenAI clients always send one.
        stream: Optional. Whether tokens are sent as server-sent events, as they come. Default false.
        temperature: Optional. 0 (greedy) to 2. Default 1. Change this or `top_p`, not both.
        top_p: Optional. Probability mass that is sampled from, 0 to 1. Default 1.
        stop: Optional. A text, or a list of texts, that ends the answer; it is not returned.
    """

    # An input may be what must not be shown: messages are private, and a key may be passed by accident.
    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        hide_input_in_errors=True,
        allow_inf_nan=False,
        protected_namespaces=(),
    )

    model: str | None = None
    stream: bool = False
    temperature: Temperature = 1
    top_p: Mass = 1
    stop: Stop | None = None

    @model_validator(mode="before")
    @classmethod
    def _null_is_unset(cls, given: Any) -> Any:
        return {name: value for name, value in given.items() if value is not None} if isinstance(given, dict) else given

    @property
    def most_new_tokens(self) -> int | None:
        """Tokens of an answer at most, all choices and candidates together; None when only the model says."""
        raise NotImplementedError


class LlamaParameters(Parameters):
    """Parameters of both Llama routes.

    Attributes:
        max_tokens: Optional. Tokens to generate at most, from 1. Default 16. With the prompt, within the context.
        n: Optional. Answers to return, from 1. Default 1.
        best_of: Optional. Candidates to generate, of which the best `n` are returned. Default 1; when set, greater than
            `n`. Cannot be streamed.
        logprobs: Optional. How many of the likeliest tokens to give log probabilities of, from 0; the sampled token
            comes on top. Default none.
        presence_penalty: Optional. -2 to 2. Default none.
        ignore_eos: Optional. Whether to go on after the end-of-sequence token. Default true, as the article prints it.
        use_beam_search: Optional. Beam search rather than sampling. Default false. Needs `best_of` above 1 and
            `temperature` 0.
        stop_token_ids: Optional. Ids of tokens that end the answer. Default none.
        skip_special_tokens: Optional. Whether to leave special tokens out of the answer.
    """

    max_tokens: Count = 16
    n: Count = 1
    best_of: Count = 1
    logprobs: Annotated[int, Field(ge=0)] | None = None
    presence_penalty: Penalty | None = None
    ignore_eos: bool = True
    use_beam_search: bool = False
    stop_token_ids: list[int] | None = None
    skip_special_tokens: bool | None = None

    @property
    def most_new_tokens(self) -> int:
        """Tokens that are generated at most: every candidate counts."""
        return self.max_tokens * max(self.n, self.best_of)

    @model_validator(mode="after")
    def _cross_rules(self) -> Self:
        broken = []
        if "best_of" in self.model_fields_set and (self.best_of, self.n) != (1, 1) and self.best_of <= self.n:
            broken.append(f"best_of ({self.best_of}) must be greater than n ({self.n}); raise best_of, or leave it out")
        if self.stream and self.best_of > 1:
            broken.append(f"best_of ({self.best_of}) cannot be streamed; set stream to false, or leave best_of out")
        if self.use_beam_search and self.best_of <= 1:
            broken.append(f"use_beam_search needs best_of above 1 (it is {self.best_of}); set best_of")
        if self.use_beam_search and self.temperature != 0:
            broken.append(f"use_beam_search needs temperature 0 (it is {self.temperature:g}); set temperature to 0")
        if broken:
            raise ValueError("; ".join(broken))
        return self


class LlamaCompletion(LlamaParameters):
    """Body of `POST /v1/completions`.

    Attributes:
        prompt: Required. The text to go on from.
    """

    prompt: str


class LlamaChat(LlamaParameters):
    """Body of `POST /v1/chat/completions`.

    Attributes:
        messages: Required. The conversation, at least one message.
    """

    messages: list[LlamaMessage] = Field(min_length=1)


class InferenceParameters(Parameters):
    """Parameters of both Model Inference routes.

    Attributes:
        frequency_penalty, presence_penalty: Optional. -2 to 2. Default 0.
        seed: Optional. For answers that repeat, as far as the model can.
    """

    frequency_penalty: Penalty = 0
    presence_penalty: Penalty = 0
    seed: int | None = None


class InferenceCompletion(InferenceParameters):
    """Body of `POST /completions`.

    Attributes:
        prompt: Required. A text, a list of texts, or token ids.
        max_tokens: Optional. Tokens to generate at most, from 1. Default 256.
    """

    prompt: (
        str
        | Annotated[list[str], Field(min_length=1)]
        | Annotated[list[int], Field(min_length=1)]
        | Annotated[list[list[int]], Field(min_length=1)]
    )
    max_tokens: Count = 256

    @property
    def most_new_tokens(self) -> int:
        """Tokens that are generated at most: each text of a list gets its answer."""
        texts = len(self.prompt) if isinstance(self.prompt, list) and not isinstance(self.prompt[0], int) else 1
        return self.max_tokens * texts


class Function(BaseModel):
    """A function that the model may call.

    Attributes:
        name: Required. Up to 64 letters, digits, dashes and underscores.
        description: Optional. What it does, for the model.
        parameters: Optional. JSON Schema of its arguments.
    """

    model_config = Parameters.model_config

    name: FunctionName
    description: str | None = None
    parameters: dict[str, Any] | None = None


class Tool(BaseModel):
    """A tool: today a function."""

    model_config = Parameters.model_config

    type: Literal["function"]
    function: Function


class FunctionChoice(BaseModel):
    """The name of the function that must be called."""

    model_config = Parameters.model_config

    name: FunctionName


class ToolChoice(BaseModel):
    """The tool that must be called."""

    model_config = Parameters.model_config

    type: Literal["function"]
    function: FunctionChoice


class ResponseFormat(BaseModel):
    """The required format of the answer's text."""

    model_config = Parameters.model_config

    type: Literal["text", "json_object"]


class InferenceChat(InferenceParameters):
    """Body of `POST /chat/completions`.

    Attributes:
        messages: Required. The conversation, at least one message.
        max_tokens: Optional. Tokens to generate at most, from 1; none or null is as many as the model can.
        temperature: Optional. 0 (greedy) or more; this route's reference names no upper bound. Default 1.
        response_format: Optional. `text` or `json_object`, of models that can.
        tools: Optional. Functions that the model may call, of models that can.
        tool_choice: Optional. `none`, `auto`, `required`, or one function.
    """

    messages: list[InferenceMessage] = Field(min_length=1)
    max_tokens: Count | None = None
    temperature: Annotated[float, Field(ge=0)] = 1
    response_format: ResponseFormat | None = None
    tools: list[Tool] | None = None
    tool_choice: Literal["none", "auto", "required"] | ToolChoice | None = None

    @property
    def most_new_tokens(self) -> int | None:
        """Tokens that are generated at most; None where only the model's context ends the answer."""
        return self.max_tokens
