"""Requested forms of an answer other than text: a tool call, or JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from azure_llama_sandbox.inference import parameters as p
from azure_llama_sandbox.inference.errors import ServerRefusalError, invalid
from azure_llama_sandbox.inference.features import NO_TOOL_PARSER, Features, Tools

Messages = Sequence[p.Message | p.InferenceMessage]


@dataclass(frozen=True, slots=True)
class Form:
    """The form of an answer.

    Attributes:
        function: Optional. The function to call instead of an answer.
        as_json: Optional. Whether the answer is JSON.
        schema: Optional. What the JSON fits; None for any object.
    """

    function: p.Function | None = None
    as_json: bool = False
    schema: dict[str, Any] | None = None


PROSE = Form()


def form(wanted: p.Wanted, messages: Messages, features: Features) -> Form:
    """The form of the answer to a request.

    Args:
        wanted: Required. What it asks for.
        messages: Required. Its conversation.
        features: Required. Of the model.

    Raises:
        RefusalError: the model lacks it, or the request contradicts itself.
    """
    function = _function(wanted, messages, features)
    response = wanted.response_format
    if response is None or response.type == "text" or function is not None:
        return Form(function)
    features.check_format(response.type)
    return Form(None, True, response.json_schema.schema_ if isinstance(response, p.SchemaFormat) else None)


def _function(wanted: p.Wanted, messages: Messages, features: Features) -> p.Function | None:
    functions = {tool.function.name: tool.function for tool in wanted.tools or ()}
    choice = wanted.tool_choice
    named = choice.function.name if isinstance(choice, p.ToolChoice) else None
    demanded = named is not None or choice == "required"
    if choice == "none" or not (functions or demanded):
        return None
    if demanded and features.tools is Tools.IGNORED:
        raise invalid(("tool_choice",), None, "the model does not call tools on demand; use 'auto' or 'none'.")
    if demanded and (not functions or named not in {None, *functions}):
        raise invalid(("tool_choice",), named, f"tools must have it; they have {', '.join(functions) or 'none'}.")
    if named is not None:
        return functions[named]
    if features.tools is Tools.REFUSED:
        raise ServerRefusalError(NO_TOOL_PARSER)
    if features.tools is Tools.IGNORED or (messages[-1].role == "tool" and not demanded):
        return None
    said = str(messages[-1].content)
    return next((function for name, function in functions.items() if name in said), next(iter(functions.values())))
