"""Validates requests, and reports all violated rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from azure_llama.catalog import Model, nearest
from azure_llama.inference.errors import Problem
from azure_llama.inference.parameters import InferenceChat, InferenceCompletion, LlamaChat, LlamaCompletion
from azure_llama.inference.tokens import least_tokens

Api = Literal["llama", "inference"]
"""`llama`: `/v1/chat/completions` and `/v1/completions`; `inference`: the two without `/v1`, with an api-version."""

Route = Literal["chat", "completions", "score"]
"""What an endpoint answers; `score` is the route of older images on managed compute."""

Body = LlamaChat | LlamaCompletion | InferenceChat | InferenceCompletion

BODIES: Mapping[tuple[Api, str], type[Body]] = {
    ("llama", "chat"): LlamaChat,
    ("llama", "completions"): LlamaCompletion,
    ("inference", "chat"): InferenceChat,
    ("inference", "completions"): InferenceCompletion,
}
_SHOWN = 60


class InvalidError(ValueError):
    """A request that breaks rules: `problems`."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(map(str, problems)))


def validate(
    api: Api, route: Literal["chat", "completions"], body: Mapping[str, Any], model: Model | None = None
) -> Body:
    """The request as its model.

    Args:
        api: Required. Whose route.
        route: Required. Which one.
        body: Required. As it would be sent.
        model: Optional. What answers: its context length and whether it sees images are checked when known.

    Raises:
        InvalidError: it breaks rules; all of them are named.
    """
    shape = BODIES[api, route]
    try:
        parsed = shape.model_validate(body)
    except ValidationError as error:
        problems = _problems(error.errors(include_url=False), body, shape)
    else:
        problems = [problem for problem in (_context(parsed, model), _images(parsed, model)) if problem]
        if not problems:
            return parsed
    # Raised out here: pydantic's error has the whole input.
    raise InvalidError(problems)


def texts(body: Body) -> list[str]:
    """The texts of a prompt or of messages. Token ids have none."""
    if isinstance(body, LlamaCompletion | InferenceCompletion):
        prompts = [body.prompt] if isinstance(body.prompt, str) else body.prompt
        return [each for each in prompts if isinstance(each, str)]
    found = []
    for message in body.messages:
        parts = [message.content] if isinstance(message.content, str) else message.content or []
        found += [
            part if isinstance(part, str) else part.text
            for part in parts
            if isinstance(part, str) or part.type == "text"
        ]
    return found


def _context(body: Body, model: Model | None) -> Problem | None:
    length = model.context_length if model else None
    if model is None or length is None:
        return None
    prompts = [sum(map(least_tokens, texts(body)))] if not _many(body) else [least_tokens(each) for each in texts(body)]
    prompt, answer = max(prompts, default=0), body.max_tokens or 0
    if prompt + answer <= length:
        return None
    return Problem(
        "max_tokens" if body.max_tokens else "prompt",
        f"the prompt (at least {prompt} tokens) and max_tokens ({answer}) exceed the context of {model.name}, "
        f"{length} tokens; shorten one of them",
    )


def _many(body: Body) -> bool:
    """Whether a prompt is several, each with an answer of its own."""
    return isinstance(body, InferenceCompletion) and isinstance(body.prompt, list)


def _images(body: Body, model: Model | None) -> Problem | None:
    if model is None or "image" in model.modality or not isinstance(body, LlamaChat | InferenceChat):
        return None
    for index, message in enumerate(body.messages):
        parts = message.content if isinstance(message.content, list) else []
        if any(part.type == "image_url" for part in parts):
            return Problem(f"messages[{index}].content", f"{model.name} does not see images; ask a vision model")
    return None


def _problems(errors: Sequence[ErrorDetails], body: Any, shape: type[Body]) -> list[Problem]:
    found: dict[str, Problem] = {}
    for error in errors:
        where, given, there = _locate(error["loc"], body, missing=error["type"] == "missing")
        rule = _rule(error, where, shape)
        # A key may have been passed as a parameter by accident: the value of an unknown one is never shown.
        shown = None if error["type"] == "extra_forbidden" or not there or not where else _short(given)
        before = found.get(where)
        if before and where:
            # The branches of a union, each with its own complaint about the same value.
            rule = before.rule if rule in before.rule else f"{before.rule}, or {rule}"
        found[where or rule] = Problem(where, rule, shown)
    # A union complains of a value as none of its simpler branches, too: what lies deeper says more.
    deeper = {where for where in found if any(other.startswith((f"{where}.", f"{where}[")) for other in found)}
    return [problem for where, problem in found.items() if where not in deeper]


def _locate(loc: tuple[int | str, ...], body: Any, *, missing: bool) -> tuple[str, Any, bool]:
    """The path of an error in the body, what is there, and whether anything is.

    Pydantic's path has names of union branches in it, too; those are left out.
    """
    path, here, there = "", body, True
    for index, step in enumerate(loc):
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError):
            if not missing or index < len(loc) - 1:
                continue
            here, there = None, False
        path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else step
    return path, here, there


def _rule(error: ErrorDetails, where: str, shape: type[Body]) -> str:
    if error["type"] == "extra_forbidden":
        if "." in where or "[" in where:
            return "is not a field that is documented here; leave it out"
        near = nearest(where, shape.model_fields)
        hint = f"did you mean {near!r}?" if near else "pass it in `extra` if the model takes it all the same."
        return f"is not a parameter of this route; {hint}"
    if error["type"] == "missing":
        return "is required; give it"
    message = error["msg"].removeprefix("Value error, ")
    return message.replace("Input should", "should").replace("String should", "should").replace("List should", "should")


def _short(given: Any) -> str:
    text = repr(given)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."
