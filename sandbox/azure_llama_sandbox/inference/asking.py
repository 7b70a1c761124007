"""Parses a request to an inference host, or returns the service's error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from azure_llama_sandbox.inference import parameters as p
from azure_llama_sandbox.inference.endpoints import Served
from azure_llama_sandbox.inference.errors import RefusalError, invalid
from azure_llama_sandbox.inference.wanted import PROSE, Form, form
from azure_llama_sandbox.inference.words import Prompt, count

IMAGE_TOKENS = 1000
"""What an image counts for; the sandbox's own rule."""

COMPLETION_TOKENS = 256
LLAMA_TOKENS = 16
"""Defaults of `max_tokens` on the two route families; Model Inference chat has none."""


Schema = TypeVar("Schema", bound=BaseModel)
Route = TypeVar("Route", bound=p.Body)


class Family(StrEnum):
    """The APIs that a Llama model answers; the last one at Foundry accounts alone."""

    LLAMA = "llama"
    INFERENCE = "inference"
    OPENAI = "openai"


@dataclass(frozen=True, slots=True)
class Ask:
    """A valid request of any route.

    Attributes:
        prompts: Required. One for a conversation, one or more for completions.
        max_tokens: Required. Bound of each answer; None means the model's own.
        n: Required. Answers for each prompt.
        candidates: Required. Answers generated for each prompt (`best_of`).
        stops: Required. Texts before which an answer ends.
        stream: Required. Whether the answer is streamed.
        usage: Required. Whether a stream ends with its usage.
        logprobs: Required. How many alternatives are wanted for each token; None for no logprobs at all.
        endless: Required. Whether to go on after the natural end.
        form: Optional. What the answer is beside prose.
        tool_result: Optional. What a tool answered, where the last message says it.
        source: Optional. The request's body.
        dropped: Optional. Parameters of it that do not reach the model.
    """

    prompts: tuple[Prompt, ...]
    max_tokens: int | None
    n: int = 1
    candidates: int = 1
    stops: tuple[str, ...] = ()
    stream: bool = False
    usage: bool = False
    logprobs: int | None = None
    endless: bool = False
    form: Form = PROSE
    tool_result: str | None = None
    source: bytes = field(default=b"", repr=False, compare=False)
    dropped: tuple[str, ...] = field(default=(), compare=False)


def chat(body: bytes, family: Family, extra: str | None, model: Served) -> Ask:
    """Parse a chat request.

    Args:
        body: Required. The request's body.
        family: Required. Of the route.
        extra: Required. The `extra-parameters` header.
        model: Required. Who will answer.

    Raises:
        RefusalError: 400 or 422.
    """
    parsed: p.LlamaChat | p.InferenceChat
    if family is Family.LLAMA:
        parsed = _read(p.LlamaChat, body, extra)
        sampling: p.Sampling = parsed
        wanted = _passed(p.Wanted, parsed, extra)
    else:
        parsed = wanted = _inference(p.InferenceChat, p.OpenAiChat, body, family, extra)
        sampling = _sampling(wanted, extra)
    prompts = (_conversation(parsed.messages, model),)
    ask = _ask(parsed, sampling, prompts, LLAMA_TOKENS if family is Family.LLAMA else None, model)
    last = parsed.messages[-1]
    return replace(
        ask,
        form=form(wanted, parsed.messages, model.features),
        tool_result=str(last.content) if last.role == "tool" else None,
        source=body,
        dropped=_dropped(parsed, family, extra),
    )


def completion(body: bytes, family: Family, extra: str | None, model: Served) -> Ask:
    """Parse a completion request; arguments and errors as for `chat`."""
    parsed: p.LlamaCompletion | p.InferenceCompletion
    if family is Family.LLAMA:
        parsed = _read(p.LlamaCompletion, body, extra)
        sampling: p.Sampling = parsed
    else:
        parsed = _inference(p.InferenceCompletion, p.OpenAiCompletion, body, family, extra)
        sampling = _sampling(parsed, extra)
    default = LLAMA_TOKENS if family is Family.LLAMA else COMPLETION_TOKENS
    ask = _ask(parsed, sampling, _prompts(parsed.prompt), default, model)
    return replace(ask, source=body, dropped=_dropped(parsed, family, extra))


def _inference(schema: type[Route], open_ai: type[Route], body: bytes, family: Family, extra: str | None) -> Route:
    """The body of a Model Inference route, or of an OpenAI route, which drops what it does not know."""
    return _read(open_ai, body, "drop") if family is Family.OPENAI else _read(schema, body, extra)


def checked(schema: type[Schema], body: bytes) -> Schema:
    """The body as a model of `parameters`.

    Raises:
        RefusalError: 400 when it is no JSON, else 422 with the first parameter that is wrong.
    """
    try:
        return schema.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        if first["type"] == "json_invalid":
            raise RefusalError(400, "BadRequest", f"The body is not valid JSON: {first['msg']}.") from None
        value = None if first["type"] == "missing" else first["input"]
        raise invalid(first["loc"], value, f"{first['msg']}.") from None


def _read(schema: type[Route], body: bytes, extra: str | None) -> Route:
    if extra not in (None, "error", "pass-through", "drop", "ignore"):
        raise RefusalError(
            400,
            "BadRequest",
            "The header extra-parameters takes 'error' (the default), 'pass-through', 'drop' or 'ignore'.",
        )
    parsed = checked(schema, body)
    unknown = sorted(name for name, value in (parsed.model_extra or {}).items() if value is not None)
    if unknown and extra in (None, "error"):
        raise RefusalError(
            400,
            "extra_parameters_not_allowed",
            f"Extra parameters {unknown} are not allowed when extra-parameters is not set or set to be 'error'. "
            "Set extra-parameters to 'pass-through' to pass to the model.",
        )
    return parsed


def _sampling(parsed: p.Body, extra: str | None) -> p.Sampling:
    """The Llama parameters that reach the model although the route does not know them."""
    if isinstance(parsed, p.OpenAiCommon):
        return p.Sampling(n=parsed.n, stream_options=parsed.stream_options)
    return _passed(p.Sampling, parsed, extra)


def _passed(schema: type[Route], parsed: p.Body, extra: str | None) -> Route:
    """Parameters that reach the model because the request has them passed through."""
    try:
        return schema.model_validate((parsed.model_extra or {}) if extra == "pass-through" else {})
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        raise invalid(first["loc"], first["input"], f"{first['msg']}.") from None


def _dropped(parsed: p.Body, family: Family, extra: str | None) -> tuple[str, ...]:
    """Parameters that do not reach the model. The OpenAI routes hand on all that they get."""
    return () if family is Family.OPENAI or extra == "pass-through" else tuple(parsed.model_extra or ())


def _ask(
    common: p.Common,
    sampling: p.Sampling,
    prompts: tuple[Prompt, ...],
    default_tokens: int | None,
    model: Served,
) -> Ask:
    n = sampling.n or 1
    best_of = sampling.best_of
    if best_of is not None and best_of <= n and not best_of == n == 1:
        raise invalid(("best_of",), best_of, f"must be greater than n, which is {n}.")
    if best_of is not None and best_of > 1 and common.stream:
        raise invalid(("stream",), True, "the results of best_of cannot be streamed.")
    if sampling.use_beam_search and ((best_of or 1) < 2 or common.temperature != 0):
        raise invalid(("use_beam_search",), True, "needs best_of above 1 and temperature 0.")
    limits = (common.max_tokens, getattr(common, "max_completion_tokens", None), default_tokens)
    max_tokens = next((each for each in limits if each is not None), None)
    _fit(prompts, max_tokens, model)
    stop = common.stop
    return Ask(
        prompts=prompts,
        max_tokens=max_tokens,
        n=n,
        candidates=max(n, best_of or 1),
        stops=(stop,) if isinstance(stop, str) else tuple(stop or ()),
        stream=bool(common.stream),
        usage=bool(sampling.stream_options and sampling.stream_options.include_usage),
        logprobs=sampling.logprobs,
        # The article prints true as the default, yet its own samples end in `stop`: only an explicit true counts.
        endless=bool(sampling.ignore_eos),
    )


def _fit(prompts: Sequence[Prompt], max_tokens: int | None, model: Served) -> None:
    longest = max(prompt.tokens for prompt in prompts)
    wanted = longest + (max_tokens or 1)
    if model.context_length is not None and wanted > model.context_length:
        raise RefusalError(
            400,
            "context_length_exceeded",
            f"The prompt has {longest} tokens and max_tokens is {max_tokens}: more than the {model.context_length} "
            f"tokens of {model.name}. Shorten the prompt or lower max_tokens.",
            fields={"param": "max_tokens" if max_tokens else "messages"},
        )


def _conversation(messages: Sequence[p.Message | p.InferenceMessage], model: Served) -> Prompt:
    lines, images = [], 0
    for index, message in enumerate(messages):
        content = message.content
        if content is None:
            if message.role != "assistant" or not getattr(message, "tool_calls", None):
                raise invalid(("messages", index, "content"), None, "every message needs content.")
            content = ""
        if not isinstance(content, str):
            pictures = [part for part in content if not isinstance(part, p.TextPart)]
            if pictures and not model.images:
                raise invalid(("messages", index, "content"), None, f"{model.name} does not take images.")
            images += len(pictures)
            model.features.check_images(images)
            content = " ".join(_words(part) for part in content)
        lines.append(f"{message.role}: {content}")
    text = "\n".join(lines)
    return Prompt(text, count(text) + images * IMAGE_TOKENS)


def _words(part: Any) -> str:
    match part:
        case p.TextPart():
            return part.text
        case p.ImageUrlPart():
            return f"<image {part.image_url.url[-64:]}>"
    return "<image>"


def _prompts(prompt: str | Sequence[str] | Sequence[int] | Sequence[Sequence[int]]) -> tuple[Prompt, ...]:
    if isinstance(prompt, str):
        return (Prompt(prompt, count(prompt)),)
    if isinstance(prompt[0], int):
        return (Prompt(str(prompt), len(prompt)),)
    return tuple(
        Prompt(one, count(one)) if isinstance(one, str) else Prompt(str(one), len(one))
        for one in prompt
        if not isinstance(one, int)
    )
